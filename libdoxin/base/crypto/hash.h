/* SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104). Functions that can fail return false only when OpenSSL has no memory. */
#ifndef DX_BASE_CRYPTO_HASH_H
#define DX_BASE_CRYPTO_HASH_H

#include <stdbool.h>
#include <stddef.h>

enum { DX_SHA256_SIZE = 32, DX_SHA256_HEX = 65 };

bool dx_sha256(const void *data, size_t length, unsigned char out[DX_SHA256_SIZE]);
/* 64 lower-case digits and NUL. */
bool dx_sha256_hex(const void *data, size_t length, char out[DX_SHA256_HEX]);
bool dx_hmac_sha256(const void *key, size_t key_length, const void *data, size_t length,
                    unsigned char out[DX_SHA256_SIZE]);

/* In pieces, for what does not fit into memory. One thread at a time. */
typedef struct dx_hash dx_hash;
dx_hash *dx_hash_new(void); /* NULL: no memory */
bool dx_hash_add(dx_hash *hash, const void *data, size_t length);
/* Once. */
bool dx_hash_end(dx_hash *hash, unsigned char out[DX_SHA256_SIZE]);
void dx_hash_free(dx_hash *hash);

/* Compares in a time that depends on length alone. */
bool dx_equal(const void *a, const void *b, size_t length);
/* Overwrites a secret; never optimised away. */
void dx_wipe(void *data, size_t length);

#endif
