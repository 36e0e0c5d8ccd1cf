/* What the calls of the public interface answer, one thread and no database. */
#include "doxin/doxin.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static doxin_engine *engine;
static doxin_session *session;

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *data = malloc(1 << 20);
    *size = file ? fread(data, 1, 1 << 20, file) : 0;
    cr_assert_gt(*size, 0, "%s cannot be read", path);
    fclose(file);
    return data;
}

static void set_up(void)
{
    doxin_options *opts;
    cr_assert_eq(doxin_options_new(&opts), DOXIN_OK);
    doxin_options_set(opts, "docparse", DOXIN_DOCPARSE);
    doxin_options_set(opts, "parsers", "1");
    cr_assert_eq(doxin_engine_open(opts, &engine), DOXIN_OK);
    cr_assert_eq(doxin_session_open(engine, NULL, &session), DOXIN_OK);
    doxin_options_free(opts);
}

static void tear_down(void)
{
    doxin_session_free(session);
    doxin_engine_free(engine);
}

TestSuite(abi, .init = set_up, .fini = tear_down, .timeout = 120);

/* Frees json. */
static void expect(char *json, const char *pointer, const char *text)
{
    doxin_value *value;
    cr_assert_not_null(json);
    cr_assert_eq(doxin_value_parse(json, &value), DOXIN_OK, "%s", json);
    cr_assert_str_eq(doxin_value_text(value, pointer), text, "%s in %s", pointer, json);
    doxin_value_free(value);
    doxin_string_free(json);
}

static void expect_error(const char *pointer, const char *text)
{
    char *json = NULL;
    cr_assert_eq(doxin_session_error(session, &json), DOXIN_OK);
    expect(json, pointer, text);
}

static doxin_options *options_of(const char *json)
{
    doxin_options *opts;
    cr_assert_eq(doxin_options_new(&opts), DOXIN_OK);
    cr_assert_eq(doxin_options_set_json(opts, json), DOXIN_OK);
    return opts;
}

/* ---- NULL --------------------------------------------------------------------------------------------------------- */

Test(abi, every_free_takes_null)
{
    doxin_string_free(NULL);
    doxin_bytes_free(NULL);
    doxin_value_free(NULL);
    doxin_options_free(NULL);
    doxin_upload_free(NULL);
    doxin_document_free(NULL);
    doxin_asset_free(NULL);
    doxin_task_free(NULL);
    doxin_session_free(NULL);
    doxin_engine_free(NULL);
    cr_assert_null(doxin_string_dup(NULL));
    cr_assert_str_eq(doxin_bytes_data(NULL), "");
    cr_assert_eq(doxin_bytes_size(NULL), 0);
}

#define REFUSES(call) cr_assert_eq(call, DOXIN_E_INVALID, #call)

