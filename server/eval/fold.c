#include "eval/fold.h"

#include <stdlib.h>
#include <string.h>

/* What NFKD, without its marks, and case folding make of a letter beyond ASCII. */
static const struct {
    const char *to;
    const char *from;
} table[] = {
#include "eval/fold_table.inc"
};

/* Punctuation, symbols, marks and private use. */
static const struct {
    uint32_t first;
    uint32_t last;
} dropped[] = {
    {0x80, 0xBF},     {0xD7, 0xD7},     {0xF7, 0xF7},     {0x2C2, 0x2C5},   {0x2D2, 0x2DF},     {0x300, 0x36F},
    {0x37E, 0x37E},   {0x387, 0x387},   {0x482, 0x489},   {0x55A, 0x55F},   {0x589, 0x58F},     {0x591, 0x5CF},
    {0x600, 0x61F},   {0x64B, 0x65F},   {0x66A, 0x66D},   {0x964, 0x965},   {0x1AB0, 0x1AFF},   {0x1DC0, 0x1DFF},
    {0x2000, 0x206F}, {0x207A, 0x207E}, {0x208A, 0x208E}, {0x20A0, 0x20FF}, {0x2190, 0x245F},   {0x2500, 0x2BFF},
    {0x2E00, 0x2FFF}, {0x3000, 0x3004}, {0x3008, 0x3020}, {0x302A, 0x3030}, {0x3099, 0x30A0},   {0x30FB, 0x30FB},
    {0xE000, 0xF8FF}, {0xFE00, 0xFE6F}, {0xFF5F, 0xFF65}, {0xFFE0, 0xFFFF}, {0x1F000, 0x1FAFF}, {0xE0000, 0x10FFFF},
};

static uint32_t decode(const char **from)
{
    const unsigned char *at = (const unsigned char *)*from;
    size_t more = at[0] >= 0xF0 ? 3 : at[0] >= 0xE0 ? 2 : at[0] >= 0xC0 ? 1 : 0;
    uint32_t letter = more == 3 ? at[0] & 0x07u : more == 2 ? at[0] & 0x0Fu : more == 1 ? at[0] & 0x1Fu : at[0];
    (*from)++;
    if (at[0] >= 0x80 && more == 0)
        return 0xFFFD;
    for (size_t i = 1; i <= more; i++, (*from)++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0xFFFD;
        letter = letter << 6 | (at[i] & 0x3Fu);
    }
    return letter;
}

static void add(folded *out, uint32_t letter)
{
    out->letters[out->count++] = letter;
}

static void add_ascii(folded *out, uint32_t letter)
{
    if (letter >= 'A' && letter <= 'Z')
        add(out, letter + 32);
    else if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9'))
        add(out, letter);
}

static bool add_from_table(folded *out, uint32_t letter)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        for (const char *from = table[i].from; *from;) {
            if (decode(&from) != letter)
                continue;
            for (const char *to = table[i].to; *to;)
                add(out, decode(&to));
            return true;
        }
    }
    return false;
}

static uint32_t lower(uint32_t letter)
{
    if ((letter >= 0x391 && letter <= 0x3A9) || (letter >= 0x410 && letter <= 0x42F))
        return letter + 32;
    if (letter >= 0x400 && letter <= 0x40F)
        return letter + 80;
    return letter == 0x3C2 ? 0x3C3 : letter; /* the final sigma */
}

static void add_folded(folded *out, uint32_t letter)
{
    if (letter >= 0xFF01 && letter <= 0xFF5E) /* full-width ASCII */
        letter -= 0xFEE0;
    if (letter < 0x80) {
        add_ascii(out, letter);
        return;
    }
    if (letter < 0x3000 || (letter >= 0xFB00 && letter <= 0xFB06))
        if (add_from_table(out, letter))
            return;
    for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++)
        if (letter >= dropped[i].first && letter <= dropped[i].last)
            return;
    add(out, lower(letter));
}

bool fold(const char *string, folded *out)
{
    /* No letter becomes more letters than its UTF-8 has bytes. */
    out->count = 0;
    out->letters = calloc(strlen(string) + 1, sizeof *out->letters);
    if (!out->letters)
        return false;
    while (*string)
        add_folded(out, decode(&string));
    return true;
}

void folded_free(folded *of)
{
    free(of->letters);
    of->letters = NULL;
    of->count = 0;
}
