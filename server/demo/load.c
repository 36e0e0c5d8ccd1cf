#include "demo/load.h"

#include "base/text.h"
#include "boot/log.h"
#include "cmd/command.h"
#include "demo/data.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CALL_MS = 60000, READ_SECONDS = 300, PAGE = 100, PAGES_MOST = 50, PIECE = 65536, ID_TEXT = 40 };

#define CATALOGUE_EMAIL "demo-catalogue@example.com"

typedef struct row {
    char invoice[ID_TEXT]; /* "": not there yet */
    bool done;
    bool failed;
} row;

typedef struct demo {
    const settings *config;
    const demo_options *options;
    doxin_engine *engine;
    doxin_session *nobody;
    doxin_session *user;
    doxin_task *work;
    row *rows; /* one for each of demo_files */
} demo;

/* ---- calls ---------------------------------------------------------------------------------------------------------------- */

/* Calls an operation with args as its request, which this frees. *out is NULL or to be freed. */
static doxin_status call(doxin_session *session, const char *operation, text *args, doxin_value **out)
{
    char *json = NULL;
    *out = NULL;
    doxin_status status = args->failed ? DOXIN_E_NOMEM : doxin_call(session, operation, args->data, &json);
    text_free(args);
    if (status == DOXIN_OK)
        status = doxin_value_parse(json, out);
    doxin_string_free(json);
    return status;
}

static doxin_status call_with(doxin_session *session, const char *operation, const char *member, const char *value,
                              doxin_value **out)
{
    text args = {0};
    text_put(&args, "{");
    text_member(&args, member, value);
    text_trim(&args);
    text_put(&args, "}");
    return call(session, operation, &args, out);
}

/* On standard error: words for people of the command, a line of the log for the server. */
static void say(const demo *own, const char *what, const char *why)
{
    if (own->options->print) {
        fprintf(stderr, "doxin: %s: %s\n", what, why);
        return;
    }
    text fields = {0};
    text_put(&fields, "{");
    text_member(&fields, "reason", why);
    text_trim(&fields);
    text_put(&fields, "}");
    log_line(DOXIN_LOG_ERROR, "demo", what, fields.failed ? NULL : fields.data);
    text_free(&fields);
}

/* The words are those of the session; NULL: of the engine. */
static int failed(const demo *own, doxin_session *session, doxin_status status, const char *what)
{
    char *json = NULL;
    doxin_value *error = NULL;
    doxin_status told = DOXIN_E_INVALID;
    if (session)
        told = doxin_session_error(session, &json);
    else if (own->engine)
        told = doxin_engine_error(own->engine, &json);
    bool known = told == DOXIN_OK && doxin_value_parse(json, &error) == DOXIN_OK;
    say(own, what, known ? doxin_value_text(error, "/message") : doxin_status_name(status));
    doxin_value_free(error);
    doxin_string_free(json);
    return command_exit_of(status);
}

static bool asked_to_stop(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 && (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1);
}

/* ---- who ------------------------------------------------------------------------------------------------------------------ */

/* The engine is this function's own and no network reaches it: that it signs people in without a password opens nothing
 * that the process, which holds the database's logins, could not do anyway. The server's engine is another one. */
static int open_engine(demo *own)
{
    doxin_options *opts = NULL;
    doxin_status status = config_engine_options(own->config, &opts);
    if (status == DOXIN_OK)
        status = doxin_options_set(opts, "dev_login", "true");
    if (status == DOXIN_OK)
        status = doxin_engine_open(opts, &own->engine);
    doxin_options_free(opts);
    if (status == DOXIN_OK)
        status = doxin_engine_set_log(own->engine, log_from_library, NULL, NULL);
    if (status == DOXIN_OK)
        status = doxin_session_open(own->engine, NULL, &own->nobody);
    return status == DOXIN_OK ? EXIT_DONE : failed(own, NULL, status, "the engine cannot be opened");
}

static int migrate(demo *own)
{
    char *report = NULL;
    if (!own->options->migrate)
        return EXIT_DONE;
    doxin_status status = doxin_migrate(own->nobody, "up", NULL, &report);
    doxin_string_free(report);
    return status == DOXIN_OK ? EXIT_DONE : failed(own, own->nobody, status, "the schema cannot be brought up");
}

