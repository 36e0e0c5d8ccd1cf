/* The checks of the frame that need no database. */
#include "app/op/op.h"
#include "app/op/permission.h"
#include "app/op/rows.h"
#include "app/op/schema.h"

#include <criterion/criterion.h>
#include <string.h>

const dx_module *const dx_modules[] = {&dx_health_module, NULL};

static dx_ctx ctx;

static doxin_status check(const char *schema, const char *value)
{
    dx_json *s = NULL;
    dx_json *v = NULL;
    dx_error_clear(&ctx.error);
    cr_assert_eq(dx_json_parse(&ctx, schema, strlen(schema), &s), DOXIN_OK, "%s", schema);
    cr_assert_eq(dx_json_parse(&ctx, value, strlen(value), &v), DOXIN_OK, "%s", value);
    doxin_status status = dx_schema_validate(&ctx, s, v);
    dx_json_free(s);
    dx_json_free(v);
    return status;
}

static void setup(void)
{
    cr_assert(dx_ctx_init(&ctx, 0));
}

static void teardown(void)
{
    dx_ctx_destroy(&ctx);
}

TestSuite(app_op_schema, .init = setup, .fini = teardown);

static const char object[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"id\"],\"properties\":{"
    "\"id\":{\"type\":\"string\",\"format\":\"uuid\"},\"n\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":9},"
    "\"day\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"},\"at\":{\"type\":\"string\",\"format\":\"date-time\"}"
    ","
    "\"word\":{\"type\":\"string\",\"enum\":[\"a\",\"b\"]},\"short\":{\"type\":\"string\",\"minLength\":2,"
    "\"maxLength\":3},"
    "\"list\":{\"type\":\"array\",\"maxItems\":2,\"items\":{\"type\":\"object\",\"required\":[\"x\"]}}}}";

#define ID "\"id\":\"01234567-89ab-4def-8123-456789abcdef\""

Test(app_op_schema, lets_good_requests_through)
{
    static const char *const good[] = {
        "{" ID "}",
        "{" ID ",\"n\":1}",
        "{" ID ",\"n\":9,\"day\":null}",
        "{" ID ",\"day\":\"2024-02-29\"}",
        "{" ID ",\"at\":\"2026-11-25T12:00:00Z\"}",
        "{" ID ",\"at\":\"2026-11-25T12:00:00.123+02:00\"}",
        "{" ID ",\"word\":\"b\"}",
        "{" ID ",\"short\":\"\xC3\xA4\xC3\xB6\xC3\xBC\"}",
        "{" ID ",\"list\":[{\"x\":1},{\"x\":2}]}",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_expect_eq(check(object, good[i]), DOXIN_OK, "%s: %s", good[i], ctx.error.message);
}

Test(app_op_schema, names_each_wrong_member)
{
    static const struct {
        const char *value, *pointer, *code;
    } bad[] = {
        {"[]", "", "type"},
        {"{}", "/id", "required"},
        {"{\"id\":\"x\"}", "/id", "format"},
        {"{\"id\":7}", "/id", "type"},
        {"{" ID ",\"n\":0}", "/n", "minimum"},
        {"{" ID ",\"n\":10}", "/n", "maximum"},
        {"{" ID ",\"n\":1.5}", "/n", "type"},
        {"{" ID ",\"day\":\"2023-02-29\"}", "/day", "format"},
        {"{" ID ",\"day\":7}", "/day", "type"},
        {"{" ID ",\"at\":\"2026-11-25 12:00\"}", "/at", "format"},
        {"{" ID ",\"at\":\"2026-11-25T24:00:00Z\"}", "/at", "format"},
        {"{" ID ",\"at\":\"2026-11-25T12:00:00\"}", "/at", "format"},
        {"{" ID ",\"word\":\"c\"}", "/word", "enum"},
        {"{" ID ",\"short\":\"a\"}", "/short", "min_length"},
        {"{" ID ",\"short\":\"abcd\"}", "/short", "max_length"},
        {"{" ID ",\"list\":[{\"x\":1},{}]}", "/list/1/x", "required"},
        {"{" ID ",\"list\":[1]}", "/list/0", "type"},
        {"{" ID ",\"list\":[{\"x\":1},{\"x\":1},{\"x\":1}]}", "/list", "max_items"},
        {"{" ID ",\"a/b~\":1}", "/a~1b~0", "unknown"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_expect_eq(check(object, bad[i].value), DOXIN_E_FIELD, "%s", bad[i].value);
        cr_expect_eq(ctx.error.field_count, 1, "%s", bad[i].value);
        cr_expect_str_eq(ctx.error.fields[0].pointer, bad[i].pointer, "%s", bad[i].value);
        cr_expect_str_eq(ctx.error.fields[0].code, bad[i].code, "%s", bad[i].value);
    }
}

Test(app_op_schema, bears_long_names_and_deep_nesting)
{
    static char value[4000];
    size_t used = 0;
    memcpy(value, "{", 1);
    used = 1;
    value[used++] = '"';
    memset(value + used, '/', 1000);
    used += 1000;
    memcpy(value + used, "\":1}", 5);
    cr_expect_eq(check(object, value), DOXIN_E_FIELD);
    memset(value, '[', 100);
    memset(value + 100, ']', 100);
    value[200] = '\0';
    cr_expect_eq(check("{\"type\":\"array\"}", value), DOXIN_OK, "what no schema describes is not looked at");
}

Test(app_op, gives_each_role_what_is_its_own)
{
    cr_expect(dx_permitted("user", "invoices.write"));
    cr_expect_not(dx_permitted("user", "users.manage"));
    cr_expect(dx_permitted("admin", "users.manage"));
    cr_expect_not(dx_permitted("worker", "invoices.read"));
    cr_expect(dx_permitted("worker", "events.follow"));
    cr_expect_not(dx_permitted(NULL, "account"));
    cr_expect_not(dx_permitted("login", "account"));
    cr_expect_not(dx_permitted("admin", "no.such"));
}

Test(app_op, lists_its_operations_as_json)
{
    dx_buffer out;
    dx_writer writer;
    dx_json *json = NULL;
    setup();
    dx_buffer_init(&out, 0);
    dx_write_init(&writer, &out);
    dx_write_object(&writer, NULL);
    dx_app_operations(&writer);
    dx_write_object_end(&writer);
    cr_assert_eq(dx_json_parse(&ctx, out.data, out.len, &json), DOXIN_OK, "%s", out.data);
    cr_expect_str_eq(dx_json_string(dx_json_pointer(json, "/operations/0/name")), "health.check");
    cr_expect_str_eq(dx_json_string(dx_json_pointer(json, "/operations/0/effect")), "reads");
    cr_expect(dx_json_bool(dx_json_pointer(json, "/operations/0/public"), false));
    dx_json_free(json);
    dx_buffer_free(&out);
    cr_expect_not(dx_app_operation_writes("health.check"));
    cr_expect_not(dx_app_operation_writes("no.such"));
    teardown();
}
