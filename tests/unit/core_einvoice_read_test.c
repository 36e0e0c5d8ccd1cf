#include "einvoice_samples.h"

#include <string.h>

typedef struct expected {
    const char *path, *text;
} expected;

static void expect(const dx_invoice *invoice, const expected *values)
{
    for (; values->path; values++) {
        const char *text = header_text(invoice, values->path);
        if (!values->text)
            cr_expect_null(text, "%s is %s", values->path, text);
        else
            cr_expect_str_eq(text ? text : "(absent)", values->text, "%s", values->path);
    }
}

static void expect_cells(const dx_invoice *invoice, size_t line, const char *const *texts)
{
    static const dx_cell_id ids[] = {DX_CELL_NUMBER,   DX_CELL_ITEM,  DX_CELL_DESCRIPTION, DX_CELL_QUANTITY,
                                     DX_CELL_UNIT,     DX_CELL_PRICE, DX_CELL_PRICE_BASE,  DX_CELL_DISCOUNT,
                                     DX_CELL_TAX_RATE, DX_CELL_TOTAL};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const char *text = cell_text(invoice, line, ids[i]);
        cr_expect_str_eq(text ? text : "-", texts[i], "line %zu, %s", line, dx_cell_name(ids[i]));
    }
}

Test(einvoice_read, reads_a_ubl_invoice)
{
    dx_ctx ctx;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_invoice *invoice = sample_invoice(&ctx, "ubl-invoice.xml");
    cr_assert_eq(invoice->kind, DX_KIND_INVOICE);
    cr_assert_str_eq(invoice->syntax, "ubl");
    cr_assert_str_eq(invoice->profile, "urn:cen.eu:en16931:2017");
    expect(invoice, (const expected[]){{"invoice_number", "WF-2026-0117"},
                                       {"invoice_date", "2026-03-02"},
                                       {"due_date", "2026-04-01"},
                                       {"ship_date", "2026-02-27"},
                                       {"period_start", "2026-02-01"},
                                       {"period_end", "2026-02-28"},
                                       {"currency", "EUR"},
                                       {"po_number", "PO-7788"},
                                       {"account_number", "C-100"},
                                       {"contract_number", "RV-12"},
                                       {"project_number", "Sky 2"},
                                       {"buyer_reference", "04011000-12345-34"},
                                       {"delivery_note_number", "LS-901"},
                                       {"payment_terms", "30 days net"},
                                       {"payment_reference", "WF-2026-0117"},
                                       {"payment_means", "58"},
                                       {"lines_total", "250.00"},
                                       {"discount_total", "20.00"},
                                       {"freight", "8.00"},
                                       {"charge_total", "2.00"},
                                       {"subtotal", "240.00"},
                                       {"tax_rate", NULL},
                                       {"tax_amount", "39.60"},
                                       {"total_amount", "279.60"},
                                       {"prepaid_amount", "100.00"},
                                       {"rounding_amount", "0.40"},
                                       {"amount_due", "180.00"},
                                       {NULL, NULL}});
    expect(invoice, (const expected[]){{"vendor.name", "Wolkenfabrik Musterhausen GmbH"},
                                       {"vendor.address", "Nebelgasse 3, Hinterhaus, 12345 Musterhausen"},
                                       {"vendor.country", "DE"},
                                       {"vendor.tax_id", "DE136695976"},
                                       {"vendor.tax_number", "201/123/40005"},
                                       {"vendor.number", "K-4711"},
                                       {"vendor.iban", "DE89370400440532013000"},
                                       {"vendor.bic", "COBADEFFXXX"},
                                       {"vendor.endpoint", "0088:4000001000005"},
                                       {"vendor.email", "nora@wolkenfabrik.example"},
                                       {"customer.name", "Regenbogen & Söhne <Farben> KG"},
                                       {"customer.address", "Bogenweg 7, 54321 Farbstadt"},
                                       {"customer.tax_id", "DE999999999"},
                                       {"ship_to.name", "Regenbogen Lager"},
                                       {"ship_to.address", "Lager 1, 54322 Farbstadt"},
                                       {"ship_to.country", "DE"},
                                       {NULL, NULL}});
    dx_ctx_destroy(&ctx);
}

Test(einvoice_read, reads_lines_taxes_and_charges_of_ubl)
{
    dx_ctx ctx;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_invoice *invoice = sample_invoice(&ctx, "ubl-invoice.xml");
    cr_assert_eq(invoice->line_count, 2);
    expect_cells(invoice, 0,
                 (const char *const[]){"10", "CU-1", "Cumulus, loose", "2500", "KGM", "9", "100", "1", "19", "200.00"});
    expect_cells(invoice, 1,
                 (const char *const[]){"20", "-", "Book of weather", "2.5", "C62", "20", "-", "-", "7", "50.00"});
    cr_expect_str_eq(cell_text(invoice, 0, DX_CELL_DISCOUNT_AMOUNT), "30.00");
    cr_expect_str_eq(cell_text(invoice, 0, DX_CELL_CHARGE_AMOUNT), "5.00");
    cr_expect_str_eq(cell_text(invoice, 0, DX_CELL_GROSS_PRICE), "10");
    cr_expect_str_eq(cell_text(invoice, 0, DX_CELL_GTIN), "4006381333931");
    cr_assert_eq(invoice->tax_count, 2);
    cr_expect_str_eq(invoice->taxes[1].cell[DX_TAX_AMOUNT].text, "3.50");
    cr_assert_eq(invoice->adjustment_count, 3);
    cr_expect_not(invoice->adjustments[0].charge);
    cr_expect(invoice->adjustments[1].freight);
    cr_expect_not(invoice->adjustments[2].freight);
    dx_ctx_destroy(&ctx);
}

