/* doxin worker: takes jobs from the queue. */
#include "boot/log.h"
#include "cmd/command.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char usage[] = "Usage: doxin worker [--threads N] [--name NAME]\n\n"
                            "Works through the job queue of DATABASE_URL until SIGTERM or SIGINT. `doxin serve` holds "
                            "a worker already unless it is\n"
                            "started with --no-worker.\n\n"
                            "  --threads N   jobs at a time (default: DOXIN_WORKER_THREADS)\n"
                            "  --name NAME   name of this worker in job rows (default: host and process)\n";

static doxin_status take_options(const settings *config, const char *threads, const char *name, doxin_options **out)
{
    doxin_status status = doxin_options_new(out);
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "threads", threads ? threads : config_text(config, "DOXIN_WORKER_THREADS"));
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "lease_ms", config_text(config, "DOXIN_LEASE_MS"));
    if (status == DOXIN_OK && name)
        status = doxin_options_set(*out, "name", name);
    return status;
}

static void print_engine_error(doxin_engine *engine, doxin_status status)
{
    char *json = NULL;
    doxin_value *error = NULL;
    bool told = doxin_engine_error(engine, &json) == DOXIN_OK && doxin_value_parse(json, &error) == DOXIN_OK;
    fprintf(stderr, "doxin worker: %s (%s)\n", told ? doxin_value_text(error, "/message") : "it cannot start",
            doxin_status_name(status));
    doxin_value_free(error);
    doxin_string_free(json);
}

/* Until a signal, or until the worker ends by itself, which is a failure. */
static doxin_status follow(doxin_task *task, const sigset_t *set)
{
    struct timespec now = {0, 0};
    char *json = NULL;
    bool asked = false;
    for (;;) {
        doxin_status status = doxin_task_next(task, 200, &json);
        if (status == 1) {
            log_line(DOXIN_LOG_DEBUG, "worker", "job", json);
            doxin_string_free(json);
        } else if (status != DOXIN_E_AGAIN) {
            return asked && (status == DOXIN_E_CANCELED || status == DOXIN_OK) ? DOXIN_OK : status;
        }
        if (!asked && sigtimedwait(set, NULL, &now) > 0) {
            asked = true;
            doxin_task_cancel(task);
        }
    }
}

static int work(doxin_engine *engine, doxin_options *opts, const sigset_t *set)
{
    doxin_task *task = NULL;
    doxin_status status = doxin_worker_start(engine, opts, &task);
    if (status == DOXIN_OK) {
        log_line(DOXIN_LOG_INFO, "worker", "ready", NULL);
        status = follow(task, set);
    }
    if (status != DOXIN_OK)
        print_engine_error(engine, status);
    doxin_task_free(task);
    return command_exit_of(status);
}

static int run(settings *config, int count, char **items)
{
    arguments from = {count, items, 1};
    const char *threads = NULL;
    const char *name = NULL;
    while (from.at < from.count)
        if (!(arguments_value(&from, "--threads", &threads) && threads) &&
            !(arguments_value(&from, "--name", &name) && name))
            return command_usage_error("worker", "\"%s\" is no option of it, or its value is missing",
                                       items[from.at < count ? from.at : count - 1]);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    doxin_engine *engine = NULL;
    doxin_session *session = NULL;
    doxin_options *opts = NULL;
    int code = command_open(config, &engine, &session);
    doxin_session_free(session);
    if (code == EXIT_DONE && take_options(config, threads, name, &opts) != DOXIN_OK)
        code = EXIT_SOME_FAILED;
    if (code == EXIT_DONE)
        code = work(engine, opts, &set);
    doxin_options_free(opts);
    doxin_engine_free(engine);
    return code;
}

const command command_worker = {
    .name = "worker",
    .summary = "work through the job queue",
    .usage = usage,
    .run = run,
};
