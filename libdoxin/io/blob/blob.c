#include "io/blob/blob.h"

#include "base/crypto/encode.h"
#include "base/crypto/random.h"
#include "base/rt/alloc.h"
#include "io/blob/store.h"

#include <stdio.h>
#include <string.h>

struct dx_blob {
    const dx_store_kind *kind;
    void *store;
};

struct dx_blob_writer {
    dx_blob *blob;
    void *file;
    dx_hash *hash;
    int64_t written;
    int64_t max_bytes;
};

doxin_status dx_blob_open(dx_ctx *ctx, const char *url, dx_blob **out)
{
    static const char scheme[] = "file://";
    if (!url || !*url)
        return dx_fail(ctx, DOXIN_E_CONFIG, "no place for files is configured (blob_url)");
    const char *root = url;
    if (strncmp(url, scheme, sizeof scheme - 1) == 0)
        root = url + sizeof scheme - 1;
    else if (strstr(url, "://"))
        return dx_fail(ctx, DOXIN_E_CONFIG, "files are kept in a folder: blob_url must be a path or file:///path");
    if (root != url && *root != '/')
        return dx_fail(ctx, DOXIN_E_CONFIG, "blob_url must be file:///path, with an absolute path");
    dx_blob *blob = dx_calloc(1, sizeof *blob);
    if (!blob)
        return dx_nomem(ctx);
    blob->kind = &dx_store_folder;
    doxin_status status = dx_store_folder_open(ctx, root, &blob->store);
    if (status == DOXIN_OK)
        *out = blob;
    else
        dx_free(blob);
    return status;
}

void dx_blob_free(dx_blob *blob)
{
    if (!blob)
        return;
    blob->kind->free(blob->store);
    dx_free(blob);
}

const char *dx_blob_url(const dx_blob *blob, dx_ctx *ctx, const char *path)
{
    return blob->kind->url(blob->store, ctx, path);
}

/* ---- writing -------------------------------------------------------------------------------------------------------- */

doxin_status dx_blob_begin(dx_blob *blob, dx_ctx *ctx, int64_t max_bytes, dx_blob_writer **out)
{
    dx_blob_writer *writer = dx_calloc(1, sizeof *writer);
    if (!writer)
        return dx_nomem(ctx);
    writer->blob = blob;
    writer->max_bytes = max_bytes;
    writer->hash = dx_hash_new();
    doxin_status status = writer->hash ? blob->kind->begin(blob->store, ctx, &writer->file) : dx_nomem(ctx);
    if (status == DOXIN_OK)
        *out = writer;
    else
        dx_blob_discard(writer);
    return status;
}

int64_t dx_blob_written(const dx_blob_writer *writer)
{
    return writer->written;
}

doxin_status dx_blob_write(dx_blob_writer *writer, dx_ctx *ctx, const void *data, size_t size)
{
    doxin_status status = dx_check(ctx);
    if (status != DOXIN_OK || size == 0)
        return status;
    if (size > (uint64_t)(writer->max_bytes - writer->written))
        return dx_fail(ctx, DOXIN_E_LIMIT, "the file is larger than the %lld bytes allowed (max_bytes)",
                       (long long)writer->max_bytes);
    if (!dx_hash_add(writer->hash, data, size))
        return dx_nomem(ctx);
    status = writer->blob->kind->write(writer->file, ctx, data, size);
    if (status == DOXIN_OK)
        writer->written += (int64_t)size;
    return status;
}

/* The random part keeps apart what different users store: deleting one blob never takes another's bytes. */
static doxin_status name(dx_blob_writer *writer, dx_ctx *ctx, dx_blob_info *out)
{
    unsigned char digest[DX_SHA256_SIZE];
    unsigned char apart[8];
    char apart_hex[2 * sizeof apart + 1];
    if (!dx_hash_end(writer->hash, digest))
        return dx_nomem(ctx);
    if (!dx_random(apart, sizeof apart))
        return dx_fail(ctx, DOXIN_E_UNAVAILABLE, "the system gives no random bytes");
    dx_hex(digest, sizeof digest, out->hash);
    dx_hex(apart, sizeof apart, apart_hex);
    snprintf(out->path, sizeof out->path, "%.2s/%.2s/%s-%s", out->hash, out->hash + 2, out->hash, apart_hex);
    out->size = writer->written;
    return DOXIN_OK;
}

doxin_status dx_blob_finish(dx_blob_writer *writer, dx_ctx *ctx, dx_blob_info *out)
{
    dx_blob_info info;
    doxin_status status = name(writer, ctx, &info);
    if (status == DOXIN_OK) {
        status = writer->blob->kind->commit(writer->file, ctx, info.path);
        writer->file = NULL;
    }
    if (status == DOXIN_OK)
        *out = info;
    dx_blob_discard(writer);
    return status;
}

void dx_blob_discard(dx_blob_writer *writer)
{
    if (!writer)
        return;
    if (writer->file)
        writer->blob->kind->discard(writer->file);
    dx_hash_free(writer->hash);
    dx_free(writer);
}

/* ---- reading -------------------------------------------------------------------------------------------------------- */

/* A path that dx_blob_finish made: nothing else reaches the store. */
static bool valid_path(const char *path)
{
    size_t length = path ? strlen(path) : 0;
    if (length != 6 + DX_SHA256_HEX - 1 + 1 + 16)
        return false;
    for (size_t i = 0; i < length; i++) {
        char wanted = i == 2 || i == 5 ? '/' : i == 6 + DX_SHA256_HEX - 1 ? '-' : 'x';
        bool digit = (path[i] >= '0' && path[i] <= '9') || (path[i] >= 'a' && path[i] <= 'f');
        if (wanted == 'x' ? !digit : path[i] != wanted)
            return false;
    }
    return true;
}

doxin_status dx_blob_read(dx_blob *blob, dx_ctx *ctx, const char *path, int64_t offset, size_t max_bytes,
                          dx_buffer *out)
{
    doxin_status status = dx_check(ctx);
    if (status != DOXIN_OK)
        return status;
    if (!valid_path(path) || offset < 0)
        return dx_fail(ctx, DOXIN_E_NOT_FOUND, "there is no such file in the store");
    return blob->kind->read(blob->store, ctx, path, offset, max_bytes, out);
}

doxin_status dx_blob_delete(dx_blob *blob, dx_ctx *ctx, const char *path)
{
    if (!valid_path(path))
        return DOXIN_OK;
    return blob->kind->remove(blob->store, ctx, path);
}

doxin_status dx_blob_check(dx_blob *blob, dx_ctx *ctx)
{
    dx_blob_writer *writer = NULL;
    dx_blob_info info;
    doxin_status status = dx_blob_begin(blob, ctx, 16, &writer);
    if (status != DOXIN_OK)
        return status;
    status = dx_blob_write(writer, ctx, "doxin", 5);
    if (status != DOXIN_OK) {
        dx_blob_discard(writer);
        return status;
    }
    status = dx_blob_finish(writer, ctx, &info);
    return status == DOXIN_OK ? dx_blob_delete(blob, ctx, info.path) : status;
}
