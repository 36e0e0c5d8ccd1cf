/* Learning through the interface: with a store of the host, and with a profile. */
#include "doxin/doxin.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static doxin_engine *engine;
static doxin_session *session;

static void begin(void)
{
    cr_assert_eq(doxin_engine_open(NULL, &engine), DOXIN_OK);
    cr_assert_eq(doxin_session_open(engine, NULL, &session), DOXIN_OK);
}

static void end(void)
{
    doxin_session_free(session);
    doxin_engine_free(engine);
}

TestSuite(abi_learn, .init = begin, .fini = end);

static char *read_file(const char *path, size_t *size)
{
    enum { MAX = 1 << 20 };
    FILE *file = fopen(path, "rb");
    char *data = malloc(MAX);
    cr_assert(file && data, "%s", path);
    *size = fread(data, 1, MAX, file);
    fclose(file);
    return data;
}

static doxin_options *options_of(const char *json)
{
    doxin_options *opts = NULL;
    cr_assert_eq(doxin_options_new(&opts), DOXIN_OK);
    cr_assert_eq(doxin_options_set_json(opts, json), DOXIN_OK);
    return opts;
}

/* Frees the text. */
static void expect(char *json, const char *pointer, const char *expected)
{
    doxin_value *value = NULL;
    cr_assert_eq(doxin_value_parse(json, &value), DOXIN_OK);
    cr_expect_str_eq(doxin_value_text(value, pointer), expected, "%s: %s", pointer, json);
    doxin_value_free(value);
    doxin_string_free(json);
}

static doxin_asset *open_profile(const char *json)
{
    doxin_asset *asset = NULL;
    cr_assert_eq(doxin_asset_open(session, "profile", json, strlen(json), NULL, &asset), DOXIN_OK);
    return asset;
}

static char *saved(doxin_asset *asset)
{
    doxin_bytes *bytes = NULL;
    cr_assert_eq(doxin_asset_save(session, asset, &bytes), DOXIN_OK);
    char *text = malloc(doxin_bytes_size(bytes) + 1);
    memcpy(text, doxin_bytes_data(bytes), doxin_bytes_size(bytes));
    text[doxin_bytes_size(bytes)] = '\0';
    doxin_bytes_free(bytes);
    char *copy = doxin_string_dup(text);
    free(text);
    return copy;
}

/* A store of the host: what it was given last. */
static char kept[20000], looked_up[500];

static doxin_status keep_corrections(void *user_data, const char *request, char **answer)
{
    doxin_value *value = NULL;
    if (user_data)
        return DOXIN_E_INTERNAL;
    cr_assert_eq(doxin_value_parse(request, &value), DOXIN_OK);
    if (strcmp(doxin_value_text(value, "/event"), "lookup") == 0) {
        snprintf(looked_up, sizeof looked_up, "%s", request);
        *answer = doxin_string_dup(kept[0] ? kept : "{}");
    } else {
        const char *corrections = strstr(request, "\"corrections\":");
        snprintf(kept, sizeof kept, "%.*s", (int)strlen(corrections + 14) - 1, corrections + 14);
    }
    doxin_value_free(value);
    return DOXIN_OK;
}

static doxin_document *open_sample(doxin_session *of)
{
    size_t size;
    doxin_document *document = NULL;
    char *data = read_file(DOXIN_EXAMPLES "/invoice.pdf", &size);
    cr_assert_eq(doxin_document_open(of, data, size, NULL, &document), DOXIN_OK);
    free(data);
    return document;
}

/* The sample with another number that stands on it: as if a user said so. */
static char *correct_sample(doxin_session *of, doxin_document *document)
{
    char *json = NULL;
    cr_assert_eq(doxin_extract_document(of, document, NULL, &json), DOXIN_OK);
    char *at = strstr(json, "\"invoice_number\":\"RC-2026-0147\"");
    cr_assert_not_null(at, "%.300s", json);
    size_t size = strlen(json) + 1;
    char *changed = malloc(size);
    snprintf(changed, size, "%.*s\"invoice_number\":\"PO-88231\"%s", (int)(at - json), json, at + 31);
    doxin_string_free(json);
    return changed;
}

