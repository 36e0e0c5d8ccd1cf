#include "base/rt/alloc.h"
#include "io/db/db_internal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where Debian, Alpine, Fedora and macOS keep the bundle of certificate authorities. */
static const char *const authority_files[] = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                              "/etc/ssl/cert.pem"};

static const char *value_of(const db_target *target, const char *keyword)
{
    for (int i = 0; i < target->count; i++)
        if (strcmp(target->keywords[i], keyword) == 0)
            return target->values[i];
    return NULL;
}

/* Sets or replaces; false: no memory. */
static bool put(db_target *target, const char *keyword, const char *value)
{
    char *copy = dx_strdup(value);
    if (copy == NULL)
        return false;
    for (int i = 0; i < target->count; i++)
        if (strcmp(target->keywords[i], keyword) == 0) {
            dx_free(target->values[i]);
            target->values[i] = copy;
            return true;
        }
    /* One place stays NULL: libpq reads up to it. */
    char *name = target->count < DB_URL_PARTS - 1 ? dx_strdup(keyword) : NULL;
    if (name == NULL) {
        dx_free(copy);
        return false;
    }
    target->keywords[target->count] = name;
    target->values[target->count++] = copy;
    return true;
}

static bool put_missing(db_target *target, const char *keyword, const char *value)
{
    return value_of(target, keyword) != NULL || put(target, keyword, value);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t tail = strlen(end);
    return length > tail && strcasecmp(text + length - tail, end) == 0;
}

static const char *authority_file(void)
{
    if (PQlibVersion() >= 160000)
        return "system";
    for (size_t i = 0; i < sizeof authority_files / sizeof *authority_files; i++)
        if (access(authority_files[i], R_OK) == 0)
            return authority_files[i];
    return authority_files[0];
}

/* ep-name-123-pooler.region.aws.neon.tech is the pooler; without "-pooler" the same database past it. */
static bool neon_direct(db_target *target, const char *host)
{
    char name[256];
    const char *mark = strstr(host, "-pooler.");
    if (mark == NULL)
        return true;
    int length = snprintf(name, sizeof name, "%.*s%s", (int)(mark - host), host, mark + strlen("-pooler"));
    return length > 0 && (size_t)length < sizeof name && put(target, "host", name);
}

static bool set_defaults(db_target *target, bool direct)
{
    bool ok = put_missing(target, "application_name", "doxin") && put(target, "client_encoding", "UTF8") &&
              put_missing(target, "gssencmode", "disable") && put_missing(target, "keepalives_idle", "30") &&
              /* Bounds what a vanished server can hold up, PQcancel as well. */
              put_missing(target, "tcp_user_timeout", "20000");
    if (ok && target->neon) {
        ok = put(target, "sslmode", "verify-full") && put_missing(target, "sslrootcert", authority_file());
        if (ok && direct)
            ok = neon_direct(target, value_of(target, "host"));
    }
    return ok;
}

doxin_status db_target_read(dx_ctx *ctx, const char *url, bool direct, const char *what, db_target *out)
{
    char *message = NULL;
    bool ok = true;
    PQconninfoOption *options = PQconninfoParse(url, &message);
    memset(out, 0, sizeof *out);
    if (options == NULL) {
        /* libpq's message may repeat parts of the URL, the password among them. */
        PQfreemem(message);
        return dx_fail(ctx, DOXIN_E_CONFIG, "%s cannot be read; it should look like postgresql://user@host/database",
                       what);
    }
    for (PQconninfoOption *option = options; ok && option->keyword != NULL; option++)
        if (option->val != NULL)
            ok = put(out, option->keyword, option->val);
    PQconninfoFree(options);
    if (ok) {
        const char *host = value_of(out, "host");
        out->neon = host != NULL && ends_with(host, ".neon.tech");
        ok = set_defaults(out, direct);
    }
    if (!ok) {
        db_target_clear(out);
        return dx_nomem(ctx);
    }
    return DOXIN_OK;
}

void db_target_clear(db_target *target)
{
    for (int i = 0; i < target->count; i++) {
        dx_free(target->keywords[i]);
        /* A password may be among them. */
        explicit_bzero(target->values[i], strlen(target->values[i]));
        dx_free(target->values[i]);
    }
    memset(target, 0, sizeof *target);
}
