/* What tells the documents of one vendor from those of others. */
#include "base/text/utf8.h"
#include "core/learn/learn.h"

#include <string.h>

enum { NAME_LEAST = 4, KEY_MOST = 160, SIMILAR = 650 };

static doxin_status folded(dx_ctx *ctx, const dx_field *field, const char **out)
{
    *out = field->present ? dx_fold_alnum(ctx, field->text, strlen(field->text)) : "";
    return *out ? DOXIN_OK : DOXIN_E_NOMEM;
}

static bool alike(const char *a, const char *b)
{
    return *a && *b && dx_similarity(a, b) >= SIMILAR;
}

static doxin_status among_own(dx_ctx *ctx, const char *name, const char *own_names, bool *out)
{
    *out = false;
    for (const char *at = own_names; at && *at && !*out;) {
        size_t length = strcspn(at, "\n");
        const char *own = dx_fold_alnum(ctx, at, length);
        if (!own)
            return DOXIN_E_NOMEM;
        *out = alike(name, own);
        at += length + (at[length] == '\n');
    }
    return DOXIN_OK;
}

static doxin_status add(dx_ctx *ctx, const char *kind, const char *text, dx_vendor_keys *out)
{
    const char *key = dx_textf(ctx, "%s:%.*s", kind, (int)KEY_MOST, text);
    if (!key)
        return DOXIN_E_NOMEM;
    out->items[out->count++] = key;
    return DOXIN_OK;
}

doxin_status dx_vendor_keys_of(dx_ctx *ctx, const dx_invoice *invoice, const char *own_names, const char *letterhead,
                               dx_vendor_keys *out)
{
    const dx_field *header = invoice->header;
    const char *tax_id = NULL, *iban = NULL, *name = NULL, *customer = NULL, *customer_tax_id = NULL;
    bool own = false;
    *out = (dx_vendor_keys){0};
    doxin_status status = folded(ctx, &header[DX_HEADER_VENDOR_TAX_ID], &tax_id);
    if (status == DOXIN_OK)
        status = folded(ctx, &header[DX_HEADER_VENDOR_IBAN], &iban);
    if (status == DOXIN_OK)
        status = folded(ctx, &header[DX_HEADER_VENDOR_NAME], &name);
    if (status == DOXIN_OK)
        status = folded(ctx, &header[DX_HEADER_CUSTOMER_NAME], &customer);
    if (status == DOXIN_OK)
        status = folded(ctx, &header[DX_HEADER_CUSTOMER_TAX_ID], &customer_tax_id);
    if (status == DOXIN_OK)
        status = among_own(ctx, name, own_names, &own);
    if (status == DOXIN_OK && strlen(tax_id) >= NAME_LEAST && strcmp(tax_id, customer_tax_id) != 0 && !own)
        status = add(ctx, "tax_id", tax_id, out);
    if (status == DOXIN_OK && *iban && !own)
        status = add(ctx, "iban", iban, out);
    if (status == DOXIN_OK && strlen(name) >= NAME_LEAST && !own && !alike(name, customer))
        status = add(ctx, "name", name, out);
    if (status == DOXIN_OK && letterhead)
        status = add(ctx, "letterhead", letterhead, out);
    return status;
}

static doxin_status fold_text(dx_ctx *ctx, const char *text, const char **out)
{
    *out = text ? dx_fold_alnum(ctx, text, strlen(text)) : "";
    return *out ? DOXIN_OK : DOXIN_E_NOMEM;
}

typedef struct identity {
    const char *tax_id, *known_tax_id, *name, *known_name, *known_read;
} identity;

static doxin_status identity_of(dx_ctx *ctx, const dx_memory *memory, const dx_invoice *invoice, identity *out)
{
    doxin_status status = folded(ctx, &invoice->header[DX_HEADER_VENDOR_TAX_ID], &out->tax_id);
    if (status == DOXIN_OK)
        status = folded(ctx, &invoice->header[DX_HEADER_VENDOR_NAME], &out->name);
    if (status == DOXIN_OK)
        status = fold_text(ctx, memory->tax_id, &out->known_tax_id);
    if (status == DOXIN_OK)
        status = fold_text(ctx, memory->name, &out->known_name);
    if (status == DOXIN_OK)
        status = fold_text(ctx, memory->read_name, &out->known_read);
    return status;
}

static bool other_tax_id(const identity *of)
{
    return *of->tax_id && *of->known_tax_id && strcmp(of->tax_id, of->known_tax_id) != 0;
}

static bool is_tax_key(const dx_memory *memory)
{
    return strncmp(memory->key, "tax_id:", 7) == 0;
}

doxin_status dx_memory_fits(dx_ctx *ctx, const dx_memory *memory, const dx_invoice *read, bool *out)
{
    identity of;
    *out = false;
    doxin_status status = identity_of(ctx, memory, read, &of);
    if (status != DOXIN_OK || memory->shared)
        return status;
    bool known_name = alike(of.name, of.known_name) || alike(of.name, of.known_read) || (!*of.name && !*of.known_read);
    *out = is_tax_key(memory) || (known_name && !other_tax_id(&of));
    return DOXIN_OK;
}

doxin_status dx_memory_conflicts(dx_ctx *ctx, const dx_memory *memory, const dx_invoice *corrected, bool *out)
{
    identity of;
    *out = false;
    doxin_status status = identity_of(ctx, memory, corrected, &of);
    if (status != DOXIN_OK || is_tax_key(memory))
        return status;
    bool other_name = *of.name && *of.known_name && !alike(of.name, of.known_name);
    bool same_tax_id = *of.tax_id && strcmp(of.tax_id, of.known_tax_id) == 0;
    *out = other_tax_id(&of) || (other_name && !same_tax_id);
    return DOXIN_OK;
}
