/* Bytes that are no e-invoice, or try to be more than one. */
#include "einvoice_samples.h"

#include <stdlib.h>
#include <string.h>

#define UBL_ROOT "<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\">"

static doxin_status read_bytes(dx_ctx *ctx, const void *data, size_t size, dx_invoice **out)
{
    *out = NULL;
    doxin_status status = dx_einvoice_read(ctx, data, size, out);
    cr_expect_eq(status != DOXIN_OK, *out == NULL);
    cr_expect_eq(status, ctx->error.status);
    return status;
}

static doxin_status status_of(const char *text)
{
    dx_ctx ctx;
    dx_invoice *invoice;
    cr_assert(dx_ctx_init(&ctx, 0));
    doxin_status status = read_bytes(&ctx, text, strlen(text), &invoice);
    dx_ctx_destroy(&ctx);
    return status;
}

Test(einvoice_bad, refuses_document_types)
{
    static const char *const names[] = {"bad-billion-laughs.xml", "bad-external-entity.xml"};
    for (size_t i = 0; i < 2; i++) {
        dx_ctx ctx;
        dx_invoice *invoice;
        size_t size;
        cr_assert(dx_ctx_init(&ctx, 0));
        char *data = sample_bytes(names[i], &size);
        cr_expect_eq(read_bytes(&ctx, data, size, &invoice), DOXIN_E_XML_FORBIDDEN, "%s", names[i]);
        free(data);
        dx_ctx_destroy(&ctx);
    }
    cr_expect_eq(status_of("<!DOCTYPE Invoice><Invoice/>"), DOXIN_E_XML_FORBIDDEN);
}

Test(einvoice_bad, refuses_what_is_no_einvoice)
{
    cr_expect_eq(status_of("<html><body/></html>"), DOXIN_E_NOT_AN_EINVOICE);
    cr_expect_eq(status_of("<Invoice><ID>1</ID></Invoice>"), DOXIN_E_NOT_AN_EINVOICE);
    cr_expect_eq(status_of("<Invoice xmlns=\"urn:example:other\"><ID>1</ID></Invoice>"), DOXIN_E_NOT_AN_EINVOICE);
    cr_expect_eq(status_of(UBL_ROOT "<ID/><IssueDate></IssueDate><InvoiceLines/></Invoice>"), DOXIN_E_NOT_AN_EINVOICE);
    cr_expect_eq(status_of(UBL_ROOT "<ID>1</ID></Invoice>"), DOXIN_OK);
}

Test(einvoice_bad, refuses_what_is_not_well_formed)
{
    cr_expect_eq(status_of(""), DOXIN_E_XML);
    cr_expect_eq(status_of("<"), DOXIN_E_XML);
    cr_expect_eq(status_of(UBL_ROOT), DOXIN_E_XML);
    cr_expect_eq(status_of(UBL_ROOT "<ID>1</ID></Invoice><more/>"), DOXIN_E_XML);
    cr_expect_eq(status_of(UBL_ROOT "<ID>&unknown;</ID></Invoice>"), DOXIN_E_XML);
    cr_expect_eq(status_of(UBL_ROOT "<ID>\xFC</ID></Invoice>"), DOXIN_E_XML);
}

Test(einvoice_bad, refuses_every_cut)
{
    size_t size;
    char *data = sample_bytes("zugferd1.xml", &size);
    while (size > 0 && data[size - 1] == '\n')
        size--;
    for (size_t cut = 0; cut < size; cut += 61) {
        dx_ctx ctx;
        dx_invoice *invoice;
        cr_assert(dx_ctx_init(&ctx, 0));
        char *part = malloc(cut + 1);
        cr_assert_not_null(part);
        memcpy(part, data, cut);
        cr_expect_eq(read_bytes(&ctx, part, cut, &invoice), DOXIN_E_XML, "cut at %zu", cut);
        free(part);
        dx_ctx_destroy(&ctx);
    }
    free(data);
}

