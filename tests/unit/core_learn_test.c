/* Corrections: taught on one document of a vendor, used on the next. */
#include "base/rt/alloc.h"
#include "base/rt/json.h"
#include "base/rt/json_write.h"
#include "core/extract/extract.h"
#include "page_builder.h"

#include <criterion/criterion.h>
#include <string.h>

static dx_ctx ctx;
static built_page pages[16]; /* each is begun once: the builder owns its words until the test ends */
static built_page *page = pages;
static dx_corrections store;

static void begin(void)
{
    cr_assert(dx_ctx_init(&ctx, 0));
    store = (dx_corrections){0};
}

static void end(void)
{
    dx_ctx_destroy(&ctx);
}

TestSuite(learn, .init = begin, .fini = end);

/* What a document of the test says. */
typedef struct sheet {
    const char *vendor, *street, *town, *tax_id;
    const char *code, *reference, *day, *other_day, *net, *tax, *total, *fee;
} sheet;

/* The number stands under a label that no lexicon has, and another one that looks like it under "No."; what is to be paid
 * stands under such a label as well, and a sum of something else at "Total". */
static dx_pages *document(const sheet *of)
{
    cr_assert_lt(page, pages + sizeof pages / sizeof *pages);
    built_page *all[] = {page};
    page_begin(page, 1);
    page_text(page, 50, 40, of->vendor);
    page_text(page, 50, 54, of->street);
    page_text(page, 50, 68, of->town);
    if (of->tax_id) {
        page_text(page, 50, 82, "VAT No:");
        page_text(page, 100, 82, of->tax_id);
    }
    page_text(page, 50, 130, "Bill to:");
    page_text(page, 50, 144, "Harbour Supplies Inc");
    page_text(page, 50, 158, "500 Sample Avenue");
    page_text(page, 50, 172, "Sampleville, OH 43999");
    page_text(page, 330, 100, "INVOICE");
    page_text(page, 330, 130, "Zetakode:");
    page_text(page, 460, 130, of->code);
    page_text(page, 330, 144, "Invoice No:");
    page_text(page, 460, 144, of->reference);
    page_text(page, 330, 158, "Invoice date:");
    page_text(page, 460, 158, of->day);
    page_text(page, 330, 172, "Gammaday:");
    page_text(page, 460, 172, of->other_day);
    page_text(page, 330, 400, "Omegasum");
    page_right(page, 560, 400, of->total);
    page_text(page, 330, 428, "Total");
    page_right(page, 560, 428, of->fee);
    page++;
    return page_document(&ctx, all, 1);
}

static const sheet first = {"Northwind Tools Ltd",
                            "12 Example Street",
                            "London SW1A 1AA",
                            "GB123456789",
                            "ZK-88201",
                            "550-1203",
                            "25 March 2024",
                            "26 March 2024",
                            NULL,
                            NULL,
                            "$1,440.00",
                            "$1,500.00"};
static const sheet second = {"Northwind Tools Ltd",
                             "12 Example Street",
                             "London SW1A 1AA",
                             "GB123456789",
                             "ZK-90417",
                             "551-7765",
                             "3 April 2024",
                             "9 April 2024",
                             NULL,
                             NULL,
                             "$310.50",
                             "$350.00"};
static const sheet stranger = {"Southgate Metals Plc",
                               "7 Other Road",
                               "Leeds LS1 4AP",
                               "GB987654321",
                               "ZK-10022",
                               "770-4411",
                               "4 May 2024",
                               "5 May 2024",
                               NULL,
                               NULL,
                               "$99.00",
                               "$120.00"};

static doxin_status look_up(void *data, dx_ctx *inner, const dx_vendor_keys *keys, dx_corrections *out)
{
    const dx_corrections *from = data;
    for (size_t i = 0; i < keys->count; i++) {
        const dx_memory *memory = dx_corrections_find(from, keys->items[i]);
        if (memory && dx_corrections_put(inner, out, memory) != DOXIN_OK)
            return DOXIN_E_NOMEM;
    }
    return DOXIN_OK;
}

static const dx_correction_source source = {&store, look_up};

static dx_invoice *read_sheet(const sheet *of, bool learning)
{
    dx_extract_options options = {.corrections = learning ? &source : NULL};
    dx_invoice *invoice = NULL;
    cr_assert_eq(dx_extract(&ctx, document(of), &options, &invoice), DOXIN_OK, "%s", ctx.error.message);
    return invoice;
}

