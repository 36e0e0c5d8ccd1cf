/* Sign-in, tickets, files and invoices, over the frame that all operations share. */
#include "app/identity/identity.h"
#include "app/notify/notify.h"
#include "app/records/records.h"
#include "app/records/upload.h"
#include "app_support.h"
#include "base/rt/alloc.h"
#include "base/rt/clock.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const dx_module *const dx_modules[] = {&dx_health_module, &dx_identity_module, &dx_records_module,
                                       &dx_queue_module,  &dx_notify_module,   NULL};

static const char xml[] = "<?xml version=\"1.0\"?><Invoice>1</Invoice>";

/* ---- help ------------------------------------------------------------------------------------------------------------------- */

static int blobs(const stage *s)
{
    char command[200];
    int count = -1;
    snprintf(command, sizeof command, "find '%s' -type f | wc -l", s->folder);
    FILE *from = popen(command, "r");
    cr_assert_not_null(from);
    cr_assert_eq(fscanf(from, "%d", &count), 1);
    pclose(from);
    return count;
}

typedef struct sending {
    const char *name, *bytes, *parameters, *key;
    size_t size;
} sending;

static const dx_json *upload(stage *s, doxin_status expected, sending what)
{
    dx_buffer out;
    dx_upload *handle = NULL;
    dx_json *json = NULL;
    dx_upload_options options = {
        .file_name = what.name, .parameters = what.parameters, .idempotency_key = what.key, .process = true};
    dx_buffer_init(&out, 0);
    dx_error_clear(&s->ctx.error);
    doxin_status status = dx_upload_open(s->app, &s->ctx, &options, &handle);
    for (size_t at = 0; status == DOXIN_OK && at < what.size; at += 1000)
        status = dx_upload_write(handle, &s->ctx, what.bytes + at, what.size - at < 1000 ? what.size - at : 1000);
    if (status == DOXIN_OK)
        status = dx_upload_finish(handle, &s->ctx, &out);
    dx_upload_free(handle);
    cr_assert_eq(status, expected, "%s: %s (%s)", what.name, dx_error_info_of(status)->name, s->ctx.error.message);
    if (status == DOXIN_OK) {
        cr_assert_eq(dx_json_parse(&s->ctx, out.data, out.len, &json), DOXIN_OK, "%s", out.data);
        s->answers[s->answer_count++] = json;
    }
    dx_buffer_free(&out);
    return json;
}

static const dx_json *upload_xml(stage *s, const char *name)
{
    return upload(s, DOXIN_OK, (sending){.name = name, .bytes = xml, .size = sizeof xml - 1});
}

static const char *with_id(const char *id)
{
    static char args[200];
    snprintf(args, sizeof args, "{\"id\":\"%s\"}", id);
    return args;
}

/* ---- identity --------------------------------------------------------------------------------------------------------------- */

Test(identity, signs_in_and_out)
{
    stage s;
    stage_open(&s, "identity_in");
    stage_call(&s, DOXIN_E_UNAUTHENTICATED, "auth.me", NULL);
    const dx_json *answer =
        stage_call(&s, DOXIN_OK, "auth.dev_login", "{\"email\":\"New@Example.org\",\"name\":\"N\"}");
    const char *token = text_at(answer, "/token");
    cr_expect_eq(strlen(token), 43);
    cr_expect_str_eq(text_at(answer, "/user/email"), "new@example.org");
    cr_expect_str_eq(text_at(answer, "/user/role"), "user");
    cr_expect_eq(dx_json_integer(dx_json_pointer(answer, "/expires_in"), 0), 43200);
    cr_expect_str_eq(dx_rows_text(world_super(&s.w, "SELECT count(*) FROM user_sessions WHERE token_hash LIKE '%' "
                                                    "AND length(token_hash) = 64"),
                                  0, 0),
                     "1");
    cr_assert_eq(dx_app_login(s.app, &s.ctx, token), DOXIN_OK, "%s", s.ctx.error.message);
    cr_expect_str_eq(s.ctx.purpose, "user");
    answer = stage_call(&s, DOXIN_OK, "auth.me", "{}");
    cr_expect_str_eq(text_at(answer, "/user/name"), "N");
    cr_expect_geq(dx_json_count(dx_json_get(answer, "permissions")), 5);
    stage_call(&s, DOXIN_OK, "auth.logout", NULL);
    dx_ctx again = s.ctx; /* the error of each is its own */
    cr_expect_eq(dx_app_login(s.app, &again, token), DOXIN_E_UNAUTHENTICATED);
    cr_expect_eq(dx_app_login(s.app, &again, "short"), DOXIN_E_UNAUTHENTICATED);
    stage_close(&s);
}

