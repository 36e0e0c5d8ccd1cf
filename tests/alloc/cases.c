#include "cases.h"

#include <string.h>

#define PROFILE "{\"schema\": \"doxin.profile/1\", \"own_names\": [\"Example Trading Ltd\"], \"country\": \"GB\"}"
#define LEARNED_PROFILE                                                                                                \
    "{\"schema\": \"doxin.profile/1\", \"corrections\": {\"schema\": \"doxin.corrections/1\", \"memories\": ["         \
    "{\"key\": \"name:example\", \"vendor\": {\"name\": \"Example\"}, \"places\": ["                                   \
    "{\"field\": \"currency\", \"value\": \"EUR\", \"confirmed\": 1}]}]}}"
#define XML DOXIN_TEST_DATA "/einvoice/ubl-invoice.xml"
#define PDF DOXIN_EXAMPLES "/invoice.pdf"

/* ---- types, options, values: without an engine -------------------------------------------------------------------- */

static doxin_status version(trial *t)
{
    (void)t;
    return *doxin_version() ? DOXIN_OK : DOXIN_E_INTERNAL;
}

static doxin_status status_name(trial *t)
{
    (void)t;
    return *doxin_status_name(DOXIN_E_BUSY) ? DOXIN_OK : DOXIN_E_INTERNAL;
}

static void need_text(trial *t)
{
    t->given.text = doxin_string_dup("text");
    must(t->given.text ? DOXIN_OK : DOXIN_E_NOMEM, "string_dup");
}

static doxin_status string_dup(trial *t)
{
    t->out.text = doxin_string_dup("text");
    return t->out.text ? DOXIN_OK : DOXIN_E_NOMEM;
}

static doxin_status string_free(trial *t)
{
    doxin_string_free(t->given.text);
    t->given.text = NULL;
    return DOXIN_OK;
}

static void need_options(trial *t)
{
    must(doxin_options_new(&t->given.options), "options_new");
    must(doxin_options_set(t->given.options, "style", "comma"), "options_set");
}

static doxin_status options_new(trial *t)
{
    return doxin_options_new(&t->out.options);
}

static doxin_status options_set(trial *t)
{
    return doxin_options_set(t->given.options, "locale", "de");
}

static doxin_status options_set_json(trial *t)
{
    return doxin_options_set_json(t->given.options,
                                  "{\"a\": \"1\", \"b\": 2, \"c\": {\"d\": [1, 2]}, \"style\": \"auto\"}");
}

static doxin_status options_describe(trial *t)
{
    return doxin_options_describe(NULL, &t->out.text);
}

static doxin_status options_free(trial *t)
{
    doxin_options_free(t->given.options);
    t->given.options = NULL;
    return DOXIN_OK;
}

static void need_value(trial *t)
{
    must(doxin_value_parse("{\"a\": [1, 2.5, true, null, \"text\"]}", &t->given.value), "value_parse");
}

static doxin_status value_parse(trial *t)
{
    return doxin_value_parse("{\"a\": [1, 2.5, true, null, \"text\"], \"b\": 7}", &t->out.value);
}

static doxin_status value_kind(trial *t)
{
    return doxin_value_kind(t->given.value, "/a") == DOXIN_VALUE_ARRAY ? DOXIN_OK : DOXIN_E_INTERNAL;
}

static doxin_status value_text(trial *t)
{
    return strcmp(doxin_value_text(t->given.value, "/a/1"), "2.5") == 0 ? DOXIN_OK : DOXIN_E_INTERNAL;
}

static doxin_status value_count(trial *t)
{
    return doxin_value_count(t->given.value, "/a") == 5 ? DOXIN_OK : DOXIN_E_INTERNAL;
}

static doxin_status value_free(trial *t)
{
    doxin_value_free(t->given.value);
    t->given.value = NULL;
    return DOXIN_OK;
}

/* ---- the engine and the session ----------------------------------------------------------------------------------- */

static void need_engine_options(trial *t)
{
    must(doxin_options_new(&t->given.options), "options_new");
    must(doxin_options_set(t->given.options, "docparse", DOXIN_DOCPARSE), "options_set");
    must(doxin_options_set(t->given.options, "max_pages", "10"), "options_set");
}

static doxin_status engine_open(trial *t)
{
    return doxin_engine_open(t->given.options, &t->out.engine);
}

