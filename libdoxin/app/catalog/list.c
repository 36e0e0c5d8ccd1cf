/* The lists. The row policies let everybody who is signed in read the catalogue. */
#include "app/catalog/internal.h"
#include "app/op/rows.h"
#include "base/value/money.h"

#include <stdio.h>

/* Without wildcards: position() takes what is searched for as it is. */
#define CONTAINS(text) " WHERE ($1::text IS NULL OR position(lower($1::text) IN lower(" text ")) > 0)"
#define PAGE " LIMIT $2::bigint OFFSET $3::bigint"

typedef struct listing {
    const char *member;
    const char *rows;  /* $1 search, $2 limit, $3 offset */
    const char *count; /* $1 search */
} listing;

#define COMPANIES                                                                                                      \
    " FROM companies AS c" CONTAINS("concat_ws(' ', c.company_name, c.street_address, c.postal_code, c.city, "         \
                                    "c.country_region, c.tax_id, c.customer_id)")
static const listing companies = {
    "companies",
    "SELECT c.id, c.customer_id, c.company_type, c.company_name, c.street_address, c.city, c.state_province, "
    "c.postal_code, c.country_region, c.phone, c.territory_id, c.tax_id, c.email, c.website, c.iban, c.is_active, "
    "c.created_at, c.updated_at" COMPANIES " ORDER BY lower(c.company_name), c.id" PAGE,
    "SELECT count(*)" COMPANIES,
};

#define PRODUCTS                                                                                                       \
    " FROM products AS p LEFT JOIN product_subcategories AS s USING (subcategory_id) "                                 \
    "LEFT JOIN product_categories AS c ON c.category_id = s.category_id" CONTAINS(                                     \
        "concat_ws(' ', p.item_number, p.name, p.description, p.gtin, s.name, c.name)")
static const listing products = {
    "products",
    "SELECT p.id, p.item_number, p.name, p.description, p.subcategory_id, s.name AS subcategory, s.category_id, "
    "c.name AS category, p.color, p.size, p.standard_cost, p.list_price, p.currency, p.unit, p.gtin, p.is_active, "
    "p.created_at, p.updated_at" PRODUCTS " ORDER BY p.item_number, p.id" PAGE,
    "SELECT count(*)" PRODUCTS,
};

#define SALESPERSONS                                                                                                   \
    " FROM salespersons AS s LEFT JOIN sales_territories AS t USING (territory_id)" CONTAINS(                          \
        "concat_ws(' ', s.name, s.email, s.employee_id, t.name)")
static const listing salespersons = {
    "salespersons",
    "SELECT s.id, s.salesperson_id, s.name, s.email, s.employee_id, s.territory_id, t.name AS territory, s.is_active, "
    "s.created_at, s.updated_at" SALESPERSONS " ORDER BY lower(s.name), s.id" PAGE,
    "SELECT count(*)" SALESPERSONS,
};

/* Prices are written with the places of their currency, at least. */
static int places_of(const dx_rows *rows, size_t row)
{
    const char *currency = dx_rows_get(rows, row, "currency");
    int digits = currency ? dx_currency_digits(currency) : 2;
    return digits < 0 ? 2 : digits;
}

static void write_rows(dx_call *call, const char *member, const dx_rows *rows)
{
    dx_write_array(call->answer, member);
    for (size_t i = 0; i < dx_rows_count(rows); i++) {
        dx_write_object(call->answer, NULL);
        dx_row_write(call->answer, rows, i, places_of(rows, i));
        dx_write_object_end(call->answer);
    }
    dx_write_array_end(call->answer);
}

static doxin_status list(dx_call *call, const listing *of)
{
    char limit[24], offset[24];
    dx_rows *rows = NULL;
    dx_rows *total = NULL;
    const char *search = dx_call_text(call, "search");
    int64_t page = dx_json_integer(dx_json_get(call->args, "page"), 1);
    int64_t per_page = dx_json_integer(dx_json_get(call->args, "per_page"), 20);
    snprintf(limit, sizeof limit, "%lld", (long long)per_page);
    snprintf(offset, sizeof offset, "%lld", (long long)((page - 1) * per_page));
    doxin_status status = dx_tx_exec(call->tx, call->ctx, of->rows, DX_PARAMS(search, limit, offset), &rows);
    if (status == DOXIN_OK)
        status = dx_tx_exec(call->tx, call->ctx, of->count, DX_PARAMS(search), &total);
    if (status != DOXIN_OK)
        return status;
    write_rows(call, of->member, rows);
    dx_pagination_write(call->answer, page, per_page, dx_rows_integer(total, 0, 0, 0));
    return DOXIN_OK;
}

doxin_status dx_companies_list(dx_call *call)
{
    return list(call, &companies);
}

doxin_status dx_salespersons_list(dx_call *call)
{
    return list(call, &salespersons);
}

doxin_status dx_products_list(dx_call *call)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(
        call->tx, call->ctx,
        "SELECT c.category_id, c.name, coalesce(jsonb_agg(jsonb_build_object('subcategory_id', s.subcategory_id, "
        "'name', s.name) ORDER BY lower(s.name)) FILTER (WHERE s.subcategory_id IS NOT NULL), '[]') AS subcategories "
        "FROM product_categories AS c LEFT JOIN product_subcategories AS s USING (category_id) "
        "GROUP BY c.category_id, c.name ORDER BY lower(c.name)",
        DX_NO_PARAMS, &rows);
    if (status == DOXIN_OK)
        status = list(call, &products);
    if (status == DOXIN_OK)
        write_rows(call, "categories", rows);
    return status;
}