Test(identity, gives_roles_and_refuses_the_expired_and_the_removed)
{
    stage s;
    stage_open(&s, "identity_roles");
    const dx_json *answer =
        stage_call(&s, DOXIN_OK, "auth.dev_login", "{\"email\":\"a@example.org\",\"role\":\"admin\"}");
    const char *token = text_at(answer, "/token");
    cr_assert_eq(dx_app_login(s.app, &s.ctx, token), DOXIN_OK, "%s", s.ctx.error.message);
    cr_expect_str_eq(s.ctx.purpose, "admin");
    cr_expect_str_eq(s.ctx.user_id, USER_A);
    world_super(&s.w, "UPDATE user_sessions SET expires_at = now() - interval '1 second'");
    cr_expect_eq(dx_app_login(s.app, &s.ctx, token), DOXIN_E_TOKEN_EXPIRED);
    world_super(&s.w, "UPDATE user_sessions SET expires_at = now() + interval '1 hour'");
    world_super(&s.w, "UPDATE users SET is_active = false WHERE id = '" USER_A "'");
    cr_expect_eq(dx_app_login(s.app, &s.ctx, token), DOXIN_E_UNAUTHENTICATED);
    stage_call(&s, DOXIN_E_FORBIDDEN, "auth.dev_login", "{\"email\":\"a@example.org\"}");
    stage_call(&s, DOXIN_E_FIELD, "auth.dev_login", "{\"email\":\"nobody\"}");
    s.app->dev_login = false;
    stage_call(&s, DOXIN_E_NOT_FOUND, "auth.dev_login", "{\"email\":\"b@example.org\"}");
    stage_close(&s);
}

Test(identity, a_ticket_works_once_and_for_its_owner)
{
    stage s;
    char args[300];
    stage_open(&s, "identity_tickets");
    stage_as(&s, "user", USER_A);
    const char *job = text_at(upload_xml(&s, "a.xml"), "/job_id");
    const char *ticket = text_at(stage_call(&s, DOXIN_OK, "tickets.create", "{\"kind\":\"websocket\"}"), "/ticket");
    stage_as(&s, NULL, NULL);
    snprintf(args, sizeof args, "{\"ticket\":\"%s\",\"kind\":\"websocket\",\"room\":\"job:%s\"}", ticket, job);
    cr_expect_str_eq(text_at(stage_call(&s, DOXIN_OK, "tickets.redeem", args), "/user_id"), USER_A);
    stage_call(&s, DOXIN_E_TICKET, "tickets.redeem", args);
    stage_as(&s, "user", USER_B);
    ticket = text_at(stage_call(&s, DOXIN_OK, "tickets.create", "{\"kind\":\"websocket\"}"), "/ticket");
    snprintf(args, sizeof args, "{\"ticket\":\"%s\",\"kind\":\"websocket\",\"room\":\"job:%s\"}", ticket, job);
    stage_as(&s, NULL, NULL);
    stage_call(&s, DOXIN_E_NOT_FOUND, "tickets.redeem", args);
    stage_as(&s, "user", USER_B);
    ticket = text_at(stage_call(&s, DOXIN_OK, "tickets.create", "{\"kind\":\"websocket\"}"), "/ticket");
    world_super(&s.w, "UPDATE tickets SET expires_at = now() - interval '1 second'");
    snprintf(args, sizeof args, "{\"ticket\":\"%s\",\"kind\":\"websocket\"}", ticket);
    stage_call(&s, DOXIN_E_TICKET, "tickets.redeem", args);
    stage_close(&s);
}