static void hear(void *data, int level, const char *component, const char *message, const char *fields)
{
    (void)data, (void)level, (void)component, (void)message, (void)fields;
}

static doxin_status audit(void *data, const char *request, char **answer)
{
    (void)data, (void)request, (void)answer;
    return DOXIN_OK;
}

static doxin_status engine_set_log(trial *t)
{
    return doxin_engine_set_log(t->engine, hear, NULL, NULL);
}

static doxin_status engine_set_host(trial *t)
{
    return doxin_engine_set_host(t->engine, "audit", audit, NULL, NULL);
}

static doxin_status engine_info(trial *t)
{
    return doxin_engine_info(t->engine, &t->out.text);
}

static doxin_status engine_error(trial *t)
{
    return doxin_engine_error(t->engine, &t->out.text);
}

static doxin_status engine_free(trial *t)
{
    doxin_engine_free(t->engine);
    t->engine = NULL;
    return DOXIN_OK;
}

static doxin_status operations(trial *t)
{
    return doxin_operations(t->engine, &t->out.text);
}

static void need_session_options(trial *t)
{
    need_engine(t);
    must(doxin_options_new(&t->given.options), "options_new");
    must(doxin_options_set(t->given.options, "request_id", "r-1"), "options_set");
    must(doxin_options_set(t->given.options, "client_address", "192.0.2.1"), "options_set");
    must(doxin_options_set(t->given.options, "user_id", "00000000-0000-4000-8000-00000000000a"), "options_set");
}

static doxin_status session_open(trial *t)
{
    return doxin_session_open(t->engine, t->given.options, &t->out.session);
}

static doxin_status session_login(trial *t)
{
    return doxin_session_login(t->session, "token", NULL);
}

static doxin_status session_set_deadline(trial *t)
{
    return doxin_session_set_deadline(t->session, 60000);
}

static doxin_status session_cancel(trial *t)
{
    return doxin_session_cancel(t->session);
}

static void need_failed_session(trial *t)
{
    need_session(t);
    must(doxin_money_sum(t->session, "[\"x\"]", NULL, &t->given.text) == DOXIN_E_FIELD ? DOXIN_OK : DOXIN_E_INTERNAL,
         "money_sum of what is no amount");
}

static doxin_status session_error(trial *t)
{
    return doxin_session_error(t->session, &t->out.text);
}

static doxin_status session_free(trial *t)
{
    doxin_session_free(t->session);
    t->session = NULL;
    return DOXIN_OK;
}

/* ---- assets ------------------------------------------------------------------------------------------------------- */

static void need_asset(trial *t)
{
    need_session(t);
    must(doxin_asset_open(t->session, "profile", PROFILE, strlen(PROFILE), NULL, &t->given.asset), "asset_open");
}

static void need_learned_asset(trial *t)
{
    need_asset(t);
    must(doxin_asset_add(t->session, t->given.asset, LEARNED_PROFILE, strlen(LEARNED_PROFILE), NULL), "asset_add");
}

static doxin_status session_use(trial *t)
{
    return doxin_session_use(t->session, t->given.asset);
}

#define STATEMENT                                                                                                      \
    "WITH x AS (SELECT i.invoice_number, count(l.id) AS n FROM invoices i LEFT JOIN invoice_line_items l ON "          \
    "l.invoice_id = i.id GROUP BY i.id) SELECT n, string_agg(invoice_number, '\\') FROM x GROUP BY n"
#define OWN_POLICY                                                                                                     \
    "{\"schema\": \"doxin.sql-policy/1\", \"search_schema\": \"public\", \"owner_type\": \"uuid\", \"tables\": {"      \
    "\"invoices\": {\"primary_key\": \"id\", \"columns\": {\"id\": \"uuid\", \"invoice_number\": {\"type\": "          \
    "\"text\", "                                                                                                       \
    "\"synonyms\": [\"number\"]}}, \"owner\": {\"column\": \"user_id\"}}, \"invoice_line_items\": {\"columns\": "      \
    "{\"id\": \"uuid\", \"invoice_id\": \"uuid\"}, \"owner\": {\"parent\": \"invoices\", \"parent_key\": \"id\", "     \
    "\"child_key\": \"invoice_id\"}}}}"

static void need_policy(trial *t)
{
    need_session(t);
    must(doxin_asset_open(t->session, "policy", OWN_POLICY, strlen(OWN_POLICY), NULL, &t->given.asset), "asset_open");
    must(doxin_session_use(t->session, t->given.asset), "session_use");
}

