/* Documents as words, read in the sandboxed program doxin-docparse: one document, one process.
 *
 * The reader starts the program when it is first asked, starts it again when it has ended, and hands documents over as
 * sealed memory. What comes back is a message (core/page/wire.h) in memory that nobody can change any more; it is
 * checked by whoever decodes it. Threads: a dx_reader is shared by all; only dx_reader_free is not, which no other call
 * on the same reader may overlap. Nothing of it depends on SIGCHLD or on who calls wait in this process. */
#ifndef DX_IO_READER_READER_H
#define DX_IO_READER_READER_H

#include "base/rt/ctx.h"
#include "base/rt/json_write.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dx_reader dx_reader;

/* 0 and NULL stand for the defaults. */
typedef struct dx_reader_options {
    const char *program; /* path of doxin-docparse; NULL: beside this library or program, else where it is installed */
    int parsers;         /* documents at a time; cores - 1, at least 1, at most 64 */
    size_t max_bytes;    /* of a document; 50 MiB */
    int max_pages;       /* 500 */
    int64_t max_pixels;  /* of one page; 100,000,000 */
    int max_words;       /* 1,000,000 */
    int max_attachments; /* of a PDF; 200; those beyond are left out */
    int64_t max_attachment_bytes; /* of one attachment; 32 MiB; a larger one is left out */
    int timeout_ms;               /* for a document; 60 s */
    size_t memory_bytes;          /* address space of one parser; 2 GiB */
    const dx_log *log;            /* borrowed, may be NULL */
} dx_reader_options;

typedef struct dx_read_options {
    int ocr;                   /* 0: pages that need it, 1: every page, 2: none */
    const char *languages;     /* of the recogniser, "deu+eng"; NULL: chosen by what is on the page */
    bool want_rules;           /* drawn lines */
    bool want_codes;           /* bar and matrix codes */
    bool seek_codes;           /* QR codes alone, where pages are rendered anyway or their words tell of one */
    int first_page, last_page; /* from 1; 0: all */
    int max_pages;             /* at most the reader's; 0: the reader's */
} dx_read_options;

/* Read-only bytes; {0} is an empty one. */
typedef struct dx_message {
    const void *data;
    size_t size;
} dx_message;

/* DOXIN_E_NOMEM is the only failure: nothing is started yet. Options are copied. */
doxin_status dx_reader_new(const dx_reader_options *options, dx_reader **out);
/* Ends the program and its children; takes milliseconds. NULL is allowed. Messages stay valid. */
void dx_reader_free(dx_reader *reader);

/* Reads a document. *out is freed with dx_message_free. Blocks; ends early when ctx is cancelled or its deadline passes
 * (DOXIN_E_CANCELED, DOXIN_E_TIMEOUT), the child with it.
 * DOXIN_E_EMPTY_DOCUMENT, LIMIT (more than max_bytes or max_words), NOT_A_DOCUMENT, ENCRYPTED, DAMAGED, NO_PAGES, TOO_MANY_PAGES,
 * TOO_MANY_PIXELS, PARSER_DIED, PARSER_TIMEOUT, PARSER_MEMORY are about the document; PARSER_MISSING, NOMEM, IO and
 * UNAVAILABLE about the machine. `options` NULL: text, rules, no codes, OCR where needed. */
doxin_status dx_reader_read(dx_reader *reader, dx_ctx *ctx, const void *data, size_t size,
                            const dx_read_options *options, dx_message *out);

typedef struct dx_render_options {
    int page;     /* from 1 */
    int dpi;      /* 0: 110 */
    int32_t turn; /* 1/1000 degree clockwise, as dx_page.turn: boxes of the page then lie on the picture */
    bool small;   /* JPEG where PNG is large, as it is for scans; else always PNG */
} dx_render_options;

/* One page as a picture. As dx_reader_read; DOXIN_E_NOT_FOUND where there is no such page. */
doxin_status dx_reader_render(dx_reader *reader, dx_ctx *ctx, const void *data, size_t size,
                              const dx_render_options *options, dx_message *out);

/* Accepts an empty message and leaves one. */
void dx_message_free(dx_message *message);

/* Members of an open object: program, running, and each layer of the sandbox with why it is missing. Starts the program
 * when it does not run. */
void dx_reader_state(dx_reader *reader, dx_ctx *ctx, dx_writer *writer);

/* The same as objects {name, state: ok | off | failed, text} of an open array. */
void dx_reader_parts(dx_reader *reader, dx_ctx *ctx, dx_writer *writer);

#endif
