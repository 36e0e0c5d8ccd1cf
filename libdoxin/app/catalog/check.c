/* What a schema cannot say: keys that are there twice, references, numbers. One statement for all rows, so that a
 * catalogue of a hundred thousand products is checked at once. */
#include "app/catalog/internal.h"

#define ROWS_OF(name, list)                                                                                            \
    name " AS (SELECT item, n - 1 AS at FROM request, jsonb_array_elements(given -> '" list                            \
         "') WITH ORDINALITY AS e (item, n))"

#define TWICE(list, member, from, key)                                                                                 \
    "SELECT '" list "', at, '" member "', 'is there more than once' FROM (SELECT at, count(*) OVER (PARTITION BY " key \
    ") AS times FROM " from ") AS d WHERE times > 1"

#define PATTERN(list, member, from, pattern, message)                                                                  \
    " UNION ALL SELECT '" list "', at, '" member "', '" message "' FROM " from " WHERE item ->> '" member              \
    "' !~ '" pattern "'"

#define TERRITORY(list, from)                                                                                          \
    " UNION ALL SELECT '" list "', at, 'territory_id', 'there is no such territory' FROM " from                        \
    " WHERE item ->> 'territory_id' IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sales_territories AS s "                 \
    "WHERE s.territory_id = (item ->> 'territory_id')::integer) AND item -> 'territory_id' NOT IN "                    \
    "(SELECT item -> 'territory_id' FROM territory)"

/* numeric(19, 4) of the tables. */
#define AMOUNT "^[0-9]{1,15}([.][0-9]{1,4})?$"
#define AMOUNT_WORDS "must be a decimal number such as 12.50, with at most four places"

/* clang-format off */
const char *const dx_catalog_check_sql =
    "WITH request AS MATERIALIZED (SELECT $1::jsonb AS given), "
    ROWS_OF("territory", "territories") ", " ROWS_OF("category", "categories") ", "
    ROWS_OF("company", "companies") ", " ROWS_OF("product", "products") ", "
    ROWS_OF("salesperson", "salespersons") ", "
    "subcategory AS (SELECT item ->> 'name' AS category, sub ->> 'name' AS name, at, n - 1 AS sub_at FROM category, "
    "jsonb_array_elements(item -> 'subcategories') WITH ORDINALITY AS e (sub, n)), "
    "known AS (SELECT category, name FROM subcategory UNION SELECT c.name, s.name FROM product_categories AS c "
    "JOIN product_subcategories AS s USING (category_id)), "
    "wrong (list, at, member, message) AS ("
    TWICE("territories", "territory_id", "territory", "item -> 'territory_id'")
    " UNION ALL " TWICE("categories", "name", "category", "item -> 'name'")
    " UNION ALL SELECT 'categories', at, 'subcategories/' || sub_at || '/name', 'is there more than once' FROM "
    "(SELECT *, count(*) OVER (PARTITION BY at, name) AS times FROM subcategory) AS d WHERE times > 1"
    " UNION ALL " TWICE("companies", "customer_id", "company WHERE item ->> 'customer_id' IS NOT NULL",
                        "item -> 'customer_id'")
    " UNION ALL " TWICE("companies", "company_name", "company WHERE item ->> 'customer_id' IS NULL",
                        "lower(item ->> 'company_name')")
    " UNION ALL SELECT 'companies', at, 'company_name', 'several companies bear this name; give the customer_id' "
    "FROM company WHERE item ->> 'customer_id' IS NULL AND (SELECT count(*) FROM companies AS c "
    "WHERE lower(c.company_name) = lower(item ->> 'company_name')) > 1"
    TERRITORY("companies", "company") TERRITORY("salespersons", "salesperson")
    " UNION ALL " TWICE("products", "item_number", "product", "item -> 'item_number'")
    PATTERN("products", "standard_cost", "product", AMOUNT, AMOUNT_WORDS)
    PATTERN("products", "list_price", "product", AMOUNT, AMOUNT_WORDS)
    PATTERN("products", "currency", "product", "^[A-Z]{3}$", "must be a code of ISO 4217")
    PATTERN("products", "gtin", "product", "^[0-9]{8,14}$", "must have 8 to 14 digits")
    " UNION ALL SELECT 'products', at, 'subcategory', 'a category and a subcategory are given together' FROM product "
    "WHERE (item ->> 'category' IS NULL) <> (item ->> 'subcategory' IS NULL)"
    " UNION ALL SELECT 'products', at, 'subcategory', 'there is no such subcategory in this category' FROM product "
    "WHERE item ->> 'category' IS NOT NULL AND item ->> 'subcategory' IS NOT NULL AND "
    "(item ->> 'category', item ->> 'subcategory') NOT IN (SELECT category, name FROM known)"
    " UNION ALL SELECT 'products', at, 'subcategory_id', 'there is no such subcategory' FROM product "
    "WHERE item ->> 'subcategory_id' IS NOT NULL AND NOT EXISTS (SELECT 1 FROM product_subcategories AS s "
    "WHERE s.subcategory_id = (item ->> 'subcategory_id')::integer)"
    " UNION ALL " TWICE("salespersons", "salesperson_id", "salesperson", "item -> 'salesperson_id'")
    ") SELECT list, at, member, message, (SELECT count(*) FROM (SELECT DISTINCT list, at FROM wrong) AS d) AS failed "
    "FROM wrong ORDER BY list, at, member LIMIT 100";
/* clang-format on */
