/* Random bytes that nobody can guess. */
#ifndef DX_BASE_CRYPTO_RANDOM_H
#define DX_BASE_CRYPTO_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False: the system has none to give; out is then of no use. */
bool dx_random(void *out, size_t length);
/* Evenly 0 … below - 1; 0 for below 0. For jitter, not for keys: without random bytes it falls back on the clock. */
uint32_t dx_random_below(uint32_t below);
/* 32 random bytes as base64url, 43 characters: tokens, tickets. out holds DX_TOKEN_TEXT bytes. */
enum { DX_TOKEN_TEXT = 44 };
bool dx_random_token(char out[DX_TOKEN_TEXT]);

#endif
