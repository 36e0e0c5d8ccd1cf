/* From stored bytes to the rows of an invoice, through the real queue, without a document parser: XML invoices. */
#include "app/identity/identity.h"
#include "app/intake/intake.h"
#include "app/notify/notify.h"
#include "app/records/corrections.h"
#include "app/records/records.h"
#include "app/records/upload.h"
#include "app_support.h"
#include "base/rt/clock.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const dx_module *const dx_modules[] = {&dx_health_module,
                                       &dx_identity_module,
                                       &dx_records_module,
                                       &dx_queue_module,
                                       &dx_notify_module,
                                       &dx_intake_module,
                                       NULL};

#define EUR(tag, amount) "<cbc:" tag " currencyID=\"EUR\">" amount "</cbc:" tag ">"

static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Invoice "
                           "xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\" "
                           "xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\" "
                           "xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\">";
static const char party[] =
    "<cac:%s><cac:Party><cac:PostalAddress><cbc:StreetName>Weg 1</cbc:StreetName><cbc:CityName>Ort</cbc:CityName>"
    "<cbc:PostalZone>12345</cbc:PostalZone><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></"
    "cac:Country>"
    "</cac:PostalAddress><cac:PartyTaxScheme><cbc:CompanyID>%s</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
    "</cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity><cbc:RegistrationName>%s</cbc:RegistrationName>"
    "</cac:PartyLegalEntity></cac:Party></cac:%s>";
static const char sums[] = "<cac:TaxTotal>" EUR("TaxAmount", "19.00") "<cac:TaxSubtotal>" EUR("TaxableAmount", "100.00")
    EUR("TaxAmount", "19.00") "<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme>"
                              "<cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></"
                              "cac:TaxTotal><cac:LegalMonetaryTotal>" EUR("LineExtensionAmount", "100.00")
                                  EUR("TaxExclusiveAmount", "100.00") EUR("TaxInclusiveAmount", "119.00")
                                      EUR("PayableAmount", "119.00") "</cac:LegalMonetaryTotal>";
static const char line[] =
    "<cac:InvoiceLine><cbc:ID>%s</cbc:ID><cbc:InvoicedQuantity unitCode=\"HUR\">%s</cbc:InvoicedQuantity>" EUR(
        "LineExtensionAmount",
        "50.00") "<cac:Item><cbc:Name>Arbeit</cbc:Name><cac:ClassifiedTaxCategory>"
                 "<cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
                 "</cac:ClassifiedTaxCategory></cac:Item><cac:Price>" EUR("PriceAmount",
                                                                          "%s") "</cac:Price></cac:InvoiceLine>";

/* A small UBL invoice; the note makes files of the same invoice differ. */
static const char *invoice(const char *number, const char *note)
{
    static char text[8000];
    FILE *to = fmemopen(text, sizeof text, "w");
    fprintf(to,
            "%s<cbc:ID>%s</cbc:ID><cbc:IssueDate>2026-02-03</cbc:IssueDate><cbc:DueDate>2026-03-05</cbc:DueDate>"
            "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:Note>%s</cbc:Note>"
            "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>",
            head, number, note);
    fprintf(to, party, "AccountingSupplierParty", "DE123456788", "Werk AG", "AccountingSupplierParty");
    fprintf(to, party, "AccountingCustomerParty", "DE987654320", "Kunde OHG", "AccountingCustomerParty");
    fputs(sums, to);
    fprintf(to, line, "1", "2.5", "20.00");
    fprintf(to, line, "2", "1", "50.00");
    fputs("</Invoice>", to);
    fclose(to);
    return text;
}

/* ---- help --------------------------------------------------------------------------------------------------------------------- */