static void expect_number(doxin_session *of, doxin_document *document, const char *options, const char *number,
                          const char *learned)
{
    char *json = NULL;
    doxin_options *opts = options ? options_of(options) : NULL;
    cr_assert_eq(doxin_extract_document(of, document, opts, &json), DOXIN_OK);
    doxin_value *value = NULL;
    cr_assert_eq(doxin_value_parse(json, &value), DOXIN_OK);
    cr_expect_str_eq(doxin_value_text(value, "/invoice_number"), number);
    cr_expect_str_eq(doxin_value_text(value, "/evidence/invoice_number/learned"), learned);
    doxin_value_free(value);
    doxin_string_free(json);
    doxin_options_free(opts);
}

Test(abi_learn, a_host_keeps_what_corrections_teach)
{
    doxin_engine *own;
    doxin_session *of_own;
    char *learned = NULL;
    cr_assert_eq(doxin_engine_open(NULL, &own), DOXIN_OK);
    cr_assert_eq(doxin_engine_set_host(own, "corrections", keep_corrections, NULL, NULL), DOXIN_OK);
    cr_assert_eq(doxin_session_open(own, NULL, &of_own), DOXIN_OK);
    doxin_document *document = open_sample(of_own);
    char *corrected = correct_sample(of_own, document);
    cr_expect(strstr(looked_up, "tax_id:gb135278543") != NULL, "%s", looked_up);
    cr_assert_eq(doxin_invoice_learn(of_own, document, corrected, NULL, &learned), DOXIN_OK);
    expect(learned, "/memories/0/places/0/field", "invoice_number");
    expect_number(of_own, document, NULL, "PO-88231", "true");
    expect_number(of_own, document, "{\"learning\": \"false\"}", "RC-2026-0147", "");
    free(corrected);
    doxin_document_free(document);
    doxin_session_free(of_own);
    doxin_engine_free(own);
}

Test(abi_learn, a_profile_carries_corrections)
{
    char *learned = NULL;
    doxin_document *document = open_sample(session);
    char *corrected = correct_sample(session, document);
    cr_assert_eq(doxin_invoice_learn(session, document, corrected, NULL, &learned), DOXIN_OK);
    doxin_asset *asset = open_profile("{\"schema\": \"doxin.profile/1\", \"own_names\": [\"Harbour Books\"]}");
    char *more = malloc(strlen(learned) + 100);
    sprintf(more, "{\"schema\": \"doxin.profile/1\", \"corrections\": %s}", learned);
    cr_assert_eq(doxin_asset_add(session, asset, more, strlen(more), NULL), DOXIN_OK);
    expect_number(session, document, NULL, "RC-2026-0147", "");
    cr_assert_eq(doxin_session_use(session, asset), DOXIN_OK);
    expect_number(session, document, NULL, "PO-88231", "true");
    /* It survives being kept. */
    char *text = saved(asset);
    doxin_asset *again = open_profile(text);
    expect(saved(again), "/corrections/memories/0/places/0/field", "invoice_number");
    expect(text, "/corrections/schema", "doxin.corrections/1");
    doxin_asset_free(again);
    doxin_asset_free(asset);
    free(more);
    free(corrected);
    doxin_string_free(learned);
    doxin_document_free(document);
}

Test(abi_learn, a_store_that_fails_is_an_error_of_the_host)
{
    doxin_engine *own;
    doxin_session *of_own;
    char *json = NULL;
    int fails = 1;
    cr_assert_eq(doxin_engine_open(NULL, &own), DOXIN_OK);
    cr_assert_eq(doxin_engine_set_host(own, "corrections", keep_corrections, &fails, NULL), DOXIN_OK);
    cr_assert_eq(doxin_session_open(own, NULL, &of_own), DOXIN_OK);
    doxin_document *document = open_sample(of_own);
    cr_assert_eq(doxin_extract_document(of_own, document, NULL, &json), DOXIN_E_HOST);
    cr_assert_null(json);
    cr_assert_eq(doxin_invoice_learn(of_own, document, "{}", NULL, &json), DOXIN_OK, "no vendor, nothing to ask");
    doxin_string_free(json);
    cr_assert_eq(doxin_invoice_learn(of_own, document, "[]", NULL, &json), DOXIN_E_JSON);
    cr_assert_eq(doxin_invoice_learn(of_own, NULL, "{}", NULL, &json), DOXIN_E_INVALID);
    cr_assert_null(json);
    doxin_document_free(document);
    doxin_session_free(of_own);
    doxin_engine_free(own);
}
