/* UTF-8, folding and likeness of texts. */
#include "base/text/markup.h"
#include "base/text/utf8.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static dx_ctx ctx;

static void setup(void)
{
    cr_assert(dx_ctx_init(&ctx, 0));
}

static void teardown(void)
{
    dx_ctx_destroy(&ctx);
}

TestSuite(base_text, .init = setup, .fini = teardown);

static const char *fold(const char *text)
{
    return dx_fold(&ctx, text, strlen(text));
}

static const char *alnum(const char *text)
{
    return dx_fold_alnum(&ctx, text, strlen(text));
}

Test(base_text, tells_valid_from_broken_bytes)
{
    static const char *const good[] = {"", "abc", "ä", "€", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"};
    static const char *const bad[] = {
        "\x80",  "\xC3",        "\xC0\xAF", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80",
        "a\xFF", "\xE0\x80\xAF"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_expect(dx_utf8_valid(good[i], strlen(good[i])), "%zu", i);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_not(dx_utf8_valid(bad[i], strlen(bad[i])), "%zu", i);
    cr_expect(dx_utf8_valid("a\0b", 3));
}

Test(base_text, walks_over_anything_and_ends)
{
    size_t at = 0;
    const char *text = "a\xC3\xA4\xFF\xE2\x82";
    cr_expect_eq(dx_utf8_next(text, 6, &at), 'a');
    cr_expect_eq(dx_utf8_next(text, 6, &at), 0xE4);
    cr_expect_eq(at, 3);
    cr_expect_eq(dx_utf8_next(text, 6, &at), 0xFFFD);
    cr_expect_eq(at, 4);
    cr_expect_eq(dx_utf8_next(text, 6, &at), 0xFFFD);
    cr_expect_eq(dx_utf8_next(text, 6, &at), 0xFFFD);
    cr_expect_eq(dx_utf8_next(text, 6, &at), -1);
    cr_expect_eq(at, 6);
    cr_expect_eq(dx_utf8_count(text, 6), 5);
}

Test(base_text, writes_what_it_reads)
{
    for (int32_t character = 0; character <= 0x110000; character += character < 0x3000 ? 1 : 97) {
        char bytes[4];
        size_t at = 0;
        size_t size = dx_utf8_put(character, bytes);
        bool exists = character <= 0x10FFFF && !(character >= 0xD800 && character <= 0xDFFF);
        cr_assert_eq(dx_utf8_next(bytes, size, &at), exists ? character : 0xFFFD);
        cr_assert_eq(at, size);
    }
    char bytes[4];
    cr_expect_eq(dx_utf8_put(-5, bytes), 3);
}

Test(base_text, knows_kinds_of_characters)
{
    cr_expect(dx_char_letter('a') && dx_char_letter(0xE4) && dx_char_letter(0x4E2D) && dx_char_letter(0x3B1));
    cr_expect_not(dx_char_letter('1') || dx_char_letter('.') || dx_char_letter(0x20AC));
    cr_expect(dx_char_digit('0') && dx_char_digit(0xFF11) && dx_char_digit(0x661));
    cr_expect_not(dx_char_digit('a') || dx_char_digit(0xB2));
    cr_expect(dx_char_space(' ') && dx_char_space('\n') && dx_char_space(0xA0) && dx_char_space(0x202F) &&
              dx_char_space(0x2009) && dx_char_space(0x3000));
    cr_expect_not(dx_char_space('_') || dx_char_space(0x200B) || dx_char_space(0));
    cr_expect_eq(dx_char_lower('A'), 'a');
    cr_expect_eq(dx_char_lower(0xC4), 0xE4);
    cr_expect_eq(dx_char_lower(0x141), 0x142);
    cr_expect_eq(dx_char_lower('1'), '1');
}

Test(base_text, folds_for_comparing)
{
    static const char *const cases[][2] = {
        {"Müller & Söhne", "muller & sohne"},
        {"STRASSE straße", "strasse strasse"},
        {"  Straße \t\n 5  ", "strasse 5"},
        {"A\xC2\xA0\xE2\x80\xAF"
         "b",
         "a b"},
        {"Mu\xCC\x88ller", "muller"},
        {"\xEF\xAC\x81le", "file"},
        {"\xEF\xBC\xA1\xEF\xBC\x91", "a1"},
        {"m²", "m2"},
        {"ÉCOLE Ñandú Çà", "ecole nandu ca"},
        {"Źdźbło", "zdzbło"},
        {"中文", "中文"},
        {"", ""},
        {"   ", ""},
        {"a\xFF"
         "b",
         "a\xEF\xBF\xBD"
         "b"},
        {"soft\xC2\xADhyphen", "softhyphen"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_expect_str_eq(fold(cases[i][0]), cases[i][1], "%s", cases[i][0]);
        cr_expect_str_eq(fold(cases[i][1]), cases[i][1], "folding twice changes nothing");
    }
    cr_expect_str_eq(alnum("Müller & Söhne GmbH"), "mullersohnegmbh");
    cr_expect_str_eq(alnum("RE-2026/0001."), "re20260001");
    cr_expect_str_eq(alnum("&-. "), "");
}

Test(base_text, fails_cleanly_without_memory)
{
    dx_ctx small;
    char text[5000];
    memset(text, 'x', sizeof text);
    cr_assert(dx_ctx_init(&small, 1024));
    cr_expect_null(dx_fold(&small, text, sizeof text));
    cr_expect_eq(small.error.status, DOXIN_E_NOMEM);
    dx_ctx_destroy(&small);
}

Test(base_text, measures_edits)
{
    static const struct {
        const char *a, *b;
        int distance;
    } cases[] = {
        {"", "", 0},
        {"abc", "", 3},
        {"kitten", "sitting", 3},
        {"ab", "ba", 1},
        {"invoice", "invocie", 1},
        {"ca", "abc", 3},
        {"müller", "muller", 1},
        {"rechnung", "rechnung", 0},
        {"abcd", "acbd", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_expect_eq(dx_edit_distance(cases[i].a, cases[i].b, 10), cases[i].distance, "%s %s", cases[i].a, cases[i].b);
        cr_expect_eq(dx_edit_distance(cases[i].b, cases[i].a, 10), cases[i].distance, "%s %s", cases[i].b, cases[i].a);
        for (int limit = 0; limit < cases[i].distance; limit++)
            cr_expect_eq(dx_edit_distance(cases[i].a, cases[i].b, limit), limit + 1);
        cr_expect_eq(dx_edit_distance(cases[i].a, cases[i].b, cases[i].distance), cases[i].distance);
    }
}

/* What difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() gives, times 1000. */
static const struct {
    const char *a, *b;
    int similarity;
} pairs[] = {
    {"", "", 1000},
    {"abc", "", 0},
    {"abc", "abc", 1000},
    {"abcd", "bcde", 750},
    {"WIKIMEDIA", "WIKIMANIA", 778},
    {"GESTALT PATTERN MATCHING", "GESTALT PRACTICE", 600},
    {"tide", "diet", 250},
    {"diet", "tide", 500},
    {"private thread", "private Thread", 929},
    {"mountain bike frame black 48cm", "mtb frame blk 48 cm", 735},
    {"müller gmbh", "mueller gmbh", 870},
    {"rechnung 2026", "rechnung 2025", 923},
    {"öäü", "äöü", 667},
    {"hl mountain frame - silver, 42", "hl mountain frame - black, 42", 847},
    {"aabbab", "abaabb", 667},
};

Test(base_text, measures_likeness_as_ratcliff_and_obershelp_do)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        cr_expect_eq(dx_similarity(pairs[i].a, pairs[i].b), pairs[i].similarity, "%s | %s", pairs[i].a, pairs[i].b);
}

/* The plain definition, for random texts of few letters, where blocks are many and ties are common. */
static int plain_matching(const char *a, int a_size, const char *b, int b_size)
{
    int best = 0, at_a = 0, at_b = 0;
    for (int i = 0; i < a_size; i++) {
        for (int k = 0; k < b_size; k++) {
            int size = 0;
            while (i + size < a_size && k + size < b_size && a[i + size] == b[k + size])
                size++;
            if (size > best) {
                best = size;
                at_a = i;
                at_b = k;
            }
        }
    }
    if (best == 0)
        return 0;
    return best + plain_matching(a, at_a, b, at_b) +
           plain_matching(a + at_a + best, a_size - at_a - best, b + at_b + best, b_size - at_b - best);
}

Test(base_text, agrees_with_the_plain_definition)
{
    uint64_t state = 1;
    for (int round = 0; round < 3000; round++) {
        char text[2][40];
        int size[2];
        for (int t = 0; t < 2; t++) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            size[t] = (int)(state >> 33) % 39;
            for (int i = 0; i < size[t]; i++) {
                state = state * 6364136223846793005ULL + 1442695040888963407ULL;
                text[t][i] = (char)('a' + (state >> 33) % (2 + (uint64_t)round % 4));
            }
            text[t][size[t]] = '\0';
        }
        int total = size[0] + size[1];
        int expected = total ? (2000 * plain_matching(text[0], size[0], text[1], size[1]) + total / 2) / total : 1000;
        cr_assert_eq(dx_similarity(text[0], text[1]), expected, "%s | %s", text[0], text[1]);
    }
}

Test(base_text, bears_long_texts)
{
    static char a[100001], b[100001];
    memset(a, 'x', sizeof a - 1);
    memset(b, 'x', sizeof b - 1);
    cr_expect_eq(dx_similarity(a, b), 1000, "what is behind the first 2,000 characters does not count");
    cr_expect_eq(dx_edit_distance(a, b, 5), 0);
    for (size_t i = 0; i < sizeof a - 1; i += 2) {
        a[i] = (char)('A' + i / 2 % 26);
        b[i] = (char)('a' + i / 2 % 26);
    }
    int similarity = dx_similarity(a, b);
    cr_expect(similarity >= 0 && similarity <= 1000);
    cr_expect_eq(dx_edit_distance(a, b, 5), 6);
}

Test(base_text, characters_have_the_width_of_a_terminal)
{
    cr_expect_eq(dx_char_width('a'), 1);
    cr_expect_eq(dx_char_width(0xE4), 1);
    cr_expect_eq(dx_char_width(0x767C), 2, "of East Asia");
    cr_expect_eq(dx_char_width(0x301), 0, "joins the one before");
}

Test(base_text, markup_is_escaped_and_no_forbidden_character_is_left)
{
    dx_buffer out;
    dx_buffer_init(&out, 0);
    dx_markup_text(&out, "a<b>&\"'\x01\x1F\t\n\xEF\xBF\xBE\xEF\xBF\xBD\xC3\xA4\xEF");
    cr_expect_str_eq(out.data, "a&lt;b&gt;&amp;&quot;&#39;\t\n\xEF\xBF\xBD\xC3\xA4\xEF");
    dx_buffer_free(&out);
}