static const dx_json *upload(stage *s, const char *bytes, const char *parameters)
{
    dx_buffer out;
    dx_upload *handle = NULL;
    dx_json *json = NULL;
    dx_upload_options options = {.file_name = "a.xml", .parameters = parameters, .process = true};
    dx_buffer_init(&out, 0);
    doxin_status status = dx_upload_open(s->app, &s->ctx, &options, &handle);
    if (status == DOXIN_OK)
        status = dx_upload_write(handle, &s->ctx, bytes, strlen(bytes));
    if (status == DOXIN_OK)
        status = dx_upload_finish(handle, &s->ctx, &out);
    dx_upload_free(handle);
    cr_assert_eq(status, DOXIN_OK, "%s", s->ctx.error.message);
    cr_assert_eq(dx_json_parse(&s->ctx, out.data, out.len, &json), DOXIN_OK, "%s", out.data);
    s->answers[s->answer_count++] = json;
    dx_buffer_free(&out);
    return json;
}

static const char *with_id(const char *id)
{
    static char args[200];
    snprintf(args, sizeof args, "{\"id\":\"%s\"}", id);
    return args;
}

/* Works until the job has ended; its status. */
static const char *work(stage *s, const dx_json *uploaded)
{
    crew a;
    const char *status = "";
    int64_t end = dx_clock_ns() + 15000000000;
    crew_start(&a, s->app, 1, 60000, "a");
    do {
        usleep(30000);
        status = text_at(stage_call(s, DOXIN_OK, "invoices.status", with_id(text_at(uploaded, "/job_id"))), "/status");
    } while ((strcmp(status, "pending") == 0 || strcmp(status, "running") == 0) && dx_clock_ns() < end &&
             s->answer_count < 200);
    crew_stop(&a);
    return status;
}

/* ---- tests -------------------------------------------------------------------------------------------------------------------- */

Test(intake, makes_an_invoice_of_xml)
{
    stage s;
    stage_open(&s, "intake_xml");
    stage_as(&s, "user", USER_A);
    const dx_json *uploaded = upload(&s, invoice("R-1", "first"), NULL);
    cr_expect_str_eq(work(&s, uploaded), "completed");
    const dx_json *got = stage_call(&s, DOXIN_OK, "invoices.get", with_id(text_at(uploaded, "/invoice_id")));
    cr_expect_str_eq(text_at(got, "/invoice/invoice_number"), "R-1");
    cr_expect_str_eq(text_at(got, "/invoice/invoice_date"), "2026-02-03");
    cr_expect_str_eq(text_at(got, "/invoice/total_amount"), "119.00");
    cr_expect_str_eq(text_at(got, "/invoice/currency"), "EUR");
    cr_expect_str_eq(text_at(got, "/invoice/vendor/name"), "Werk AG");
    cr_expect_str_eq(text_at(got, "/invoice/customer/tax_id"), "DE987654320");
    cr_expect_str_eq(text_at(got, "/invoice/taxes/0/rate"), "19");
    cr_expect_str_eq(text_at(got, "/invoice/taxes/0/base"), "100.00");
    cr_expect_str_eq(text_at(got, "/invoice/document_type"), "invoice");
    cr_expect_str_eq(text_at(got, "/invoice/evidence/total_amount/origin"), "xml");
    cr_expect_eq(dx_json_real(dx_json_pointer(got, "/invoice/evidence/total_amount/confidence"), -1), 1);
    cr_expect_gt(dx_json_count(dx_json_pointer(got, "/invoice/checks")), 0);
    cr_assert_eq(dx_json_count(dx_json_get(got, "line_items")), 2);
    cr_expect_str_eq(text_at(got, "/line_items/0/quantity"), "2.5");
    cr_expect_str_eq(text_at(got, "/line_items/0/unit_price"), "20.00");
    cr_expect_str_eq(text_at(got, "/line_items/1/line_total"), "50.00");
    const dx_json *job = stage_call(&s, DOXIN_OK, "jobs.get", with_id(text_at(uploaded, "/job_id")));
    cr_expect_str_eq(text_at(job, "/job/result_data/invoice_number"), "R-1");
    cr_expect_eq(dx_json_integer(dx_json_pointer(job, "/job/progress"), 0), 100);
    cr_expect_str_eq(dx_rows_text(world_super(&s.w, "SELECT processing_status FROM file_storage"), 0, 0), "processed");
    cr_expect_str_eq(
        dx_rows_text(world_super(&s.w, "SELECT string_agg(type, ' ' ORDER BY id) FROM job_events WHERE type "
                                       "<> 'stage'"),
                     0, 0),
        "queued claimed completed");
    stage_close(&s);
}

