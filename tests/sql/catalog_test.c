/* Master data: imported whole or not at all, read by everybody signed in. */
#include "app/catalog/catalog.h"
#include "app_support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

const dx_module *const dx_modules[] = {&dx_catalog_module, NULL};

static const char small[] =
    "{\"source\":\"test\",\"territories\":[{\"territory_id\":7,\"name\":\"North\",\"country_region_code\":\"DE\"}],"
    "\"categories\":[{\"name\":\"Tools\",\"subcategories\":[{\"name\":\"Drills\"},{\"name\":\"Saws\"}]}],"
    "\"companies\":[{\"customer_id\":12,\"company_name\":\"Kiel & S\xc3\xb6hne\",\"city\":\"Kiel\",\"territory_id\":7},"
    "{\"company_name\":\"Unnumbered Ltd\",\"company_type\":\"vendor\"}],"
    "\"products\":[{\"item_number\":\"D-1\",\"name\":\"Drill\",\"category\":\"Tools\",\"subcategory\":\"Drills\","
    "\"list_price\":\"12.5\",\"standard_cost\":\"7.1234\",\"currency\":\"EUR\"},"
    "{\"item_number\":\"D-2\",\"name\":\"100% cotton\",\"list_price\":\"1500\",\"currency\":\"JPY\"}],"
    "\"salespersons\":[{\"salesperson_id\":3,\"name\":\"Person 3\",\"territory_id\":7}]}";

static void as_admin(stage *s)
{
    stage_as(s, "admin", USER_ADMIN);
}

static int64_t number_at(const dx_json *json, const char *pointer)
{
    return dx_json_integer(dx_json_pointer(json, pointer), -1);
}

static int64_t rows_in(stage *s, const char *sql)
{
    return dx_rows_integer(world_super(&s->w, sql), 0, 0, -1);
}

/* The import fails on count rows and its first error begins with this; nothing was written. */
static void expect_wrong(stage *s, const char *body, int64_t count, const char *error)
{
    char args[1000];
    snprintf(args, sizeof args, "{\"source\":\"test\",%s}", body);
    const dx_json *answer = stage_call(s, DOXIN_OK, "catalog.import", args);
    cr_expect_eq(number_at(answer, "/imported"), 0, "%s", body);
    cr_expect_eq(number_at(answer, "/failed"), count, "%s: %lld", body, (long long)number_at(answer, "/failed"));
    cr_expect_eq(strncmp(text_at(answer, "/errors/0"), error, strlen(error)), 0, "%s", text_at(answer, "/errors/0"));
    cr_expect_eq(rows_in(s, "SELECT (SELECT count(*) FROM companies) + (SELECT count(*) FROM products) + (SELECT "
                            "count(*) FROM sales_territories)"),
                 0);
}

Test(catalog, imports_and_lists)
{
    stage s;
    stage_open(&s, "catalog_import");
    as_admin(&s);
    const dx_json *answer = stage_call(&s, DOXIN_OK, "catalog.import", small);
    cr_expect_eq(number_at(answer, "/imported"), 7);
    cr_expect_eq(number_at(answer, "/failed"), 0);
    stage_as(&s, "user", USER_B);
    answer = stage_call(&s, DOXIN_OK, "companies.list", "{}");
    cr_expect_str_eq(text_at(answer, "/companies/0/company_name"), "Kiel & S\xc3\xb6hne");
    cr_expect_eq(number_at(answer, "/companies/0/territory_id"), 7);
    cr_expect_str_eq(text_at(answer, "/companies/0/company_type"), "customer");
    cr_expect_str_eq(text_at(answer, "/companies/1/company_type"), "vendor");
    cr_expect_eq(number_at(answer, "/pagination/total"), 2);
    answer = stage_call(&s, DOXIN_OK, "products.list", "{\"per_page\":1,\"page\":2}");
    cr_expect_str_eq(text_at(answer, "/products/0/item_number"), "D-2");
    cr_expect_str_eq(text_at(answer, "/products/0/list_price"), "1500");
    cr_expect_eq(number_at(answer, "/pagination/total_pages"), 2);
    cr_expect_str_eq(text_at(answer, "/categories/0/subcategories/1/name"), "Saws");
    answer = stage_call(&s, DOXIN_OK, "products.list", "{\"search\":\"drills\"}");
    cr_expect_eq(number_at(answer, "/pagination/total"), 1);
    cr_expect_str_eq(text_at(answer, "/products/0/list_price"), "12.50");
    cr_expect_str_eq(text_at(answer, "/products/0/standard_cost"), "7.1234");
    cr_expect_str_eq(text_at(answer, "/products/0/category"), "Tools");
    answer = stage_call(&s, DOXIN_OK, "products.list", "{\"search\":\"0%\"}");
    cr_expect_eq(number_at(answer, "/pagination/total"), 1, "%% is a character like any other");
    answer = stage_call(&s, DOXIN_OK, "salespersons.list", "{\"search\":\"north\"}");
    cr_expect_str_eq(text_at(answer, "/salespersons/0/territory"), "North");
    stage_close(&s);
}

