/* The guard against the project's own statements (tests/data/sql), and rule by rule. */
#include "base/rt/json.h"
#include "core/guard/guard.h"
#include "core/guard/input.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct guarded {
    dx_ctx ctx;
    dx_policy *policy;
    dx_sql_checked checked;
    doxin_status status;
} guarded;

static dx_policy *read_policy(dx_ctx *ctx, const char *text, size_t length)
{
    dx_policy *policy = NULL;
    cr_assert_eq(dx_policy_read(ctx, text, length, &policy), DOXIN_OK, "%s", ctx->error.message);
    return policy;
}

static void open_guard(guarded *at)
{
    size_t length;
    const char *text = dx_policy_own(&length);
    cr_assert(dx_ctx_init(&at->ctx, 0));
    at->policy = read_policy(&at->ctx, text, length);
}

static void close_guard(guarded *at)
{
    dx_policy_drop(at->policy);
    dx_ctx_destroy(&at->ctx);
}

static doxin_status check_n(guarded *at, const char *sql, size_t length)
{
    dx_arena_reset(at->ctx.arena);
    dx_error_clear(&at->ctx.error);
    return at->status = dx_guard_check(&at->ctx, at->policy, sql, length, NULL, &at->checked);
}

static doxin_status check(guarded *at, const char *sql)
{
    return check_n(at, sql, strlen(sql));
}

/* ---- whole files ------------------------------------------------------------------------------------------------------------ */

typedef void (*line_fn)(guarded *at, const dx_json *line, const char *sql);

static int each_line(guarded *at, const char *name, line_fn fn)
{
    char path[1024];
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    int count = 0;
    snprintf(path, sizeof path, "%s/sql/%s.jsonl", DOXIN_TEST_DATA, name);
    FILE *file = fopen(path, "r");
    cr_assert(file);
    while ((size = getline(&line, &room, file)) > 0) {
        dx_json *json = NULL;
        dx_ctx ctx;
        cr_assert(dx_ctx_init(&ctx, 0));
        cr_assert_eq(dx_json_parse(&ctx, line, (size_t)size, &json), DOXIN_OK, "%s", line);
        fn(at, json, dx_json_get_string(json, "sql"));
        dx_json_free(json);
        dx_ctx_destroy(&ctx);
        count++;
    }
    free(line);
    fclose(file);
    return count;
}

static void refuse_line(guarded *at, const dx_json *line, const char *sql)
{
    char code[64];
    check(at, sql);
    snprintf(code, sizeof code, "DOXIN_E_%s", dx_json_get_string(line, "code"));
    cr_expect_str_eq(dx_error_info_of(at->status)->name, code, "%s: %s (%s)", dx_json_get_string(line, "id"), sql,
                     at->status == DOXIN_OK ? at->checked.sql : at->ctx.error.message);
    cr_expect(at->ctx.error.message[0] && at->ctx.error.hint[0], "%s", sql);
    cr_expect(at->ctx.error.offset >= 0 && at->ctx.error.offset <= (int64_t)strlen(sql), "%s", sql);
}

Test(core_guard, every_attack_is_refused_by_its_rule)
{
    guarded at;
    open_guard(&at);
    cr_expect_geq(each_line(&at, "attacks", refuse_line), 280);
    close_guard(&at);
}

static void accept_line(guarded *at, const dx_json *line, const char *sql)
{
    check(at, sql);
    cr_expect_eq(at->status, DOXIN_OK, "%s: %s: %s", dx_json_get_string(line, "id"), sql, at->ctx.error.message);
    /* What was made scoped is nothing to be scoped again. */
    if (at->status == DOXIN_OK && at->checked.owned) {
        char *sql_again = strdup(at->checked.sql);
        cr_expect_eq(check(at, sql_again), DOXIN_E_SQL_PARAMETER);
        free(sql_again);
    }
}

Test(core_guard, every_legitimate_statement_passes)
{
    guarded at;
    open_guard(&at);
    cr_expect_geq(each_line(&at, "legitimate", accept_line), 110);
    cr_expect_geq(each_line(&at, "scope", accept_line), 20);
    close_guard(&at);
}

/* ---- bytes -------------------------------------------------------------------------------------------------------------------- */

