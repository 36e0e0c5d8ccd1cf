/* Any text as words of a page, printed or recognised: tokens lie in the text one behind the other, and each term that the
 * lexicon finds among them ends behind its first token. */
#include "base/text/utf8.h"
#include "core/lexicon/lexicon.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TERMS_MOST = 8 };

static void expect(bool good)
{
    if (!good)
        abort();
}

static void check_term(const dx_tokens *tokens, size_t token, const dx_term *term)
{
    dx_term again;
    expect(term->begin == token && term->end > token && term->end <= tokens->count);
    expect(term->concept > DX_TERM_NONE && term->concept < DX_TERM_COUNT && term->languages != 0);
    expect(term->strength >= DX_TERM_WEAK && term->strength <= DX_TERM_STRONG);
    expect(dx_concept_name(term->concept)[0] && dx_concept_group_of(term->concept) >= DX_GROUP_FIELD);
    expect(dx_lexicon_find(tokens, token, term->concept, &again) && again.end >= term->end);
}

static void check(const dx_tokens *tokens, size_t size)
{
    size_t end = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        dx_term terms[TERMS_MOST];
        const dx_token *token = &tokens->items[i];
        expect(token->begin >= end && token->end >= token->begin && token->end <= size && token->text[0]);
        end = token->begin;
        size_t count = dx_lexicon_at(tokens, i, terms, TERMS_MOST);
        expect(count <= TERMS_MOST);
        for (size_t k = 0; k < count; k++) {
            check_term(tokens, i, &terms[k]);
            expect(k == 0 || terms[k].end <= terms[k - 1].end);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dx_ctx ctx;
    dx_tokens tokens = {0};
    const char *text = (const char *)data + 1;
    if (size < 1 || !dx_utf8_valid(text, size - 1) || !dx_ctx_init(&ctx, (size_t)64 << 20))
        return 0;
    if (dx_lexicon_tokens(&ctx, text, size - 1, data[0] & 1, &tokens) == DOXIN_OK)
        check(&tokens, size - 1);
    dx_ctx_destroy(&ctx);
    return 0;
}
