/* Time. */
#ifndef DX_BASE_RT_CLOCK_H
#define DX_BASE_RT_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* Nanoseconds of a clock that never jumps; for deadlines and durations. */
int64_t dx_clock_ns(void);
/* Microseconds since 1970-01-01T00:00:00Z. */
int64_t dx_wall_us(void);
/* "2026-11-25T12:00:00.123Z"; out holds at least DX_TIME_TEXT bytes. */
enum { DX_TIME_TEXT = 32 };
void dx_wall_text(int64_t wall_us, char *out);

#endif