/* text repeated between head and tail. */
static doxin_status status_of_repeated(const char *head, const char *text, size_t count)
{
    dx_ctx ctx;
    dx_buffer buffer;
    dx_invoice *invoice;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_buffer_init(&buffer, 0);
    dx_buffer_text(&buffer, head);
    for (size_t i = 0; i < count; i++)
        dx_buffer_text(&buffer, text);
    cr_assert_not(buffer.failed);
    doxin_status status = read_bytes(&ctx, buffer.data, buffer.len, &invoice);
    dx_buffer_free(&buffer);
    dx_ctx_destroy(&ctx);
    return status;
}

Test(einvoice_bad, bounds_depth_elements_and_bytes)
{
    cr_expect_eq(status_of_repeated(UBL_ROOT, "<a>", 10000), DOXIN_E_LIMIT);
    cr_expect_eq(status_of_repeated(UBL_ROOT, "<a/>", 1000001), DOXIN_E_LIMIT);
    cr_expect_eq(status_of_repeated(UBL_ROOT, "<a b='' c='' d=''/>", 260000), DOXIN_E_LIMIT);
    cr_expect_eq(status_of_repeated(UBL_ROOT, "                                                                ",
                                    DX_EINVOICE_MAX_BYTES / 64 + 1),
                 DOXIN_E_LIMIT);
}

static size_t to_utf16(const char *text, bool big, unsigned char *out)
{
    size_t size = 0;
    out[size++] = big ? 0xFE : 0xFF;
    out[size++] = big ? 0xFF : 0xFE;
    for (; *text; text++) {
        out[size + (big ? 1 : 0)] = (unsigned char)*text;
        out[size + (big ? 0 : 1)] = 0;
        size += 2;
    }
    return size;
}

Test(einvoice_bad, reads_other_encodings_where_declared)
{
    dx_ctx ctx;
    dx_invoice *invoice;
    unsigned char wide[1024];
    static const char utf16[] = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" UBL_ROOT "<ID>W-16</ID></Invoice>";
    static const char latin[] = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" UBL_ROOT "<ID>M\xFC</ID></Invoice>";
    cr_assert(dx_ctx_init(&ctx, 0));
    for (int big = 0; big < 2; big++) {
        size_t size = to_utf16(utf16, big, wide);
        cr_expect(dx_einvoice_looks_like(wide, size));
        cr_assert_eq(read_bytes(&ctx, wide, size, &invoice), DOXIN_OK, "%s", ctx.error.message);
        cr_expect_str_eq(header_text(invoice, "invoice_number"), "W-16");
    }
    cr_assert_eq(read_bytes(&ctx, latin, strlen(latin), &invoice), DOXIN_OK);
    cr_expect_str_eq(header_text(invoice, "invoice_number"), "Mü");
    dx_ctx_destroy(&ctx);
}

Test(einvoice_bad, warns_of_values_that_cannot_be_read)
{
    dx_ctx ctx;
    dx_invoice *invoice;
    static const char text[] = UBL_ROOT "<ID>1</ID><IssueDate>2026-02-30</IssueDate><LegalMonetaryTotal>"
                                        "<PayableAmount>1,50</PayableAmount></LegalMonetaryTotal></Invoice>";
    cr_assert(dx_ctx_init(&ctx, 0));
    cr_assert_eq(read_bytes(&ctx, text, strlen(text), &invoice), DOXIN_OK);
    cr_expect_null(header_text(invoice, "invoice_date"));
    cr_expect_null(header_text(invoice, "amount_due"));
    cr_assert_eq(invoice->warning_count, 2);
    cr_expect_str_eq(invoice->warnings[0].code, "xml_value_unreadable");
    cr_expect_not_null(strstr(invoice->warnings[0].message, "2026-02-30"));
    dx_ctx_destroy(&ctx);
}

Test(einvoice_bad, knows_xml_by_its_first_bytes)
{
    cr_expect(dx_einvoice_looks_like("<?xml version", 13));
    cr_expect(dx_einvoice_looks_like("\xEF\xBB\xBF \n<Invoice", 13));
    cr_expect_not(dx_einvoice_looks_like("%PDF-1.7", 8));
    cr_expect_not(dx_einvoice_looks_like("", 0));
    cr_expect_not(dx_einvoice_looks_like("<", 1));
    cr_expect_not(dx_einvoice_looks_like("< not xml", 9));
}