/* role NULL: that of the account, "user" for a new one. */
static int sign_in(demo *own, const char *email, const char *name, const char *role, doxin_session **out)
{
    text args = {0};
    doxin_value *answer = NULL;
    text_put(&args, "{");
    text_member(&args, "email", email);
    if (name)
        text_member(&args, "name", name);
    if (role)
        text_member(&args, "role", role);
    text_trim(&args);
    text_put(&args, "}");
    doxin_status status = call(own->nobody, "auth.dev_login", &args, &answer);
    doxin_session *words = own->nobody;
    if (status == DOXIN_OK)
        status = doxin_session_open(own->engine, NULL, out);
    if (status == DOXIN_OK) {
        words = *out;
        status = doxin_session_login(*out, doxin_value_text(answer, "/token"), NULL);
    }
    if (status == DOXIN_OK)
        status = doxin_session_set_deadline(*out, CALL_MS);
    doxin_value_free(answer);
    return status == DOXIN_OK ? EXIT_DONE : failed(own, words, status, "the demonstration's user cannot sign in");
}

static void sign_out(doxin_session *session)
{
    char *json = NULL;
    /* Where it fails the session ends by itself. */
    if (session && doxin_call(session, "auth.logout", NULL, &json) != DOXIN_OK)
        log_line(DOXIN_LOG_DEBUG, "demo", "the session stays until it expires", NULL);
    doxin_string_free(json);
    doxin_session_free(session);
}

/* ---- the catalogue -------------------------------------------------------------------------------------------------------- */

/* In the name of an administrator of its own, so that the user who gets the invoices is not raised to one. Giving the
 * role takes the owner's login of the database. */
static int import_catalogue(demo *own)
{
    doxin_session *administrator = NULL;
    char *json = NULL;
    doxin_value *answer = NULL;
    int code = sign_in(own, CATALOGUE_EMAIL, "Demonstration catalogue", "admin", &administrator);
    if (code == EXIT_DONE) {
        doxin_status status = doxin_call(administrator, "catalog.import", demo_catalogue, &json);
        if (status == DOXIN_OK)
            status = doxin_value_parse(json, &answer);
        if (status != DOXIN_OK)
            code = failed(own, administrator, status, "the catalogue cannot be imported");
        else if (strcmp(doxin_value_text(answer, "/failed"), "0") != 0) {
            say(own, "the catalogue was refused", doxin_value_text(answer, "/errors/0"));
            code = EXIT_SOME_FAILED;
        }
    }
    doxin_value_free(answer);
    doxin_string_free(json);
    sign_out(administrator);
    return code;
}

/* ---- the invoices --------------------------------------------------------------------------------------------------------- */

static const demo_file *file_named(const char *name)
{
    for (size_t i = 0; i < demo_file_count; i++)
        if (strcmp(demo_files[i].name, name) == 0)
            return &demo_files[i];
    return NULL;
}

/* Whether an item of invoices.list is one of ours: the same name, and the same bytes. */
static doxin_status recognise(demo *own, const doxin_value *list, size_t at)
{
    char pointer[64];
    doxin_value *about = NULL;
    snprintf(pointer, sizeof pointer, "/invoices/%zu/original_filename", at);
    const demo_file *file = file_named(doxin_value_text(list, pointer));
    if (!file || own->rows[file - demo_files].invoice[0])
        return DOXIN_OK;
    snprintf(pointer, sizeof pointer, "/invoices/%zu/file_storage_id", at);
    doxin_status status = call_with(own->user, "files.content", "file_id", doxin_value_text(list, pointer), &about);
    snprintf(pointer, sizeof pointer, "/invoices/%zu/id", at);
    if (status == DOXIN_OK && strcmp(doxin_value_text(about, "/file/file_hash"), file->sha256) == 0)
        snprintf(own->rows[file - demo_files].invoice, ID_TEXT, "%s", doxin_value_text(list, pointer));
    doxin_value_free(about);
    /* A file that is gone is not there. */
    return status == DOXIN_E_NOT_FOUND ? DOXIN_OK : status;
}

