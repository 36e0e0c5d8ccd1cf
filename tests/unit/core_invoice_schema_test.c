/* docs/schemas/doxin.invoice-1.json describes every member that is written, and no other. */
#include "base/rt/alloc.h"
#include "base/rt/json.h"
#include "core/invoice/invoice.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static dx_ctx ctx;
static dx_json *schema;

static void begin(void)
{
    enum { MAX = 1 << 18 };
    cr_assert(dx_ctx_init(&ctx, 0));
    char *text = dx_malloc(MAX);
    FILE *file = fopen(DOXIN_TEST_DATA "/../../docs/schemas/doxin.invoice-1.json", "rb");
    cr_assert(text && file);
    size_t size = fread(text, 1, MAX, file);
    fclose(file);
    cr_assert_eq(dx_json_parse(&ctx, text, size, &schema), DOXIN_OK, "%s", ctx.error.message);
    dx_free(text);
}

static void end(void)
{
    dx_json_free(schema);
    dx_ctx_destroy(&ctx);
}

TestSuite(invoice_schema, .init = begin, .fini = end);

static const char *definition_of(dx_value_kind kind)
{
    return kind == DX_VALUE_TEXT ? "#/$defs/text" : kind == DX_VALUE_DATE ? "#/$defs/date" : "#/$defs/decimal";
}

static void expect_member(const dx_json *properties, const char *name, dx_value_kind kind)
{
    const dx_json *member = dx_json_get(properties, name);
    const char *reference = dx_json_get_string(member, "$ref");
    cr_assert_not_null(member, "%s is not described", name);
    cr_expect_str_eq(reference ? reference : "(none)", definition_of(kind), "%s", name);
    cr_expect_not_null(dx_json_get_string(member, "description"), "%s says nothing", name);
}

Test(invoice_schema, describes_the_header_and_the_parties)
{
    size_t plain = 0;
    const dx_json *properties = dx_json_get(schema, "properties");
    for (int id = 0; id < DX_HEADER_COUNT; id++) {
        char pointer[64];
        const char *path = dx_header_path((dx_header_id)id);
        const char *dot = strchr(path, '.');
        plain += !dot;
        snprintf(pointer, sizeof pointer, "/%.*s/properties", dot ? (int)(dot - path) : 0, path);
        expect_member(dot ? dx_json_pointer(properties, pointer) : properties, dot ? dot + 1 : path,
                      dx_header_kind((dx_header_id)id));
    }
    static const char *const others[] = {"schema",     "document_type", "language", "syntax",      "profile",
                                         "vendor",     "customer",      "ship_to",  "line_items",  "taxes",
                                         "confidence", "needs_review",  "evidence", "adjustments", "checks",
                                         "warnings",   "pages",         "timing",   "document",    "documents"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        cr_expect_not_null(dx_json_get(properties, others[i]), "%s is not described", others[i]);
    cr_expect_eq(dx_json_count(properties), plain + sizeof others / sizeof others[0]);
}

Test(invoice_schema, describes_lines_and_taxes)
{
    const dx_json *line = dx_json_pointer(schema, "/properties/line_items/items/properties");
    const dx_json *tax = dx_json_pointer(schema, "/properties/taxes/items/properties");
    for (int id = 0; id < DX_CELL_COUNT; id++)
        expect_member(line, dx_cell_name((dx_cell_id)id), dx_cell_kind((dx_cell_id)id));
    cr_expect_eq(dx_json_count(line), DX_CELL_COUNT + 1, "and charge");
    for (int id = 0; id < DX_TAX_COUNT; id++)
        expect_member(tax, dx_tax_name((dx_tax_id)id), dx_tax_kind((dx_tax_id)id));
    cr_expect_eq(dx_json_count(tax), DX_TAX_COUNT);
}

static bool lists(const char *pointer, const char *value)
{
    const dx_json *list = dx_json_pointer(schema, pointer);
    for (size_t i = 0; i < dx_json_count(list); i++)
        if (strcmp(dx_json_string(dx_json_at(list, i)), value) == 0)
            return true;
    return false;
}

Test(invoice_schema, lists_kinds_and_origins)
{
    for (int kind = DX_KIND_UNKNOWN; kind <= DX_KIND_OTHER; kind++)
        cr_expect(lists("/properties/document_type/enum", dx_kind_name((dx_document_kind)kind)), "%d", kind);
    for (int origin = DX_ORIGIN_NONE; origin <= DX_ORIGIN_HUMAN; origin++)
        cr_expect(lists("/$defs/evidence/properties/origin/enum", dx_origin_name((dx_origin)origin)), "%d", origin);
}
