#include "abi/asset.h"

#include "abi/bytes.h"
#include "abi/options.h"
#include "abi/session.h"
#include "base/rt/alloc.h"
#include "base/rt/json.h"
#include "base/rt/json_write.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { NAMES_MAX = 1000, NAMES_BYTES_MAX = 1 << 20, PROFILE_MAX = 16 << 20, CORRECTIONS_ARENA_MAX = 256 << 20 };

struct dx_profile {
    atomic_int references;
    char *own_names;
    char *languages;
    char *country;
    dx_arena *arena;            /* of the corrections; NULL: there are none */
    dx_corrections corrections; /* not changed once the profile is made: threads read them together */
};

struct doxin_asset {
    doxin_engine *engine;
    pthread_mutex_t lock; /* guards which snapshot it is */
    dx_profile *profile;  /* one of the two */
    dx_policy *policy;
};

dx_profile *dx_profile_hold(dx_profile *profile)
{
    if (profile)
        atomic_fetch_add(&profile->references, 1);
    return profile;
}

void dx_profile_drop(dx_profile *profile)
{
    if (!profile || atomic_fetch_sub(&profile->references, 1) != 1)
        return;
    dx_free(profile->own_names);
    dx_free(profile->languages);
    dx_free(profile->country);
    dx_arena_free(profile->arena);
    dx_free(profile);
}

const char *dx_profile_own_names(const dx_profile *profile)
{
    return profile ? profile->own_names : NULL;
}

const char *dx_profile_languages(const dx_profile *profile)
{
    return profile ? profile->languages : NULL;
}

const char *dx_profile_country(const dx_profile *profile)
{
    return profile ? profile->country : NULL;
}

const dx_corrections *dx_profile_corrections(const dx_profile *profile)
{
    return profile && profile->corrections.count > 0 ? &profile->corrections : NULL;
}

/* ---- reading ------------------------------------------------------------------------------------------------------ */

static doxin_status wrong(dx_ctx *ctx, const char *pointer, const char *message)
{
    dx_fail(ctx, DOXIN_E_FIELD, "%s: %s", pointer, message);
    dx_error_field(&ctx->error, pointer, "invalid", message);
    return DOXIN_E_FIELD;
}

static doxin_status read_names(dx_ctx *ctx, const dx_json *names, dx_buffer *out)
{
    dx_json_kind kind = dx_json_kind_of(names);
    if (kind == DX_JSON_NONE)
        return DOXIN_OK;
    if (kind != DX_JSON_ARRAY || dx_json_count(names) > NAMES_MAX)
        return wrong(ctx, "/own_names", "must be an array of at most 1000 names");
    for (size_t i = 0; i < dx_json_count(names); i++) {
        const char *name = dx_json_string(dx_json_at(names, i));
        if (!name || !*name || strlen(name) > 200 || strchr(name, '\n'))
            return wrong(ctx, "/own_names", "each name must be text of 1 to 200 characters");
        if (out->len)
            dx_buffer_char(out, '\n');
        dx_buffer_text(out, name);
    }
    return DOXIN_OK;
}

static bool all_in(const char *text, const char *characters, size_t longest)
{
    return strlen(text) <= longest && strspn(text, characters) == strlen(text);
}

/* A text member, or what was before. */
static doxin_status read_text(dx_ctx *ctx, const dx_json *json, const char *key, const char *characters, size_t longest,
                              const char *before, char **out)
{
    const dx_json *member = dx_json_get(json, key);
    const char *text = dx_json_string(member);
    if (member && (!text || !all_in(text, characters, longest)))
        return wrong(ctx, key[0] == 'c' ? "/country" : "/languages",
                     key[0] == 'c' ? "must be two capital letters" : "must be language codes joined by +");
    if (!text)
        text = before;
    *out = dx_strdup(text);
    return text && !*out ? dx_nomem(ctx) : DOXIN_OK;
}

static bool known_member(void *data, const char *key, const dx_json *value)
{
    static const char *const known[] = {"schema", "own_names", "languages", "country", "corrections"};
    (void)value;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i], key) == 0)
            return true;
    *(const char **)data = key;
    return false;
}

static doxin_status check_members(dx_ctx *ctx, const dx_json *json)
{
    const char *unknown = NULL;
    const char *schema = dx_json_get_string(json, "schema");
    if (dx_json_kind_of(json) != DX_JSON_OBJECT)
        return dx_fail(ctx, DOXIN_E_JSON, "a profile is a JSON object");
    if (!schema || strcmp(schema, "doxin.profile/1") != 0)
        return wrong(ctx, "/schema", "must be \"doxin.profile/1\"");
    dx_json_each(json, known_member, &unknown);
    if (unknown)
        return wrong(ctx, dx_textf(ctx, "/%.64s", unknown), "a profile has no such member");
    return DOXIN_OK;
}

