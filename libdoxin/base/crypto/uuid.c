#include "base/crypto/uuid.h"

#include "base/crypto/random.h"
#include "base/rt/clock.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>

static void uuid_text(unsigned char bytes[16], unsigned version, char out[DX_UUID_TEXT])
{
    bytes[6] = (unsigned char)((bytes[6] & 0x0fU) | version << 4);
    bytes[8] = (unsigned char)((bytes[8] & 0x3fU) | 0x80U);
    snprintf(out, DX_UUID_TEXT, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", bytes[0],
             bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7], bytes[8], bytes[9], bytes[10],
             bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]);
}

bool dx_uuid_v4(char out[DX_UUID_TEXT])
{
    unsigned char bytes[16];
    out[0] = '\0';
    if (!dx_random(bytes, sizeof bytes))
        return false;
    uuid_text(bytes, 4, out);
    return true;
}

bool dx_uuid_v7(char out[DX_UUID_TEXT])
{
    unsigned char bytes[16];
    out[0] = '\0';
    if (!dx_random(bytes, sizeof bytes))
        return false;
    uint64_t ms = (uint64_t)(dx_wall_us() / 1000);
    for (int i = 0; i < 6; i++)
        bytes[i] = (unsigned char)(ms >> (8 * (5 - i)));
    uuid_text(bytes, 7, out);
    return true;
}

bool dx_uuid_valid(const char *text)
{
    if (text == NULL)
        return false;
    for (int i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    return text[36] == '\0';
}
