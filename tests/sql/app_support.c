#include "app_support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void stage_open(stage *s, const char *name)
{
    char application[2000], owner[2000];
    memset(s, 0, sizeof *s);
    world_open(&s->w, name, true);
    cr_assert(dx_ctx_init(&s->ctx, 0));
    snprintf(s->folder, sizeof s->folder, "/tmp/doxin-test-XXXXXX");
    cr_assert_not_null(mkdtemp(s->folder));
    snprintf(application, sizeof application, "%s", world_url("doxin_application", name));
    snprintf(owner, sizeof owner, "%s", world_url("doxin_owner", name));
    dx_app_options options = {
        .database_url = application,
        .database_owner_url = owner,
        .pool_size = 16,
        .blob_url = s->folder,
        .dev_login = true,
        .max_bytes = 1 << 20,
        .review_threshold = 800,
    };
    cr_assert_eq(dx_app_open(&options, &s->ctx, &s->app), DOXIN_OK, "%s", s->ctx.error.message);
}

void stage_close(stage *s)
{
    char command[100];
    for (size_t i = 0; i < s->answer_count; i++)
        dx_json_free(s->answers[i]);
    dx_app_free(s->app);
    dx_ctx_destroy(&s->ctx);
    world_close(&s->w);
    snprintf(command, sizeof command, "rm -rf '%s'", s->folder);
    cr_assert_eq(system(command), 0);
}

void stage_as(stage *s, const char *purpose, const char *user)
{
    s->ctx.purpose = purpose;
    s->ctx.user_id = user;
}

const dx_json *stage_call(stage *s, doxin_status expected, const char *operation, const char *args)
{
    dx_buffer out;
    dx_json *json = NULL;
    dx_buffer_init(&out, 0);
    dx_error_clear(&s->ctx.error);
    doxin_status status = dx_app_call(s->app, &s->ctx, operation, args, &out);
    cr_assert_eq(status, expected, "%s %s: %s (%s)", operation, args ? args : "", dx_error_info_of(status)->name,
                 s->ctx.error.message);
    if (status == DOXIN_OK) {
        cr_assert_eq(dx_json_parse(&s->ctx, out.data, out.len, &json), DOXIN_OK, "%s: %s", operation, out.data);
        cr_assert_lt(s->answer_count, sizeof s->answers / sizeof s->answers[0]);
        s->answers[s->answer_count++] = json;
    } else
        cr_assert_eq(out.len, 0, "%s left %s", operation, out.data);
    dx_buffer_free(&out);
    return json;
}

const char *text_at(const dx_json *json, const char *pointer)
{
    const char *text = dx_json_string(dx_json_pointer(json, pointer));
    return text ? text : "";
}

static void *crew_run(void *argument)
{
    crew *c = argument;
    c->status = dx_worker_run(c->app, &c->ctx, &c->options, NULL, NULL);
    return NULL;
}

void crew_start(crew *c, dx_app *app, int threads, int lease_ms, const char *name)
{
    memset(c, 0, sizeof *c);
    c->app = app;
    c->options = (dx_worker_options){.threads = threads, .lease_ms = lease_ms, .name = name};
    dx_cancel_init(&c->cancel);
    cr_assert(dx_ctx_init(&c->ctx, 0));
    c->ctx.cancel = &c->cancel;
    cr_assert_eq(pthread_create(&c->thread, NULL, crew_run, c), 0);
}

void crew_stop(crew *c)
{
    dx_cancel_ask(&c->cancel);
    pthread_join(c->thread, NULL);
    cr_assert_eq(c->status, DOXIN_OK, "%s", c->ctx.error.message);
    dx_ctx_destroy(&c->ctx);
    dx_cancel_destroy(&c->cancel);
}