/* A copy in the arena of ctx. */
static doxin_status copy_corrections(dx_ctx *ctx, const dx_corrections *from, dx_corrections *out)
{
    dx_buffer buffer;
    dx_writer writer;
    dx_json *json = NULL;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_corrections_write(from, &writer);
    doxin_status status = buffer.failed ? dx_nomem(ctx) : dx_json_parse(ctx, buffer.data, buffer.len, &json);
    if (status == DOXIN_OK)
        status = dx_corrections_read(ctx, json, out);
    dx_json_free(json);
    dx_buffer_free(&buffer);
    return status;
}

/* Those of before, and those that are given: a memory replaces the one with its key. */
static doxin_status read_corrections(dx_ctx *ctx, const dx_json *json, const dx_profile *before, dx_profile *profile)
{
    const dx_corrections *kept = dx_profile_corrections(before);
    const dx_json *given = dx_json_get(json, "corrections");
    if (!kept && !given)
        return DOXIN_OK;
    profile->arena = dx_arena_new(CORRECTIONS_ARENA_MAX);
    if (!profile->arena)
        return dx_nomem(ctx);
    dx_ctx inner = *ctx;
    inner.arena = profile->arena;
    doxin_status status = kept ? copy_corrections(&inner, kept, &profile->corrections) : DOXIN_OK;
    if (status == DOXIN_OK && given)
        status = dx_corrections_read(&inner, given, &profile->corrections);
    ctx->error = inner.error;
    return status;
}

static doxin_status read_profile(dx_ctx *ctx, const dx_json *json, const dx_profile *before, dx_profile *profile)
{
    dx_buffer names;
    dx_buffer_init(&names, NAMES_BYTES_MAX);
    if (before && before->own_names)
        dx_buffer_text(&names, before->own_names);
    doxin_status status = check_members(ctx, json);
    if (status == DOXIN_OK)
        status = read_names(ctx, dx_json_get(json, "own_names"), &names);
    if (status == DOXIN_OK && names.failed)
        status = names.full ? dx_fail(ctx, DOXIN_E_LIMIT, "a profile holds at most 1 MiB of names") : dx_nomem(ctx);
    bool any = names.len > 0;
    if (status == DOXIN_OK && any && !(profile->own_names = dx_buffer_take(&names, NULL)))
        status = dx_nomem(ctx);
    dx_buffer_free(&names);
    if (status == DOXIN_OK)
        status = read_text(ctx, json, "languages", "abcdefghijklmnopqrstuvwxyz_+", 100, dx_profile_languages(before),
                           &profile->languages);
    if (status == DOXIN_OK)
        status = read_text(ctx, json, "country", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2, dx_profile_country(before),
                           &profile->country);
    return status == DOXIN_OK ? read_corrections(ctx, json, before, profile) : status;
}

static doxin_status parse_profile(dx_ctx *ctx, const void *data, size_t data_len, const dx_profile *before,
                                  dx_profile **out)
{
    dx_json *json = NULL;
    dx_profile *profile = NULL;
    doxin_status status = data_len > PROFILE_MAX ? dx_fail(ctx, DOXIN_E_LIMIT, "a profile has at most 16 MiB")
                                                 : dx_json_parse(ctx, data, data_len, &json);
    if (status == DOXIN_OK && !(profile = dx_calloc(1, sizeof *profile)))
        status = dx_nomem(ctx);
    if (status == DOXIN_OK) {
        atomic_init(&profile->references, 1);
        status = read_profile(ctx, json, before, profile);
    }
    dx_json_free(json);
    if (status == DOXIN_OK)
        *out = profile;
    else
        dx_profile_drop(profile);
    return status;
}

/* ---- the public side ------------------------------------------------------------------------------------------------ */

static doxin_status make_asset(dx_ctx *ctx, doxin_engine *engine, dx_profile *profile, dx_policy *policy,
                               doxin_asset **out)
{
    doxin_asset *asset = dx_calloc(1, sizeof *asset);
    if (!asset) {
        dx_profile_drop(profile);
        dx_policy_drop(policy);
        return dx_nomem(ctx);
    }
    pthread_mutex_init(&asset->lock, NULL);
    asset->engine = engine;
    asset->profile = profile;
    asset->policy = policy;
    dx_engine_hold(engine);
    *out = asset;
    return DOXIN_OK;
}

doxin_status doxin_asset_open(doxin_session *session, const char *kind, const void *data, size_t data_len,
                              const doxin_options *opts, doxin_asset **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    dx_profile *profile = NULL;
    dx_policy *policy = NULL;
    bool is_policy = kind && strcmp(kind, "policy") == 0;
    if (!kind || (!is_policy && strcmp(kind, "profile") != 0))
        status = dx_fail(ctx, DOXIN_E_INVALID, "there is no asset of this kind; known: policy, profile");
    if (status == DOXIN_OK)
        status = dx_options_check(ctx, "asset_open", opts);
    if (status == DOXIN_OK)
        status = is_policy ? dx_policy_read(ctx, data, data_len, &policy)
                           : parse_profile(ctx, data, data_len, NULL, &profile);
    if (status == DOXIN_OK)
        status = make_asset(ctx, session->engine, profile, policy, out);
    return dx_session_leave(session, status);
}