static doxin_status sql_check(trial *t)
{
    return doxin_sql_check(t->session, STATEMENT, strlen(STATEMENT), NULL, &t->out.text);
}

static doxin_status policy_open(trial *t)
{
    return doxin_asset_open(t->session, "policy", OWN_POLICY, strlen(OWN_POLICY), NULL, &t->out.asset);
}

static doxin_status policy_add(trial *t)
{
    return doxin_asset_add(t->session, t->given.asset, OWN_POLICY, strlen(OWN_POLICY), NULL);
}

static doxin_status asset_open(trial *t)
{
    return doxin_asset_open(t->session, "profile", PROFILE, strlen(PROFILE), NULL, &t->out.asset);
}

static doxin_status asset_add(trial *t)
{
    return doxin_asset_add(t->session, t->given.asset, PROFILE, strlen(PROFILE), NULL);
}

static doxin_status asset_add_learned(trial *t)
{
    return doxin_asset_add(t->session, t->given.asset, LEARNED_PROFILE, strlen(LEARNED_PROFILE), NULL);
}

static doxin_status asset_save(trial *t)
{
    return doxin_asset_save(t->session, t->given.asset, &t->out.bytes);
}

static doxin_status asset_free(trial *t)
{
    doxin_asset_free(t->given.asset);
    t->given.asset = NULL;
    return DOXIN_OK;
}

/* ---- bytes, invoices, money --------------------------------------------------------------------------------------- */

static void need_bytes(trial *t)
{
    need_asset(t);
    must(doxin_asset_save(t->session, t->given.asset, &t->given.bytes), "asset_save");
}

static doxin_status bytes_data(trial *t)
{
    return *(const char *)doxin_bytes_data(t->given.bytes) == '{' ? DOXIN_OK : DOXIN_E_INTERNAL;
}

static doxin_status bytes_size(trial *t)
{
    return doxin_bytes_size(t->given.bytes) > 10 ? DOXIN_OK : DOXIN_E_INTERNAL;
}

static doxin_status bytes_free(trial *t)
{
    doxin_bytes_free(t->given.bytes);
    t->given.bytes = NULL;
    return DOXIN_OK;
}

static void need_money_options(trial *t)
{
    need_session(t);
    must(doxin_options_new(&t->given.options), "options_new");
    must(doxin_options_set(t->given.options, "locale", "de"), "options_set");
}

static doxin_status money_parse(trial *t)
{
    return doxin_money_parse(t->session, "1.234,56 \xe2\x82\xac", t->given.options, &t->out.text);
}

static doxin_status money_sum(trial *t)
{
    return doxin_money_sum(t->session, "[\"1.10 EUR\", {\"amount\": \"2.20\", \"currency\": \"EUR\"}]",
                           t->given.options, &t->out.text);
}

static void need_invoice(trial *t)
{
    size_t size;
    need_session(t);
    const char *data = test_file(XML, &size);
    must(doxin_invoice_read_xml(t->session, data, size, NULL, &t->given.text), "invoice_read_xml");
}

static doxin_status invoice_read_xml(trial *t)
{
    size_t size;
    const char *data = test_file(XML, &size);
    return doxin_invoice_read_xml(t->session, data, size, NULL, &t->out.text);
}

static doxin_status invoice_check(trial *t)
{
    return doxin_invoice_check(t->session, t->given.text, NULL, &t->out.text);
}