Test(catalog, a_second_import_changes_what_it_names_and_nothing_else)
{
    stage s;
    stage_open(&s, "catalog_again");
    as_admin(&s);
    stage_call(&s, DOXIN_OK, "catalog.import", small);
    cr_expect_eq(rows_in(&s, "SELECT count(*) FROM audit_log WHERE action = 'CREATE'"), 9);
    stage_call(&s, DOXIN_OK, "catalog.import", small);
    cr_expect_eq(rows_in(&s, "SELECT count(*) FROM audit_log"), 9, "nothing changed, nothing is audited");
    const dx_json *answer = stage_call(
        &s, DOXIN_OK, "catalog.import",
        "{\"source\":\"second\",\"companies\":[{\"customer_id\":12,\"company_name\":\"Kiel GmbH\",\"city\":null},"
        "{\"company_name\":\"UNNUMBERED ltd\",\"phone\":\"1\"}],\"products\":[{\"item_number\":\"D-1\",\"name\":"
        "\"Drill 2\",\"is_active\":false}],\"territories\":[{\"territory_id\":7,\"name\":\"Far north\"}]}");
    cr_expect_eq(number_at(answer, "/imported"), 4);
    cr_expect_eq(rows_in(&s, "SELECT count(*) FROM companies WHERE customer_id = 12 AND company_name = 'Kiel GmbH' AND "
                             "city = 'Kiel' AND territory_id = 7"),
                 1);
    cr_expect_eq(rows_in(&s, "SELECT count(*) FROM companies WHERE phone = '1' AND company_type = 'vendor'"), 1);
    cr_expect_eq(rows_in(&s, "SELECT count(*) FROM products WHERE name = 'Drill 2' AND currency = 'EUR' AND NOT "
                             "is_active AND list_price = 12.5 AND subcategory_id IS NOT NULL"),
                 1);
    cr_expect_eq(rows_in(&s, "SELECT count(*) FROM companies"), 2);
    cr_expect_eq(rows_in(&s, "SELECT count(*) FROM sales_territories WHERE name = 'Far north' AND "
                             "country_region_code = 'DE'"),
                 1);
    cr_expect_eq(rows_in(&s, "SELECT count(*) FROM audit_log WHERE action = 'UPDATE' AND reason = 'second' AND user_id "
                             "= '" USER_ADMIN "'"),
                 4);
    cr_expect_eq(rows_in(&s, "SELECT count(*) FROM audit_log WHERE old_values ->> 'name' = 'Drill' AND new_values ->> "
                             "'name' = 'Drill 2'"),
                 1);
    stage_close(&s);
}

