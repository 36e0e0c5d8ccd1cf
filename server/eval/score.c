#include "eval/score.h"

#include "base/text.h"
#include "eval/match.h"

#include <stdlib.h>
#include <string.h>

/* One document while it is scored. */
typedef struct scoring {
    scores *to;
    document_score *document;
    node truth;
    node read;
    text faults;
    bool failed; /* no memory */
} scoring;

static void add_fault(scoring *at, const char *field, const char *expected, const char *found)
{
    if (!at->read.document) /* then the error says it all */
        return;
    text_put(&at->faults, "{");
    text_member(&at->faults, "field", field);
    text_member(&at->faults, "expected", expected);
    text_member(&at->faults, "read", found);
    text_trim(&at->faults);
    text_put(&at->faults, "},");
}

static bool is_hit(scoring *at, const node *truth, const char *field, const node *read, int how)
{
    verdict answer = rules_hit(truth, field, read, how);
    at->failed = at->failed || answer == NO_MEMORY;
    return answer == RIGHT;
}

/* ---- header fields -------------------------------------------------------------------------------------------------------- */

static void add_confidence(scoring *at, size_t index, bool right)
{
    const char *field = header_fields[index];
    reliability *to = &at->to->fields_reliability[rules_group(index)];
    node all = node_member(&at->read, "confidence");
    node own = node_member(&all, field);
    if (node_kind(&own) != DOXIN_VALUE_NUMBER)
        return;
    double confidence = strtod(node_text(&own), NULL);
    int place = (int)(confidence * CONFIDENCE_BINS + 1e-9);
    bin *in = &to->bins[place < 0 ? 0 : place >= CONFIDENCE_BINS ? CONFIDENCE_BINS - 1 : place];
    in->count++;
    in->right += right;
    in->confidence += confidence;
    to->sure += confidence >= 0.9 - 1e-9;
    to->sure_right += right && confidence >= 0.9 - 1e-9;
}

/* True when the labelled field is right. */
static bool score_field(scoring *at, size_t index, const node *expected)
{
    const char *field = header_fields[index];
    tally *to = &at->to->fields[index];
    node found = node_member(&at->read, field);
    bool right = false;
    to->labelled++;
    if (!node_empty(&found)) {
        to->predicted++;
        right = is_hit(at, &at->truth, field, &found, EXACT);
        to->right += right;
        to->alike += right || is_hit(at, &at->truth, field, &found, FUZZY);
        add_confidence(at, index, right);
    }
    at->document->values++;
    if (right)
        return true;
    at->document->wrong++;
    add_fault(at, field, node_text(expected), node_empty(&found) ? NULL : node_text(&found));
    return false;
}

static bool is_core(const char *field)
{
    return strcmp(field, "invoice_number") == 0 || strcmp(field, "invoice_date") == 0 ||
           strcmp(field, "total_amount") == 0;
}

static void score_header(scoring *at)
{
    bool every = true, core = true, core_labelled = false;
    for (size_t i = 0; i < HEADER_FIELDS; i++) {
        const char *field = header_fields[i];
        node expected = node_member(&at->truth, field);
        if (node_kind(&expected) == DOXIN_VALUE_NONE)
            continue;
        if (node_empty(&expected)) {
            node found = node_member(&at->read, field);
            at->to->fields[i].spurious += !node_empty(&found);
            continue;
        }
        bool right = score_field(at, i, &expected);
        every = every && right;
        core_labelled = core_labelled || is_core(field);
        core = core && (right || !is_core(field));
    }
    at->to->all_header += every;
    at->to->core_labelled += core_labelled;
    at->to->core += core_labelled && core;
}

/* ---- line items ------------------------------------------------------------------------------------------------------------ */

static void score_item(scoring *at, const node *truth, const node *read)
{
    for (size_t i = 0; i < ITEM_FIELDS; i++) {
        tally *to = &at->to->item_fields[i];
        node expected = node_member(truth, item_fields[i]), found = node_member(read, item_fields[i]);
        if (node_empty(&expected))
            continue;
        to->labelled++;
        if (node_empty(&found))
            continue;
        to->predicted++;
        bool right = is_hit(at, truth, item_fields[i], &found, EXACT);
        to->right += right;
        to->alike += right || is_hit(at, truth, item_fields[i], &found, FUZZY);
    }
}

static void add_item_fault(scoring *at, const node *truth)
{
    node description = node_member(truth, "description"), total = node_member(truth, "line_total");
    text words = {0};
    text_format(&words, "%s %s", node_text(&description), node_text(&total));
    at->failed = at->failed || words.failed;
    add_fault(at, "line_items", words.data, NULL);
    text_free(&words);
}

static void score_items(scoring *at)
{
    node truth = node_member(&at->truth, "line_items"), read = node_member(&at->read, "line_items");
    size_t labelled = node_count(&truth), predicted = node_count(&read), right = 0;
    if (node_empty(&truth))
        return;
    size_t *partner = calloc(labelled + 1, sizeof *partner);
    if (!partner || !match_items(&truth, &read, partner)) {
        at->failed = true;
        free(partner);
        return;
    }
    for (size_t i = 0; i < labelled; i++) {
        node item = node_item(&truth, i);
        if (partner[i] == NO_PARTNER) {
            add_item_fault(at, &item);
            continue;
        }
        node found = node_item(&read, partner[i]);
        right++;
        score_item(at, &item, &found);
    }
    free(partner);
    tally *to = &at->to->items;
    to->labelled += labelled;
    to->predicted += predicted;
    to->right += right;
    to->alike += right;
    at->to->item_documents++;
    at->to->all_items += right == labelled && labelled == predicted;
    at->document->values += labelled;
    at->document->wrong += labelled - right;
}

/* ---- documents -------------------------------------------------------------------------------------------------------------- */

bool scores_add(scores *to, const char *name, const doxin_value *truth, const doxin_value *read, const char *error,
                double seconds)
{
    document_score *grown = realloc(to->documents, (to->count + 1) * sizeof *grown);
    if (!grown)
        return false;
    to->documents = grown;
    document_score *document = &grown[to->count];
    *document = (document_score){.name = strdup(name), .seconds = seconds};
    if (!document->name)
        return false;
    to->count++;
    scoring at = {.to = to, .document = document, .truth = node_root(truth), .read = node_root(read)};
    text_put(&at.faults, "[");
    if (!read) {
        to->missing++;
        text_put(&at.faults, "{");
        text_member(&at.faults, "error", error);
        text_trim(&at.faults);
        text_put(&at.faults, "},");
    }
    score_header(&at);
    score_items(&at);
    text_trim(&at.faults);
    text_put(&at.faults, "]");
    document->faults = text_take(&at.faults);
    return document->faults && !at.failed;
}

void scores_free(scores *of)
{
    for (size_t i = 0; i < of->count; i++) {
        free(of->documents[i].name);
        free(of->documents[i].faults);
    }
    free(of->documents);
}
