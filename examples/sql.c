/* Confines the SQL of the first argument to one owner's rows; no database is needed. */
#include <doxin/doxin.h>
#include <stdio.h>
#include <string.h>

int main(int count, char **items)
{
    const char *sql = count > 1 ? items[1] : "SELECT vendor_name, sum(total_amount) FROM invoices GROUP BY vendor_name";
    doxin_engine *engine = NULL;
    doxin_session *session = NULL;
    doxin_value *value = NULL;
    char *json = NULL;
    doxin_status status = doxin_engine_open(NULL, &engine);
    if (status == DOXIN_OK)
        status = doxin_session_open(engine, NULL, &session);
    if (status == DOXIN_OK)
        status = doxin_sql_check(session, sql, strlen(sql), NULL, &json);
    if (status != DOXIN_OK && session && doxin_session_error(session, &json) == DOXIN_OK)
        puts(json); /* the rule, the place, and what to write instead */
    else if (status == DOXIN_OK && doxin_value_parse(json, &value) == DOXIN_OK)
        puts(doxin_value_text(value, "/sql")); /* run it with the owner as $1 */
    doxin_value_free(value);
    doxin_string_free(json);
    doxin_session_free(session);
    doxin_engine_free(engine);
    return status == DOXIN_OK ? 0 : 1;
}