/* Both belong to the caller; one is NULL. */
static void snapshot(doxin_asset *asset, dx_profile **profile, dx_policy **policy)
{
    pthread_mutex_lock(&asset->lock);
    *profile = dx_profile_hold(asset->profile);
    *policy = dx_policy_hold(asset->policy);
    pthread_mutex_unlock(&asset->lock);
}

/* A policy is replaced as a whole: joining two would open what each closes. */
static doxin_status add_policy(dx_ctx *ctx, doxin_asset *asset, const void *data, size_t data_len)
{
    dx_policy *fresh = NULL;
    doxin_status status = dx_policy_read(ctx, data, data_len, &fresh);
    if (status != DOXIN_OK)
        return status;
    pthread_mutex_lock(&asset->lock);
    dx_policy *old = asset->policy;
    asset->policy = fresh;
    pthread_mutex_unlock(&asset->lock);
    dx_policy_drop(old);
    return DOXIN_OK;
}

static doxin_status add_profile(dx_ctx *ctx, doxin_asset *asset, const dx_profile *before, const void *data,
                                size_t data_len)
{
    dx_profile *after = NULL;
    doxin_status status = parse_profile(ctx, data, data_len, before, &after);
    if (status != DOXIN_OK)
        return status;
    pthread_mutex_lock(&asset->lock);
    dx_profile *old = asset->profile;
    asset->profile = after;
    pthread_mutex_unlock(&asset->lock);
    dx_profile_drop(old);
    return DOXIN_OK;
}

doxin_status doxin_asset_add(doxin_session *session, doxin_asset *asset, const void *data, size_t data_len,
                             const doxin_options *opts)
{
    dx_ctx *ctx;
    doxin_status status = asset ? dx_session_enter(session, &ctx) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    dx_profile *before;
    dx_policy *policy;
    snapshot(asset, &before, &policy);
    status = dx_options_check(ctx, "asset_add", opts);
    if (status == DOXIN_OK)
        status = policy ? add_policy(ctx, asset, data, data_len) : add_profile(ctx, asset, before, data, data_len);
    dx_profile_drop(before);
    dx_policy_drop(policy);
    return dx_session_leave(session, status);
}

static void write_names(dx_writer *writer, const char *names)
{
    dx_write_array(writer, "own_names");
    for (const char *p = names; p && *p;) {
        size_t length = strcspn(p, "\n");
        dx_write_stringn(writer, NULL, p, length);
        p += length + (p[length] == '\n');
    }
    dx_write_array_end(writer);
}

static char *profile_text(const dx_profile *profile, size_t *size)
{
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "schema", "doxin.profile/1");
    write_names(&writer, profile->own_names);
    dx_write_filled(&writer, "languages", profile->languages);
    dx_write_filled(&writer, "country", profile->country);
    if (profile->corrections.count > 0)
        dx_corrections_write_member(&profile->corrections, "corrections", &writer);
    dx_write_object_end(&writer);
    return dx_buffer_take(&buffer, size);
}

doxin_status doxin_asset_save(doxin_session *session, doxin_asset *asset, doxin_bytes **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    dx_ctx *ctx;
    doxin_status status = asset ? dx_session_enter(session, &ctx) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    dx_profile *profile;
    dx_policy *policy;
    size_t size = 0;
    snapshot(asset, &profile, &policy);
    if (policy) {
        const char *text = dx_policy_text(policy, &size);
        *out = dx_bytes_copy(text, size);
    } else {
        char *text = profile_text(profile, &size);
        *out = dx_bytes_take(text, size);
    }
    if (!*out)
        status = dx_nomem(ctx);
    dx_profile_drop(profile);
    dx_policy_drop(policy);
    return dx_session_leave(session, status);
}

doxin_status doxin_session_use(doxin_session *session, doxin_asset *asset)
{
    dx_ctx *ctx;
    doxin_status status = asset ? dx_session_enter(session, &ctx) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    dx_profile *profile;
    dx_policy *policy;
    snapshot(asset, &profile, &policy);
    if (policy) {
        dx_policy_drop(session->policy);
        session->policy = policy;
    } else {
        dx_profile_drop(session->profile);
        session->profile = profile;
    }
    return dx_session_leave(session, DOXIN_OK);
}

void doxin_asset_free(doxin_asset *asset)
{
    if (!asset)
        return;
    dx_profile_drop(asset->profile);
    dx_policy_drop(asset->policy);
    pthread_mutex_destroy(&asset->lock);
    dx_engine_drop(asset->engine);
    dx_free(asset);
}