Test(intake, knows_the_same_invoice_in_another_file)
{
    stage s;
    stage_open(&s, "intake_same");
    stage_as(&s, "user", USER_A);
    const dx_json *first = upload(&s, invoice("R-2", "first"), NULL);
    cr_expect_str_eq(work(&s, first), "completed");
    const dx_json *second = upload(&s, invoice("R-2", "second"), NULL);
    cr_expect_str_eq(work(&s, second), "completed");
    const dx_json *got = stage_call(&s, DOXIN_OK, "invoices.get", with_id(text_at(second, "/invoice_id")));
    cr_expect_str_eq(text_at(got, "/invoice/duplicate_state"), "same_key");
    cr_expect_str_eq(text_at(got, "/invoice/duplicate_of_invoice_id"), text_at(first, "/invoice_id"));
    /* Once more: the rows are replaced, not added. */
    const dx_json *again = stage_call(&s, DOXIN_OK, "invoices.process", with_id(text_at(second, "/invoice_id")));
    cr_expect_str_eq(work(&s, again), "completed");
    got = stage_call(&s, DOXIN_OK, "invoices.get", with_id(text_at(second, "/invoice_id")));
    cr_expect_eq(dx_json_count(dx_json_get(got, "line_items")), 2);
    stage_close(&s);
}

Test(intake, fails_a_bad_document_with_its_code)
{
    static const char *const bad[][2] = {
        {"<?xml version=\"1.0\"?><Invoice>", "DOXIN_E_XML"},
        {"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><Invoice>&b;</Invoice>", "DOXIN_E_XML_FORBIDDEN"},
        {"<?xml version=\"1.0\"?><Order/>", "DOXIN_E_NOT_AN_EINVOICE"},
        {"%PDF-1.7 without a parser", "DOXIN_E_PARSER_MISSING"},
    };
    stage s;
    stage_open(&s, "intake_bad");
    stage_as(&s, "user", USER_A);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const dx_json *uploaded = upload(&s, bad[i][0], NULL);
        cr_expect_str_eq(work(&s, uploaded), "failed", "%s", bad[i][1]);
        const dx_json *status = stage_call(&s, DOXIN_OK, "invoices.status", with_id(text_at(uploaded, "/job_id")));
        cr_expect_str_eq(text_at(status, "/error/code"), bad[i][1]);
        const dx_json *got = stage_call(&s, DOXIN_OK, "invoices.get", with_id(text_at(uploaded, "/invoice_id")));
        cr_expect_str_eq(text_at(got, "/invoice/review_state"), "failed");
        cr_expect_str_eq(text_at(got, "/invoice/error_code"), bad[i][1]);
    }
    stage_close(&s);
}

Test(intake, leaves_the_rows_alone_without_auto_save_and_deletes_on_cleanup)
{
    stage s;
    stage_open(&s, "intake_options");
    stage_as(&s, "user", USER_A);
    const dx_json *uploaded = upload(&s, invoice("R-3", "x"), "{\"auto_save\":false}");
    cr_expect_str_eq(work(&s, uploaded), "completed");
    const dx_json *got = stage_call(&s, DOXIN_OK, "invoices.get", with_id(text_at(uploaded, "/invoice_id")));
    cr_expect_str_eq(text_at(got, "/invoice/invoice_number"), "");
    const dx_json *job = stage_call(&s, DOXIN_OK, "jobs.get", with_id(text_at(uploaded, "/job_id")));
    cr_expect_str_eq(text_at(job, "/job/result_data/schema"), "doxin.invoice/1");
    uploaded = upload(&s, invoice("R-4", "x"), "{\"cleanup\":true}");
    cr_expect_str_eq(work(&s, uploaded), "completed");
    got = stage_call(&s, DOXIN_OK, "invoices.get", with_id(text_at(uploaded, "/invoice_id")));
    cr_expect_str_eq(text_at(got, "/invoice/invoice_number"), "R-4");
    cr_expect_eq(dx_json_kind_of(dx_json_get(got, "blob_url")), DX_JSON_NULL);
    stage_call(&s, DOXIN_E_CONFLICT, "invoices.process", with_id(text_at(uploaded, "/invoice_id")));
    stage_close(&s);
}

