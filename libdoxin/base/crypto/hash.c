#include "base/crypto/hash.h"

#include "base/crypto/encode.h"
#include "base/rt/alloc.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

struct dx_hash {
    EVP_MD_CTX *md;
};

bool dx_sha256(const void *data, size_t length, unsigned char out[DX_SHA256_SIZE])
{
    return EVP_Digest(length > 0 ? data : "", length, out, NULL, EVP_sha256(), NULL) == 1;
}

bool dx_sha256_hex(const void *data, size_t length, char out[DX_SHA256_HEX])
{
    unsigned char hash[DX_SHA256_SIZE];
    out[0] = '\0';
    if (!dx_sha256(data, length, hash))
        return false;
    dx_hex(hash, sizeof hash, out);
    return true;
}

bool dx_hmac_sha256(const void *key, size_t key_length, const void *data, size_t length,
                    unsigned char out[DX_SHA256_SIZE])
{
    if (key_length > INT_MAX)
        return false;
    /* HMAC() takes a NULL key for "the key of the last call". */
    const void *bytes = key_length > 0 ? key : "";
    return HMAC(EVP_sha256(), bytes, (int)key_length, length > 0 ? data : (const void *)"", length, out, NULL) != NULL;
}

dx_hash *dx_hash_new(void)
{
    dx_hash *hash = dx_calloc(1, sizeof *hash);
    if (hash == NULL)
        return NULL;
    hash->md = EVP_MD_CTX_new();
    if (hash->md == NULL || EVP_DigestInit_ex(hash->md, EVP_sha256(), NULL) != 1) {
        dx_hash_free(hash);
        return NULL;
    }
    return hash;
}

bool dx_hash_add(dx_hash *hash, const void *data, size_t length)
{
    return length == 0 || EVP_DigestUpdate(hash->md, data, length) == 1;
}

bool dx_hash_end(dx_hash *hash, unsigned char out[DX_SHA256_SIZE])
{
    return EVP_DigestFinal_ex(hash->md, out, NULL) == 1;
}

void dx_hash_free(dx_hash *hash)
{
    if (hash == NULL)
        return;
    EVP_MD_CTX_free(hash->md);
    dx_free(hash);
}

bool dx_equal(const void *a, const void *b, size_t length)
{
    return CRYPTO_memcmp(a, b, length) == 0;
}

void dx_wipe(void *data, size_t length)
{
    OPENSSL_cleanse(data, length);
}