Test(core_guard, bytes_are_exact)
{
    static const struct {
        const char *sql;
        size_t length;
        doxin_status status;
    } cases[] = {
        {"SELECT 1\0; DROP TABLE invoices", 31, DOXIN_E_SQL_BYTES},
        {"\0SELECT 1", 9, DOXIN_E_SQL_BYTES},
        {"SELECT '\xff'", 10, DOXIN_E_SQL_BYTES},
        {"SELECT '\xc0\xa7'", 11, DOXIN_E_SQL_BYTES},
        {"SELECT '\xed\xa0\x80'", 12, DOXIN_E_SQL_BYTES},
        {"SELECT '\xe2\x82", 10, DOXIN_E_SQL_BYTES},
        {"SELECT\xc2\xa0"
         "1",
         9, DOXIN_E_SQL_BYTES},
        {"\xef\xbb\xbfSELECT 1", 11, DOXIN_E_SQL_BYTES},
        {"", 0, DOXIN_E_SQL_STATEMENT},
        {" \n\t", 3, DOXIN_E_SQL_STATEMENT},
        {"SELECT '\xc3\xa4'", 11, DOXIN_OK},
        {"SELECT 1\r\n", 10, DOXIN_OK},
        {"SELECT 1 \v", 10, DOXIN_E_SQL_BYTES},
        {"SELECT 1; ", 10, DOXIN_OK},
    };
    guarded at;
    open_guard(&at);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_eq(check_n(&at, cases[i].sql, cases[i].length), cases[i].status, "case %zu: %s", i,
                     at.ctx.error.message);
    close_guard(&at);
}

Test(core_guard, length_is_bounded)
{
    guarded at;
    char *sql = malloc(DX_SQL_BYTES + 1);
    open_guard(&at);
    memset(sql, ' ', DX_SQL_BYTES + 1);
    memcpy(sql, "SELECT 1", 8);
    cr_expect_eq(check_n(&at, sql, DX_SQL_BYTES), DOXIN_OK);
    cr_expect_eq(check_n(&at, sql, DX_SQL_BYTES + 1), DOXIN_E_SQL_SIZE);
    close_guard(&at);
    free(sql);
}

Test(core_guard, code_fences_are_removed_where_asked)
{
    static const char *const sql = " ```sql\nSELECT count(*) FROM nothing;\n```\n";
    const dx_sql_options options = {.code_fences = true};
    guarded at;
    open_guard(&at);
    cr_expect_eq(check(&at, sql), DOXIN_E_SQL_STATEMENT);
    dx_error_clear(&at.ctx.error);
    cr_expect_eq(dx_guard_check(&at.ctx, at.policy, sql, strlen(sql), &options, &at.checked), DOXIN_E_SQL_TABLE);
    cr_expect_eq(at.ctx.error.offset, strstr(sql, "nothing") - sql);
    close_guard(&at);
}

/* ---- fences -------------------------------------------------------------------------------------------------------------------- */

#define INVOICES(columns)                                                                                              \
    "(SELECT " columns " FROM public.invoices AS t0 WHERE t0.uploaded_by_user_id = $1::uuid OFFSET 0)"

Test(core_guard, tables_are_replaced_at_their_place)
{
    static const struct {
        const char *sql, *scoped;
    } cases[] = {
        {"SELECT sum(total_amount) FROM invoices",
         "SELECT sum(total_amount) FROM " INVOICES("t0.total_amount") " AS invoices"},
        {"SELECT count(*) FROM invoices i;", "SELECT count(*) FROM " INVOICES("t0.id") " i"},
        {"SELECT*FROM(SELECT currency FROM\"invoices\"WHERE(true))x",
         "SELECT*FROM(SELECT currency FROM" INVOICES("t0.currency") " AS \"invoices\" WHERE(true))x"},
        {"SELECT currency FROM U&\"!0069nvoices\" UESCAPE '!' LIMIT 1",
         "SELECT currency FROM " INVOICES("t0.currency") " AS \"invoices\" LIMIT 1"},
        {"SELECT currency FROM public /* x */ . invoices * -- y",
         "SELECT currency FROM " INVOICES("t0.currency") " AS invoices -- y"},
        {"SELECT name FROM products", "SELECT name FROM (SELECT t0.name FROM public.products AS t0) AS products"},
        {"TABLE product_categories",
         "SELECT * FROM (SELECT t0.category_id, t0.name FROM public.product_categories AS t0) AS product_categories"},
        {"SELECT description FROM invoice_line_items",
         "SELECT description FROM (SELECT t0.description FROM public.invoice_line_items AS t0 WHERE EXISTS (SELECT 1 "
         "FROM "
         "public.invoices AS t1 WHERE t1.id = t0.invoice_id AND t1.uploaded_by_user_id = $1::uuid) OFFSET 0) AS "
         "invoice_line_items"},
        {"WITH invoices AS (SELECT currency FROM invoices) SELECT * FROM invoices",
         "WITH invoices AS (SELECT currency FROM " INVOICES("t0.currency") " AS invoices) SELECT * FROM invoices"},
        {"SELECT currency FROM invoices*WHERE true",
         "SELECT currency FROM " INVOICES("t0.currency") " AS invoices WHERE true"},
        {"SELECT 'a\\b'", "SELECT  E'a\\\\b'"},
        {"SELECT invoice_number FROM invoices GROUP BY id",
         "SELECT invoice_number FROM " INVOICES(
             "t0.id, t0.invoice_number") " AS invoices GROUP BY \"invoices\".invoice_number, id"},
        {"SELECT i.id AS n, currency FROM invoices i GROUP BY (n)",
         "SELECT i.id AS n, currency FROM " INVOICES("t0.id, t0.currency") " i GROUP BY \"i\".currency, (n)"},
        {"SELECT id FROM invoices GROUP BY id", "SELECT id FROM " INVOICES("t0.id") " AS invoices GROUP BY id"},
    };
    guarded at;
    open_guard(&at);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_expect_eq(check(&at, cases[i].sql), DOXIN_OK, "%s: %s", cases[i].sql, at.ctx.error.message);
        if (at.status == DOXIN_OK)
            cr_expect_str_eq(at.checked.sql, cases[i].scoped);
    }
    close_guard(&at);
}

