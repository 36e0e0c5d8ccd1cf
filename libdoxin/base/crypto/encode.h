/* Bytes as text: hexadecimal and base64url without padding (RFC 4648, 5). */
#ifndef DX_BASE_CRYPTO_ENCODE_H
#define DX_BASE_CRYPTO_ENCODE_H

#include <stdbool.h>
#include <stddef.h>

/* out holds 2 * length + 1 bytes; lower case. */
void dx_hex(const void *data, size_t length, char *out);
/* Exactly 2 * length digits of either case, then out is filled; false: something else. */
bool dx_unhex(const char *text, size_t text_length, unsigned char *out, size_t length);

/* Bytes that dx_base64url writes, with the NUL. */
#define DX_BASE64URL_SIZE(length) (((length)*4 + 2) / 3 + 1)
void dx_base64url(const void *data, size_t length, char *out);
/* Strict: no padding, no white space, unused bits zero. *length is the size of out and then the bytes written. False:
 * no base64url, or out is too small. */
bool dx_unbase64url(const char *text, size_t text_length, unsigned char *out, size_t *length);

#endif
