/* UUIDs (RFC 9562). */
#ifndef DX_BASE_CRYPTO_UUID_H
#define DX_BASE_CRYPTO_UUID_H

#include <stdbool.h>

enum { DX_UUID_TEXT = 37 };

/* Random. False: no random bytes. */
bool dx_uuid_v4(char out[DX_UUID_TEXT]);
/* Sorts by the time it was made (milliseconds), then random. */
bool dx_uuid_v7(char out[DX_UUID_TEXT]);
/* 8-4-4-4-12 hexadecimal digits of either case, nothing else; NULL is no UUID. */
bool dx_uuid_valid(const char *text);

#endif
