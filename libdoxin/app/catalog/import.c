/* Master data comes in: checked as a whole, then written list by list, each with one statement. */
#include "app/catalog/internal.h"
#include "base/rt/alloc.h"

#include <stdio.h>

/* $1 request, $2 user, $3 source, $4 request id, $5 address. A record_id or, where keys are numbers, a record_key. */
#define AUDIT(table, identity, from)                                                                                   \
    " INSERT INTO audit_log (user_id, table_name, " identity ", action, old_values, new_values, reason, operation, "   \
    "request_id, ip_address) SELECT $2::uuid, '" table "', identity, action::audit_action, old_values, new_values, "   \
    "$3::text, 'catalog.import', left($4::text, 128), left($5::text, 64) FROM (" from ") AS written"

/* A row of the request over the row that is there; what the request leaves out stays as it is. Unchanged rows are not
 * touched, so that nothing that follows changes (embeddings, audits) has work with them. */
#define PUT(table, list, match, item, defaults, columns, values)                                                       \
    "WITH given AS MATERIALIZED (SELECT o.id, o AS was, jsonb_populate_record(o, CASE WHEN o.id IS NULL THEN "         \
    "'" defaults "'::jsonb ELSE '{}' END || jsonb_strip_nulls(" item                                                   \
    ")) AS n FROM jsonb_array_elements($1::jsonb -> '" list "') AS i (item) LEFT JOIN " table " AS o ON " match        \
    "), changed AS (UPDATE " table " AS o SET (" columns ") = ROW(" values                                             \
    ") FROM given AS g WHERE o.id = g.id AND g.n IS DISTINCT FROM g.was "                                              \
    "RETURNING o.id AS identity, 'UPDATE' AS action, to_jsonb(g.was) AS old_values, to_jsonb(o) AS new_values), "      \
    "made AS (INSERT INTO " table " AS o (" columns ") SELECT " values " FROM given AS g WHERE g.id IS NULL "          \
    "RETURNING o.id AS identity, 'CREATE' AS action, NULL::jsonb AS old_values, to_jsonb(o) AS new_values)" AUDIT(     \
        table, "record_id",                                                                                            \
        "SELECT identity, action, old_values - vectors AS old_values, new_values - vectors AS new_values "             \
        "FROM (SELECT * FROM changed UNION ALL SELECT * FROM made) AS w, "                                             \
        "(SELECT '{name_embedding,address_embedding,description_embedding}'::text[] AS vectors) AS v")

static const char put_territories[] =
    "WITH done AS (INSERT INTO sales_territories AS o (territory_id, name, country_region_code, territory_group) "
    "SELECT territory_id, name, country_region_code, territory_group FROM jsonb_to_recordset($1::jsonb -> "
    "'territories') AS r (territory_id integer, name text, country_region_code text, territory_group text) "
    "ON CONFLICT (territory_id) DO UPDATE SET name = EXCLUDED.name, "
    "country_region_code = coalesce(EXCLUDED.country_region_code, o.country_region_code), "
    "territory_group = coalesce(EXCLUDED.territory_group, o.territory_group) "
    "WHERE (o.name, o.country_region_code, o.territory_group) IS DISTINCT FROM (EXCLUDED.name, "
    "coalesce(EXCLUDED.country_region_code, o.country_region_code), coalesce(EXCLUDED.territory_group, "
    "o.territory_group)) RETURNING o.*, (xmax = 0) AS is_new)" AUDIT(
        "sales_territories", "record_key",
        "SELECT territory_id::text AS identity, CASE WHEN is_new THEN 'CREATE' ELSE 'UPDATE' END AS action, "
        "NULL::jsonb AS old_values, to_jsonb(done) - 'is_new' AS new_values FROM done");

static const char put_categories[] =
    "WITH done AS (INSERT INTO product_categories (name) SELECT name FROM jsonb_to_recordset($1::jsonb -> "
    "'categories') "
    "AS r (name text) ON CONFLICT (name) DO NOTHING RETURNING *)" AUDIT(
        "product_categories", "record_key",
        "SELECT category_id::text AS identity, 'CREATE' AS action, NULL::jsonb AS old_values, to_jsonb(done) AS "
        "new_values FROM done");

static const char put_subcategories[] =
    "WITH done AS (INSERT INTO product_subcategories (category_id, name) SELECT c.category_id, s.item ->> 'name' "
    "FROM jsonb_to_recordset($1::jsonb -> 'categories') AS r (name text, subcategories jsonb) JOIN product_categories "
    "AS c ON c.name = r.name, jsonb_array_elements(r.subcategories) AS s (item) "
    "ON CONFLICT (category_id, name) DO NOTHING RETURNING *)" AUDIT(
        "product_subcategories", "record_key",
        "SELECT subcategory_id::text AS identity, 'CREATE' AS action, NULL::jsonb AS old_values, to_jsonb(done) AS "
        "new_values FROM done");