/* ---- uploads ---------------------------------------------------------------------------------------------------------------- */

Test(upload, stores_a_file_with_its_invoice_and_job)
{
    stage s;
    stage_open(&s, "upload_stores");
    stage_as(&s, "user", USER_A);
    const dx_json *answer = upload_xml(&s, "../../etc/pass\"wd'\n.xml");
    cr_expect_str_eq(text_at(answer, "/status"), "pending");
    cr_expect_str_eq(text_at(answer, "/file/file_name"), "pass\"wd'.xml");
    cr_expect_str_eq(text_at(answer, "/file/mime_type"), "application/xml");
    cr_expect_eq(dx_json_kind_of(dx_json_get(answer, "duplicate")), DX_JSON_NULL);
    char room[64];
    snprintf(room, sizeof room, "job:%s", text_at(answer, "/job_id"));
    cr_expect_str_eq(text_at(answer, "/websocket_room"), room);
    cr_expect_eq(blobs(&s), 1);
    const dx_json *by_job = stage_call(&s, DOXIN_OK, "invoices.status", with_id(text_at(answer, "/job_id")));
    const dx_json *by_invoice = stage_call(&s, DOXIN_OK, "invoices.status", with_id(text_at(answer, "/invoice_id")));
    cr_expect_str_eq(text_at(by_job, "/invoice_id"), text_at(answer, "/invoice_id"));
    cr_expect_str_eq(text_at(by_invoice, "/job_id"), text_at(answer, "/job_id"));
    cr_expect_str_eq(text_at(by_invoice, "/current_stage"), "queued");
    const dx_json *got = stage_call(&s, DOXIN_OK, "invoices.get", with_id(text_at(answer, "/invoice_id")));
    cr_expect_str_eq(text_at(got, "/invoice/review_state"), "pending");
    cr_expect_eq(strncmp(text_at(got, "/blob_url"), "/api/v1/files/", 14), 0);
    cr_expect_eq(dx_json_count(dx_json_get(got, "line_items")), 0);
    cr_expect_str_eq(dx_rows_text(world_super(&s.w, "SELECT string_agg(table_name || action, ' ' ORDER BY table_name) "
                                                    "FROM audit_log"),
                                  0, 0),
                     "file_storageCREATE invoicesCREATE");
    cr_expect_str_eq(dx_rows_text(world_super(&s.w, "SELECT action FROM file_access_log"), 0, 0), "upload");
    cr_expect_str_eq(
        dx_rows_text(world_super(&s.w, "SELECT epoch FROM owner_epochs WHERE user_id = '" USER_A "'"), 0, 0), "2");
    stage_close(&s);
}

Test(upload, refuses_what_is_no_document_and_leaves_nothing)
{
    stage s;
    char *big = calloc(1, 2 << 20);
    stage_open(&s, "upload_refuses");
    stage_as(&s, "user", USER_A);
    upload(&s, DOXIN_E_EMPTY_DOCUMENT, (sending){.name = "empty.pdf"});
    upload(&s, DOXIN_E_NOT_A_DOCUMENT, (sending){.name = "zip.pdf", .bytes = "PK\3\4 and more", .size = 13});
    memcpy(big, "%PDF-1.7", 8);
    upload(&s, DOXIN_E_LIMIT, (sending){.name = "big.pdf", .bytes = big, .size = 2 << 20});
    upload(&s, DOXIN_E_JSON, (sending){.name = "a.xml", .bytes = xml, .size = 20, .parameters = "}{"});
    upload(&s, DOXIN_E_FIELD,
           (sending){.name = "a.xml", .bytes = xml, .size = 20, .parameters = "{\"ocr\":\"maybe\"}"});
    upload(&s, DOXIN_E_OFF, (sending){.name = "a.xml", .bytes = xml, .size = 20, .parameters = "{\"use_model\":true}"});
    cr_expect_eq(blobs(&s), 0);
    cr_expect_str_eq(
        dx_rows_text(world_super(&s.w, "SELECT (SELECT count(*) FROM file_storage) + (SELECT count(*) FROM "
                                       "invoices) + (SELECT count(*) FROM processing_jobs)"),
                     0, 0),
        "0");
    stage_as(&s, NULL, NULL);
    upload(&s, DOXIN_E_UNAUTHENTICATED, (sending){.name = "a.xml", .bytes = xml, .size = 20});
    free(big);
    stage_close(&s);
}