#define WRITE_CASE(form)                                                                                               \
    static doxin_status invoice_write_##form(trial *t)                                                                 \
    {                                                                                                                  \
        return doxin_invoice_write(t->session, t->given.text, #form, NULL, &t->out.bytes);                             \
    }
WRITE_CASE(flat)
WRITE_CASE(table)
WRITE_CASE(csv)
WRITE_CASE(xlsx)
WRITE_CASE(html)
WRITE_CASE(ubl)

static doxin_status invoice_write_book(trial *t)
{
    return doxin_invoice_write(t->session, "[{\"file\":\"a\",\"invoice_number\":\"1\"},{}]", "xlsx", NULL,
                               &t->out.bytes);
}

/* ---- documents ---------------------------------------------------------------------------------------------------- */

static void need_document(trial *t)
{
    size_t size;
    need_session(t);
    const char *data = test_file(PDF, &size);
    must(doxin_document_open(t->session, data, size, NULL, &t->given.document), "document_open");
}

static doxin_status document_open(trial *t)
{
    size_t size;
    const char *data = test_file(PDF, &size);
    return doxin_document_open(t->session, data, size, NULL, &t->out.document);
}

static doxin_status document_json(trial *t)
{
    return doxin_document_json(t->session, t->given.document, &t->out.text);
}

static doxin_status document_page(trial *t)
{
    return doxin_document_page(t->session, t->given.document, 1, NULL, &t->out.bytes);
}

static doxin_status document_part(trial *t)
{
    return doxin_document_part(t->session, t->given.document, 0, &t->out.bytes);
}

static void need_document_and_invoice(trial *t)
{
    need_document(t);
    must(doxin_extract_document(t->session, t->given.document, NULL, &t->given.text), "extract_document");
}

static doxin_status document_write(trial *t)
{
    return doxin_document_write(t->session, t->given.document, t->given.text, "html", NULL, &t->out.bytes);
}

/* With a store of the host that knows something, so that all of the way is gone. */
static doxin_status corrections(void *data, const char *request, char **answer)
{
    (void)data, (void)request;
    *answer = doxin_string_dup("{\"schema\": \"doxin.corrections/1\", \"memories\": []}");
    return *answer ? DOXIN_OK : DOXIN_E_NOMEM;
}

static void need_corrected(trial *t)
{
    size_t size;
    doxin_options *page_only = NULL;
    const char *data = test_file(PDF, &size);
    need_engine(t);
    must(doxin_engine_set_host(t->engine, "corrections", corrections, NULL, NULL), "engine_set_host");
    must(doxin_session_open(t->engine, NULL, &t->session), "session_open");
    must(doxin_document_open(t->session, data, size, NULL, &t->given.document), "document_open");
    must(doxin_options_new(&page_only), "options_new");
    must(doxin_options_set(page_only, "embedded_xml", "false"), "options_set");
    must(doxin_extract_document(t->session, t->given.document, page_only, &t->given.text), "extract_document");
    doxin_options_free(page_only);
    /* A name that the page does not bear. */
    char *name = strstr(t->given.text, "\"vendor\":{\"name\":\"");
    must(name ? DOXIN_OK : DOXIN_E_NOT_FOUND, "vendor");
    name[20] = name[20] == 'Q' ? 'X' : 'Q';
}

static doxin_status invoice_learn(trial *t)
{
    return doxin_invoice_learn(t->session, t->given.document, t->given.text, NULL, &t->out.text);
}

static doxin_status document_free(trial *t)
{
    doxin_document_free(t->given.document);
    t->given.document = NULL;
    return DOXIN_OK;
}

static doxin_status extract(trial *t)
{
    size_t size;
    const char *data = test_file(PDF, &size);
    return doxin_extract(t->session, data, size, NULL, &t->out.text);
}

static doxin_status extract_xml(trial *t)
{
    size_t size;
    const char *data = test_file(XML, &size);
    return doxin_extract(t->session, data, size, NULL, &t->out.text);
}

static doxin_status extract_document(trial *t)
{
    return doxin_extract_document(t->session, t->given.document, NULL, &t->out.text);
}

/* ---- tasks -------------------------------------------------------------------------------------------------------- */

/* Counts in data; goes on. */
static int count_results(void *data, const char *event)
{
    *(int *)data += strstr(event, "\"result\"") ? 1 : 0;
    return 0;
}

/* The end of a task; one that succeeds has given exactly one result. */
static doxin_status run_out(doxin_task *task)
{
    int results = 0;
    doxin_status status = doxin_task_run(task, count_results, &results);
    doxin_task_free(task);
    return status == DOXIN_OK && results != 1 ? DOXIN_E_INTERNAL : status;
}

/* Failures also hit the thread of the task: it is waited for before they end. */
static doxin_status extract_start(trial *t)
{
    size_t size;
    doxin_task *task = NULL;
    const char *data = test_file(XML, &size);
    doxin_status status = doxin_extract_start(t->session, data, size, NULL, &task);
    t->out.task = status == DOXIN_OK ? NULL : task;
    return status == DOXIN_OK ? run_out(task) : status;
}

static doxin_status call_start(trial *t)
{
    doxin_task *task = NULL;
    doxin_status status = doxin_call_start(t->session, "jobs.list", "{}", &task);
    t->out.task = status == DOXIN_OK ? NULL : task;
    return status == DOXIN_OK ? run_out(task) : status;
}

/* A task that has ended, with all its events still there. */
static void need_ended_task(trial *t)
{
    size_t size;
    doxin_task *task = NULL;
    need_session(t);
    const char *data = test_file(XML, &size);
    must(doxin_extract_start(t->session, data, size, NULL, &task), "extract_start");
    t->given.task = task;
    while (doxin_task_next(task, -1, &t->given.text) == 1 && !strstr(t->given.text, "\"result\"")) {
        doxin_string_free(t->given.text);
        t->given.text = NULL;
    }
    char *last = NULL;
    must(doxin_task_next(task, -1, &last), "task_next");
}

/* A task that fails; its words are there. */
static void need_failed_task(trial *t)
{
    need_session(t);
    must(doxin_extract_start(t->session, "<a/>", 4, NULL, &t->given.task), "extract_start");
    char *event = NULL;
    while (doxin_task_next(t->given.task, -1, &event) == 1)
        doxin_string_free(event);
}

static doxin_status task_next(trial *t)
{
    char *event = NULL;
    return doxin_task_next(t->given.task, 0, &event);
}

static doxin_status task_run(trial *t)
{
    int results = 0;
    return doxin_task_run(t->given.task, count_results, &results);
}

static doxin_status task_fd(trial *t)
{
    return doxin_task_fd(t->given.task) >= 0 ? DOXIN_OK : DOXIN_E_INTERNAL;
}

static doxin_status task_cancel(trial *t)
{
    return doxin_task_cancel(t->given.task);
}

static doxin_status task_error(trial *t)
{
    return doxin_task_error(t->given.task, &t->out.text);
}

static doxin_status task_free(trial *t)
{
    doxin_task_free(t->given.task);
    t->given.task = NULL;
    return DOXIN_OK;
}

/* ---- what needs a database, without one: the way to DOXIN_E_NO_SOURCE --------------------------------------------- */

static void need_user(trial *t)
{
    need_session_options(t);
    must(doxin_session_open(t->engine, t->given.options, &t->session), "session_open");
}

static doxin_status call(trial *t)
{
    return doxin_call(t->session, "jobs.list", "{}", &t->out.text);
}

static doxin_status upload_open(trial *t)
{
    return doxin_upload_open(t->session, NULL, &t->out.upload);
}

static doxin_status file_read(trial *t)
{
    return doxin_file_read(t->session, "00000000-0000-4000-8000-00000000000a", "0", 100, &t->out.bytes);
}

static doxin_status migrate(trial *t)
{
    return doxin_migrate(t->session, "status", NULL, &t->out.text);
}

static doxin_status worker_start(trial *t)
{
    return doxin_worker_start(t->engine, NULL, &t->out.task);
}

const alloc_case alloc_cases[] = {
    {"doxin_version", NULL, version, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_status_name", NULL, status_name, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_string_dup", NULL, string_dup, DOXIN_OK, 0},
    {"doxin_string_free", need_text, string_free, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_options_new", NULL, options_new, DOXIN_OK, 0},
    {"doxin_options_set", need_options, options_set, DOXIN_OK, NO_OUT},
    {"doxin_options_set_json", need_options, options_set_json, DOXIN_OK, NO_OUT},
    {"doxin_options_describe", NULL, options_describe, DOXIN_OK, 0},
    {"doxin_options_free", need_options, options_free, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_value_parse", NULL, value_parse, DOXIN_OK, 0},
    {"doxin_value_kind", need_value, value_kind, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_value_text", need_value, value_text, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_value_count", need_value, value_count, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_value_free", need_value, value_free, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_engine_open", need_engine_options, engine_open, DOXIN_OK, 0},
    {"doxin_engine_set_log", need_engine, engine_set_log, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_engine_set_host", need_engine, engine_set_host, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_engine_info", need_engine, engine_info, DOXIN_OK, BEST_EFFORT},
    {"doxin_engine_error", need_engine, engine_error, DOXIN_OK, 0},
    {"doxin_engine_free", need_engine, engine_free, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_operations", need_engine, operations, DOXIN_OK, 0},
    {"doxin_session_open", need_session_options, session_open, DOXIN_OK, 0},
    {"doxin_session_login", need_session, session_login, DOXIN_E_NO_SOURCE, NO_OUT},
    {"doxin_session_use", need_asset, session_use, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_session_set_deadline", need_session, session_set_deadline, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_session_cancel", need_session, session_cancel, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_session_error", need_failed_session, session_error, DOXIN_OK, 0},
    {"doxin_session_free", need_session, session_free, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_asset_open", need_session, asset_open, DOXIN_OK, 0},
    {"doxin_asset_add", need_asset, asset_add, DOXIN_OK, NO_OUT},
    {"doxin_asset_add", need_learned_asset, asset_add_learned, DOXIN_OK, NO_OUT},
    {"doxin_asset_save", need_asset, asset_save, DOXIN_OK, 0},
    {"doxin_asset_open", need_session, policy_open, DOXIN_OK, 0},
    {"doxin_asset_add", need_policy, policy_add, DOXIN_OK, NO_OUT},
    {"doxin_asset_save", need_policy, asset_save, DOXIN_OK, 0},
    {"doxin_sql_check", need_policy, sql_check, DOXIN_OK, 0},
    {"doxin_sql_check", need_session, sql_check, DOXIN_OK, 0},
    {"doxin_asset_free", need_asset, asset_free, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_bytes_data", need_bytes, bytes_data, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_bytes_size", need_bytes, bytes_size, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_bytes_free", need_bytes, bytes_free, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_money_parse", need_money_options, money_parse, DOXIN_OK, 0},
    {"doxin_money_sum", need_money_options, money_sum, DOXIN_OK, 0},
    {"doxin_invoice_read_xml", need_session, invoice_read_xml, DOXIN_OK, 0},
    {"doxin_invoice_check", need_invoice, invoice_check, DOXIN_OK, 0},
    {"doxin_invoice_write", need_invoice, invoice_write_flat, DOXIN_OK, 0},
    {"doxin_invoice_write", need_invoice, invoice_write_table, DOXIN_OK, 0},
    {"doxin_invoice_write", need_invoice, invoice_write_csv, DOXIN_OK, 0},
    {"doxin_invoice_write", need_invoice, invoice_write_xlsx, DOXIN_OK, 0},
    {"doxin_invoice_write", need_session, invoice_write_book, DOXIN_OK, 0},
    {"doxin_invoice_write", need_invoice, invoice_write_html, DOXIN_OK, 0},
    {"doxin_invoice_write", need_invoice, invoice_write_ubl, DOXIN_OK, 0},
    {"doxin_document_open", need_session, document_open, DOXIN_OK, KEEP},
    {"doxin_document_json", need_document, document_json, DOXIN_OK, KEEP},
    {"doxin_document_page", need_document, document_page, DOXIN_OK, KEEP},
    {"doxin_document_part", need_document, document_part, DOXIN_E_NOT_FOUND, KEEP},
    {"doxin_document_write", need_document_and_invoice, document_write, DOXIN_OK, KEEP},
    {"doxin_invoice_learn", need_corrected, invoice_learn, DOXIN_OK, KEEP},
    {"doxin_document_free", need_document, document_free, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_extract", need_session, extract, DOXIN_OK, KEEP},
    {"doxin_extract", need_session, extract_xml, DOXIN_OK, 0},
    {"doxin_extract_document", need_document, extract_document, DOXIN_OK, KEEP},
    {"doxin_extract_start", need_session, extract_start, DOXIN_OK, NO_OUT | BEST_EFFORT},
    {"doxin_task_next", need_ended_task, task_next, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_task_run", need_ended_task, task_run, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_task_fd", need_ended_task, task_fd, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_task_cancel", need_ended_task, task_cancel, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_task_error", need_failed_task, task_error, DOXIN_OK, 0},
    {"doxin_task_free", need_ended_task, task_free, DOXIN_OK, NO_OUT | NO_MEMORY},
    {"doxin_call", need_user, call, DOXIN_E_NO_SOURCE, 0},
    {"doxin_call_start", need_user, call_start, DOXIN_E_NO_SOURCE, NO_OUT},
    {"doxin_upload_open", need_user, upload_open, DOXIN_E_NO_SOURCE, 0},
    {"doxin_file_read", need_user, file_read, DOXIN_E_NO_SOURCE, 0},
    {"doxin_migrate", need_session, migrate, DOXIN_E_NO_SOURCE, 0},
    {"doxin_worker_start", need_engine, worker_start, DOXIN_E_NO_SOURCE, 0},
};
const size_t alloc_case_count = sizeof alloc_cases / sizeof alloc_cases[0];
