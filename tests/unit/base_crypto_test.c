#include "base/crypto/encode.h"
#include "base/crypto/hash.h"
#include "base/crypto/random.h"
#include "base/crypto/uuid.h"

#include <criterion/criterion.h>
#include <string.h>

Test(base_crypto, sha256_of_known_texts)
{
    char hex[DX_SHA256_HEX];
    cr_assert(dx_sha256_hex("", 0, hex));
    cr_assert_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    cr_assert(dx_sha256_hex("abc", 3, hex));
    cr_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

Test(base_crypto, hash_in_pieces_is_the_hash_of_all)
{
    unsigned char whole[DX_SHA256_SIZE], pieces[DX_SHA256_SIZE];
    dx_hash *hash = dx_hash_new();
    cr_assert_not_null(hash);
    cr_assert(dx_hash_add(hash, "ab", 2));
    cr_assert(dx_hash_add(hash, NULL, 0));
    cr_assert(dx_hash_add(hash, "c", 1));
    cr_assert(dx_hash_end(hash, pieces));
    dx_hash_free(hash);
    cr_assert(dx_sha256("abc", 3, whole));
    cr_assert(dx_equal(whole, pieces, sizeof whole));
}

/* RFC 4231, cases 2 and 6 (a key longer than the block). */
Test(base_crypto, hmac_of_the_rfc)
{
    unsigned char mac[DX_SHA256_SIZE];
    char hex[DX_SHA256_HEX], key[131];
    cr_assert(dx_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, mac));
    dx_hex(mac, sizeof mac, hex);
    cr_assert_str_eq(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    cr_assert(dx_hmac_sha256(key, sizeof key, "Test Using Larger Than Block-Size Key - Hash Key First", 54, mac));
    dx_hex(mac, sizeof mac, hex);
    cr_assert_str_eq(hex, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    cr_assert(dx_hmac_sha256(NULL, 0, NULL, 0, mac));
    dx_hex(mac, sizeof mac, hex);
    cr_assert_str_eq(hex, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

Test(base_crypto, hexadecimal_both_ways)
{
    unsigned char bytes[3];
    char text[7];
    cr_assert(dx_unhex("00fFa1", 6, bytes, 3));
    dx_hex(bytes, 3, text);
    cr_assert_str_eq(text, "00ffa1");
    cr_assert_not(dx_unhex("00ff", 4, bytes, 3));
    cr_assert_not(dx_unhex("00ffa", 5, bytes, 2));
    cr_assert_not(dx_unhex("00fg", 4, bytes, 2));
}

Test(base_crypto, base64url_both_ways)
{
    static const char *const pairs[][2] = {{"", ""},        {"f", "Zg"},         {"fo", "Zm8"},
                                           {"foo", "Zm9v"}, {"\xfb\xff", "-_8"}, {"fooba", "Zm9vYmE"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char text[DX_BASE64URL_SIZE(8)];
        unsigned char bytes[8];
        size_t length = sizeof bytes;
        dx_base64url(pairs[i][0], strlen(pairs[i][0]), text);
        cr_assert_str_eq(text, pairs[i][1]);
        cr_assert(dx_unbase64url(text, strlen(text), bytes, &length));
        cr_assert_eq(length, strlen(pairs[i][0]));
        cr_assert_arr_eq(bytes, pairs[i][0], length);
    }
}

Test(base_crypto, base64url_refuses_what_it_would_not_write)
{
    static const char *const bad[] = {"Z", "Zg==", "Zh", "Zm9", "Z g", "Zm8+", "Zm8/", "AAAAA"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        unsigned char bytes[8];
        size_t length = sizeof bytes;
        cr_assert_not(dx_unbase64url(bad[i], strlen(bad[i]), bytes, &length), "%s was taken", bad[i]);
    }
    unsigned char two[2];
    size_t length = sizeof two;
    cr_assert_not(dx_unbase64url("Zm9v", 4, two, &length));
}

Test(base_crypto, random_bytes_differ)
{
    char a[DX_TOKEN_TEXT], b[DX_TOKEN_TEXT];
    cr_assert(dx_random_token(a));
    cr_assert(dx_random_token(b));
    cr_assert_eq(strlen(a), 43);
    cr_assert_str_neq(a, b);
    for (int i = 0; i < 1000; i++)
        cr_assert_lt(dx_random_below(7), 7);
    cr_assert_eq(dx_random_below(0), 0);
}

Test(base_crypto, uuids)
{
    char four[DX_UUID_TEXT], first[DX_UUID_TEXT], second[DX_UUID_TEXT];
    cr_assert(dx_uuid_v4(four));
    cr_assert(dx_uuid_valid(four));
    cr_assert_eq(four[14], '4');
    cr_assert(strchr("89ab", four[19]) != NULL);
    cr_assert(dx_uuid_v7(first));
    cr_assert(dx_uuid_v7(second));
    cr_assert_eq(first[14], '7');
    cr_assert_leq(strncmp(first, second, 13), 0);
    cr_assert_not(dx_uuid_valid(NULL));
    cr_assert_not(dx_uuid_valid(""));
    cr_assert_not(dx_uuid_valid("00000000-0000-0000-0000-00000000000"));
    cr_assert_not(dx_uuid_valid("00000000-0000-0000-0000-0000000000000"));
    cr_assert_not(dx_uuid_valid("00000000_0000-0000-0000-000000000000"));
    cr_assert_not(dx_uuid_valid("0000000g-0000-0000-0000-000000000000"));
    cr_assert(dx_uuid_valid("0000000A-0000-0000-0000-00000000000f"));
}
