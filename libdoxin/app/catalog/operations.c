#include "app/catalog/internal.h"

/* clang-format off */
#define MEMBER(name, schema) "\"" name "\":" schema
#define STRING(name, most) MEMBER(name, "{\"type\":\"string\",\"minLength\":1,\"maxLength\":" #most "}")
#define TEXT(name, most) MEMBER(name, "{\"type\":[\"string\",\"null\"],\"maxLength\":" #most "}")
#define KEY(name) MEMBER(name, "{\"type\":\"integer\",\"minimum\":1,\"maximum\":2147483647}")
#define NUMBER(name) MEMBER(name, "{\"type\":[\"integer\",\"null\"],\"minimum\":1,\"maximum\":2147483647}")
#define FLAG(name) MEMBER(name, "{\"type\":[\"boolean\",\"null\"]}")
#define ROWS(name, required, properties) MEMBER(name,                                                                  \
    "{\"type\":\"array\",\"maxItems\":100000,\"items\":{\"type\":\"object\",\"additionalProperties\":false,"           \
    "\"required\":[" required "],\"properties\":{" properties "}}}")

#define TERRITORIES                                                                                                    \
    ROWS("territories", "\"territory_id\",\"name\"",                                                                   \
         KEY("territory_id") "," STRING("name", 100) "," TEXT("country_region_code", 3) ","                            \
         TEXT("territory_group", 50))
#define CATEGORIES                                                                                                     \
    ROWS("categories", "\"name\"",                                                                                     \
         STRING("name", 100) "," ROWS("subcategories", "\"name\"", STRING("name", 100)))
#define COMPANIES                                                                                                      \
    ROWS("companies", "\"company_name\"",                                                                              \
         NUMBER("customer_id") ","                                                                                     \
         MEMBER("company_type", "{\"type\":\"string\",\"enum\":[\"customer\",\"vendor\",\"both\",\"own\"]}") ","       \
         STRING("company_name", 400) "," TEXT("street_address", 1000) "," TEXT("city", 200) ","                        \
         TEXT("state_province", 200) "," TEXT("postal_code", 30) "," TEXT("country_region", 100) ","                   \
         TEXT("phone", 60) "," NUMBER("territory_id") "," TEXT("tax_id", 40) "," TEXT("email", 320) ","                \
         TEXT("website", 400) "," TEXT("iban", 34) "," FLAG("is_active"))
#define PRODUCTS                                                                                                       \
    ROWS("products", "\"item_number\",\"name\"",                                                                       \
         STRING("item_number", 100) "," STRING("name", 400) "," TEXT("description", 10000) "," TEXT("category", 100)   \
         "," TEXT("subcategory", 100) "," NUMBER("subcategory_id") "," TEXT("color", 50) "," TEXT("size", 50) ","      \
         TEXT("standard_cost", 20) "," TEXT("list_price", 20) "," TEXT("currency", 3) "," TEXT("unit", 10) ","         \
         TEXT("gtin", 14) "," FLAG("is_active"))
#define SALESPERSONS                                                                                                   \
    ROWS("salespersons", "\"salesperson_id\",\"name\"",                                                                \
         KEY("salesperson_id") "," STRING("name", 200) "," TEXT("email", 320) "," TEXT("employee_id", 50) ","          \
         NUMBER("territory_id") "," FLAG("is_active"))
/* clang-format on */

#define LIST_REQUEST                                                                                                   \
    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"                                             \
    "\"page\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000000},"                                               \
    "\"per_page\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":100},"                                               \
    "\"search\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":200}}}"
#define LIST_ANSWER(name, more_required, more)                                                                         \
    "{\"type\":\"object\",\"required\":[\"" name "\"," more_required "\"pagination\"],\"properties\":{\"" name         \
    "\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}," more "\"pagination\":{\"type\":\"object\"}}}"

static const dx_op operations[] = {
    {.name = "catalog.import",
     .text = "Create or update master data, all rows or none; a member that is absent or null leaves what is there",
     .permission = "catalog.write",
     .effect = DX_WRITES,
     .flags = DX_OP_KEYED,
     .request =
         "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"source\"],\"properties\":"
         "{" STRING("source", 100) "," TERRITORIES "," CATEGORIES "," COMPANIES "," PRODUCTS "," SALESPERSONS "}}",
     .answer = "{\"type\":\"object\",\"required\":[\"imported\",\"failed\",\"errors\"],\"properties\":{\"imported\":"
               "{\"type\":\"integer\"},\"failed\":{\"type\":\"integer\"},\"errors\":{\"type\":\"array\",\"items\":"
               "{\"type\":\"string\"}}}}",
     .run = dx_catalog_import},
    {.name = "companies.list",
     .text = "Companies, by name",
     .permission = "catalog.read",
     .effect = DX_READS,
     .request = LIST_REQUEST,
     .answer = LIST_ANSWER("companies", "", ""),
     .run = dx_companies_list},
    {.name = "products.list",
     .text = "Products, by item number, and all categories with their subcategories",
     .permission = "catalog.read",
     .effect = DX_READS,
     .request = LIST_REQUEST,
     .answer = LIST_ANSWER("products", "\"categories\",",
                           "\"categories\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"),
     .run = dx_products_list},
    {.name = "salespersons.list",
     .text = "Salespersons, by name",
     .permission = "catalog.read",
     .effect = DX_READS,
     .request = LIST_REQUEST,
     .answer = LIST_ANSWER("salespersons", "", ""),
     .run = dx_salespersons_list},
};

const dx_module dx_catalog_module = {
    .name = "catalog",
    .operations = operations,
    .operation_count = sizeof operations / sizeof operations[0],
};
