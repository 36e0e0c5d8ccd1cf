#include "app/records/corrections.h"

#include "base/rt/alloc.h"

#include <string.h>

/* ---- what corrections taught -------------------------------------------------------------------------------------------------- */

static doxin_status keys_text(dx_ctx *ctx, const dx_vendor_keys *keys, const char **out)
{
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_array(&writer, NULL);
    for (size_t i = 0; i < keys->count; i++)
        dx_write_string(&writer, NULL, keys->items[i]);
    dx_write_array_end(&writer);
    *out = buffer.failed ? NULL : dx_textn(ctx, buffer.data, buffer.len);
    dx_buffer_free(&buffer);
    return *out ? DOXIN_OK : dx_nomem(ctx);
}

static doxin_status read_memory(dx_ctx *ctx, const char *memory, dx_corrections *out)
{
    dx_json *json = NULL;
    const char *text = dx_textf(ctx, "{\"schema\":\"doxin.corrections/1\",\"memories\":[%s]}", memory);
    doxin_status status = text ? dx_json_parse(ctx, text, strlen(text), &json) : DOXIN_E_NOMEM;
    if (status == DOXIN_OK)
        status = dx_corrections_read(ctx, json, out);
    dx_json_free(json);
    return status;
}

doxin_status dx_corrections_load(dx_tx *tx, dx_ctx *ctx, const dx_vendor_keys *keys, bool lock, dx_corrections *out)
{
    static const char plain[] = "SELECT memory::text FROM vendor_corrections WHERE user_id = $1 AND vendor_key IN "
                                "(SELECT jsonb_array_elements_text($2::jsonb)) ORDER BY vendor_key";
    static const char locked[] = "SELECT memory::text FROM vendor_corrections WHERE user_id = $1 AND vendor_key IN "
                                 "(SELECT jsonb_array_elements_text($2::jsonb)) ORDER BY vendor_key FOR UPDATE";
    const char *list = NULL;
    dx_rows *rows = NULL;
    doxin_status status = keys_text(ctx, keys, &list);
    if (status == DOXIN_OK)
        status = dx_tx_exec(tx, ctx, lock ? locked : plain, DX_PARAMS(ctx->user_id, list), &rows);
    for (size_t i = 0; status == DOXIN_OK && i < dx_rows_count(rows); i++)
        status = read_memory(ctx, dx_rows_text(rows, i, 0), out);
    return status;
}

doxin_status dx_corrections_store(dx_tx *tx, dx_ctx *ctx, const dx_corrections *learned)
{
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < learned->count && status == DOXIN_OK; i++) {
        dx_buffer buffer;
        dx_writer writer;
        dx_buffer_init(&buffer, 0);
        dx_write_init(&writer, &buffer);
        dx_memory_write(&learned->items[i], NULL, &writer);
        status = buffer.failed
                     ? dx_nomem(ctx)
                     : dx_tx_exec(tx, ctx,
                                  "INSERT INTO vendor_corrections (user_id, vendor_key, memory) VALUES ($1, $2, "
                                  "$3::jsonb) ON CONFLICT (user_id, vendor_key) DO UPDATE SET memory = excluded.memory",
                                  DX_PARAMS(ctx->user_id, learned->items[i].key, buffer.data), NULL);
        dx_buffer_free(&buffer);
    }
    return status;
}

/* ---- what a person decided ------------------------------------------------------------------------------------------------------ */

bool dx_decisions_have(const dx_decisions *decisions, const char *path)
{
    for (size_t i = 0; i < decisions->count; i++)
        if (strcmp(decisions->paths[i], path) == 0)
            return true;
    return false;
}

doxin_status dx_decisions_add(dx_ctx *ctx, dx_decisions *decisions, const char *path)
{
    if (dx_decisions_have(decisions, path))
        return DOXIN_OK;
    const char **at =
        dx_push(ctx, (void **)&decisions->paths, &decisions->count, &decisions->capacity, sizeof *decisions->paths);
    if (at)
        *at = path;
    return at ? DOXIN_OK : DOXIN_E_NOMEM;
}

void dx_decisions_remove(dx_decisions *decisions, const char *path)
{
    for (size_t i = decisions->count; i-- > 0;)
        if (strcmp(decisions->paths[i], path) == 0)
            decisions->paths[i] = decisions->paths[--decisions->count];
}

