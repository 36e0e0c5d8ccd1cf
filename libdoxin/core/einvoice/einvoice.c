#include "core/einvoice/einvoice.h"

#include "core/einvoice/read.h"

#include <limits.h>
#include <string.h>

bool dx_einvoice_looks_like(const void *data, size_t size)
{
    const unsigned char *p = data;
    if (size >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
        p += 3;
        size -= 3;
    }
    /* UTF-16 with a byte order mark, or without one by the zero beside "<". */
    if (size >= 4 && ((p[0] == 0xFF && p[1] == 0xFE && p[2] == '<') || (p[0] == 0xFE && p[1] == 0xFF && p[3] == '<') ||
                      (p[0] == '<' && p[1] == 0) || (p[0] == 0 && p[1] == '<')))
        return true;
    while (size > 0 && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')) {
        p++;
        size--;
    }
    return size > 1 && p[0] == '<' && (p[1] == '?' || p[1] == '!' || (p[1] | 0x20) >= 'a');
}

/* Many vocabularies have a root "Invoice": UBL's is in its own namespace. */
static bool is_ubl(const xmlNode *root)
{
    static const char prefix[] = "urn:oasis:names:specification:ubl:";
    return root->ns && root->ns->href && strncmp((const char *)root->ns->href, prefix, sizeof prefix - 1) == 0;
}

static doxin_status read_root(dx_einvoice_reader *reader, const xmlNode *root)
{
    const char *name = (const char *)root->name;
    if (strcmp(name, "CrossIndustryInvoice") == 0 || strcmp(name, "CrossIndustryDocument") == 0)
        dx_read_cii(reader, root);
    else if ((strcmp(name, "Invoice") == 0 || strcmp(name, "CreditNote") == 0) && is_ubl(root))
        dx_read_ubl(reader, root);
    else if (strcmp(name, "SCRDMCCBDACIOMessageStructure") == 0)
        return dx_fail(reader->ctx, DOXIN_E_NOT_AN_EINVOICE, "the XML is an order (Order-X) and no invoice");
    else
        return dx_fail(
            reader->ctx, DOXIN_E_NOT_AN_EINVOICE,
            "the root element is %.60s; known are Invoice and CreditNote (UBL) and CrossIndustryInvoice (CII)", name);
    return reader->status;
}

/* The right root alone makes no invoice. */
static bool has_substance(const dx_invoice *invoice)
{
    return invoice->header[DX_HEADER_NUMBER].present || invoice->header[DX_HEADER_TOTAL].present ||
           invoice->line_count > 0;
}

static dx_einvoice_limits filled(const dx_einvoice_limits *limits)
{
    dx_einvoice_limits all = limits ? *limits : (dx_einvoice_limits){0};
    if (all.max_bytes <= 0)
        all.max_bytes = DX_EINVOICE_MAX_BYTES;
    if (all.max_bytes > INT_MAX) /* libxml2's */
        all.max_bytes = INT_MAX;
    if (all.max_depth <= 0)
        all.max_depth = DX_EINVOICE_MAX_DEPTH;
    if (all.max_elements <= 0)
        all.max_elements = DX_EINVOICE_MAX_ELEMENTS;
    return all;
}

doxin_status dx_einvoice_read(dx_ctx *ctx, const void *data, size_t size, dx_invoice **out)
{
    return dx_einvoice_read_within(ctx, data, size, NULL, out);
}

doxin_status dx_einvoice_read_within(dx_ctx *ctx, const void *data, size_t size, const dx_einvoice_limits *limits,
                                     dx_invoice **out)
{
    xmlDoc *document = NULL;
    dx_einvoice_limits within = filled(limits);
    if (size > (size_t)within.max_bytes)
        return dx_fail(ctx, DOXIN_E_LIMIT, "the XML has %zu bytes, at most %lld are read (max_xml_bytes)", size,
                       (long long)within.max_bytes);
    doxin_status status = dx_xml_parse(ctx, data, size, &within, &document);
    if (status != DOXIN_OK)
        return status;
    dx_einvoice_reader reader = {.ctx = ctx, .invoice = dx_invoice_new(ctx), .digits = 2};
    const xmlNode *root = xmlDocGetRootElement(document);
    status = !reader.invoice ? DOXIN_E_NOMEM
             : !root         ? dx_fail(ctx, DOXIN_E_XML, "the XML has no root element")
                             : read_root(&reader, root);
    if (status == DOXIN_OK && !has_substance(reader.invoice))
        status = dx_fail(ctx, DOXIN_E_NOT_AN_EINVOICE, "the XML holds no number, total or line of an invoice");
    if (status == DOXIN_OK)
        *out = reader.invoice;
    xmlFreeDoc(document);
    return status;
}