static doxin_status find_known(demo *own)
{
    doxin_status status = DOXIN_OK;
    size_t count = PAGE;
    for (int page = 1; status == DOXIN_OK && count == PAGE && page <= PAGES_MOST; page++) {
        text args = {0};
        doxin_value *list = NULL;
        text_format(&args, "{\"page\":%d,\"per_page\":%d}", page, PAGE);
        status = call(own->user, "invoices.list", &args, &list);
        count = status == DOXIN_OK ? doxin_value_count(list, "/invoices") : 0;
        for (size_t i = 0; status == DOXIN_OK && i < count; i++)
            status = recognise(own, list, i);
        doxin_value_free(list);
    }
    return status;
}

static doxin_status upload_options(const demo_file *file, doxin_options **out)
{
    doxin_status status = doxin_options_new(out);
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "file_name", file->name);
    return status == DOXIN_OK ? doxin_options_set(*out, "source", "demo") : status;
}

static doxin_status upload(demo *own, const demo_file *file, row *to)
{
    doxin_options *opts = NULL;
    doxin_upload *handle = NULL;
    char *json = NULL;
    doxin_value *answer = NULL;
    doxin_status status = upload_options(file, &opts);
    if (status == DOXIN_OK)
        status = doxin_upload_open(own->user, opts, &handle);
    for (size_t at = 0; status == DOXIN_OK && at < file->size; at += PIECE)
        status = doxin_upload_write(handle, file->data + at, file->size - at < PIECE ? file->size - at : PIECE);
    if (status == DOXIN_OK)
        status = doxin_upload_finish(handle, &json);
    if (status == DOXIN_OK)
        status = doxin_value_parse(json, &answer);
    if (status == DOXIN_OK)
        snprintf(to->invoice, ID_TEXT, "%s", doxin_value_text(answer, "/invoice_id"));
    doxin_value_free(answer);
    doxin_string_free(json);
    doxin_upload_free(handle);
    doxin_options_free(opts);
    return status;
}

static int store_invoices(demo *own)
{
    doxin_status status = find_known(own);
    for (size_t i = 0; status == DOXIN_OK && i < demo_file_count; i++)
        if (!own->rows[i].invoice[0])
            status = upload(own, &demo_files[i], &own->rows[i]);
    return status == DOXIN_OK ? EXIT_DONE : failed(own, own->user, status, "the invoices cannot be uploaded");
}

/* ---- reading them --------------------------------------------------------------------------------------------------------- */

static doxin_status worker_options(const settings *config, doxin_options **out)
{
    doxin_status status = doxin_options_new(out);
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "threads", config_text(config, "DOXIN_WORKER_THREADS"));
    return status == DOXIN_OK ? doxin_options_set(*out, "lease_ms", config_text(config, "DOXIN_LEASE_MS")) : status;
}

static int start_worker(demo *own)
{
    doxin_options *opts = NULL;
    if (!own->options->worker)
        return EXIT_DONE;
    doxin_status status = worker_options(own->config, &opts);
    if (status == DOXIN_OK)
        status = doxin_worker_start(own->engine, opts, &own->work);
    doxin_options_free(opts);
    return status == DOXIN_OK ? EXIT_DONE : failed(own, NULL, status, "the worker cannot start");
}

/* *open: how many are not read yet. */
static doxin_status look(demo *own, size_t *open)
{
    doxin_status status = DOXIN_OK;
    *open = 0;
    for (size_t i = 0; status == DOXIN_OK && i < demo_file_count; i++) {
        row *at = &own->rows[i];
        doxin_value *answer = NULL;
        if (at->done)
            continue;
        status = call_with(own->user, "invoices.status", "id", at->invoice, &answer);
        const char *state = doxin_value_text(answer, "/status");
        at->done = strcmp(state, "pending") != 0 && strcmp(state, "running") != 0;
        at->failed = at->done && strcmp(state, "completed") != 0;
        *open += !at->done;
        doxin_value_free(answer);
    }
    return status;
}

/* Waits a moment; what the worker says meanwhile is in the database too. */
static void pause_shortly(doxin_task *work)
{
    struct timespec moment = {0, 200000000};
    char *json = NULL;
    while (work && doxin_task_next(work, 0, &json) == 1)
        doxin_string_free(json);
    nanosleep(&moment, NULL);
}