doxin_status dx_decisions_load(dx_tx *tx, dx_ctx *ctx, const char *invoice_id, dx_decisions *out)
{
    dx_rows *rows = NULL;
    *out = (dx_decisions){0};
    doxin_status status = dx_tx_exec(
        tx, ctx, "SELECT path FROM extraction_fields WHERE invoice_id = $1 AND origin = 'human' AND value IS NULL",
        DX_PARAMS(invoice_id), &rows);
    for (size_t i = 0; status == DOXIN_OK && i < dx_rows_count(rows); i++)
        status = dx_decisions_add(ctx, out, dx_rows_text(rows, i, 0));
    return status;
}

doxin_status dx_decisions_store(dx_tx *tx, dx_ctx *ctx, const char *invoice_id, const dx_decisions *decisions)
{
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < decisions->count && status == DOXIN_OK; i++)
        status = dx_tx_exec(
            tx, ctx,
            "INSERT INTO extraction_fields (invoice_id, path, confidence, origin, note, reviewed_by_user_id, "
            "reviewed_at) VALUES ($1, $2::text, 1, 'human', CASE $2::text WHEN 'line_items' THEN 'the lines are a "
            "person''s' "
            "ELSE "
            "'taken out by a person' END, $3, now()) ON CONFLICT (invoice_id, path) DO NOTHING",
            DX_PARAMS(invoice_id, decisions->paths[i], ctx->user_id), NULL);
    return status;
}

doxin_status dx_invoice_load(dx_tx *tx, dx_ctx *ctx, const char *invoice_id, dx_invoice **out)
{
    dx_rows *rows = NULL;
    dx_json *json = NULL;
    *out = NULL;
    doxin_status status =
        dx_tx_exec(tx, ctx, "SELECT extraction::text FROM invoices WHERE id = $1 AND deleted_at IS NULL FOR UPDATE",
                   DX_PARAMS(invoice_id), &rows);
    if (status == DOXIN_OK && dx_rows_count(rows) == 0)
        return dx_fail(ctx, DOXIN_E_NOT_FOUND, "there is no such invoice");
    const char *text = dx_rows_text(rows, 0, 0);
    if (status != DOXIN_OK || !text)
        return status;
    status = dx_json_parse(ctx, text, strlen(text), &json);
    if (status == DOXIN_OK)
        status = dx_invoice_read(ctx, json, out);
    dx_json_free(json);
    return status;
}

/* ---- a person's values ------------------------------------------------------------------------------------------------------------ */

doxin_status dx_field_by_person(dx_ctx *ctx, const dx_field *old, dx_field *field)
{
    field->evidence = (dx_evidence){.origin = DX_ORIGIN_HUMAN, .confidence = 1000};
    field->note = "a person said so";
    field->rivals = NULL;
    field->rival_count = 0;
    if (!old->present || strcmp(old->text, field->text) == 0)
        return DOXIN_OK;
    field->rivals = dx_new(ctx, sizeof *field->rivals);
    if (!field->rivals)
        return DOXIN_E_NOMEM;
    *field->rivals = (dx_rival){old->text, old->evidence, "a person said something else"};
    field->rival_count = 1;
    return DOXIN_OK;
}

static bool by_person(const dx_field *field)
{
    return field->present && field->evidence.origin == DX_ORIGIN_HUMAN && !field->evidence.learned;
}

doxin_status dx_invoice_keep_human(dx_ctx *ctx, const dx_invoice *stored, const dx_decisions *decisions,
                                   dx_invoice *fresh, bool *any)
{
    doxin_status status = DOXIN_OK;
    *any = false;
    for (int i = 0; stored && i < DX_HEADER_COUNT && status == DOXIN_OK; i++) {
        const dx_field *kept = &stored->header[i];
        dx_field *field = &fresh->header[i];
        if (by_person(kept)) {
            dx_field read = *field;
            *field = *kept;
            status = dx_field_by_person(ctx, &read, field);
            *any = true;
        } else if (dx_decisions_have(decisions, dx_header_path((dx_header_id)i))) {
            dx_field_clear(field);
            *any = true;
        }
    }
    if (stored && dx_decisions_have(decisions, "document_type")) {
        fresh->kind = stored->kind;
        *any = true;
    }
    if (stored && dx_decisions_have(decisions, "line_items")) {
        fresh->lines = stored->lines;
        fresh->line_count = stored->line_count;
        fresh->line_capacity = stored->line_capacity;
        *any = true;
    }
    return status;
}