Test(einvoice_read, keeps_the_place_of_each_value)
{
    dx_ctx ctx;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_invoice *invoice = sample_invoice(&ctx, "ubl-invoice.xml");
    const dx_evidence *evidence = &invoice->header[DX_HEADER_NUMBER].evidence;
    cr_expect_eq(evidence->origin, DX_ORIGIN_XML);
    cr_expect_eq(evidence->confidence, 1000);
    cr_expect_str_eq(evidence->text, "Invoice/ID: WF-2026-0117");
    evidence = &invoice->lines[0].cell[DX_CELL_PRICE].evidence;
    cr_expect_str_eq(evidence->text, "Invoice/InvoiceLine/Price/PriceAmount: 9");
    for (int id = 0; id < DX_HEADER_COUNT; id++)
        if (invoice->header[id].present)
            cr_expect_eq(invoice->header[id].evidence.origin, DX_ORIGIN_XML, "%s", dx_header_path((dx_header_id)id));
    dx_ctx_destroy(&ctx);
}

Test(einvoice_read, reads_a_credit_note)
{
    dx_ctx ctx;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_invoice *invoice = sample_invoice(&ctx, "ubl-credit-note.xml");
    cr_assert_eq(invoice->kind, DX_KIND_CREDIT_NOTE);
    expect(invoice, (const expected[]){{"invoice_number", "WF-2026-0118"},
                                       {"corrects_invoice_number", "WF-2026-0117"},
                                       {"corrects_invoice_date", "2026-03-02"},
                                       {"due_date", "2026-03-31"},
                                       {"tax_rate", "0"},
                                       {"total_amount", "20.00"},
                                       {NULL, NULL}});
    cr_expect_str_eq(cell_text(invoice, 0, DX_CELL_QUANTITY), "1");
    cr_expect_str_eq(invoice->taxes[0].cell[DX_TAX_REASON_CODE].text, "VATEX-EU-132-1I");
    dx_ctx_destroy(&ctx);
}

Test(einvoice_read, reads_factur_x_and_passes_over_heads_of_groups)
{
    dx_ctx ctx;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_invoice *invoice = sample_invoice(&ctx, "cii-extended.xml");
    cr_assert_eq(invoice->kind, DX_KIND_CORRECTED);
    cr_assert_str_eq(invoice->syntax, "cii");
    expect(invoice, (const expected[]){{"invoice_number", "TS-55"},
                                       {"invoice_date", "2026-04-15"},
                                       {"due_date", "2026-05-15"},
                                       {"ship_date", "2026-04-14"},
                                       {"note", "Replaces TS-54."},
                                       {"corrects_invoice_number", "TS-54"},
                                       {"vendor.name", "Tide & Sons SARL"},
                                       {"vendor.address", "1 quai des Exemples, 00001 Portfictif"},
                                       {"vendor.endpoint", "EM:maree@tide.example"},
                                       {"vendor.contact", "Mme Marée"},
                                       {"account_number", "CL-9"},
                                       {"po_number", "CMD-3"},
                                       {"freight", "5.00"},
                                       {"charge_total", NULL},
                                       {"tax_rate", "20"},
                                       {"total_amount", "54.00"},
                                       {NULL, NULL}});
    cr_assert_eq(invoice->line_count, 1, "the head of the group is no item");
    expect_cells(invoice, 0,
                 (const char *const[]){"0101", "-", "Wave, small", "4", "C62", "10", "-", "2", "20", "40.00"});
    dx_ctx_destroy(&ctx);
}

Test(einvoice_read, reads_zugferd_1)
{
    dx_ctx ctx;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_invoice *invoice = sample_invoice(&ctx, "zugferd1.xml");
    cr_assert_str_eq(invoice->syntax, "zugferd1");
    expect(invoice, (const expected[]){{"invoice_number", "Z1-7"},
                                       {"invoice_date", "2014-06-05"},
                                       {"vendor.address", "Kometenallee 1, Haus B, 99999 Himmelsdorf"},
                                       {"vendor.tax_id", "99/999/99999"},
                                       {"vendor.bank", "Fiktive Bank"},
                                       {"tax_amount", "7.60"},
                                       {"total_amount", "47.60"},
                                       {NULL, NULL}});
    cr_assert_eq(invoice->line_count, 1, "a note is no item");
    expect_cells(invoice, 0,
                 (const char *const[]){"1", "ST-1", "Star dust", "10", "KGM", "4", "-", "-", "19", "40.00"});
    dx_ctx_destroy(&ctx);
}

/* Every equation of every sample holds, but for what MINIMUM cannot say. */
Test(einvoice_read, samples_pass_the_gate)
{
    static const char *const names[] = {"ubl-invoice.xml", "ubl-credit-note.xml", "cii-extended.xml", "zugferd1.xml",
                                        "facturx-minimum.xml"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        dx_ctx ctx;
        cr_assert(dx_ctx_init(&ctx, 0));
        dx_invoice *invoice = sample_invoice(&ctx, names[i]);
        cr_assert_eq(dx_invoice_gate(&ctx, invoice, NULL), DOXIN_OK);
        cr_expect_gt(invoice->check_count, 0);
        for (size_t k = 0; k < invoice->check_count; k++)
            cr_expect_neq(invoice->checks[k].state, DX_CHECK_FAILS, "%s: %s", names[i], invoice->checks[k].text);
        cr_expect_not(invoice->needs_review, "%s", names[i]);
        if (i == 4)
            cr_expect_eq(check_named(invoice, "amount_due")->state, DX_CHECK_UNKNOWN);
        dx_ctx_destroy(&ctx);
    }
}