static int wait_until_read(demo *own)
{
    time_t until = time(NULL) + READ_SECONDS;
    size_t open = demo_file_count;
    for (;;) {
        doxin_status status = look(own, &open);
        if (status != DOXIN_OK)
            return failed(own, own->user, status, "the invoices cannot be followed");
        if (open == 0)
            break;
        if (asked_to_stop() || time(NULL) > until) {
            say(own, "not all of the demonstration's invoices are read yet", "a worker goes on with them");
            return EXIT_SOME_FAILED;
        }
        pause_shortly(own->work);
    }
    for (size_t i = 0; i < demo_file_count; i++)
        if (own->rows[i].failed) {
            say(own, "an invoice of the demonstration could not be read", demo_files[i].name);
            return EXIT_SOME_FAILED;
        }
    return EXIT_DONE;
}

/* ---- the table ------------------------------------------------------------------------------------------------------------ */

/* Padded or cut to width characters. */
static void cell(const char *words, int width)
{
    int used = 0;
    for (; *words && used < width; used++) {
        do
            putchar(*words++);
        while (((unsigned char)*words & 0xC0) == 0x80);
    }
    printf("%*s  ", width - used, "");
}

static void print_line(const char *vendor, const char *number, const char *date, const char *total,
                       const char *currency, const char *state)
{
    cell(vendor, 30);
    cell(number, 14);
    cell(date, 10);
    printf("%12s  %-8s  %s\n", total, currency, state);
}

static int print_table(demo *own)
{
    doxin_status status = DOXIN_OK;
    if (!own->options->print)
        return EXIT_DONE;
    print_line("Vendor", "Number", "Date", "Total", "Currency", "State");
    for (size_t i = 0; status == DOXIN_OK && i < demo_file_count; i++) {
        doxin_value *is = NULL;
        status = call_with(own->user, "invoices.get", "id", own->rows[i].invoice, &is);
        if (status == DOXIN_OK)
            print_line(doxin_value_text(is, "/invoice/vendor_name"), doxin_value_text(is, "/invoice/invoice_number"),
                       doxin_value_text(is, "/invoice/invoice_date"), doxin_value_text(is, "/invoice/total_amount"),
                       doxin_value_text(is, "/invoice/currency"), doxin_value_text(is, "/invoice/review_state"));
        doxin_value_free(is);
    }
    return status == DOXIN_OK ? EXIT_DONE : failed(own, own->user, status, "the invoices cannot be read");
}

/* ---- all of it ------------------------------------------------------------------------------------------------------------ */

static int load(demo *own)
{
    bool standard = strcmp(own->options->email, DEMO_EMAIL) == 0;
    int code = open_engine(own);
    if (code == EXIT_DONE)
        code = migrate(own);
    if (code == EXIT_DONE)
        code = import_catalogue(own);
    if (code == EXIT_DONE)
        code = sign_in(own, own->options->email, standard ? "Demonstration" : NULL, NULL, &own->user);
    if (code == EXIT_DONE)
        code = store_invoices(own);
    if (code == EXIT_DONE)
        code = start_worker(own);
    if (code != EXIT_DONE)
        return code;
    int read = wait_until_read(own);
    code = print_table(own);
    return read != EXIT_DONE ? read : code;
}

static void stop_worker(doxin_task *work)
{
    char *json = NULL;
    if (!work)
        return;
    doxin_task_cancel(work);
    while (doxin_task_next(work, CALL_MS / 10, &json) == 1)
        doxin_string_free(json);
    doxin_task_free(work);
}

int demo_load(const settings *config, const demo_options *options)
{
    demo own = {.config = config, .options = options, .rows = calloc(demo_file_count, sizeof *own.rows)};
    int code = own.rows ? load(&own) : failed(&own, NULL, DOXIN_E_NOMEM, "the demonstration cannot be loaded");
    stop_worker(own.work);
    sign_out(own.user);
    doxin_session_free(own.nobody);
    doxin_engine_free(own.engine);
    free(own.rows);
    return code;
}
