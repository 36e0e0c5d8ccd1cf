/* Cases over a real database: the launcher of tests/sql starts one and names it in the environment. */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void need_database(trial *t)
{
    doxin_options *opts = NULL;
    must(getenv("DATABASE_URL") && getenv("DATABASE_OWNER_URL") ? DOXIN_OK : DOXIN_E_NO_SOURCE, "DATABASE_URL");
    must(doxin_options_new(&opts), "options_new");
    doxin_options_set(opts, "database_url", getenv("DATABASE_URL"));
    doxin_options_set(opts, "database_owner_url", getenv("DATABASE_OWNER_URL"));
    /* Nothing is parsed here, and starting the parser takes long. */
    doxin_options_set(opts, "docparse", "/nonexistent");
    doxin_options_set(opts, "blob_url", "alloc_blobs");
    doxin_options_set(opts, "dev_login", "true");
    must(doxin_engine_open(opts, &t->engine), "engine_open");
    doxin_options_free(opts);
    must(doxin_session_open(t->engine, NULL, &t->session), "session_open");
}

static void need_schema(trial *t)
{
    char *report = NULL;
    need_database(t);
    must(doxin_migrate(t->session, "up", NULL, &report), "migrate");
    doxin_string_free(report);
}

/* The session is signed in; given.text is the token. */
static void need_user(trial *t)
{
    char *answer = NULL;
    doxin_value *value = NULL;
    need_schema(t);
    must(doxin_call(t->session, "auth.dev_login", "{\"email\": \"a@example.org\", \"name\": \"A\"}", &answer),
         "auth.dev_login");
    must(doxin_value_parse(answer, &value), "value_parse");
    t->given.text = doxin_string_dup(doxin_value_text(value, "/token"));
    must(doxin_session_login(t->session, t->given.text, NULL), "session_login");
    doxin_value_free(value);
    doxin_string_free(answer);
}

static doxin_status session_login(trial *t)
{
    return doxin_session_login(t->session, t->given.text, NULL);
}

static doxin_status migrate(trial *t)
{
    return doxin_migrate(t->session, "status", NULL, &t->out.text);
}

static doxin_status engine_info(trial *t)
{
    return doxin_engine_info(t->engine, &t->out.text);
}

static doxin_status call(trial *t)
{
    return doxin_call(t->session, "auth.me", "{}", &t->out.text);
}

static doxin_status upload_open(trial *t)
{
    return doxin_upload_open(t->session, NULL, &t->out.upload);
}

static doxin_status write_file(trial *t, doxin_upload *upload)
{
    size_t size;
    (void)t;
    const char *data = test_file(DOXIN_EXAMPLES "/invoice.pdf", &size);
    return doxin_upload_write(upload, data, size);
}

/* An upload goes through once: each call has its own, and a failure of any step counts. */
static doxin_status upload_write(trial *t)
{
    doxin_upload *upload = NULL;
    doxin_status status = doxin_upload_open(t->session, NULL, &upload);
    if (status == DOXIN_OK)
        status = write_file(t, upload);
    doxin_upload_free(upload);
    return status;
}

static doxin_status upload_finish(trial *t)
{
    doxin_upload *upload = NULL;
    doxin_status status = doxin_upload_open(t->session, NULL, &upload);
    if (status == DOXIN_OK)
        status = write_file(t, upload);
    if (status == DOXIN_OK)
        status = doxin_upload_finish(upload, &t->out.text);
    doxin_upload_free(upload);
    return status;
}

static doxin_status upload_free(trial *t)
{
    doxin_upload_free(t->given.upload);
    t->given.upload = NULL;
    return DOXIN_OK;
}

static void need_upload(trial *t)
{
    need_user(t);
    must(doxin_upload_open(t->session, NULL, &t->given.upload), "upload_open");
}

/* given.text becomes the id of a stored file. */
static void need_file(trial *t)
{
    doxin_value *value = NULL;
    need_user(t);
    must(upload_finish(t), "upload_finish");
    must(doxin_value_parse(t->out.text, &value), "value_parse");
    doxin_string_free(t->given.text);
    t->given.text = doxin_string_dup(doxin_value_text(value, "/file/id"));
    doxin_value_free(value);
    outcome_free(&t->out);
}

static doxin_status file_read(trial *t)
{
    return doxin_file_read(t->session, t->given.text, "0", 100000, &t->out.bytes);
}

static int ignore(void *data, const char *event)
{
    (void)data, (void)event;
    return 0;
}

/* Failures also hit the threads of the task: it is waited for before they end. */
static doxin_status run_out(doxin_task *task)
{
    doxin_status status = doxin_task_run(task, ignore, NULL);
    doxin_task_free(task);
    return status;
}

static doxin_status call_start(trial *t)
{
    doxin_task *task = NULL;
    doxin_status status = doxin_call_start(t->session, "auth.me", "{}", &task);
    t->out.task = status == DOXIN_OK ? NULL : task;
    return status == DOXIN_OK ? run_out(task) : status;
}

static doxin_status worker_start(trial *t)
{
    doxin_task *task = NULL;
    doxin_status status = doxin_worker_start(t->engine, NULL, &task);
    t->out.task = status == DOXIN_OK ? NULL : task;
    if (status != DOXIN_OK)
        return status;
    must(doxin_task_cancel(task), "task_cancel");
    return run_out(task);
}

const alloc_case database_cases[] = {
    {"doxin_migrate", need_database, migrate, DOXIN_OK, DATABASE},
    {"doxin_engine_info", need_schema, engine_info, DOXIN_OK, DATABASE | BEST_EFFORT},
    {"doxin_session_login", need_user, session_login, DOXIN_OK, DATABASE | NO_OUT},
    {"doxin_call", need_user, call, DOXIN_OK, DATABASE | KEEP},
    {"doxin_call_start", need_user, call_start, DOXIN_OK, DATABASE | KEEP | NO_OUT},
    {"doxin_worker_start", need_schema, worker_start, DOXIN_E_CANCELED, DATABASE | NO_OUT},
    {"doxin_upload_open", need_user, upload_open, DOXIN_OK, DATABASE | KEEP},
    {"doxin_upload_write", need_user, upload_write, DOXIN_OK, DATABASE | KEEP | NO_OUT},
    {"doxin_upload_finish", need_user, upload_finish, DOXIN_OK, DATABASE | KEEP},
    {"doxin_upload_free", need_upload, upload_free, DOXIN_OK, DATABASE | NO_OUT},
    {"doxin_file_read", need_file, file_read, DOXIN_OK, DATABASE | KEEP},
};
const size_t database_case_count = sizeof database_cases / sizeof database_cases[0];
