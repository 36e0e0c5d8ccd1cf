/* Prints an invoice: cc table.c $(pkg-config --cflags --libs doxin) -o table && ./table invoice.pdf */
#include <doxin/doxin.h>
#include <stdio.h>

int main(int count, char **items)
{
    static char data[50 << 20];
    doxin_engine *engine = NULL;
    doxin_session *session = NULL;
    doxin_bytes *table = NULL;
    char *json = NULL;
    FILE *file = count == 2 ? fopen(items[1], "rb") : NULL;
    doxin_status status = doxin_engine_open(NULL, &engine);
    if (status == DOXIN_OK)
        status = doxin_session_open(engine, NULL, &session);
    if (status == DOXIN_OK)
        status = doxin_extract(session, data, file ? fread(data, 1, sizeof data, file) : 0, NULL, &json);
    if (status == DOXIN_OK)
        status = doxin_invoice_write(session, json, "table", NULL, &table);
    if (status == DOXIN_OK)
        fwrite(doxin_bytes_data(table), 1, doxin_bytes_size(table), stdout);
    else
        fprintf(stderr, "%s\n", doxin_status_name(status));
    doxin_bytes_free(table);
    doxin_string_free(json);
    doxin_session_free(session);
    doxin_engine_free(engine);
    return status == DOXIN_OK ? 0 : 1;
}