Test(upload, says_that_the_bytes_were_there_before)
{
    stage s;
    stage_open(&s, "upload_same");
    stage_as(&s, "user", USER_A);
    const char *first = text_at(upload_xml(&s, "a.xml"), "/invoice_id");
    const dx_json *second = upload_xml(&s, "b.xml");
    cr_expect_str_eq(text_at(second, "/duplicate/invoice_id"), first);
    cr_expect_str_eq(text_at(second, "/duplicate/kind"), "same_bytes");
    const dx_json *got = stage_call(&s, DOXIN_OK, "invoices.get", with_id(text_at(second, "/invoice_id")));
    cr_expect_str_eq(text_at(got, "/invoice/duplicates/0/invoice_id"), first);
    got = stage_call(&s, DOXIN_OK, "invoices.get", with_id(first));
    cr_expect_str_eq(text_at(got, "/invoice/duplicates/0/relation"), "by");
    /* Somebody else's files are nobody's business. */
    stage_as(&s, "user", USER_B);
    cr_expect_eq(dx_json_kind_of(dx_json_get(upload_xml(&s, "a.xml"), "duplicate")), DX_JSON_NULL);
    stage_close(&s);
}

Test(upload, happens_once_for_a_key)
{
    stage s;
    stage_open(&s, "upload_key");
    stage_as(&s, "user", USER_A);
    sending what = {.name = "a.xml", .bytes = xml, .size = sizeof xml - 1, .key = "k1"};
    const dx_json *first = upload(&s, DOXIN_OK, what);
    const dx_json *second = upload(&s, DOXIN_OK, what);
    cr_expect_str_eq(text_at(first, "/job_id"), text_at(second, "/job_id"));
    cr_expect_eq(blobs(&s), 1);
    what.name = "b.xml";
    upload(&s, DOXIN_E_IDEMPOTENCY_REUSED, what);
    cr_expect_eq(blobs(&s), 1);
    stage_as(&s, "user", USER_B);
    cr_expect_str_neq(text_at(upload(&s, DOXIN_OK, what), "/job_id"), text_at(first, "/job_id"));
    stage_close(&s);
}

/* ---- files and invoices ------------------------------------------------------------------------------------------------------- */

Test(records, shows_everybody_their_own)
{
    stage s;
    char args[300];
    stage_open(&s, "records_own");
    stage_as(&s, "user", USER_A);
    const dx_json *answer = upload_xml(&s, "a.xml");
    const char *invoice = text_at(answer, "/invoice_id");
    const char *file = text_at(answer, "/file/id");
    stage_as(&s, "user", USER_B);
    stage_call(&s, DOXIN_E_NOT_FOUND, "invoices.get", with_id(invoice));
    stage_call(&s, DOXIN_E_NOT_FOUND, "invoices.status", with_id(text_at(answer, "/job_id")));
    stage_call(&s, DOXIN_E_NOT_FOUND, "invoices.process", with_id(invoice));
    stage_call(&s, DOXIN_E_NOT_FOUND, "jobs.get", with_id(text_at(answer, "/job_id")));
    snprintf(args, sizeof args, "{\"kind\":\"file\",\"file_id\":\"%s\"}", file);
    stage_call(&s, DOXIN_E_NOT_FOUND, "tickets.create", args);
    cr_expect_eq(
        dx_json_integer(dx_json_pointer(stage_call(&s, DOXIN_OK, "invoices.list", NULL), "/pagination/total"), -1), 0);
    dx_buffer bytes;
    dx_buffer_init(&bytes, 0);
    cr_expect_eq(dx_file_read(s.app, &s.ctx, file, 0, 100, &bytes), DOXIN_E_NOT_FOUND);
    stage_as(&s, "admin", USER_ADMIN);
    stage_call(&s, DOXIN_OK, "invoices.get", with_id(invoice));
    cr_expect_eq(dx_file_read(s.app, &s.ctx, file, 6, 7, &bytes), DOXIN_OK, "%s", s.ctx.error.message);
    cr_expect_str_eq(bytes.data, "version");
    dx_buffer_free(&bytes);
    stage_close(&s);
}