Test(core_guard, it_tells_what_is_read)
{
    guarded at;
    open_guard(&at);
    cr_assert_eq(check(&at, "SELECT p.name FROM products p JOIN products q USING (id)"), DOXIN_OK);
    cr_expect_eq(at.checked.table_count, 1);
    cr_expect_str_eq(at.checked.tables[0], "products");
    cr_expect_not(at.checked.owned);
    cr_assert_eq(check(&at, "SELECT count(*) FROM chat_messages"), DOXIN_OK);
    cr_expect(at.checked.owned);
    close_guard(&at);
}

/* ---- the host ------------------------------------------------------------------------------------------------------------------ */

typedef struct host {
    const char *forbidden;
    int asked;
} host;

static doxin_status ask(dx_ctx *ctx, void *data, const char *action, const char *table, const char *column,
                        const char *function, bool *allowed)
{
    host *of = data;
    (void)action;
    of->asked++;
    if (of->forbidden && strcmp(of->forbidden, "fail") == 0)
        return dx_fail(ctx, DOXIN_E_HOST, "the host failed");
    const char *name = function ? function : column ? column : table;
    *allowed = !of->forbidden || strcmp(of->forbidden, name) != 0;
    return DOXIN_OK;
}

static doxin_status check_with_host(guarded *at, host *of, const char *sql)
{
    const dx_sql_filter filter = {ask, of};
    const dx_sql_options options = {.filter = &filter};
    of->asked = 0;
    dx_error_clear(&at->ctx.error);
    return dx_guard_check(&at->ctx, at->policy, sql, strlen(sql), &options, &at->checked);
}

Test(core_guard, a_host_can_only_narrow)
{
    static const char *const sql = "SELECT i.vendor_name, sum(i.total_amount), sum(i.tax_amount) FROM invoices i "
                                   "JOIN invoices j ON j.id = i.id GROUP BY i.vendor_name";
    guarded at;
    host of = {NULL, 0};
    open_guard(&at);
    cr_expect_eq(check_with_host(&at, &of, sql), DOXIN_OK);
    cr_expect_eq(of.asked, 6); /* a table, four columns, a function */
    static const char *const each[] = {"invoices", "vendor_name", "sum", "id"};
    for (size_t i = 0; i < 4; i++) {
        of.forbidden = each[i];
        cr_expect_eq(check_with_host(&at, &of, sql), DOXIN_E_SQL_FILTERED, "%s", each[i]);
    }
    of.forbidden = "fail";
    cr_expect_eq(check_with_host(&at, &of, sql), DOXIN_E_HOST);
    of.forbidden = NULL;
    cr_expect_eq(check_with_host(&at, &of, "SELECT * FROM users"), DOXIN_E_SQL_TABLE);
    cr_expect_eq(of.asked, 0);
    close_guard(&at);
}

/* ---- policies ------------------------------------------------------------------------------------------------------------------ */

#define POLICY(tables)                                                                                                 \
    "{\"schema\":\"doxin.sql-policy/1\",\"search_schema\":\"public\",\"owner_type\":\"integer\",\"tables\":{" tables   \
    "}}"
