/* "SON BHD", "PTE LTO": company forms that a recogniser misread by letters of like shape, in the spelling they have. */
#include "core/extract/parties.h"

#include <ctype.h>
#include <string.h>

enum { FORM_WORD = 5 };

/* Letters that a recogniser takes for each other in capitals. */
static const char *const alike[] = {"DO0Q", "B8R", "S5$", "HNM", "TI1L"};

static bool alternatives_of(char letter, const char **out)
{
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
        if (strchr(alike[i], letter)) {
            *out = alike[i];
            return true;
        }
    return false;
}

static bool is_form(dx_ctx *ctx, const char *text, size_t length)
{
    dx_tokens tokens = {0};
    dx_term term;
    return dx_lexicon_tokens(ctx, text, length, false, &tokens) == DOXIN_OK && tokens.count >= 2 &&
           dx_lexicon_find(&tokens, 0, DX_TERM_COMPANY, &term) && term.end == tokens.count;
}

/* Tries the letters alike at each place of both words, one in each word at most. */
static bool try_words(dx_ctx *ctx, char *text, size_t first, size_t first_size, size_t second, size_t second_size)
{
    size_t length = second + second_size;
    for (size_t i = 0; i <= first_size; i++) {
        const char *left = "";
        if (i < first_size && !alternatives_of(text[first + i], &left))
            continue;
        char kept = text[first + i];
        for (size_t a = 0; i == first_size ? a < 1 : left[a] != '\0'; a++) {
            if (i < first_size)
                text[first + i] = left[a];
            for (size_t k = 0; k < second_size; k++) {
                const char *right;
                if (!alternatives_of(text[second + k], &right))
                    continue;
                char other = text[second + k];
                for (size_t b = 0; right[b]; b++) {
                    text[second + k] = right[b];
                    if (is_form(ctx, text + first, length - first))
                        return true;
                }
                text[second + k] = other;
            }
        }
        text[first + i] = kept;
    }
    return false;
}

static size_t word_at(const char *text, size_t begin)
{
    size_t size = 0;
    while (isupper((unsigned char)text[begin + size]) || isdigit((unsigned char)text[begin + size]) ||
           text[begin + size] == '$')
        size++;
    return size;
}

void dx_company_form_repair(dx_ctx *ctx, char *text)
{
    for (size_t first = 0; text[first];) {
        size_t first_size = word_at(text, first);
        size_t second = first + first_size + strspn(text + first + first_size, " .,");
        size_t second_size = first_size > 0 ? word_at(text, second) : 0;
        bool separate = second > first + first_size;
        if (separate && first_size >= 2 && first_size <= FORM_WORD && second_size >= 2 && second_size <= FORM_WORD &&
            !is_form(ctx, text + first, second + second_size - first) &&
            try_words(ctx, text, first, first_size, second, second_size))
            return;
        first += first_size > 0 ? first_size : 1;
    }
}