Test(records, opens_a_file_with_a_ticket)
{
    stage s;
    char args[300];
    stage_open(&s, "records_file");
    stage_as(&s, "user", USER_A);
    const dx_json *answer = upload_xml(&s, "a.xml");
    const char *file = text_at(answer, "/file/id");
    const dx_json *got = stage_call(&s, DOXIN_OK, "invoices.get", with_id(text_at(answer, "/invoice_id")));
    const char *ticket = strstr(text_at(got, "/blob_url"), "ticket=") + 7;
    stage_as(&s, NULL, NULL);
    snprintf(args, sizeof args, "{\"file_id\":\"%s\",\"ticket\":\"%s\"}", file, ticket);
    const dx_json *content = stage_call(&s, DOXIN_OK, "files.content", args);
    cr_expect_str_eq(text_at(content, "/user_id"), USER_A);
    cr_expect_str_eq(text_at(content, "/file/file_name"), "a.xml");
    stage_call(&s, DOXIN_E_TICKET, "files.content", args);
    snprintf(args, sizeof args, "{\"file_id\":\"%s\"}", file);
    stage_call(&s, DOXIN_E_UNAUTHENTICATED, "files.content", args);
    stage_as(&s, "user", USER_A);
    stage_call(&s, DOXIN_OK, "files.content", args);
    dx_buffer bytes;
    dx_buffer_init(&bytes, 0);
    cr_assert_eq(dx_file_read(s.app, &s.ctx, file, 0, 1 << 20, &bytes), DOXIN_OK, "%s", s.ctx.error.message);
    cr_expect_str_eq(bytes.data, xml);
    cr_assert_eq(dx_file_read(s.app, &s.ctx, file, 1 << 20, 10, &bytes), DOXIN_OK);
    dx_buffer_free(&bytes);
    cr_expect_str_eq(dx_rows_text(world_super(&s.w, "SELECT string_agg(action, ' ' ORDER BY sequence) FROM "
                                                    "file_access_log"),
                                  0, 0),
                     "upload download");
    stage_close(&s);
}

Test(records, lists_and_filters)
{
    stage s;
    stage_open(&s, "records_list");
    stage_as(&s, "user", USER_A);
    for (int i = 0; i < 5; i++)
        upload_xml(&s, "a.xml");
    world_super(&s.w, "UPDATE invoices SET invoice_date = '2026-03-01', total_amount = 100, currency = 'JPY', "
                      "review_state = 'accepted' WHERE id = (SELECT id FROM invoices ORDER BY id LIMIT 1)");
    const dx_json *all = stage_call(&s, DOXIN_OK, "invoices.list", "{\"page\":2,\"per_page\":2}");
    cr_expect_eq(dx_json_count(dx_json_get(all, "invoices")), 2);
    cr_expect_eq(dx_json_integer(dx_json_pointer(all, "/pagination/total"), 0), 5);
    cr_expect_eq(dx_json_integer(dx_json_pointer(all, "/pagination/total_pages"), 0), 3);
    const dx_json *one =
        stage_call(&s, DOXIN_OK, "invoices.list",
                   "{\"status\":\"accepted\",\"date_from\":\"2026-03-01\",\"date_to\":\"2026-03-01\"}");
    cr_expect_eq(dx_json_count(dx_json_get(one, "invoices")), 1);
    cr_expect_str_eq(text_at(one, "/invoices/0/total_amount"), "100", "a yen has no decimals");
    cr_expect_eq(
        dx_json_count(dx_json_get(stage_call(&s, DOXIN_OK, "invoices.list", "{\"customer_id\":\"7\"}"), "invoices")),
        0);
    stage_call(&s, DOXIN_E_FIELD, "invoices.list", "{\"per_page\":1000,\"nonsense\":1,\"date_from\":\"yesterday\"}");
    cr_expect_eq(s.ctx.error.field_count, 3);
    stage_call(&s, DOXIN_E_FIELD, "invoices.list", "{\"customer_id\":\"x\"}");
    const dx_json *jobs = stage_call(&s, DOXIN_OK, "jobs.list", "{\"per_page\":3}");
    cr_expect_eq(dx_json_count(dx_json_get(jobs, "jobs")), 3);
    cr_expect_eq(dx_json_integer(dx_json_pointer(jobs, "/statistics/pending"), 0), 5);
    const dx_json *job = stage_call(&s, DOXIN_OK, "jobs.get", with_id(text_at(jobs, "/jobs/0/id")));
    cr_expect_str_eq(text_at(job, "/file_info/file_name"), "a.xml");
    cr_expect_not_null(strstr(text_at(job, "/logs/0"), "queued"));
    stage_close(&s);
}

