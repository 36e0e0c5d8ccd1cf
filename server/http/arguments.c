/* The arguments of an operation from path, query and body. */
#include "http/call.h"
#include "http/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Undoes %XX and + in place; false for a bad escape or a NUL. */
static bool decode(char *value, bool plus)
{
    char *to = value;
    for (const char *from = value; *from; from++) {
        if (*from == '+' && plus) {
            *to++ = ' ';
        } else if (*from == '%') {
            int byte = text_hex_byte(from + 1);
            if (byte <= 0)
                return false;
            *to++ = (char)byte;
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return true;
}

static void refuse(call *to, const char *pointer, const char *message)
{
    char detail[256];
    snprintf(detail, sizeof detail, "%s: %s", pointer, message);
    call_problem(to, DOXIN_E_FIELD, detail);
}

static bool listed(const char *names, const char *name)
{
    size_t length = strlen(name);
    for (const char *p = names; p && *p; p += strcspn(p, " "), p += strspn(p, " "))
        if (strcspn(p, " ") == length && strncmp(p, name, length) == 0)
            return length > 0;
    return false;
}

/* A value of the query in the type that the operation's schema asks for; one that does not fit is passed on as text, so
 * that the schema refuses it in its own words. */
static void add_typed(call *from, text *out, const char *name, const char *value)
{
    const char *type = loop_argument_type(from->loop, from->route->operation, name);
    size_t digits = strspn(value, "0123456789");
    bool integer = strcmp(type, "integer") == 0 && digits > 0 && digits < 16 && value[digits] == '\0';
    bool boolean = strcmp(type, "boolean") == 0 && (strcmp(value, "true") == 0 || strcmp(value, "false") == 0);
    text_json(out, name);
    text_put(out, ":");
    if (integer)
        text_format(out, "%lld", strtoll(value, NULL, 10));
    else if (boolean)
        text_put(out, value);
    else
        text_json(out, value);
    text_put(out, ",");
}

static bool add_query(call *from, text *out)
{
    for (char *pair = from->query, *next; pair && *pair; pair = next) {
        next = strchr(pair, '&');
        if (next)
            *next++ = '\0';
        char *value = strchr(pair, '=');
        if (value)
            *value++ = '\0';
        if (!decode(pair, true) || (value && !decode(value, true))) {
            call_problem(from, DOXIN_E_INVALID, "the query holds a bad % escape");
            return false;
        }
        char pointer[80];
        snprintf(pointer, sizeof pointer, "/%.64s", pair);
        if (*pair && !listed(from->route->query, pair)) {
            refuse(from, pointer, "there is no such query parameter");
            return false;
        }
        if (*pair && value && *value)
            add_typed(from, out, pair, value);
    }
    return true;
}

static bool add_path(call *from, text *out)
{
    char name[64];
    for (int i = 0; i < ROUTE_PARAMETERS_MAX && from->parameters[i]; i++) {
        if (!route_parameter(from->route, i, name, sizeof name) || !decode(from->parameters[i], false)) {
            call_problem(from, DOXIN_E_INVALID, "the path holds a bad % escape");
            return false;
        }
        text_member(out, name, from->parameters[i]);
    }
    return true;
}

static bool add_body(call *from, text *out)
{
    if (from->body_size == 0)
        return true;
    if (!from->content_type || strncasecmp(from->content_type, "application/json", 16) != 0) {
        call_problem(from, DOXIN_E_UNSUPPORTED, "the body must be application/json");
        return false;
    }
    const char *start = from->body;
    const char *end = start + from->body_size;
    while (start < end && strchr(" \t\r\n", *start))
        start++;
    while (end > start && strchr(" \t\r\n", end[-1]))
        end--;
    if (end - start < 2 || *start != '{' || end[-1] != '}' || memchr(start, '\0', (size_t)(end - start))) {
        call_problem(from, DOXIN_E_JSON, "the body must be one JSON object");
        return false;
    }
    text_add(out, start + 1, (size_t)(end - start - 2));
    text_put(out, ",");
    return true;
}

/* Nothing but an object's members may be between the braces: what was put together is parsed as a whole. */
static bool whole(call *from, const text *out)
{
    doxin_value *value = NULL;
    doxin_status status = out->failed ? DOXIN_E_NOMEM : doxin_value_parse(out->data, &value);
    doxin_value_free(value);
    if (status != DOXIN_OK)
        call_problem(from, status,
                     status == DOXIN_E_JSON
                         ? "the body is no valid JSON object, or names a member of the path or query again"
                         : NULL);
    return status == DOXIN_OK;
}

bool call_arguments(call *from, text *out)
{
    text_put(out, "{");
    if (!add_path(from, out) || !add_query(from, out))
        return false;
    if (from->route->body && !add_body(from, out))
        return false;
    /* An empty body leaves a comma, and so does a body of {} after it. */
    while (out->len > 1 && (out->data[out->len - 1] == ',' || strchr(" \t\r\n", out->data[out->len - 1])))
        out->data[--out->len] = '\0';
    text_put(out, "}");
    return whole(from, out);
}
