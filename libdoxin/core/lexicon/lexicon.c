/* One trie over words holds the terms of all languages; a text's tokens walk through it. */
#include "core/lexicon/lexicon.h"

#include "core/lexicon/words.h"

#include <string.h>

typedef struct lexicon_entry {
    uint8_t concept;
    uint16_t argument;
    uint8_t strength;
    uint32_t languages;
} lexicon_entry;

typedef struct lexicon_node {
    int32_t word;
    uint32_t first_entry;
    uint16_t entry_count;
    uint32_t first_child; /* children lie together, sorted by word */
    uint16_t child_count;
} lexicon_node;

#include "core/lexicon/lexicon_data.inc"

static const size_t word_count = sizeof words / sizeof *words;

static const struct {
    const char *name;
    dx_concept_group group;
} concepts[DX_TERM_COUNT] = {
    {"none", DX_GROUP_WORD},
#define X(id, name, group) {name, group},
#include "core/lexicon/concepts.inc"
#undef X
};

int32_t dx_lexicon_word(const char *folded)
{
    size_t low = 0, high = word_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(words[middle], folded);
        if (order == 0)
            return (int32_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

enum { MISREAD_MIN = 5, MISREAD_MAX = 24 };

/* Digits that stand inside words for letters of the same shape. */
static bool letters_for_digits(const char *folded, char *out)
{
    static const char digits[] = "0156848", letters[] = "olsgba";
    bool changed = false, letter = false;
    size_t i = 0;
    for (; folded[i] && i < MISREAD_MAX; i++) {
        const char *found = strchr(digits, folded[i]);
        out[i] = found && found - digits < 6 ? letters[found - digits] : folded[i];
        changed |= out[i] != folded[i];
        letter |= folded[i] >= 'a' && folded[i] <= 'z';
    }
    out[i] = '\0';
    return changed && letter && !folded[i];
}

/* At most one letter wrong, missing or too much. */
static bool one_apart(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t head = 0, tail = 0, shorter = a_length < b_length ? a_length : b_length;
    while (head < shorter && a[head] == b[head])
        head++;
    while (tail < shorter - head && a[a_length - 1 - tail] == b[b_length - 1 - tail])
        tail++;
    size_t longer = a_length > b_length ? a_length : b_length;
    return longer - head - tail <= 1;
}

int32_t dx_lexicon_misread_word(const char *folded)
{
    char plain[MISREAD_MAX + 1];
    if (letters_for_digits(folded, plain)) {
        int32_t word = dx_lexicon_word(plain);
        if (word >= 0)
            return word;
    }
    size_t length = strlen(folded);
    if (length < MISREAD_MIN || length > MISREAD_MAX)
        return -1;
    int32_t found = -1;
    size_t shortest = length > MISREAD_MIN ? length - 1 : MISREAD_MIN;
    for (size_t i = length_starts[shortest]; i < length_starts[length + 2]; i++) {
        const char *word = words[by_length[i]];
        size_t other = i < length_starts[length] ? length - 1 : i < length_starts[length + 1] ? length : length + 1;
        if ((word[0] != folded[0] && word[other - 1] != folded[length - 1]) || !one_apart(folded, length, word, other))
            continue;
        if (found >= 0)
            return -1;
        found = by_length[i];
    }
    return found;
}

static const lexicon_node *child_of(const lexicon_node *node, int32_t word)
{
    size_t low = node->first_child, high = low + node->child_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (nodes[middle].word == word)
            return &nodes[middle];
        if (nodes[middle].word < word)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void fill(const lexicon_entry *entry, size_t begin, size_t end, dx_term *out)
{
    out->concept = (dx_concept)entry->concept;
    out->argument = entry->argument;
    out->strength = entry->strength;
    out->languages = entry->languages;
    out->begin = begin;
    out->end = end;
}

enum { PHRASE_MAX = 12 };

size_t dx_lexicon_at(const dx_tokens *tokens, size_t token, dx_term *out, size_t max)
{
    const lexicon_node *path[PHRASE_MAX];
    size_t depth = 0;
    const lexicon_node *node = &nodes[0];
    for (size_t i = token; i < tokens->count && depth < PHRASE_MAX && tokens->items[i].word >= 0; i++) {
        node = child_of(node, tokens->items[i].word);
        if (!node)
            break;
        path[depth++] = node;
    }
    size_t count = 0;
    for (; depth > 0; depth--)
        for (size_t k = 0; k < path[depth - 1]->entry_count && count < max; k++)
            fill(&entries[path[depth - 1]->first_entry + k], token, token + depth, &out[count++]);
    return count;
}

bool dx_lexicon_find(const dx_tokens *tokens, size_t token, dx_concept concept, dx_term *out)
{
    dx_term terms[64];
    size_t count = dx_lexicon_at(tokens, token, terms, sizeof terms / sizeof *terms);
    for (size_t i = 0; i < count; i++) {
        if (terms[i].concept == concept) {
            *out = terms[i];
            return true;
        }
    }
    return false;
}

bool dx_lexicon_is(const dx_tokens *tokens, dx_concept concept, dx_term *out)
{
    return tokens->count > 0 && dx_lexicon_find(tokens, 0, concept, out) && out->end == tokens->count;
}

const char *dx_concept_name(dx_concept concept)
{
    return concept > DX_TERM_NONE && concept < DX_TERM_COUNT ? concepts[concept].name : concepts[0].name;
}

dx_concept_group dx_concept_group_of(dx_concept concept)
{
    return concept > DX_TERM_NONE && concept < DX_TERM_COUNT ? concepts[concept].group : concepts[0].group;
}

size_t dx_lexicon_language_count(void)
{
    return sizeof languages / sizeof *languages;
}

const char *dx_lexicon_language(size_t index)
{
    return index < dx_lexicon_language_count() ? languages[index] : "";
}
