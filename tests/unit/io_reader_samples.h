/* Documents made on the spot, for the tests of io/reader. */
#ifndef TESTS_IO_READER_SAMPLES_H
#define TESTS_IO_READER_SAMPLES_H

#include "base/rt/buffer.h"
#include "io/reader/reader.h"

#include <stdbool.h>
#include <stddef.h>

/* Where the tests' build has the program. */
const char *sample_program(void);

/* A PDF of that many pages; each shows "Page <n>" and `text`, and a drawn line below it. */
void sample_pdf(dx_buffer *out, int pages, const char *text);
/* A PDF whose first page draws without end for a reader that has no limit: nested forms, each drawn ten times. */
void sample_endless_pdf(dx_buffer *out);
/* A PDF that opens with a password only (standard security handler, 40 bit). */
void sample_encrypted_pdf(dx_buffer *out);
/* An 8 bit grey PNG header (and a little of its data) of any size. */
void sample_png_header(dx_buffer *out, unsigned width, unsigned height);

/* The prepared process of this test's reader, and one of its children; 0 when there is none. */
int sample_prepared(void);
int sample_child(void);

/* A call with its own memory, deadline and error. */
typedef struct sample_call {
    dx_cancel cancel;
    dx_ctx ctx;
} sample_call;
void sample_call_begin(sample_call *call);
void sample_call_end(sample_call *call);

#endif
