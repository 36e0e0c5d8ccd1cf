#include "base/crypto/random.h"

#include "base/crypto/encode.h"
#include "base/crypto/hash.h"
#include "base/rt/clock.h"

#include <limits.h>
#include <openssl/rand.h>

bool dx_random(void *out, size_t length)
{
    return length <= INT_MAX && RAND_bytes(out, (int)length) == 1;
}

uint32_t dx_random_below(uint32_t below)
{
    uint32_t value;
    if (below == 0)
        return 0;
    if (!dx_random(&value, sizeof value))
        value = (uint32_t)dx_clock_ns();
    /* The multiply-shift of Lemire; its bias below 2^-32 * below does not matter for waiting times. */
    return (uint32_t)((uint64_t)value * below >> 32);
}

bool dx_random_token(char out[DX_TOKEN_TEXT])
{
    unsigned char bytes[32];
    out[0] = '\0';
    if (!dx_random(bytes, sizeof bytes))
        return false;
    dx_base64url(bytes, sizeof bytes, out);
    dx_wipe(bytes, sizeof bytes);
    return true;
}