Test(records, processes_again_once_nothing_runs)
{
    stage s;
    stage_open(&s, "records_process");
    stage_as(&s, "user", USER_A);
    const dx_json *answer = upload_xml(&s, "a.xml");
    const char *invoice = text_at(answer, "/invoice_id");
    stage_call(&s, DOXIN_E_CONFLICT, "invoices.process", with_id(invoice));
    stage_call(&s, DOXIN_OK, "jobs.cancel", with_id(text_at(answer, "/job_id")));
    stage_as(&s, "admin", USER_ADMIN);
    const dx_json *again = stage_call(&s, DOXIN_OK, "invoices.process", with_id(invoice));
    stage_as(&s, "user", USER_A);
    const dx_json *status = stage_call(&s, DOXIN_OK, "invoices.status", with_id(invoice));
    cr_expect_str_eq(text_at(status, "/job_id"), text_at(again, "/job_id"), "the job is the owner's");
    stage_close(&s);
}

/* ---- events ------------------------------------------------------------------------------------------------------------------- */

typedef struct following {
    stage *s;
    char args[400];
    dx_ctx ctx;
    dx_cancel cancel;
    pthread_t thread;
    doxin_status status;
    pthread_mutex_t lock;
    char log[4000];
    int count;
} following;

static bool note(void *data, char *json)
{
    following *of = data;
    pthread_mutex_lock(&of->lock);
    size_t used = strlen(of->log);
    snprintf(of->log + used, sizeof of->log - used, "%s\n", json);
    of->count++;
    pthread_mutex_unlock(&of->lock);
    dx_free(json);
    return true;
}

static void *follow(void *data)
{
    following *of = data;
    of->status = dx_app_stream(of->s->app, &of->ctx, "events.follow", of->args, note, of);
    return NULL;
}

static void follow_start(following *of, stage *s, const char *purpose, const char *user, const char *args)
{
    memset(of, 0, sizeof *of);
    of->s = s;
    snprintf(of->args, sizeof of->args, "%s", args);
    pthread_mutex_init(&of->lock, NULL);
    dx_cancel_init(&of->cancel);
    cr_assert(dx_ctx_init(&of->ctx, 0));
    of->ctx.cancel = &of->cancel;
    of->ctx.purpose = purpose;
    of->ctx.user_id = user;
    pthread_create(&of->thread, NULL, follow, of);
}

static int follow_count(following *of)
{
    pthread_mutex_lock(&of->lock);
    int count = of->count;
    pthread_mutex_unlock(&of->lock);
    return count;
}

static void follow_wait(following *of, int count)
{
    for (int i = 0; i < 400 && follow_count(of) < count; i++)
        usleep(25000);
}

static doxin_status follow_stop(following *of)
{
    dx_cancel_ask(&of->cancel);
    pthread_join(of->thread, NULL);
    dx_ctx_destroy(&of->ctx);
    dx_cancel_destroy(&of->cancel);
    pthread_mutex_destroy(&of->lock);
    return of->status;
}