/* The call with no handle is refused, and what stood in out is gone. */
#define CLEARS(type, call)                                                                                             \
    do {                                                                                                               \
        type *out = (type *)&engine;                                                                                   \
        cr_assert_eq(call, DOXIN_E_INVALID, #call);                                                                    \
        cr_assert_null(out, #call);                                                                                    \
    } while (0)

Test(abi, no_handle_is_refused_and_out_is_null)
{
    CLEARS(doxin_session, doxin_session_open(NULL, NULL, &out));
    CLEARS(char, doxin_engine_info(NULL, &out));
    CLEARS(char, doxin_engine_error(NULL, &out));
    CLEARS(char, doxin_operations(NULL, &out));
    CLEARS(char, doxin_session_error(NULL, &out));
    CLEARS(doxin_value, doxin_value_parse(NULL, &out));
    CLEARS(char, doxin_call(NULL, "x", NULL, &out));
    CLEARS(doxin_task, doxin_call_start(NULL, "x", NULL, &out));
    CLEARS(doxin_upload, doxin_upload_open(NULL, NULL, &out));
    CLEARS(char, doxin_upload_finish(NULL, &out));
    CLEARS(doxin_bytes, doxin_file_read(NULL, "x", "0", 1, &out));
    CLEARS(doxin_document, doxin_document_open(NULL, "x", 1, NULL, &out));
    CLEARS(char, doxin_document_json(session, NULL, &out));
    CLEARS(doxin_bytes, doxin_document_page(session, NULL, 1, NULL, &out));
    CLEARS(doxin_bytes, doxin_document_part(session, NULL, 0, &out));
    CLEARS(doxin_bytes, doxin_document_write(session, NULL, "{}", "html", NULL, &out));
    CLEARS(char, doxin_extract(NULL, "x", 1, NULL, &out));
    CLEARS(char, doxin_extract_document(session, NULL, NULL, &out));
    CLEARS(doxin_task, doxin_extract_start(NULL, "x", 1, NULL, &out));
    CLEARS(char, doxin_invoice_read_xml(NULL, "x", 1, NULL, &out));
    CLEARS(char, doxin_invoice_check(NULL, "{}", NULL, &out));
    CLEARS(doxin_bytes, doxin_invoice_write(NULL, "{}", "csv", NULL, &out));
    CLEARS(char, doxin_money_parse(NULL, "1", NULL, &out));
    CLEARS(char, doxin_money_sum(NULL, "[]", NULL, &out));
    CLEARS(doxin_asset, doxin_asset_open(NULL, "profile", "{}", 2, NULL, &out));
    CLEARS(doxin_bytes, doxin_asset_save(session, NULL, &out));
    CLEARS(char, doxin_migrate(NULL, "up", NULL, &out));
    CLEARS(doxin_task, doxin_worker_start(NULL, NULL, &out));
    CLEARS(char, doxin_task_next(NULL, 0, &out));
    CLEARS(char, doxin_task_error(NULL, &out));
    REFUSES(doxin_session_cancel(NULL));
    REFUSES(doxin_session_set_deadline(NULL, 1));
    REFUSES(doxin_session_login(NULL, "x", NULL));
    REFUSES(doxin_session_use(session, NULL));
    REFUSES(doxin_asset_add(session, NULL, "{}", 2, NULL));
    REFUSES(doxin_upload_write(NULL, "x", 1));
    REFUSES(doxin_task_cancel(NULL));
    REFUSES(doxin_task_fd(NULL));
    REFUSES(doxin_task_run(NULL, NULL, NULL));
    REFUSES(doxin_options_set(NULL, "a", "b"));
    REFUSES(doxin_options_set_json(NULL, "{}"));
}

Test(abi, no_place_for_the_answer_is_refused)
{
    REFUSES(doxin_engine_open(NULL, NULL));
    REFUSES(doxin_session_open(engine, NULL, NULL));
    REFUSES(doxin_engine_info(engine, NULL));
    REFUSES(doxin_engine_error(engine, NULL));
    REFUSES(doxin_operations(engine, NULL));
    REFUSES(doxin_session_error(session, NULL));
    REFUSES(doxin_options_new(NULL));
    REFUSES(doxin_options_describe(NULL, NULL));
    REFUSES(doxin_value_parse("1", NULL));
    REFUSES(doxin_call(session, "x", NULL, NULL));
    REFUSES(doxin_call_start(session, "x", NULL, NULL));
    REFUSES(doxin_upload_open(session, NULL, NULL));
    REFUSES(doxin_file_read(session, "x", "0", 1, NULL));
    REFUSES(doxin_document_open(session, "x", 1, NULL, NULL));
    REFUSES(doxin_extract(session, "x", 1, NULL, NULL));
    REFUSES(doxin_extract_start(session, "x", 1, NULL, NULL));
    REFUSES(doxin_invoice_read_xml(session, "x", 1, NULL, NULL));
    REFUSES(doxin_invoice_check(session, "{}", NULL, NULL));
    REFUSES(doxin_invoice_write(session, "{}", "csv", NULL, NULL));
    REFUSES(doxin_money_parse(session, "1", NULL, NULL));
    REFUSES(doxin_money_sum(session, "[]", NULL, NULL));
    REFUSES(doxin_asset_open(session, "profile", "{}", 2, NULL, NULL));
    REFUSES(doxin_migrate(session, "up", NULL, NULL));
    REFUSES(doxin_worker_start(engine, NULL, NULL));
}

Test(abi, missing_inputs_are_refused)
{
    char *text;
    doxin_task *task;
    doxin_asset *asset;
    doxin_bytes *bytes;
    doxin_document *document;
    cr_assert_eq(doxin_call(session, NULL, NULL, &text), DOXIN_E_INVALID);
    cr_assert_eq(doxin_call_start(session, NULL, NULL, &task), DOXIN_E_INVALID);
    cr_assert_eq(doxin_migrate(session, NULL, NULL, &text), DOXIN_E_INVALID);
    cr_assert_eq(doxin_asset_open(session, NULL, "{}", 2, NULL, &asset), DOXIN_E_INVALID);
    cr_assert_eq(doxin_asset_open(session, "profile", NULL, 0, NULL, &asset), DOXIN_E_JSON);
    cr_assert_eq(doxin_money_parse(session, NULL, NULL, &text), DOXIN_E_INVALID);
    cr_assert_eq(doxin_money_sum(session, NULL, NULL, &text), DOXIN_E_JSON);
    cr_assert_eq(doxin_invoice_check(session, NULL, NULL, &text), DOXIN_E_JSON);
    cr_assert_eq(doxin_invoice_write(session, "{}", NULL, NULL, &bytes), DOXIN_E_UNSUPPORTED);
    cr_assert_eq(doxin_invoice_read_xml(session, NULL, 0, NULL, &text), DOXIN_E_EMPTY_DOCUMENT);
    cr_assert_eq(doxin_document_open(session, NULL, 7, NULL, &document), DOXIN_E_EMPTY_DOCUMENT);
    cr_assert_eq(doxin_extract_start(session, "", 0, NULL, &task), DOXIN_E_EMPTY_DOCUMENT);
    cr_assert_eq(doxin_file_read(session, "x", "-1", 1, &bytes), DOXIN_E_INVALID);
    cr_assert_eq(doxin_file_read(session, "x", "0", 0, &bytes), DOXIN_E_INVALID);
    cr_assert_eq(doxin_session_login(session, NULL, NULL), DOXIN_E_UNAUTHENTICATED);
    cr_assert_eq(doxin_session_set_deadline(session, -1), DOXIN_E_INVALID);
}

/* ---- options ------------------------------------------------------------------------------------------------------ */

Test(abi, an_unknown_option_is_named_by_the_call)
{
    char *text;
    doxin_options *opts = options_of("{\"colour\": \"red\"}");
    cr_assert_eq(doxin_money_parse(session, "1 EUR", opts, &text), DOXIN_E_OPTION);
    cr_assert_null(text);
    expect_error("/code", "DOXIN_E_OPTION");
    expect_error("/message", "money_parse knows no option \"colour\"");
    doxin_options_free(opts);
}

Test(abi, the_engine_says_why_a_session_was_not_opened)
{
    char *error = NULL;
    doxin_session *none = session;
    doxin_options *opts = options_of("{\"purpose\": \"king\"}");
    cr_assert_eq(doxin_session_open(engine, opts, &none), DOXIN_E_OPTION);
    cr_assert_null(none);
    cr_assert_eq(doxin_engine_error(engine, &error), DOXIN_OK);
    expect(error, "/message", "option purpose must be one of user|admin|worker");
    doxin_options_free(opts);
}

Test(abi, options_have_bounds)
{
    static const char *const bad[] = {
        "{\"pool_size\": -1}",      "{\"pool_size\": 201}",         "{\"pool_size\": \"5x\"}",
        "{\"dev_login\": \"yes\"}", "{\"log_level\": \"loud\"}",    "{\"log_level\": \"\"}",
        "{\"max_pages\": 0}",       "{\"review_threshold\": 1.01}", "{\"review_threshold\": -1}",
        "{\"pool_size\": 1e30}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        doxin_engine *broken = NULL;
        doxin_session *none;
        char *error = NULL;
        doxin_options *opts = options_of(bad[i]);
        cr_assert_eq(doxin_engine_open(opts, &broken), DOXIN_E_OPTION, "%s", bad[i]);
        cr_assert_not_null(broken);
        cr_assert_eq(doxin_session_open(broken, NULL, &none), DOXIN_E_OPTION);
        cr_assert_null(none);
        cr_assert_eq(doxin_engine_error(broken, &error), DOXIN_OK);
        expect(error, "/code", "DOXIN_E_OPTION");
        doxin_engine_free(broken);
        doxin_options_free(opts);
    }
}

Test(abi, setting_from_json_is_all_or_nothing)
{
    char *text;
    doxin_options *opts = options_of("{\"style\": \"point\"}");
    cr_assert_eq(doxin_options_set_json(opts, "{\"style\": \"comma\", "), DOXIN_E_JSON);
    cr_assert_eq(doxin_options_set_json(opts, "[]"), DOXIN_E_JSON);
    cr_assert_eq(doxin_options_set_json(opts, "{\"style\": \"comma\", \"\": 1}"), DOXIN_E_INVALID);
    cr_assert_eq(doxin_money_parse(session, "1,234", opts, &text), DOXIN_OK);
    expect(text, "/amount", "1234");
    cr_assert_eq(doxin_options_set_json(opts, "{\"style\": \"comma\"}"), DOXIN_OK);
    cr_assert_eq(doxin_money_parse(session, "1,234", opts, &text), DOXIN_OK);
    expect(text, "/amount", "1.234");
    doxin_options_free(opts);
}

Test(abi, an_option_can_be_taken_out)
{
    char *text;
    doxin_options *opts = options_of("{\"x\": 1}");
    cr_assert_eq(doxin_options_set(opts, "", "1"), DOXIN_E_INVALID);
    cr_assert_eq(doxin_options_set(opts, NULL, "1"), DOXIN_E_INVALID);
    cr_assert_eq(doxin_options_set(opts, "x", NULL), DOXIN_OK);
    cr_assert_eq(doxin_options_set(opts, "x", NULL), DOXIN_OK);
    cr_assert_eq(doxin_money_parse(session, "1", opts, &text), DOXIN_OK);
    doxin_string_free(text);
    doxin_options_free(opts);
}

Test(abi, options_are_described)
{
    char *text;
    cr_assert_eq(doxin_options_describe("nothing", &text), DOXIN_E_NOT_FOUND);
    cr_assert_null(text);
    cr_assert_eq(doxin_options_describe("document_page", &text), DOXIN_OK);
    expect(text, "/calls/document_page/0/maximum", "300");
    cr_assert_eq(doxin_options_describe(NULL, &text), DOXIN_OK);
    expect(text, "/calls/extract/0/key", "embedded_xml");
}

/* ---- values ------------------------------------------------------------------------------------------------------- */

Test(abi, values_are_reached_by_pointer)
{
    doxin_value *value;
    cr_assert_eq(doxin_value_parse("{\"a/b\": {\"~\": [10, -2.5, true, false, null, \"t\"]}, \"\": 7}", &value),
                 DOXIN_OK);
    static const int kinds[] = {DOXIN_VALUE_NUMBER, DOXIN_VALUE_NUMBER, DOXIN_VALUE_BOOL,
                                DOXIN_VALUE_BOOL,   DOXIN_VALUE_NULL,   DOXIN_VALUE_STRING};
    static const char *const texts[] = {"10", "-2.5", "true", "false", "null", "t"};
    for (int i = 0; i < 6; i++) {
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/a~1b/~0/%d", i);
        cr_assert_eq(doxin_value_kind(value, pointer), kinds[i], "%s", pointer);
        cr_assert_str_eq(doxin_value_text(value, pointer), texts[i]);
    }
    cr_assert_eq(doxin_value_kind(value, ""), DOXIN_VALUE_OBJECT);
    cr_assert_eq(doxin_value_kind(value, "/a~1b/~0"), DOXIN_VALUE_ARRAY);
    cr_assert_eq(doxin_value_count(value, ""), 2);
    cr_assert_eq(doxin_value_count(value, "/a~1b/~0"), 6);
    cr_assert_eq(doxin_value_count(value, "/a~1b/~0/0"), 0);
    cr_assert_str_eq(doxin_value_text(value, "/"), "7");
    static const char *const nowhere[] = {"/a~1b/~0/6", "/a~1b/~0/-1", "/a~1b/~0/01", "/a~1b/~0/x", "a", "/a", "/~2"};
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        cr_assert_eq(doxin_value_kind(value, nowhere[i]), DOXIN_VALUE_NONE, "%s", nowhere[i]);
        cr_assert_str_eq(doxin_value_text(value, nowhere[i]), "");
    }
    cr_assert_eq(doxin_value_kind(value, NULL), DOXIN_VALUE_NONE);
    cr_assert_eq(doxin_value_kind(NULL, ""), DOXIN_VALUE_NONE);
    cr_assert_str_eq(doxin_value_text(NULL, ""), "");
    cr_assert_eq(doxin_value_count(NULL, ""), 0);
    doxin_value_free(value);
}

Test(abi, a_value_is_json)
{
    doxin_value *value;
    static const char *const bad[] = {"", "{", "{\"a\": 1, \"a\": 2}", "[1,]", "\xff", "1 2"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(doxin_value_parse(bad[i], &value), DOXIN_E_JSON, "%s", bad[i]);
        cr_assert_null(value);
    }
}

/* ---- money -------------------------------------------------------------------------------------------------------- */

typedef struct money_row {
    const char *text;
    const char *amount;
    const char *currency;
} money_row;

Test(abi, amounts_are_read_as_printed)
{
    static const money_row rows[] = {
        {"EUR 1.234,56", "1234.56", "EUR"},
        {"$1,234.56", "1234.56", "null"},
        {"12,50 \xe2\x82\xac", "12.50", "EUR"},
        {"(5.00)", "-5", "null"},
        {"1 234,5 PLN", "1234.50", "PLN"},
        {"JPY 1,500", "1500", "JPY"},
        {"123456789012345.67", "123456789012345.67", "null"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *json;
        char *again;
        cr_assert_eq(doxin_money_parse(session, rows[i].text, NULL, &json), DOXIN_OK, "%s", rows[i].text);
        cr_assert_eq(doxin_money_parse(session, rows[i].text, NULL, &again), DOXIN_OK);
        expect(json, "/amount", rows[i].amount);
        expect(again, "/currency", rows[i].currency);
    }
}

Test(abi, what_is_no_amount_is_told_from_what_is_too_large)
{
    char *json;
    static const char *const none[] = {
        "", "EUR", "twelve", "1.2.3.4,5,6", "12 apples and 3 pears", "1234567890123456789012 apples"};
    static const char *const large[] = {"1234567890123456789012", "EUR 9,999,999,999,999,999,999,999.99",
                                        "-1234567890123456789012,50"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        cr_assert_eq(doxin_money_parse(session, none[i], NULL, &json), DOXIN_E_INVALID, "%s", none[i]);
    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++)
        cr_assert_eq(doxin_money_parse(session, large[i], NULL, &json), DOXIN_E_OVERFLOW, "%s", large[i]);
    cr_assert_null(json);
}

Test(abi, amounts_are_added_exactly)
{
    char *json;
    cr_assert_eq(doxin_money_sum(session, "[\"0.10 EUR\", {\"amount\": \"0.20\", \"currency\": \"EUR\"}, \"-0.05\"]",
                                 NULL, &json),
                 DOXIN_OK);
    expect(json, "/amount", "0.25");
    doxin_options *opts = options_of("{\"locale\": \"de\"}");
    cr_assert_eq(doxin_money_sum(session, "[\"1000.50 EUR\"]", opts, &json), DOXIN_OK);
    expect(json, "/text", "1.000,50\xc2\xa0\xe2\x82\xac");
    doxin_options_free(opts);
    cr_assert_eq(doxin_money_sum(session, "[]", NULL, &json), DOXIN_OK);
    expect(json, "/currency", "null");
}

Test(abi, what_cannot_be_added_is_refused)
{
    char *json;
    cr_assert_eq(doxin_money_sum(session, "[\"1 EUR\", \"2 USD\"]", NULL, &json), DOXIN_E_CURRENCY);
    cr_assert_eq(doxin_money_sum(session, "[\"9223372036854775807\", \"1\"]", NULL, &json), DOXIN_E_OVERFLOW);
    cr_assert_eq(doxin_money_sum(session, "{}", NULL, &json), DOXIN_E_JSON);
    cr_assert_eq(doxin_money_sum(session, "[\"1 EUR\", 5]", NULL, &json), DOXIN_E_FIELD);
    cr_assert_null(json);
    expect_error("/errors/0/pointer", "/1");
    cr_assert_eq(doxin_money_sum(session, "[{\"amount\": \"1\", \"currency\": \"EURO\"}]", NULL, &json), DOXIN_E_FIELD);
}

/* ---- assets ------------------------------------------------------------------------------------------------------- */

#define PROFILE(members) "{\"schema\": \"doxin.profile/1\"" members "}"

static doxin_asset *open_profile(const char *json)
{
    doxin_asset *asset;
    cr_assert_eq(doxin_asset_open(session, "profile", json, strlen(json), NULL, &asset), DOXIN_OK);
    return asset;
}

/* What the asset is now, as text to be freed. */
static char *saved(doxin_asset *asset)
{
    doxin_bytes *bytes;
    cr_assert_eq(doxin_asset_save(session, asset, &bytes), DOXIN_OK);
    char *text = doxin_string_dup(doxin_bytes_data(bytes));
    cr_assert_eq(strlen(text), doxin_bytes_size(bytes));
    doxin_bytes_free(bytes);
    return text;
}

Test(abi, adding_to_an_asset_makes_a_new_snapshot)
{
    doxin_asset *asset = open_profile(PROFILE(", \"own_names\": [\"Example Ltd\"], \"country\": \"GB\""));
    cr_assert_eq(doxin_session_use(session, asset), DOXIN_OK);
    const char *more = PROFILE(", \"own_names\": [\"Sample GmbH\"], \"country\": \"DE\"");
    cr_assert_eq(doxin_asset_add(session, asset, more, strlen(more), NULL), DOXIN_OK);
    expect(saved(asset), "/own_names/0", "Example Ltd");
    expect(saved(asset), "/own_names/1", "Sample GmbH");
    expect(saved(asset), "/country", "DE");
    char *text = saved(asset);
    doxin_asset *again = open_profile(text);
    expect(saved(again), "/own_names/1", "Sample GmbH");
    doxin_string_free(text);
    doxin_asset_free(again);
    doxin_asset_free(asset); /* the session keeps its snapshot */
}

Test(abi, a_failed_add_leaves_the_asset_as_it_was)
{
    doxin_asset *asset = open_profile(PROFILE(", \"own_names\": [\"Example Ltd\"]"));
    static const char *const bad[] = {PROFILE(", \"own_names\": [\"A\", 5]"), PROFILE(", \"country\": \"germany\""),
                                      PROFILE(", \"colour\": 1"), "{\"schema\": \"doxin.profile/2\"}", "{}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_eq(doxin_asset_add(session, asset, bad[i], strlen(bad[i]), NULL), DOXIN_E_FIELD, "%s", bad[i]);
    cr_assert_eq(doxin_asset_add(session, asset, "[", 1, NULL), DOXIN_E_JSON);
    cr_assert_eq(doxin_asset_add(session, asset, "[]", 2, NULL), DOXIN_E_JSON);
    char *text = saved(asset);
    cr_assert_str_eq(text, "{\"schema\":\"doxin.profile/1\",\"own_names\":[\"Example Ltd\"]}");
    doxin_string_free(text);
    doxin_asset_free(asset);
}

/* ---- hooks -------------------------------------------------------------------------------------------------------- */

static void count(void *user_data)
{
    ++*(int *)user_data;
}

static void hear(void *user_data, int level, const char *component, const char *message, const char *fields)
{
    (void)user_data, (void)level, (void)component, (void)message, (void)fields;
}

static char audited[512];

static doxin_status audit(void *user_data, const char *request, char **answer)
{
    (void)user_data;
    snprintf(audited, sizeof audited, "%s", request);
    *answer = doxin_string_dup("{}");
    return DOXIN_OK;
}

Test(abi, user_data_is_freed_once)
{
    int freed[6] = {0};
    doxin_engine *own;
    doxin_session *of_own;
    char *error = NULL;
    cr_assert_eq(doxin_engine_open(NULL, &own), DOXIN_OK);
    cr_assert_eq(doxin_engine_set_log(own, hear, &freed[0], count), DOXIN_OK);
    cr_assert_eq(doxin_engine_set_log(own, hear, &freed[1], count), DOXIN_OK);
    cr_assert_eq(freed[0], 1);
    cr_assert_eq(doxin_engine_set_host(own, "audit", audit, &freed[2], count), DOXIN_OK);
    cr_assert_eq(doxin_engine_set_host(own, "weather", audit, &freed[3], count), DOXIN_E_OPTION);
    cr_assert_eq(freed[3], 1);
    cr_assert_eq(doxin_engine_error(own, &error), DOXIN_OK);
    expect(error, "/code", "DOXIN_E_OPTION");
    cr_assert_eq(doxin_session_open(own, NULL, &of_own), DOXIN_OK);
    cr_assert_eq(doxin_engine_set_log(own, hear, &freed[4], count), DOXIN_E_BUSY);
    cr_assert_eq(doxin_engine_set_host(own, NULL, audit, &freed[5], count), DOXIN_E_INVALID);
    doxin_engine_free(own);
    cr_assert_eq(freed[1] + freed[2], 0, "the session keeps the engine and its hooks");
    doxin_session_free(of_own);
    for (int i = 0; i < 6; i++)
        cr_assert_eq(freed[i], 1, "%d was freed %d times", i, freed[i]);
    int alone = 0;
    cr_assert_eq(doxin_engine_set_log(NULL, hear, &alone, count), DOXIN_E_INVALID);
    cr_assert_eq(alone, 1);
}

Test(abi, the_audit_hook_is_told_of_a_refused_sign_in)
{
    doxin_engine *own;
    doxin_session *of_own;
    cr_assert_eq(doxin_engine_open(NULL, &own), DOXIN_OK);
    cr_assert_eq(doxin_engine_set_host(own, "audit", audit, NULL, NULL), DOXIN_OK);
    doxin_options *opts = options_of("{\"request_id\": \"r-7\"}");
    cr_assert_eq(doxin_session_open(own, opts, &of_own), DOXIN_OK);
    cr_assert_eq(doxin_session_login(of_own, NULL, NULL), DOXIN_E_UNAUTHENTICATED);
    expect(doxin_string_dup(audited), "/event", "login");
    expect(doxin_string_dup(audited), "/code", "DOXIN_E_UNAUTHENTICATED");
    expect(doxin_string_dup(audited), "/request_id", "r-7");
    doxin_options_free(opts);
    doxin_session_free(of_own);
    doxin_engine_free(own);
}

/* ---- invoices ----------------------------------------------------------------------------------------------------- */

static char *read_xml(void)
{
    size_t size;
    char *json;
    char *data = read_file(DOXIN_TEST_DATA "/einvoice/ubl-invoice.xml", &size);
    cr_assert_eq(doxin_invoice_read_xml(session, data, size, NULL, &json), DOXIN_OK);
    free(data);
    return json;
}

/* The text at a pointer of json, to be freed. */
static char *member(const char *json, const char *pointer)
{
    doxin_value *value;
    cr_assert_eq(doxin_value_parse(json, &value), DOXIN_OK);
    char *text = doxin_string_dup(doxin_value_text(value, pointer));
    doxin_value_free(value);
    return text;
}

Test(abi, checking_keeps_every_value)
{
    static const char *const pointers[] = {"/invoice_number", "/total_amount", "/currency", "/confidence"};
    char *json = read_xml();
    char *checked;
    cr_assert_eq(doxin_invoice_check(session, json, NULL, &checked), DOXIN_OK);
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++) {
        char *before = member(json, pointers[i]);
        cr_assert_gt(strlen(before), 0, "%s in %s", pointers[i], json);
        char *after = member(checked, pointers[i]);
        cr_assert_str_eq(after, before, "%s", pointers[i]);
        doxin_string_free(before);
        doxin_string_free(after);
    }
    char *twice;
    cr_assert_eq(doxin_invoice_check(session, checked, NULL, &twice), DOXIN_OK);
    cr_assert_str_eq(twice, checked);
    doxin_string_free(twice);
    doxin_string_free(checked);
    doxin_string_free(json);
}

Test(abi, what_is_written_as_ubl_reads_the_same)
{
    char *json = read_xml();
    char *again;
    doxin_bytes *bytes;
    cr_assert_eq(doxin_invoice_write(session, json, "ubl", NULL, &bytes), DOXIN_OK);
    cr_assert_eq(doxin_invoice_read_xml(session, doxin_bytes_data(bytes), doxin_bytes_size(bytes), NULL, &again),
                 DOXIN_OK);
    static const char *const pointers[] = {"/invoice_number", "/total_amount", "/currency"};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++) {
        char *before = member(json, pointers[i]);
        expect(doxin_string_dup(again), pointers[i], before);
        doxin_string_free(before);
    }
    doxin_string_free(again);
    doxin_bytes_free(bytes);
    doxin_string_free(json);
}

Test(abi, every_form_is_written)
{
    static const char *const forms[] = {"flat", "table", "csv", "xlsx", "html", "ubl"};
    char *json = read_xml();
    doxin_bytes *bytes;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        cr_assert_eq(doxin_invoice_write(session, json, forms[i], NULL, &bytes), DOXIN_OK, "%s", forms[i]);
        cr_assert_gt(doxin_bytes_size(bytes), 20);
        cr_assert_eq(((const char *)doxin_bytes_data(bytes))[doxin_bytes_size(bytes)], '\0');
        doxin_bytes_free(bytes);
    }
    cr_assert_eq(doxin_invoice_write(session, json, "pdf", NULL, &bytes), DOXIN_E_UNSUPPORTED);
    cr_assert_eq(doxin_invoice_write(session, "[]", "csv", NULL, &bytes), DOXIN_E_JSON);
    cr_assert_null(bytes);
    doxin_string_free(json);
}