Test(catalog, a_wrong_row_is_named_and_nothing_is_imported)
{
    stage s;
    stage_open(&s, "catalog_wrong");
    as_admin(&s);
    expect_wrong(&s, "\"companies\":[{\"company_name\":\"A\"},{\"company_name\":\"B\",\"territory_id\":9}]", 1,
                 "/companies/1/territory_id: ");
    expect_wrong(&s, "\"companies\":[{\"company_name\":\"A\"},{\"company_name\":\"a\"}]", 2,
                 "/companies/0/company_name: ");
    expect_wrong(
        &s, "\"companies\":[{\"company_name\":\"A\",\"customer_id\":1},{\"company_name\":\"B\",\"customer_id\":1}]", 2,
        "/companies/0/customer_id: ");
    expect_wrong(&s, "\"products\":[{\"item_number\":\"1\",\"name\":\"A\",\"list_price\":\"1,50\"}]", 1,
                 "/products/0/list_price: ");
    expect_wrong(&s, "\"products\":[{\"item_number\":\"1\",\"name\":\"A\",\"standard_cost\":\"1.23456\"}]", 1,
                 "/products/0/standard_cost: ");
    expect_wrong(&s, "\"products\":[{\"item_number\":\"1\",\"name\":\"A\",\"currency\":\"eur\",\"gtin\":\"12\"}]", 1,
                 "/products/0/currency: ");
    expect_wrong(&s, "\"products\":[{\"item_number\":\"1\",\"name\":\"A\"},{\"item_number\":\"1\",\"name\":\"B\"}]", 2,
                 "/products/0/item_number: ");
    expect_wrong(&s, "\"products\":[{\"item_number\":\"1\",\"name\":\"A\",\"category\":\"X\"}]", 1,
                 "/products/0/subcategory: ");
    expect_wrong(&s,
                 "\"products\":[{\"item_number\":\"1\",\"name\":\"A\",\"category\":\"X\",\"subcategory\":\"Y\"}],"
                 "\"categories\":[{\"name\":\"X\"}]",
                 1, "/products/0/subcategory: ");
    expect_wrong(&s, "\"products\":[{\"item_number\":\"1\",\"name\":\"A\",\"subcategory_id\":99}]", 1,
                 "/products/0/subcategory_id: ");
    expect_wrong(&s, "\"categories\":[{\"name\":\"X\",\"subcategories\":[{\"name\":\"Y\"},{\"name\":\"Y\"}]}]", 1,
                 "/categories/0/subcategories/0/name: ");
    expect_wrong(&s, "\"categories\":[{\"name\":\"X\"},{\"name\":\"X\"}]", 2, "/categories/0/name: ");
    expect_wrong(&s,
                 "\"salespersons\":[{\"salesperson_id\":1,\"name\":\"A\"},{\"salesperson_id\":1,\"name\":\"B\","
                 "\"territory_id\":4}]",
                 2, "/salespersons/0/salesperson_id: ");
    expect_wrong(&s, "\"territories\":[{\"territory_id\":1,\"name\":\"A\"},{\"territory_id\":1,\"name\":\"B\"}]", 2,
                 "/territories/0/territory_id: ");
    stage_call(&s, DOXIN_E_FIELD, "catalog.import", "{\"source\":\"test\",\"companies\":[{\"city\":\"A\"}]}");
    cr_expect_str_eq(s.ctx.error.fields[0].pointer, "/companies/0/company_name");
    stage_close(&s);
}

Test(catalog, a_name_that_several_companies_bear_is_refused)
{
    stage s;
    stage_open(&s, "catalog_names");
    as_admin(&s);
    world_super(&s.w, "INSERT INTO companies (company_name) VALUES ('Twin'), ('twin')");
    const dx_json *answer =
        stage_call(&s, DOXIN_OK, "catalog.import", "{\"source\":\"test\",\"companies\":[{\"company_name\":\"Twin\"}]}");
    cr_expect_eq(number_at(answer, "/failed"), 1);
    cr_expect_not_null(strstr(text_at(answer, "/errors/0"), "customer_id"), "%s", text_at(answer, "/errors/0"));
    stage_close(&s);
}

Test(catalog, only_administrators_write_and_only_the_signed_in_read)
{
    stage s;
    stage_open(&s, "catalog_rights");
    stage_as(&s, "user", USER_B);
    stage_call(&s, DOXIN_E_FORBIDDEN, "catalog.import", small);
    stage_call(&s, DOXIN_OK, "companies.list", NULL);
    stage_as(&s, NULL, NULL);
    stage_call(&s, DOXIN_E_UNAUTHENTICATED, "companies.list", NULL);
    stage_call(&s, DOXIN_E_UNAUTHENTICATED, "catalog.import", small);
    stage_close(&s);
}
