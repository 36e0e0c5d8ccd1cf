/* Reads an invoice and prints its number, its total and where the total was read.
 *
 *     cc extract.c $(pkg-config --cflags --libs doxin) -o extract && ./extract invoice.pdf */
#include <doxin/doxin.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_BYTES = 50 << 20 };

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *data = file ? malloc(MOST_BYTES) : NULL;
    if (data)
        *size = fread(data, 1, MOST_BYTES, file);
    if (file)
        fclose(file);
    return data;
}

static void print(const doxin_value *invoice)
{
    printf("invoice %s\n", doxin_value_text(invoice, "/invoice_number"));
    printf("total   %s %s\n", doxin_value_text(invoice, "/total_amount"), doxin_value_text(invoice, "/currency"));
    printf("read as \"%s\" on page %s\n", doxin_value_text(invoice, "/evidence/total_amount/text"),
           doxin_value_text(invoice, "/evidence/total_amount/page"));
}

int main(int count, char **items)
{
    doxin_engine *engine = NULL;
    doxin_session *session = NULL;
    doxin_value *invoice = NULL;
    char *json = NULL;
    size_t size = 0;
    char *data = count == 2 ? read_file(items[1], &size) : NULL;
    if (!data) {
        fprintf(stderr, "usage: %s FILE\n", items[0]);
        return 2;
    }
    doxin_status status = doxin_engine_open(NULL, &engine);
    if (status == DOXIN_OK)
        status = doxin_session_open(engine, NULL, &session);
    if (status == DOXIN_OK)
        status = doxin_extract(session, data, size, NULL, &json);
    if (status == DOXIN_OK)
        status = doxin_value_parse(json, &invoice);
    if (status == DOXIN_OK)
        print(invoice);
    else
        fprintf(stderr, "%s\n", doxin_status_name(status));
    doxin_value_free(invoice);
    doxin_string_free(json);
    doxin_session_free(session);
    doxin_engine_free(engine);
    free(data);
    return status == DOXIN_OK ? 0 : 1;
}