/* ---- documents and tasks ------------------------------------------------------------------------------------------ */

Test(abi, a_pdf_becomes_an_invoice_and_pictures)
{
    size_t size;
    char *json;
    doxin_document *document;
    doxin_bytes *bytes;
    char *data = read_file(DOXIN_EXAMPLES "/invoice.pdf", &size);
    cr_assert_eq(doxin_document_open(session, data, size, NULL, &document), DOXIN_OK);
    free(data);
    cr_assert_eq(doxin_document_json(session, document, &json), DOXIN_OK);
    expect(json, "/schema", "doxin.document/1");
    cr_assert_eq(doxin_document_page(session, document, 1, NULL, &bytes), DOXIN_OK);
    cr_assert_arr_eq(doxin_bytes_data(bytes), "\x89PNG", 4);
    doxin_bytes_free(bytes);
    cr_assert_eq(doxin_document_page(session, document, 0, NULL, &bytes), DOXIN_E_NOT_FOUND);
    cr_assert_eq(doxin_document_page(session, document, 1000, NULL, &bytes), DOXIN_E_NOT_FOUND);
    cr_assert_eq(doxin_document_part(session, document, -1, &bytes), DOXIN_E_NOT_FOUND);
    cr_assert_eq(doxin_document_part(session, document, 0, &bytes), DOXIN_E_NOT_FOUND);
    cr_assert_eq(doxin_extract_document(session, document, NULL, &json), DOXIN_OK);
    expect(json, "/schema", "doxin.invoice/1");
    doxin_document_free(document);
}