static const char put_companies[] =
    PUT("companies", "companies",
        "o.id = coalesce((SELECT c.id FROM companies AS c WHERE c.customer_id = (item ->> 'customer_id')::integer), "
        "(SELECT c.id FROM companies AS c WHERE item ->> 'customer_id' IS NULL AND lower(c.company_name) = "
        "lower(item ->> 'company_name')))",
        "item", "{\"company_type\":\"customer\",\"is_active\":true}",
        "customer_id, company_type, company_name, street_address, city, state_province, postal_code, country_region, "
        "phone, territory_id, tax_id, email, website, iban, is_active",
        "(g.n).customer_id, (g.n).company_type, (g.n).company_name, (g.n).street_address, (g.n).city, "
        "(g.n).state_province, (g.n).postal_code, (g.n).country_region, (g.n).phone, (g.n).territory_id, "
        "(g.n).tax_id, (g.n).email, (g.n).website, (g.n).iban, (g.n).is_active");

static const char put_products[] =
    PUT("products", "products", "o.item_number = item ->> 'item_number'",
        "item || jsonb_build_object('subcategory_id', coalesce((item ->> 'subcategory_id')::integer, "
        "(SELECT s.subcategory_id FROM product_subcategories AS s JOIN product_categories AS c USING (category_id) "
        "WHERE c.name = item ->> 'category' AND s.name = item ->> 'subcategory')))",
        "{\"currency\":\"USD\",\"is_active\":true}",
        "item_number, name, description, subcategory_id, color, size, standard_cost, list_price, currency, unit, gtin, "
        "is_active",
        "(g.n).item_number, (g.n).name, (g.n).description, (g.n).subcategory_id, (g.n).color, (g.n).size, "
        "(g.n).standard_cost, (g.n).list_price, (g.n).currency, (g.n).unit, (g.n).gtin, (g.n).is_active");

static const char put_salespersons[] =
    PUT("salespersons", "salespersons", "o.salesperson_id = (item ->> 'salesperson_id')::integer", "item",
        "{\"is_active\":true}", "salesperson_id, name, email, employee_id, territory_id, is_active",
        "(g.n).salesperson_id, (g.n).name, (g.n).email, (g.n).employee_id, (g.n).territory_id, (g.n).is_active");

/* ---- the operation ----------------------------------------------------------------------------------------------------- */

/* One import at a time: two that look a company up by its name would both make it. */
static doxin_status lock(dx_call *call)
{
    return dx_tx_exec(call->tx, call->ctx, "SELECT pg_advisory_xact_lock(hashtext('catalog.import'))", DX_NO_PARAMS,
                      NULL);
}

/* In the order in which one refers to the other. */
static doxin_status write_all(dx_call *call, const char *request)
{
    static const char *const statements[] = {put_territories, put_categories, put_subcategories,
                                             put_companies,   put_products,   put_salespersons};
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; status == DOXIN_OK && i < sizeof statements / sizeof statements[0]; i++)
        status = dx_tx_exec(call->tx, call->ctx, statements[i],
                            DX_PARAMS(request, call->ctx->user_id, dx_call_text(call, "source"), call->ctx->request_id,
                                      call->ctx->client_address),
                            NULL);
    return status;
}

static void write_errors(dx_call *call, const dx_rows *wrong)
{
    char text[400];
    dx_write_array(call->answer, "errors");
    for (size_t i = 0; i < dx_rows_count(wrong); i++) {
        snprintf(text, sizeof text, "/%s/%s/%s: %s", dx_rows_get(wrong, i, "list"), dx_rows_get(wrong, i, "at"),
                 dx_rows_get(wrong, i, "member"), dx_rows_get(wrong, i, "message"));
        dx_write_string(call->answer, NULL, text);
    }
    dx_write_array_end(call->answer);
}

static int64_t rows_of(const dx_call *call)
{
    static const char *const lists[] = {"territories", "categories", "companies", "products", "salespersons"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        count += dx_json_count(dx_json_get(call->args, lists[i]));
    return (int64_t)count;
}

doxin_status dx_catalog_import(dx_call *call)
{
    dx_rows *wrong = NULL;
    char *request = dx_json_dump(call->args, false);
    if (!request)
        return dx_nomem(call->ctx);
    doxin_status status = lock(call);
    if (status == DOXIN_OK)
        status = dx_tx_exec(call->tx, call->ctx, dx_catalog_check_sql, DX_PARAMS(request), &wrong);
    bool good = dx_rows_count(wrong) == 0;
    if (status == DOXIN_OK && good)
        status = write_all(call, request);
    dx_free(request);
    if (status != DOXIN_OK)
        return status;
    dx_write_integer(call->answer, "imported", good ? rows_of(call) : 0);
    dx_write_integer(call->answer, "failed", good ? 0 : dx_rows_integer(wrong, 0, 4, 0));
    write_errors(call, wrong);
    return DOXIN_OK;
}
