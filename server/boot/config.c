#include "boot/config.h"

#include "base/file.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

typedef enum row_type { TEXT, SECRET, INTEGER, BOOL, SHARE } row_type;

typedef struct config_row {
    const char *name;
    row_type type;
    const char *otherwise;
    int64_t minimum;
    int64_t maximum;
    const char *option;
    const char *text;
} config_row;

static const config_row table[] = {
#define X(name, type, otherwise, minimum, maximum, option, text)                                                       \
    {name, type, otherwise, minimum, maximum, option, text},
#include "boot/config_table.inc"
#undef X
};
enum { ROWS = sizeof table / sizeof table[0], FILE_MAX = 1 << 20 };

struct settings {
    char *value[ROWS];        /* NULL: the default */
    const char *origin[ROWS]; /* "environment", the file's name, … */
    char *file;
};

static int find_row(const char *name, size_t length)
{
    for (int i = 0; i < (int)ROWS; i++)
        if (strlen(table[i].name) == length && memcmp(table[i].name, name, length) == 0)
            return i;
    return -1;
}

static bool whole_number(const char *value, int64_t *out)
{
    char *end;
    if (!*value || strlen(value) > 18 || strspn(value, "-0123456789") != strlen(value))
        return false;
    *out = strtoll(value, &end, 10);
    return *end == '\0';
}

static bool is_bool(const char *value)
{
    return strcmp(value, "true") == 0 || strcmp(value, "false") == 0 || strcmp(value, "1") == 0 ||
           strcmp(value, "0") == 0;
}

static bool check(const config_row *row, const char *value, char *error)
{
    int64_t number;
    if (row->type == INTEGER && (!whole_number(value, &number) || number < row->minimum || number > row->maximum)) {
        snprintf(error, CONFIG_ERROR_TEXT, "%s is \"%.100s\"; it must be a whole number from %lld to %lld", row->name,
                 value, (long long)row->minimum, (long long)row->maximum);
        return false;
    }
    if (row->type == BOOL && !is_bool(value)) {
        snprintf(error, CONFIG_ERROR_TEXT, "%s is \"%.100s\"; it must be true or false", row->name, value);
        return false;
    }
    return true;
}

static bool set(settings *config, const char *name, size_t length, const char *value, const char *origin, char *error)
{
    int at = find_row(name, length);
    if (at < 0 && strncmp(name, "DOXIN_", 6) == 0) {
        snprintf(error, CONFIG_ERROR_TEXT, "%.*s (%s) is no variable of doxin; `doxin config` lists them", (int)length,
                 name, origin);
        return false;
    }
    if (at < 0 || !*value)
        return true;
    if (!check(&table[at], value, error))
        return false;
    char *copy = strdup(value);
    if (!copy) {
        snprintf(error, CONFIG_ERROR_TEXT, "no memory");
        return false;
    }
    free(config->value[at]);
    config->value[at] = copy;
    config->origin[at] = origin;
    return true;
}

/* One line of an environment file: NAME=value, "value" or 'value'; # begins a comment. */
static bool take_line(settings *config, char *line, int number, char *error)
{
    line += strspn(line, " \t");
    if (strncmp(line, "export ", 7) == 0)
        line += 7;
    size_t end = strlen(line);
    while (end > 0 && strchr(" \t\r", line[end - 1]))
        line[--end] = '\0';
    if (!*line || *line == '#')
        return true;
    char *sign = strchr(line, '=');
    if (!sign || sign == line) {
        snprintf(error, CONFIG_ERROR_TEXT, "%s, line %d: expected NAME=value", config->file, number);
        return false;
    }
    char *value = sign + 1;
    size_t length = strlen(value);
    if (length >= 2 && (*value == '"' || *value == '\'') && value[length - 1] == *value) {
        value[length - 1] = '\0';
        value++;
    }
    return set(config, line, (size_t)(sign - line), value, config->file, error);
}

static bool take_file(settings *config, const char *path, char *error)
{
    char *data = NULL;
    size_t size = 0;
    int problem = file_read(path, FILE_MAX, &data, &size);
    if (problem != 0 || size > FILE_MAX) {
        snprintf(error, CONFIG_ERROR_TEXT, "%s: %s", path, problem ? strerror(problem) : "larger than 1 MiB");
        free(data);
        return false;
    }
    config->file = strdup(path);
    char *text = realloc(data, size + 1);
    bool good = text && config->file;
    if (good)
        text[size] = '\0';
    int number = 0;
    for (char *line = good ? text : NULL; good && line;) {
        char *next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        good = take_line(config, line, ++number, error);
        line = next;
    }
    free(text ? text : data);
    return good;
}

static bool take_environment(settings *config, char *error)
{
    for (char **variable = environ; variable && *variable; variable++) {
        const char *sign = strchr(*variable, '=');
        if (sign && !set(config, *variable, (size_t)(sign - *variable), sign + 1, "environment", error))
            return false;
    }
    return true;
}

settings *config_load(const char *env_file, char *error)
{
    settings *loaded = calloc(1, sizeof *loaded);
    snprintf(error, CONFIG_ERROR_TEXT, "no memory");
    if (loaded && (!env_file || take_file(loaded, env_file, error)) && take_environment(loaded, error))
        return loaded;
    config_free(loaded);
    return NULL;
}

void config_free(settings *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < ROWS; i++)
        free(config->value[i]);
    free(config->file);
    free(config);
}

static int place_of(const char *name)
{
    int at = find_row(name, strlen(name));
    assert(at >= 0);
    return at;
}

const char *config_text(const settings *config, const char *name)
{
    int at = place_of(name);
    return config->value[at] ? config->value[at] : table[at].otherwise;
}

int64_t config_integer(const settings *config, const char *name)
{
    int64_t value = 0;
    whole_number(config_text(config, name), &value);
    return value;
}

bool config_bool(const settings *config, const char *name)
{
    const char *value = config_text(config, name);
    return strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
}

bool config_is_set(const settings *config, const char *name)
{
    return config->value[place_of(name)] != NULL;
}

bool config_set(settings *config, const char *name, const char *value, const char *origin)
{
    char error[CONFIG_ERROR_TEXT];
    return set(config, name, strlen(name), value, origin, error);
}

doxin_status config_engine_options(const settings *config, doxin_options **out)
{
    doxin_options *opts = NULL;
    doxin_status status = doxin_options_new(&opts);
    for (size_t i = 0; i < ROWS && status == DOXIN_OK; i++)
        if (table[i].option && config->value[i])
            status = doxin_options_set(opts, table[i].option, config->value[i]);
    if (status == DOXIN_OK)
        *out = opts;
    else
        doxin_options_free(opts);
    return status;
}

void config_print(const settings *config, FILE *out)
{
    for (size_t i = 0; i < ROWS; i++) {
        const char *value = config->value[i] ? config->value[i] : table[i].otherwise;
        bool secret = table[i].type == SECRET && config->value[i];
        fprintf(out, "%-34s %-28s %s\n", table[i].name,
                secret   ? "(secret)"
                : *value ? value
                         : "(none)",
                config->value[i] ? config->origin[i] : "default");
    }
}

void config_print_markdown(FILE *out)
{
    fputs("| variable | default | meaning |\n| --- | --- | --- |\n", out);
    for (size_t i = 0; i < ROWS; i++)
        fprintf(out, "| `%s` | %s%s%s | %s |\n", table[i].name, *table[i].otherwise ? "`" : "", table[i].otherwise,
                *table[i].otherwise ? "`" : "", table[i].text);
}