static bool holds(const doxin_bytes *bytes, const char *text)
{
    return memmem(doxin_bytes_data(bytes), doxin_bytes_size(bytes), text, strlen(text)) != NULL;
}

Test(abi, an_invoice_is_shown_beside_its_document)
{
    size_t size;
    char *json;
    doxin_document *document;
    doxin_bytes *bytes;
    doxin_options *opts;
    char *data = read_file(DOXIN_EXAMPLES "/invoice.pdf", &size);
    cr_assert_eq(doxin_options_new(&opts), DOXIN_OK);
    doxin_options_set(opts, "parts", "words");
    cr_assert_eq(doxin_document_open(session, data, size, opts, &document), DOXIN_OK);
    free(data);
    doxin_options_set(opts, "parts", NULL);
    cr_assert_eq(doxin_extract_document(session, document, NULL, &json), DOXIN_OK);
    cr_assert_eq(doxin_document_write(session, document, json, "html", NULL, &bytes), DOXIN_OK);
    cr_expect(holds(bytes, "src=\"data:image/png;base64,iVBOR"));
    doxin_bytes_free(bytes);
    doxin_options_set(opts, "pictures", "0");
    cr_assert_eq(doxin_document_write(session, document, json, "html", opts, &bytes), DOXIN_OK);
    cr_expect_not(holds(bytes, "data:image"));
    doxin_bytes_free(bytes);
    doxin_options_set(opts, "pictures", "5");
    doxin_options_set(opts, "picture_bytes", "1000");
    cr_assert_eq(doxin_document_write(session, document, json, "html", opts, &bytes), DOXIN_OK);
    cr_expect_not(holds(bytes, "data:image"));
    cr_expect(holds(bytes, "would pass picture_bytes"), "and it says why");
    doxin_bytes_free(bytes);
    cr_assert_eq(doxin_document_write(session, document, json, "flat", NULL, &bytes), DOXIN_OK);
    doxin_bytes_free(bytes);
    cr_assert_eq(doxin_document_write(session, document, json, "pdf", NULL, &bytes), DOXIN_E_UNSUPPORTED);
    cr_assert_eq(doxin_document_write(session, document, "{", "html", NULL, &bytes), DOXIN_E_JSON);
    doxin_options_set(opts, "dpi", "5");
    cr_assert_eq(doxin_document_write(session, document, json, "html", opts, &bytes), DOXIN_E_OPTION);
    doxin_string_free(json);
    doxin_options_free(opts);
    doxin_document_free(document);
}

