#include "base/rt/clock.h"

#include <stdio.h>
#include <time.h>

int64_t dx_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t dx_wall_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void dx_wall_text(int64_t wall_us, char *out)
{
    int64_t seconds = wall_us / 1000000;
    int64_t rest = wall_us % 1000000;
    if (rest < 0) {
        rest += 1000000;
        seconds--;
    }
    time_t at = (time_t)seconds;
    struct tm broken;
    if (!gmtime_r(&at, &broken)) {
        out[0] = '\0';
        return;
    }
    size_t used = strftime(out, DX_TIME_TEXT, "%Y-%m-%dT%H:%M:%S", &broken);
    snprintf(out + used, DX_TIME_TEXT - used, ".%03dZ", (int)(rest / 1000));
}
