/* A store behind dx_blob: what each kind of store is made of. */
#ifndef DX_IO_BLOB_STORE_H
#define DX_IO_BLOB_STORE_H

#include "io/blob/blob.h"

/* The functions of a store. A file under way is an opaque pointer. */
typedef struct dx_store_kind {
    void (*free)(void *store);
    const char *(*url)(const void *store, dx_ctx *ctx, const char *path);
    doxin_status (*begin)(void *store, dx_ctx *ctx, void **out_file);
    doxin_status (*write)(void *file, dx_ctx *ctx, const void *data, size_t size);
    /* Frees file, in any case. */
    doxin_status (*commit)(void *file, dx_ctx *ctx, const char *path);
    void (*discard)(void *file);
    doxin_status (*read)(void *store, dx_ctx *ctx, const char *path, int64_t offset, size_t max_bytes, dx_buffer *out);
    doxin_status (*remove)(void *store, dx_ctx *ctx, const char *path);
} dx_store_kind;

extern const dx_store_kind dx_store_folder;
/* root: an absolute or relative path of a folder. */
doxin_status dx_store_folder_open(dx_ctx *ctx, const char *root, void **out);

#endif