Test(abi, stages_are_given_out_instead_of_the_invoice)
{
    size_t size;
    char *json;
    doxin_document *document;
    doxin_options *opts;
    char *data = read_file(DOXIN_EXAMPLES "/invoice.pdf", &size);
    cr_assert_eq(doxin_options_new(&opts), DOXIN_OK);
    doxin_options_set(opts, "explain", "hypotheses");
    cr_assert_eq(doxin_extract(session, data, size, opts, &json), DOXIN_OK);
    expect(json, "/currency", "GBP");
    cr_assert_eq(doxin_document_open(session, data, size, NULL, &document), DOXIN_OK);
    cr_assert_eq(doxin_extract_document(session, document, opts, &json), DOXIN_OK);
    expect(json, "/currency", "GBP");
    doxin_options_set(opts, "explain", "magic");
    cr_assert_eq(doxin_extract_document(session, document, opts, &json), DOXIN_E_OPTION);
    doxin_options_set(opts, "explain", "layout");
    cr_assert_eq(doxin_extract(session, "<?xml version=\"1.0\"?><a/>", 25, opts, &json), DOXIN_E_UNSUPPORTED);
    free(data);
    doxin_options_free(opts);
    doxin_document_free(document);
}

Test(abi, frees_come_in_any_order)
{
    size_t size;
    char *json;
    doxin_document *document;
    doxin_task *task;
    doxin_asset *asset = open_profile(PROFILE(""));
    char *data = read_file(DOXIN_EXAMPLES "/invoice.pdf", &size);
    cr_assert_eq(doxin_document_open(session, data, size, NULL, &document), DOXIN_OK);
    cr_assert_eq(doxin_extract_start(session, data, size, NULL, &task), DOXIN_OK);
    free(data);
    doxin_engine_free(engine);
    engine = NULL;
    cr_assert_eq(doxin_document_json(session, document, &json), DOXIN_OK, "the session keeps the engine");
    doxin_string_free(json);
    doxin_session_free(session);
    session = NULL;
    doxin_document_free(document);
    while (doxin_task_next(task, -1, &json) == 1)
        doxin_string_free(json);
    doxin_asset_free(asset);
    doxin_task_free(task);
}

Test(abi, a_host_that_ignores_its_children_is_served)
{
    size_t size;
    char *json;
    signal(SIGCHLD, SIG_IGN);
    char *data = read_file(DOXIN_EXAMPLES "/invoice.pdf", &size);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(doxin_extract(session, data, size, NULL, &json), DOXIN_OK);
        expect(json, "/schema", "doxin.invoice/1");
    }
    struct sigaction now;
    sigaction(SIGCHLD, NULL, &now);
    cr_assert_eq(now.sa_handler, SIG_IGN, "the host's choice stays");
    free(data);
}

static void take_entry(void *user_data, int level, const char *component, const char *message, const char *fields_json)
{
    (void)user_data, (void)level, (void)component, (void)message, (void)fields_json;
}

Test(hooks, may_be_set_after_asking_what_the_engine_is)
{
    doxin_engine *asked = NULL;
    char *info = NULL;
    cr_assert_eq(doxin_engine_open(NULL, &asked), DOXIN_OK);
    cr_assert_eq(doxin_engine_info(asked, &info), DOXIN_OK);
    cr_assert_eq(doxin_engine_set_log(asked, take_entry, NULL, NULL), DOXIN_OK);
    doxin_string_free(info);
    doxin_engine_free(asked);
}