static const char *value(const dx_invoice *invoice, dx_header_id id)
{
    return invoice->header[id].present ? invoice->header[id].text : "";
}

static void set(dx_invoice *invoice, dx_header_id id, const char *text)
{
    dx_field *field = &invoice->header[id];
    dx_decimal number;
    dx_date day;
    if (dx_header_kind(id) == DX_VALUE_DATE) {
        cr_assert(dx_date_parse(text, strlen(text), &day));
        cr_assert_eq(dx_field_date(&ctx, field, day), DOXIN_OK);
    } else if (dx_header_kind(id) == DX_VALUE_TEXT) {
        cr_assert_eq(dx_field_text(&ctx, field, text), DOXIN_OK);
    } else {
        cr_assert(dx_decimal_parse(text, strlen(text), &number));
        cr_assert_eq(dx_field_number(&ctx, field, number, 2), DOXIN_OK);
    }
}

static dx_corrections teach(const sheet *of, const dx_invoice *corrected)
{
    dx_extract_options options = {.corrections = &source};
    dx_corrections learned = {0};
    cr_assert_eq(dx_extract_learn(&ctx, document(of), &options, corrected, &learned), DOXIN_OK, "%s",
                 ctx.error.message);
    for (size_t i = 0; i < learned.count; i++)
        cr_assert_eq(dx_corrections_put(&ctx, &store, &learned.items[i]), DOXIN_OK);
    return learned;
}

static void teach_number(const sheet *of, const char *number)
{
    dx_invoice *corrected = read_sheet(of, true);
    set(corrected, DX_HEADER_NUMBER, number);
    teach(of, corrected);
}

static const dx_place *place_of(const char *key, dx_header_id field)
{
    const dx_memory *memory = dx_corrections_find(&store, key);
    for (size_t i = 0; memory && i < memory->place_count; i++)
        if (memory->places[i].field == field)
            return &memory->places[i];
    return NULL;
}

Test(learn, a_number_that_was_read_wrongly_is_right_on_the_next_document)
{
    cr_expect_str_eq(value(read_sheet(&first, true), DX_HEADER_NUMBER), "550-1203");
    teach_number(&first, "ZK-88201");
    const dx_invoice *next = read_sheet(&second, true);
    cr_expect_str_eq(value(next, DX_HEADER_NUMBER), "ZK-90417");
    cr_expect(next->header[DX_HEADER_NUMBER].evidence.learned);
    cr_expect_str_eq(next->header[DX_HEADER_NUMBER].evidence.text, "ZK-90417");
    cr_expect_not(next->header[DX_HEADER_DATE].evidence.learned);
    cr_expect_eq(next->header[DX_HEADER_NUMBER].rival_count, 1);
}

Test(learn, a_total_and_a_date_are_learned_as_well)
{
    dx_invoice *corrected = read_sheet(&first, true);
    cr_expect_str_eq(value(corrected, DX_HEADER_TOTAL), "1500.00");
    cr_expect_str_eq(value(corrected, DX_HEADER_DATE), "2024-03-25");
    set(corrected, DX_HEADER_TOTAL, "1440.00");
    set(corrected, DX_HEADER_DATE, "2024-03-26");
    teach(&first, corrected);
    const dx_invoice *next = read_sheet(&second, true);
    cr_expect_str_eq(value(next, DX_HEADER_TOTAL), "310.50");
    cr_expect_str_eq(value(next, DX_HEADER_DATE), "2024-04-09");
    cr_expect(next->header[DX_HEADER_TOTAL].evidence.learned && next->header[DX_HEADER_DATE].evidence.learned);
}

Test(learn, another_vendor_with_the_same_words_is_read_as_before)
{
    teach_number(&first, "ZK-88201");
    const dx_invoice *other = read_sheet(&stranger, true);
    cr_expect_str_eq(value(other, DX_HEADER_NUMBER), "770-4411");
    cr_expect_not(other->header[DX_HEADER_NUMBER].evidence.learned);
}

Test(learn, nothing_is_asked_when_learning_is_off)
{
    teach_number(&first, "ZK-88201");
    cr_expect_str_eq(value(read_sheet(&second, false), DX_HEADER_NUMBER), "551-7765");
}