#define A "\"a\":{\"columns\":{\"id\":\"integer\",\"b_id\":\"integer\"},\"owner\":{\"column\":\"owner\"}"

Test(core_guard, each_mistake_of_a_policy_has_its_pointer)
{
    static const struct {
        const char *policy;
        const char *pointers[3];
    } cases[] = {
        {"[]", {""}},
        {"{}", {"/schema", "/search_schema", "/owner_type"}},
        {"{\"schema\":\"doxin.sql-policy/1\",\"search_schema\":\"pg_catalog\",\"owner_type\":\"text\",\"tables\":{}}",
         {"/search_schema", "/owner_type", "/tables"}},
        {POLICY("\"a\":{\"columns\":{\"id\":\"regclass\",\"x\":{\"type\":\"integer\",\"z\":1}},\"shared\":true,"
                "\"extra\":1}"),
         {"/tables/a/extra", "/tables/a/columns/id", "/tables/a/columns/x/z"}},
        {POLICY("\"a\":{\"columns\":{},\"shared\":false}"), {"/tables/a/columns", "/tables/a/shared"}},
        {POLICY("\"a\":{\"columns\":{\"id\":\"integer\"}}"), {"/tables/a"}},
        {POLICY(A ",\"shared\":true}"), {"/tables/a"}},
        {POLICY(A ",\"primary_key\":\"no\"}"), {"/tables/a/primary_key"}},
        {POLICY(A ",\"foreign_keys\":[{\"column\":\"no\",\"references\":\"b\",\"key\":\"id\"}]}"),
         {"/tables/a/foreign_keys/0/column", "/tables/a/foreign_keys/0/references"}},
        {POLICY("\"a\":{\"columns\":{\"id\":\"integer\"},\"owner\":{\"parent\":\"a\",\"parent_key\":\"id\",\"child_"
                "key\":\"id\"}}"),
         {"/tables/a/owner/parent"}},
        {POLICY("\"a\":{\"columns\":{\"id\":\"integer\"},\"owner\":{\"parent\":\"no\"}}"),
         {"/tables/a/owner/parent_key", "/tables/a/owner/child_key"}},
        {POLICY("\"a/b\":{\"columns\":{\"id\":\"integer\"},\"synonyms\":\"x\",\"shared\":true}"),
         {"/tables/a~1b/synonyms"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dx_ctx ctx;
        dx_policy *policy = NULL;
        cr_assert(dx_ctx_init(&ctx, 0));
        cr_expect_eq(dx_policy_read(&ctx, cases[i].policy, strlen(cases[i].policy), &policy), DOXIN_E_FIELD, "%s",
                     cases[i].policy);
        for (int k = 0; k < 3 && cases[i].pointers[k]; k++) {
            bool found = false;
            for (int f = 0; f < ctx.error.field_count; f++)
                found = found || strcmp(ctx.error.fields[f].pointer, cases[i].pointers[k]) == 0;
            cr_expect(found, "case %zu: %s is not told of; first: %s", i, cases[i].pointers[k],
                      ctx.error.fields[0].pointer);
        }
        dx_policy_drop(policy);
        dx_ctx_destroy(&ctx);
    }
}

Test(core_guard, names_of_a_policy_are_quoted_where_they_must)
{
    static const char *const text =
        "{\"schema\":\"doxin.sql-policy/1\",\"search_schema\":\"My Data\",\"owner_type\":\"integer\",\"tables\":"
        "{\"Order\":{\"primary_key\":\"Id\",\"columns\":{\"Id\":\"integer\",\"a\\\"b\":\"text\"},\"owner\":{\"column\":"
        "\"Who\"}}}}";
    guarded at;
    cr_assert(dx_ctx_init(&at.ctx, 0));
    at.policy = read_policy(&at.ctx, text, strlen(text));
    cr_assert_eq(check(&at, "SELECT o.\"a\"\"b\" FROM \"Order\" o GROUP BY o.\"Id\""), DOXIN_OK, "%s",
                 at.ctx.error.message);
    cr_expect_str_eq(at.checked.sql,
                     "SELECT o.\"a\"\"b\" FROM (SELECT t0.\"Id\", t0.\"a\"\"b\" FROM \"My Data\".\"Order\" AS t0 "
                     "WHERE t0.\"Who\" = $1::integer OFFSET 0) o GROUP BY \"o\".\"a\"\"b\", o.\"Id\"");
    cr_expect_eq(check(&at, "SELECT 1 FROM \"order\""), DOXIN_E_SQL_TABLE);
    close_guard(&at);
}
