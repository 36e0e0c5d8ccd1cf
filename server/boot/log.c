#include "boot/log.h"

#include "base/text.h"

#include <doxin/doxin.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Names as Cloud Logging has them. */
static const char *const severities[] = {"DEBUG", "INFO", "WARNING", "ERROR"};
static atomic_int threshold = DOXIN_LOG_INFO;

void log_threshold(int level)
{
    atomic_store(&threshold, level);
}

static void add_time(text *out)
{
    struct timeval now;
    struct tm broken;
    char stamp[32];
    gettimeofday(&now, NULL);
    gmtime_r(&now.tv_sec, &broken);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &broken);
    text_format(out, "\"time\":\"%s.%03dZ\",", stamp, (int)(now.tv_usec / 1000));
}

void log_line(int level, const char *component, const char *message, const char *fields_json)
{
    if (level < atomic_load(&threshold))
        return;
    text line = {0};
    text_put(&line, "{");
    add_time(&line);
    text_member(&line, "severity", severities[level < 0 ? 0 : level > 3 ? 3 : level]);
    text_member(&line, "component", component);
    text_member(&line, "message", message);
    size_t size = fields_json ? strlen(fields_json) : 0;
    if (size > 2)
        text_add(&line, fields_json + 1, size - 2);
    text_trim(&line);
    text_put(&line, "}\n");
    /* One write, so that lines of several threads do not mix. */
    if (!line.failed && write(STDERR_FILENO, line.data, line.len) < 0)
        line.failed = true;
    text_free(&line);
}

void log_from_library(void *user_data, int level, const char *component, const char *message, const char *fields_json)
{
    (void)user_data;
    log_line(level, component, message, fields_json);
}
