/* The document behind doxin_document. */
#ifndef DX_ABI_DOCUMENT_H
#define DX_ABI_DOCUMENT_H

#include "abi/session.h"
#include "core/page/page.h"
#include "doxin/document.h"
#include "io/reader/reader.h"

struct doxin_document {
    doxin_engine *engine;
    char *data; /* for rendering */
    size_t size;
    dx_message message; /* what the pages borrow from */
    dx_arena *arena;
    dx_pages *pages;
};

/* DOXIN_E_EMPTY_DOCUMENT, DOXIN_E_LIMIT with the number, or DOXIN_OK. */
doxin_status dx_document_size_check(dx_ctx *ctx, const doxin_session *session, const char *call,
                                    const doxin_options *opts, const void *data, size_t data_len);
int dx_document_max_pages(const doxin_session *session, const char *call, const doxin_options *opts);
/* A page as a picture on which the boxes of its words lie: turned as it was for reading. options->turn is not looked at. */
doxin_status dx_document_render(dx_ctx *ctx, dx_reader *reader, const doxin_document *document,
                                const dx_render_options *options, dx_message *out);
/* The call's option, else the session's profile, else NULL. */
const char *dx_document_languages(const doxin_session *session, const char *call, const doxin_options *opts);

#endif