Test(learn, what_was_read_rightly_is_not_learned)
{
    dx_corrections learned = teach(&first, read_sheet(&first, true));
    cr_expect_eq(learned.count, 0);
}

Test(learn, a_document_that_bears_it_out_confirms_a_place)
{
    teach_number(&first, "ZK-88201");
    cr_assert_not_null(place_of("tax_id:gb123456789", DX_HEADER_NUMBER));
    cr_expect_eq(place_of("tax_id:gb123456789", DX_HEADER_NUMBER)->confirmed, 1);
    teach(&second, read_sheet(&second, true));
    cr_expect_eq(place_of("tax_id:gb123456789", DX_HEADER_NUMBER)->confirmed, 2);
    cr_expect_eq(place_of("tax_id:gb123456789", DX_HEADER_NUMBER)->contradicted, 0);
}

Test(learn, contradictions_weaken_a_place_and_then_drop_it)
{
    const dx_place *place;
    teach_number(&first, "ZK-88201");
    /* The user changes his mind: the other number was right after all. */
    teach_number(&second, "551-7765");
    place = place_of("tax_id:gb123456789", DX_HEADER_NUMBER);
    cr_assert_not_null(place);
    cr_expect_eq(place->contradicted, 1);
    cr_expect_lt(dx_place_weight(place), 0);
    teach_number(&first, "550-1203");
    cr_expect_null(place_of("tax_id:gb123456789", DX_HEADER_NUMBER));
    cr_expect_str_eq(value(read_sheet(&second, true), DX_HEADER_NUMBER), "551-7765");
}

Test(learn, a_constant_is_remembered_where_it_stands_nowhere)
{
    dx_invoice *corrected = read_sheet(&first, true);
    set(corrected, DX_HEADER_VENDOR_NAME, "Northwind Holdings");
    teach(&first, corrected);
    const dx_invoice *next = read_sheet(&second, true);
    const dx_field *name = &next->header[DX_HEADER_VENDOR_NAME];
    cr_expect_str_eq(value(next, DX_HEADER_VENDOR_NAME), "Northwind Holdings");
    cr_expect(name->evidence.learned);
    cr_expect_eq(name->evidence.origin, DX_ORIGIN_HUMAN);
    cr_expect_eq(name->evidence.page, 0);
    cr_expect_str_eq(name->rivals[0].value, "Northwind Tools Ltd");
}

Test(learn, a_value_that_stands_nowhere_is_remembered_only_where_it_is_constant)
{
    dx_invoice *corrected = read_sheet(&first, true);
    set(corrected, DX_HEADER_NUMBER, "NOT-ON-THE-PAGE-1");
    cr_expect_eq(teach(&first, corrected).count, 0);
}

/* Against an equation that holds, a remembered place does not win. */
Test(learn, arithmetic_is_stronger_than_a_memory)
{
    dx_invoice *corrected = read_sheet(&first, true);
    set(corrected, DX_HEADER_TOTAL, "1440.00");
    teach(&first, corrected);
    document(&second);
    page--;
    built_page *all[] = {page};
    page_text(page, 330, 408, "Subtotal");
    page_right(page, 560, 408, "$291.67");
    page_text(page, 330, 418, "VAT 20%");
    page_right(page, 560, 418, "$58.33");
    dx_pages *with_sums = page_document(&ctx, all, 1);
    dx_extract_options options = {.corrections = &source};
    dx_invoice *next = NULL;
    cr_assert_eq(dx_extract(&ctx, with_sums, &options, &next), DOXIN_OK);
    cr_expect_str_eq(value(next, DX_HEADER_TOTAL), "350.00");
}

static sheet without_tax_id(sheet of)
{
    of.tax_id = NULL;
    return of;
}

Test(learn, the_name_is_enough_where_no_tax_id_is_printed)
{
    sheet a = without_tax_id(first), b = without_tax_id(second), c = without_tax_id(stranger);
    teach_number(&a, "ZK-88201");
    cr_expect_str_eq(value(read_sheet(&b, true), DX_HEADER_NUMBER), "ZK-90417");
    cr_expect_str_eq(value(read_sheet(&c, true), DX_HEADER_NUMBER), "770-4411");
}