/* ---- a person's word ------------------------------------------------------------------------------------------------------------ */

static const dx_json *call_with(stage *s, doxin_status expected, const char *operation, const char *id,
                                const char *rest)
{
    static char args[2000];
    snprintf(args, sizeof args, "{\"id\":\"%s\"%s}", id, rest);
    return stage_call(s, expected, operation, args);
}

Test(intake, reading_again_keeps_what_a_person_changed)
{
    stage s;
    stage_open(&s, "intake_human");
    stage_as(&s, "user", USER_A);
    const dx_json *uploaded = upload(&s, invoice("R-5", "x"), NULL);
    cr_expect_str_eq(work(&s, uploaded), "completed");
    const char *id = text_at(uploaded, "/invoice_id");
    const dx_json *got =
        call_with(&s, DOXIN_OK, "invoices.update", id,
                  ",\"reason\":\"misprint\",\"invoice\":{\"invoice_number\":\"R-55\",\"due_date\":null,"
                  "\"total_amount\":\"120.00\"}");
    cr_expect_str_eq(text_at(got, "/invoice/invoice_number"), "R-55");
    cr_expect_str_eq(text_at(got, "/invoice/due_date"), "");
    cr_expect_str_eq(text_at(got, "/invoice/review_state"), "needs_review");
    cr_expect_str_eq(text_at(got, "/invoice/evidence/total_amount/origin"), "human");
    cr_expect_str_eq(text_at(got, "/invoice/evidence/total_amount/rivals/0/value"), "119.00");
    cr_expect_str_eq(text_at(got, "/invoice/evidence/due_date/origin"), "human");
    cr_assert_eq(dx_json_count(dx_json_get(got, "line_items")), 2);
    const dx_json *again = stage_call(&s, DOXIN_OK, "invoices.process", with_id(id));
    cr_expect_str_eq(work(&s, again), "completed");
    got = stage_call(&s, DOXIN_OK, "invoices.get", with_id(id));
    cr_expect_str_eq(text_at(got, "/invoice/invoice_number"), "R-55");
    cr_expect_str_eq(text_at(got, "/invoice/due_date"), "");
    cr_expect_str_eq(text_at(got, "/invoice/total_amount"), "120.00");
    cr_expect_str_eq(text_at(got, "/invoice/evidence/total_amount/rivals/0/value"), "119.00");
    cr_expect_str_eq(text_at(got, "/invoice/evidence/invoice_date/origin"), "xml");
    cr_expect_str_eq(text_at(got, "/invoice/review_state"), "needs_review", "the total no longer adds up");
    cr_expect_str_eq(dx_rows_text(world_super(&s.w, "SELECT old_values ->> 'invoice_number' || ' ' || (new_values ->> "
                                                    "'invoice_number') || ' ' || reason FROM audit_log WHERE operation "
                                                    "= 'invoices.update'"),
                                  0, 0),
                     "R-5 R-55 misprint");
    /* XML is read, not guessed: there is nothing to learn from it. */
    cr_expect_str_eq(
        dx_rows_text(world_super(&s.w, "SELECT count(*) FROM processing_jobs WHERE job_type = 'invoice.learn'"), 0, 0),
        "0");
    stage_close(&s);
}