Test(events, reach_whoever_may_follow_each_once)
{
    stage s;
    following all, own, other;
    char args[300];
    stage_open(&s, "events_follow");
    follow_start(&all, &s, "worker", NULL, "{\"topics\":[\"*\"]}");
    snprintf(args, sizeof args, "{\"topics\":[\"user:%s\"]}", USER_A);
    follow_start(&own, &s, "user", USER_A, args);
    follow_start(&other, &s, "user", USER_B, args);
    pthread_join(other.thread, NULL);
    cr_expect_eq(other.status, DOXIN_E_NOT_FOUND);
    pthread_create(&other.thread, NULL, follow, &other); /* so that stop has something to join */
    usleep(800000);
    stage_as(&s, "user", USER_A);
    const dx_json *answer = upload_xml(&s, "a.xml");
    stage_call(&s, DOXIN_OK, "jobs.cancel", with_id(text_at(answer, "/job_id")));
    follow_wait(&all, 6);
    follow_wait(&own, 2);
    usleep(2500000);
    cr_expect_eq(follow_count(&all), 6, "%s", all.log);
    cr_expect_eq(follow_count(&own), 2, "%s", own.log);
    cr_expect_not_null(strstr(own.log, "\"event\":{\"type\":\"status\","));
    cr_expect_not_null(strstr(own.log, "\"status\": \"cancelled\""));
    cr_expect_eq(follow_stop(&all), DOXIN_E_CANCELED);
    cr_expect_eq(follow_stop(&own), DOXIN_E_CANCELED);
    follow_stop(&other);
    /* The past from an id on. */
    snprintf(args, sizeof args, "{\"topics\":[\"job:%s\"],\"after\":\"1\"}", text_at(answer, "/job_id"));
    follow_start(&own, &s, "user", USER_A, args);
    follow_wait(&own, 1);
    usleep(300000);
    cr_expect_eq(follow_count(&own), 1, "%s", own.log);
    follow_stop(&own);
    stage_close(&s);
}

/* ---- the frame ------------------------------------------------------------------------------------------------------------------ */

Test(frame, says_what_is_wrong)
{
    stage s;
    stage_open(&s, "frame_wrong");
    stage_as(&s, "user", USER_A);
    stage_call(&s, DOXIN_E_NOT_FOUND, "invoices.nonsense", NULL);
    stage_call(&s, DOXIN_E_JSON, "invoices.get", "{");
    stage_call(&s, DOXIN_E_JSON, "invoices.get", "[]");
    stage_call(&s, DOXIN_E_FIELD, "invoices.get", "{}");
    stage_call(&s, DOXIN_E_INVALID, "events.follow", "{\"topics\":[\"*\"]}");
    stage_call(&s, DOXIN_E_INVALID, "invoices.upload", "{\"file_name\":\"a\"}");
    stage_as(&s, "worker", NULL);
    stage_call(&s, DOXIN_E_FORBIDDEN, "invoices.list", NULL);
    stage_as(&s, NULL, NULL);
    const dx_json *health = stage_call(&s, DOXIN_OK, "health.check", NULL);
    cr_expect_str_eq(text_at(health, "/status"), "healthy");
    stage_close(&s);
}

Test(frame, works_without_a_database)
{
    dx_ctx ctx;
    dx_app *app = NULL;
    dx_buffer out;
    dx_app_options options = {0};
    dx_buffer_init(&out, 0);
    cr_assert(dx_ctx_init(&ctx, 0));
    cr_assert_eq(dx_app_open(&options, &ctx, &app), DOXIN_OK);
    ctx.purpose = "user";
    ctx.user_id = USER_A;
    cr_expect_eq(dx_app_call(app, &ctx, "invoices.list", NULL, &out), DOXIN_E_NO_SOURCE);
    cr_expect_eq(dx_app_call(app, &ctx, "health.check", NULL, &out), DOXIN_OK);
    cr_expect_eq(dx_app_ready(app, &ctx), DOXIN_E_NO_SOURCE);
    dx_app_free(app);
    dx_buffer_free(&out);
    dx_ctx_destroy(&ctx);
}