/* An own company as the vendor, or a key that turns out to be of several vendors, never learns. */
Test(learn, an_own_company_has_no_keys)
{
    dx_vendor_keys keys;
    dx_invoice *invoice = read_sheet(&first, false);
    cr_assert_eq(dx_vendor_keys_of(&ctx, invoice, "Northwind Tools Limited\nOther", NULL, &keys), DOXIN_OK);
    cr_expect_eq(keys.count, 0);
    set(invoice, DX_HEADER_CUSTOMER_TAX_ID, "GB 123456789");
    cr_assert_eq(dx_vendor_keys_of(&ctx, invoice, NULL, NULL, &keys), DOXIN_OK);
    for (size_t i = 0; i < keys.count; i++)
        cr_expect_neq(strncmp(keys.items[i], "tax_id:", 7), 0);
}

Test(learn, a_key_of_several_vendors_becomes_a_catch_all)
{
    dx_invoice *one = read_sheet(&first, true), *two = read_sheet(&stranger, true);
    set(one, DX_HEADER_VENDOR_IBAN, "DE89370400440532013000");
    set(two, DX_HEADER_VENDOR_IBAN, "DE89370400440532013000");
    set(one, DX_HEADER_NUMBER, "ZK-88201");
    set(two, DX_HEADER_NUMBER, "ZK-10022");
    teach(&first, one);
    cr_expect_not(dx_corrections_find(&store, "iban:de89370400440532013000")->shared);
    teach(&stranger, two);
    const dx_memory *shared = dx_corrections_find(&store, "iban:de89370400440532013000");
    cr_expect(shared->shared);
    cr_expect_eq(shared->place_count, 0);
    teach(&first, one);
    cr_expect(dx_corrections_find(&store, "iban:de89370400440532013000")->shared);
}

static char *written(const dx_corrections *corrections)
{
    dx_buffer out;
    dx_writer writer;
    dx_buffer_init(&out, 0);
    dx_write_init(&writer, &out);
    dx_corrections_write(corrections, &writer);
    return dx_buffer_take(&out, NULL);
}

Test(learn, corrections_survive_their_json)
{
    dx_json *json = NULL;
    dx_corrections again = {0};
    dx_invoice *corrected = read_sheet(&first, true);
    set(corrected, DX_HEADER_NUMBER, "ZK-88201");
    set(corrected, DX_HEADER_TOTAL, "1440.00");
    set(corrected, DX_HEADER_VENDOR_NAME, "Northwind Holdings");
    teach(&first, corrected);
    char *text = written(&store);
    cr_assert_eq(dx_json_parse(&ctx, text, strlen(text), &json), DOXIN_OK);
    cr_assert_eq(dx_corrections_read(&ctx, json, &again), DOXIN_OK, "%s", ctx.error.message);
    char *text_again = written(&again);
    cr_expect_str_eq(text_again, text);
    dx_json_free(json);
    dx_free(text);
    dx_free(text_again);
}

static void expect_refused(const char *text, const char *words)
{
    dx_json *json = NULL;
    dx_corrections out = {0};
    dx_error_clear(&ctx.error);
    cr_assert_eq(dx_json_parse(&ctx, text, strlen(text), &json), DOXIN_OK);
    cr_expect_eq(dx_corrections_read(&ctx, json, &out), DOXIN_E_FIELD, "%s", text);
    cr_expect(strstr(ctx.error.message, words) != NULL, "%s", ctx.error.message);
    dx_json_free(json);
}

Test(learn, wrong_corrections_are_refused_by_their_member)
{
    expect_refused("{\"schema\":\"doxin.corrections/2\"}", "/schema");
    expect_refused("{\"schema\":\"doxin.corrections/1\",\"memories\":{}}", "/memories");
    expect_refused("{\"schema\":\"doxin.corrections/1\",\"memories\":[{\"key\":\"x\"}]}", "/memories/0/key");
    expect_refused(
        "{\"schema\":\"doxin.corrections/1\",\"memories\":[{\"key\":\"name:x\",\"places\":[{\"field\":\"y\"}]}]}",
        "/memories/0/places/0/field");
    expect_refused(
        "{\"schema\":\"doxin.corrections/1\",\"memories\":[{\"key\":\"name:x\",\"places\":[{\"field\":\"due_date\","
        "\"x0\":1001}]}]}",
        "/memories/0/places/0/x0");
}
