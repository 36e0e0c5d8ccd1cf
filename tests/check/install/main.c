/* What a program of somebody else does first: read an amount. Its own dx_malloc must not meet the library's. */
#include <doxin/doxin.h>
#include <stdio.h>

int dx_malloc(void);

int dx_malloc(void)
{
    return 7;
}

int main(void)
{
    doxin_engine *engine = NULL;
    doxin_session *session = NULL;
    doxin_value *value = NULL;
    char *json = NULL;
    if (doxin_engine_open(NULL, &engine) == DOXIN_OK && doxin_session_open(engine, NULL, &session) == DOXIN_OK &&
        doxin_money_parse(session, "EUR 119,00", NULL, &json) == DOXIN_OK &&
        doxin_value_parse(json, &value) == DOXIN_OK)
        printf("%s %s %s\n", doxin_version(), doxin_value_text(value, "/amount"), doxin_value_text(value, "/currency"));
    doxin_value_free(value);
    doxin_string_free(json);
    doxin_session_free(session);
    doxin_engine_free(engine);
    return dx_malloc() == 7 ? 0 : 1;
}
