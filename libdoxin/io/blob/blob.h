/* Where files lie: one interface, and behind it a store. Bytes go in piece by piece and are hashed on the way; a blob is
 * there whole or not at all.
 *
 * A dx_blob is shared by all threads, a writer is one thread's at a time. Errors of every function that takes a ctx:
 * DOXIN_E_NO_SPACE, DOXIN_E_IO, DOXIN_E_NOMEM, DOXIN_E_CANCELED, DOXIN_E_TIMEOUT. */
#ifndef DX_IO_BLOB_BLOB_H
#define DX_IO_BLOB_BLOB_H

#include "base/crypto/hash.h"
#include "base/rt/buffer.h"
#include "base/rt/ctx.h"

#include <stdint.h>

typedef struct dx_blob dx_blob;
typedef struct dx_blob_writer dx_blob_writer;

/* Of a blob: "3f/a9/3fa9…-0123456789abcdef", the first digits of the hash as folders. */
enum { DX_BLOB_PATH = 96 };

typedef struct dx_blob_info {
    char path[DX_BLOB_PATH];  /* what reads and deletes name it by; never used again after a delete */
    char hash[DX_SHA256_HEX]; /* SHA-256 of the bytes, lower case */
    int64_t size;
} dx_blob_info;

/* url: a path, or file:///path; the folder is made where it is missing. DOXIN_E_CONFIG: no store that is known. */
doxin_status dx_blob_open(dx_ctx *ctx, const char *url, dx_blob **out);
/* NULL is fine. No writer may be left. */
void dx_blob_free(dx_blob *blob);
/* Writes and removes a small blob, so that a full or read-only disk is found before a user finds it. */
doxin_status dx_blob_check(dx_blob *blob, dx_ctx *ctx);
/* "file:///…" of a path; for file_storage.blob_url. From the call's arena; NULL: no memory (recorded). */
const char *dx_blob_url(const dx_blob *blob, dx_ctx *ctx, const char *path);

/* max_bytes: what write refuses to pass (DOXIN_E_LIMIT). */
doxin_status dx_blob_begin(dx_blob *blob, dx_ctx *ctx, int64_t max_bytes, dx_blob_writer **out);
/* After a failure only discard is of use. */
doxin_status dx_blob_write(dx_blob_writer *writer, dx_ctx *ctx, const void *data, size_t size);
/* Makes the blob last (file and folder synced) and frees the writer, in any case; on failure nothing is left. */
doxin_status dx_blob_finish(dx_blob_writer *writer, dx_ctx *ctx, dx_blob_info *out);
/* Frees the writer; nothing is left of what was written. NULL is fine. */
void dx_blob_discard(dx_blob_writer *writer);
/* Bytes taken so far. */
int64_t dx_blob_written(const dx_blob_writer *writer);

/* Appends at most max_bytes from offset; nothing at and behind the end. DOXIN_E_NOT_FOUND: no such blob. */
doxin_status dx_blob_read(dx_blob *blob, dx_ctx *ctx, const char *path, int64_t offset, size_t max_bytes,
                          dx_buffer *out);
/* One that is not there counts as deleted. */
doxin_status dx_blob_delete(dx_blob *blob, dx_ctx *ctx, const char *path);

#endif