Test(intake, lines_given_are_all_lines)
{
    stage s;
    stage_open(&s, "intake_lines");
    stage_as(&s, "user", USER_A);
    const dx_json *uploaded = upload(&s, invoice("R-6", "x"), NULL);
    cr_expect_str_eq(work(&s, uploaded), "completed");
    const char *id = text_at(uploaded, "/invoice_id");
    const dx_json *got = call_with(
        &s, DOXIN_OK, "invoices.update", id,
        ",\"line_items\":[{\"line_number\":1,\"printed_number\":\"1\",\"description\":\"Arbeit\",\"quantity\":"
        "\"2\",\"unit\":\"HUR\",\"unit_price\":\"50\",\"tax_category\":\"S\",\"tax_rate\":\"19\","
        "\"line_total\":\"100.00\"}]");
    cr_assert_eq(dx_json_count(dx_json_get(got, "line_items")), 1);
    cr_expect_str_eq(text_at(got, "/invoice/evidence/line_items[0].quantity/origin"), "human");
    cr_expect_str_eq(text_at(got, "/invoice/evidence/line_items[0].description/origin"), "xml");
    const dx_json *again = stage_call(&s, DOXIN_OK, "invoices.process", with_id(id));
    cr_expect_str_eq(work(&s, again), "completed");
    got = stage_call(&s, DOXIN_OK, "invoices.get", with_id(id));
    cr_assert_eq(dx_json_count(dx_json_get(got, "line_items")), 1);
    cr_expect_str_eq(text_at(got, "/line_items/0/line_total"), "100.00");
    /* Handed back as it is, nothing changes. */
    int64_t version = dx_json_integer(dx_json_pointer(got, "/invoice/version"), -1);
    call_with(&s, DOXIN_E_FIELD, "invoices.update", id, ",\"line_items\":[{\"quantity\":\"many\"}]");
    call_with(&s, DOXIN_E_PRECONDITION, "invoices.update", id, ",\"version\":0,\"invoice\":{}");
    got = call_with(&s, DOXIN_OK, "invoices.update", id, ",\"invoice\":{\"invoice_number\":\"R-6\"}");
    cr_expect_eq(dx_json_integer(dx_json_pointer(got, "/invoice/version"), -2), version);
    stage_as(&s, "user", USER_B);
    call_with(&s, DOXIN_E_NOT_FOUND, "invoices.update", id, ",\"invoice\":{\"invoice_number\":\"mine\"}");
    call_with(&s, DOXIN_E_NOT_FOUND, "invoices.approve", id, "");
    stage_close(&s);
}

static doxin_status store_memory(dx_tx *tx, dx_ctx *ctx, void *data)
{
    return dx_corrections_store(tx, ctx, data);
}

static doxin_status load_memory(dx_tx *tx, dx_ctx *ctx, void *data)
{
    dx_vendor_keys keys = {{"tax_id:x", "name:a", NULL, NULL}, 2};
    dx_corrections *out = data;
    *out = (dx_corrections){0};
    return dx_corrections_load(tx, ctx, &keys, true, out);
}

Test(intake, memories_are_kept_by_owner_and_key)
{
    stage s;
    dx_corrections found;
    stage_open(&s, "intake_memory");
    dx_place place = {
        .field = DX_HEADER_NUMBER, .left = "code", .above = "", .shape = "A-9", .words = 1, .confirmed = 1};
    dx_memory memory = {.key = "name:a", .name = "A", .places = &place, .place_count = 1};
    dx_corrections all = {&memory, 1, 1};
    stage_as(&s, "user", USER_A);
    for (int i = 0; i < 2; i++) {
        place.confirmed = i + 1;
        cr_assert_eq(dx_db_transact(s.app->db, &s.ctx, DX_LOGIN_APPLICATION, DX_TX_PLAIN, store_memory, &all), DOXIN_OK,
                     "%s", s.ctx.error.message);
    }
    cr_assert_eq(dx_db_transact(s.app->db, &s.ctx, DX_LOGIN_APPLICATION, DX_TX_PLAIN, load_memory, &found), DOXIN_OK);
    cr_assert_eq(found.count, 1);
    cr_assert_eq(found.items[0].place_count, 1);
    cr_expect_eq(found.items[0].places[0].confirmed, 2);
    cr_expect_str_eq(found.items[0].places[0].left, "code");
    stage_as(&s, "user", USER_B);
    cr_assert_eq(dx_db_transact(s.app->db, &s.ctx, DX_LOGIN_APPLICATION, DX_TX_PLAIN, load_memory, &found), DOXIN_OK);
    cr_expect_eq(found.count, 0);
    stage_close(&s);
}
