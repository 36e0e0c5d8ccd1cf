/* The public interface from several threads and processes, with a main of its own so that it runs under the thread
 * sanitizer. Exit 0: everything held. */
#include "doxin/doxin.h"

#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int mistakes;

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            mistakes++;                                                                                                \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
        }                                                                                                              \
    } while (0)

static char pdf[1 << 20];
static size_t pdf_size;
static char xml[1 << 20];
static size_t xml_size;

static size_t read_file(const char *path, char *data, size_t size)
{
    FILE *file = fopen(path, "rb");
    size_t got = file ? fread(data, 1, size, file) : 0;
    if (file)
        fclose(file);
    CHECK(got > 0);
    return got;
}

static doxin_engine *open_engine(void)
{
    doxin_options *opts = NULL;
    doxin_engine *engine = NULL;
    CHECK(doxin_options_new(&opts) == DOXIN_OK);
    CHECK(doxin_options_set(opts, "docparse", DOXIN_DOCPARSE) == DOXIN_OK);
    CHECK(doxin_options_set(opts, "parsers", "1") == DOXIN_OK);
    CHECK(doxin_engine_open(opts, &engine) == DOXIN_OK);
    doxin_options_free(opts);
    return engine;
}

static doxin_session *open_session(doxin_engine *engine)
{
    doxin_session *session = NULL;
    CHECK(doxin_session_open(engine, NULL, &session) == DOXIN_OK);
    return session;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_ms(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static int entries(const char *path)
{
    DIR *folder = opendir(path);
    int count = 0;
    while (folder && readdir(folder))
        count++;
    closedir(folder);
    return count;
}

/* Threads of tasks end on their own. */
static int threads_at_most(int expected)
{
    for (int i = 0; i < 300 && entries("/proc/self/task") > expected; i++)
        sleep_ms(10);
    return entries("/proc/self/task") <= expected;
}

static int readable(int fd)
{
    struct pollfd at = {.fd = fd, .events = POLLIN};
    return poll(&at, 1, 0) == 1;
}

/* ---- engines ------------------------------------------------------------------------------------------------------ */

static void two_engines_live_side_by_side(void)
{
    doxin_engine *engines[2] = {open_engine(), open_engine()};
    doxin_session *sessions[2] = {open_session(engines[0]), open_session(engines[1])};
    char *json = NULL;
    for (int i = 0; i < 2; i++) {
        CHECK(doxin_extract(sessions[i], pdf, pdf_size, NULL, &json) == DOXIN_OK);
        doxin_string_free(json);
    }
    doxin_session_free(sessions[0]);
    doxin_engine_free(engines[0]);
    CHECK(doxin_extract(sessions[1], pdf, pdf_size, NULL, &json) == DOXIN_OK);
    doxin_string_free(json);
    doxin_session_free(sessions[1]);
    doxin_engine_free(engines[1]);
}

static void use_once(int with_parser)
{
    char *json = NULL;
    doxin_task *task = NULL;
    doxin_engine *engine = open_engine();
    doxin_session *session = open_session(engine);
    CHECK(doxin_extract(session, xml, xml_size, NULL, &json) == DOXIN_OK);
    doxin_string_free(json);
    if (with_parser) {
        CHECK(doxin_extract(session, pdf, pdf_size, NULL, &json) == DOXIN_OK);
        doxin_string_free(json);
    }
    CHECK(doxin_extract_start(session, xml, xml_size, NULL, &task) == DOXIN_OK);
    while (doxin_task_next(task, -1, &json) == 1)
        doxin_string_free(json);
    doxin_task_free(task);
    doxin_session_free(session);
    doxin_engine_free(engine);
}

static void opening_often_leaves_nothing(void)
{
    use_once(1);
    sleep_ms(100);
    int threads = entries("/proc/self/task");
    int fds = entries("/proc/self/fd");
    for (int i = 0; i < 100; i++)
        use_once(i % 50 == 0);
    CHECK(threads_at_most(threads));
    int left = entries("/proc/self/fd");
    CHECK(left <= fds);
}

/* ---- sessions ----------------------------------------------------------------------------------------------------- */

typedef struct long_call {
    doxin_session *session;
    doxin_status status;
    atomic_int done;
} long_call;

static void *run_long_call(void *data)
{
    long_call *call = data;
    char *json = NULL;
    call->status = doxin_extract(call->session, pdf, pdf_size, NULL, &json);
    doxin_string_free(json);
    atomic_store(&call->done, 1);
    return NULL;
}

/* Asks until the other thread is inside its call, or has ended. */
static int comes_to_be_busy(long_call *call)
{
    while (!atomic_load(&call->done)) {
        char *json = NULL;
        doxin_status status = doxin_money_sum(call->session, "[]", NULL, &json);
        doxin_string_free(json);
        if (status == DOXIN_E_BUSY)
            return 1;
        CHECK(status == DOXIN_OK);
    }
    return 0;
}

static void a_session_in_use_is_busy(void)
{
    doxin_engine *engine = open_engine();
    doxin_session *session = open_session(engine);
    int busy = 0;
    /* The other thread may find us inside, and end at once: then it is tried again. */
    for (int i = 0; i < 200 && !busy; i++) {
        pthread_t thread;
        long_call call = {.session = session};
        pthread_create(&thread, NULL, run_long_call, &call);
        busy = comes_to_be_busy(&call);
        if (busy && !atomic_load(&call.done)) {
            char *error = NULL;
            doxin_status status = doxin_session_error(session, &error);
            CHECK(status == DOXIN_E_BUSY || atomic_load(&call.done));
            doxin_string_free(error);
        }
        pthread_join(thread, NULL);
        CHECK(call.status == DOXIN_OK || call.status == DOXIN_E_BUSY);
    }
    CHECK(busy);
    doxin_session_free(session);
    doxin_engine_free(engine);
}

static void cancel_ends_the_call_and_no_other(void)
{
    doxin_engine *engine = open_engine();
    doxin_session *session = open_session(engine);
    char *json = NULL;
    pthread_t thread;
    long_call call = {.session = session};
    CHECK(doxin_session_cancel(session) == DOXIN_OK);
    pthread_create(&thread, NULL, run_long_call, &call);
    sleep_ms(50); /* the parser is starting, which takes longer */
    CHECK(doxin_session_cancel(session) == DOXIN_OK);
    int64_t asked = now_ms();
    pthread_join(thread, NULL);
    CHECK(now_ms() - asked < 2000);
    CHECK(call.status == DOXIN_E_CANCELED);
    CHECK(doxin_session_cancel(session) == DOXIN_OK);
    CHECK(doxin_extract(session, pdf, pdf_size, NULL, &json) == DOXIN_OK);
    doxin_string_free(json);
    doxin_session_free(session);
    doxin_engine_free(engine);
}

/* ---- tasks -------------------------------------------------------------------------------------------------------- */

static void the_descriptor_says_what_next_would(void)
{
    doxin_engine *engine = open_engine();
    doxin_session *session = open_session(engine);
    doxin_task *task = NULL;
    CHECK(doxin_extract_start(session, pdf, pdf_size, NULL, &task) == DOXIN_OK);
    int fd = doxin_task_fd(task);
    int events = 0;
    int quiet = 0;
    doxin_status status = 1;
    while (status == 1 || status == DOXIN_E_AGAIN) {
        char *json = NULL;
        int before = readable(fd);
        status = doxin_task_next(task, 0, &json);
        /* What was readable stays so for the one thread that takes; the other way round an event may have come. */
        CHECK(!(before && status == DOXIN_E_AGAIN));
        if (status == DOXIN_E_AGAIN) {
            struct pollfd at = {.fd = fd, .events = POLLIN};
            quiet++;
            CHECK(poll(&at, 1, 20000) == 1);
        }
        events += status == 1;
        doxin_string_free(json);
    }
    CHECK(status == DOXIN_OK);
    CHECK(events >= 2 && quiet >= 1);
    for (int i = 0; i < 3; i++) {
        char *json = NULL;
        CHECK(readable(fd));
        CHECK(doxin_task_next(task, 0, &json) == DOXIN_OK);
    }
    doxin_task_free(task);
    doxin_session_free(session);
    doxin_engine_free(engine);
}

static int never(void *data, const char *json)
{
    (void)json;
    ++*(int *)data;
    return 1;
}

static void a_task_is_cancelled(void)
{
    doxin_engine *engine = open_engine();
    doxin_session *session = open_session(engine);
    doxin_task *task = NULL;
    char *json = NULL;
    CHECK(doxin_extract_start(session, pdf, pdf_size, NULL, &task) == DOXIN_OK);
    int64_t asked = now_ms();
    CHECK(doxin_task_cancel(task) == DOXIN_OK);
    doxin_status status;
    while ((status = doxin_task_next(task, 5000, &json)) == 1)
        doxin_string_free(json);
    CHECK(status == DOXIN_E_CANCELED);
    CHECK(now_ms() - asked < 2000);
    CHECK(doxin_task_next(task, 0, &json) == DOXIN_E_CANCELED);
    CHECK(doxin_task_error(task, &json) == DOXIN_OK && strstr(json, "DOXIN_E_CANCELED"));
    doxin_string_free(json);
    doxin_task_free(task);
    int seen = 0;
    CHECK(doxin_extract_start(session, pdf, pdf_size, NULL, &task) == DOXIN_OK);
    CHECK(doxin_task_run(task, never, &seen) == DOXIN_E_CANCELED);
    CHECK(seen >= 1);
    doxin_task_free(task);
    doxin_session_free(session);
    doxin_engine_free(engine);
}

static void a_running_task_is_freed(void)
{
    int threads = entries("/proc/self/task");
    for (int i = 0; i < 20; i++) {
        doxin_engine *engine = open_engine();
        doxin_session *session = open_session(engine);
        doxin_task *tasks[2] = {NULL};
        CHECK(doxin_extract_start(session, pdf, pdf_size, NULL, &tasks[0]) == DOXIN_OK);
        CHECK(doxin_extract_start(session, xml, xml_size, NULL, &tasks[1]) == DOXIN_OK);
        sleep_ms(i);
        if (i % 2)
            doxin_engine_free(engine);
        doxin_task_free(tasks[0]);
        doxin_session_free(session);
        doxin_task_free(tasks[1]);
        if (i % 2 == 0)
            doxin_engine_free(engine);
    }
    CHECK(threads_at_most(threads));
}

/* ---- shared by threads -------------------------------------------------------------------------------------------- */

typedef struct shared {
    doxin_engine *engine;
    doxin_asset *asset;
} shared;

static void *work_on_shared(void *data)
{
    shared *with = data;
    doxin_session *session = open_session(with->engine);
    static const char more[] = "{\"schema\": \"doxin.profile/1\", \"country\": \"DE\"}";
    for (int i = 0; i < 20; i++) {
        char *json = NULL;
        doxin_task *task = NULL;
        doxin_bytes *bytes = NULL;
        CHECK(doxin_extract(session, xml, xml_size, NULL, &json) == DOXIN_OK);
        doxin_string_free(json);
        CHECK(doxin_asset_add(session, with->asset, more, strlen(more), NULL) == DOXIN_OK);
        CHECK(doxin_session_use(session, with->asset) == DOXIN_OK);
        CHECK(doxin_asset_save(session, with->asset, &bytes) == DOXIN_OK);
        doxin_bytes_free(bytes);
        CHECK(doxin_worker_start(with->engine, NULL, &task) == DOXIN_E_NO_SOURCE);
        CHECK(doxin_engine_error(with->engine, &json) == DOXIN_OK);
        doxin_string_free(json);
    }
    doxin_session_free(session);
    return NULL;
}

static void an_engine_is_shared_by_threads(void)
{
    enum { THREADS = 4 };
    static const char profile[] = "{\"schema\": \"doxin.profile/1\", \"own_names\": [\"Example Ltd\"]}";
    pthread_t threads[THREADS];
    shared with = {.engine = open_engine()};
    doxin_session *session = open_session(with.engine);
    CHECK(doxin_asset_open(session, "profile", profile, strlen(profile), NULL, &with.asset) == DOXIN_OK);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, work_on_shared, &with);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    doxin_asset_free(with.asset);
    doxin_session_free(session);
    doxin_engine_free(with.engine);
}

/* ---- fork --------------------------------------------------------------------------------------------------------- */

typedef struct family {
    doxin_engine *engine;
    doxin_session *session;
    doxin_task *task;
    doxin_document *document;
} family;

static void *wait_for_events(void *data)
{
    char *json = NULL;
    while (doxin_task_next(data, -1, &json) == 1)
        doxin_string_free(json);
    return NULL;
}

/* In the child: everything is refused, and everything can be freed. */
static int in_child(family *of)
{
    char *json = NULL;
    doxin_task *task = NULL;
    doxin_session *session = NULL;
    mistakes = 0;
    alarm(20); /* a child that waits for ever is ended */
    CHECK(doxin_engine_info(of->engine, &json) == DOXIN_E_FORKED);
    CHECK(doxin_operations(of->engine, &json) == DOXIN_E_FORKED);
    CHECK(doxin_engine_set_log(of->engine, NULL, NULL, NULL) == DOXIN_E_FORKED);
    CHECK(doxin_session_open(of->engine, NULL, &session) == DOXIN_E_FORKED);
    CHECK(doxin_worker_start(of->engine, NULL, &task) == DOXIN_E_FORKED);
    CHECK(doxin_extract(of->session, xml, xml_size, NULL, &json) == DOXIN_E_FORKED);
    CHECK(doxin_money_sum(of->session, "[]", NULL, &json) == DOXIN_E_FORKED);
    CHECK(doxin_document_json(of->session, of->document, &json) == DOXIN_E_FORKED);
    CHECK(doxin_session_cancel(of->session) == DOXIN_E_FORKED);
    CHECK(doxin_task_next(of->task, 0, &json) == DOXIN_E_FORKED);
    CHECK(doxin_task_cancel(of->task) == DOXIN_E_FORKED);
    CHECK(doxin_task_error(of->task, &json) == DOXIN_E_FORKED);
    doxin_task_free(of->task);
    doxin_document_free(of->document);
    doxin_session_free(of->session);
    doxin_engine_free(of->engine);
    doxin_engine *own = open_engine();
    session = open_session(own);
    CHECK(doxin_extract(session, xml, xml_size, NULL, &json) == DOXIN_OK);
    doxin_string_free(json);
    doxin_session_free(session);
    doxin_engine_free(own);
    return mistakes != 0;
}

static void a_child_cannot_use_what_its_parent_opened(void)
{
    pthread_t thread;
    char *json = NULL;
    int end = 1;
    family of = {.engine = open_engine()};
    of.session = open_session(of.engine);
    CHECK(doxin_document_open(of.session, pdf, pdf_size, NULL, &of.document) == DOXIN_OK);
    CHECK(doxin_extract_start(of.session, pdf, pdf_size, NULL, &of.task) == DOXIN_OK);
    pthread_create(&thread, NULL, wait_for_events, of.task);
    sleep_ms(20); /* one thread is inside the task, another waits for it */
    pid_t child = fork();
    if (child == 0)
        _exit(in_child(&of));
    CHECK(child > 0 && waitpid(child, &end, 0) == child && end == 0);
    pthread_join(thread, NULL);
    CHECK(doxin_extract(of.session, pdf, pdf_size, NULL, &json) == DOXIN_OK);
    doxin_string_free(json);
    doxin_task_free(of.task);
    doxin_document_free(of.document);
    doxin_session_free(of.session);
    doxin_engine_free(of.engine);
}

/* ---- all ---------------------------------------------------------------------------------------------------------- */

typedef struct part {
    const char *name;
    void (*run)(void);
} part;

int main(int count, char **arguments)
{
    static const part parts[] = {
        {"two engines", two_engines_live_side_by_side},
        {"opening often", opening_often_leaves_nothing},
        {"busy", a_session_in_use_is_busy},
        {"cancel", cancel_ends_the_call_and_no_other},
        {"descriptor", the_descriptor_says_what_next_would},
        {"task cancelled", a_task_is_cancelled},
        {"task freed", a_running_task_is_freed},
        {"shared", an_engine_is_shared_by_threads},
        {"fork", a_child_cannot_use_what_its_parent_opened},
    };
    pdf_size = read_file(DOXIN_EXAMPLES "/invoice.pdf", pdf, sizeof pdf);
    xml_size = read_file(DOXIN_TEST_DATA "/einvoice/ubl-invoice.xml", xml, sizeof xml);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (count > 1 && strcmp(arguments[1], parts[i].name) != 0)
            continue;
        int before = mistakes;
        int64_t start = now_ms();
        parts[i].run();
        printf("%-16s %s, %lld ms\n", parts[i].name, mistakes == before ? "holds" : "FAILED",
               (long long)(now_ms() - start));
        fflush(stdout);
    }
    return mistakes == 0 ? 0 : 1;
}
