#include "einvoice_samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *sample_bytes(const char *name, size_t *size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/einvoice/%s", DOXIN_TEST_DATA, name);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s is missing", path);
    char *data = malloc(1 << 16);
    cr_assert_not_null(data);
    *size = fread(data, 1, 1 << 16, file);
    fclose(file);
    cr_assert_gt(*size, 0);
    return data;
}

dx_invoice *sample_invoice(dx_ctx *ctx, const char *name)
{
    size_t size;
    dx_invoice *invoice = NULL;
    char *data = sample_bytes(name, &size);
    doxin_status status = dx_einvoice_read(ctx, data, size, &invoice);
    free(data);
    cr_assert_eq(status, DOXIN_OK, "%s: %s", name, ctx->error.message);
    return invoice;
}

const char *header_text(const dx_invoice *invoice, const char *path)
{
    for (int id = 0; id < DX_HEADER_COUNT; id++)
        if (strcmp(dx_header_path((dx_header_id)id), path) == 0)
            return invoice->header[id].present ? invoice->header[id].text : NULL;
    cr_assert_fail("there is no field %s", path);
    return NULL;
}

const char *cell_text(const dx_invoice *invoice, size_t line, dx_cell_id id)
{
    cr_assert_lt(line, invoice->line_count);
    return invoice->lines[line].cell[id].present ? invoice->lines[line].cell[id].text : NULL;
}

const dx_invoice_check *check_named(const dx_invoice *invoice, const char *rule)
{
    for (size_t i = 0; i < invoice->check_count; i++)
        if (strcmp(invoice->checks[i].rule, rule) == 0)
            return &invoice->checks[i];
    cr_assert_fail("there is no check %s", rule);
    return NULL;
}
