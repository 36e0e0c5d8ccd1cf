/* Who the blocks are: each gets log-odds for being the vendor and the customer, and the best pair is taken. */
#include "base/text/utf8.h"
#include "core/extract/parties.h"

#include <stdlib.h>
#include <string.h>

static const char *name_of(const dx_party *party)
{
    return party->lines[party->name_line].text;
}

static void by_label(dx_party *party)
{
    switch (party->label) {
    case DX_TERM_BILL_TO:
        party->customer += 450;
        party->vendor -= 450;
        break;
    case DX_TERM_VENDOR:
        party->vendor += 450;
        party->customer -= 450;
        break;
    case DX_TERM_SHIP_TO:
        party->customer -= 20; /* who gets the goods is the customer where nobody else is */
        party->vendor -= 350;
        break;
    case DX_TERM_PAYEE:
        party->vendor += 100;
        party->customer -= 350;
        break;
    case DX_TERM_REPRESENTATIVE:
        party->vendor -= 300;
        party->customer -= 300;
        break;
    default:
        break;
    }
}

static void by_place(const dx_reading *reading, dx_party *party)
{
    const dx_page *page = reading->layout->pages[party->page].source;
    if (page->height <= 0 || page->width <= 0)
        return;
    int y = (int)((int64_t)party->box.y0 * 100 / page->height), x = (int)((int64_t)party->box.x0 * 100 / page->width);
    if (party->page > 0) {
        party->vendor -= 60;
        party->customer -= 120;
    }
    if (y >= 80) {
        party->vendor += 120;
        party->customer -= 200;
    } else if (y >= 10 && y <= 36 && x < 40 && !party->one_line) {
        party->customer += 60; /* where the window of an envelope is */
    }
    if (y < 8)
        party->vendor += 60;
    if (x >= 50 && y < 30)
        party->vendor += 40;
    if (party->one_line) {
        party->vendor += 150;
        party->customer -= 150;
    }
}

/* Numbers and contacts that a vendor prints under its address. */
static void by_company_data(const dx_reading *reading, dx_party *party)
{
    static const dx_concept data[] = {DX_TERM_VAT_ID, DX_TERM_TAX_NUMBER, DX_TERM_IBAN, DX_TERM_REGISTRATION,
                                      DX_TERM_PHONE,  DX_TERM_FAX,        DX_TERM_BIC,  DX_TERM_WEBSITE};
    int found = 0;
    for (size_t i = 0; i < reading->label_count; i++) {
        const dx_label *label = &reading->labels[i];
        const dx_segment *segment = &reading->layout->segments[label->segment];
        int32_t height = label->box.y1 - label->box.y0, below = label->box.y0 - party->box.y1;
        if (segment->page != party->page || !label->starts || below < -height || below > 8 * height ||
            abs(segment->box.x0 - party->box.x0) > 4 * height)
            continue;
        for (size_t k = 0; k < sizeof data / sizeof *data; k++)
            found += dx_label_term(label, data[k]) != NULL;
    }
    party->vendor += found > 3 ? 90 : 30 * found;
}

static bool same_text(dx_ctx *ctx, const char *a, const char *b)
{
    const char *x = dx_fold_alnum(ctx, a, strlen(a)), *y = dx_fold_alnum(ctx, b, strlen(b));
    return x && y && *x && strcmp(x, y) == 0;
}

static bool is_own(dx_ctx *ctx, const dx_reading *reading, const char *name)
{
    const char *own = reading->options ? reading->options->own_names : NULL;
    while (own && *own) {
        size_t length = strcspn(own, "\n");
        char *line = dx_textn(ctx, own, length);
        if (line && length > 0 && same_text(ctx, line, name))
            return true;
        own += length + (own[length] == '\n');
    }
    return false;
}

static void by_others(dx_ctx *ctx, const dx_reading *reading, dx_parties *parties, size_t index)
{
    dx_party *party = &parties->items[index];
    if (is_own(ctx, reading, name_of(party))) {
        party->customer += 600;
        party->vendor -= 600;
    }
    for (size_t i = 0; i < parties->count; i++) {
        const dx_party *other = &parties->items[i];
        if (i == index)
            continue;
        /* The sender's line stands right above the window. */
        int32_t gap = party->box.y0 - other->box.y1, height = other->box.y1 - other->box.y0;
        if (other->one_line && !party->one_line && other->page == party->page && gap >= 0 && gap < 8 * height &&
            dx_overlap(party->box.x0, party->box.x1, other->box.x0, other->box.x1) > 0)
            party->customer += 160;
        if (same_text(ctx, name_of(party), name_of(other))) {
            if (other->one_line || other->label == DX_TERM_VENDOR)
                party->vendor += 120;
            if (other->label == DX_TERM_BILL_TO || other->label == DX_TERM_SHIP_TO)
                party->customer += 100;
        }
    }
}

static bool same_party(dx_ctx *ctx, const dx_party *a, const dx_party *b)
{
    return same_text(ctx, name_of(a), name_of(b));
}

static void assign(dx_ctx *ctx, dx_parties *parties)
{
    parties->vendor = parties->customer = parties->ship_to = -1;
    int best = 0;
    for (int v = -1; v < (int)parties->count; v++) {
        for (int c = -1; c < (int)parties->count; c++) {
            if (v >= 0 && c >= 0 && (v == c || same_party(ctx, &parties->items[v], &parties->items[c])))
                continue;
            int score = (v >= 0 ? parties->items[v].vendor : 0) + (c >= 0 ? parties->items[c].customer : 0);
            if (score > best) {
                best = score;
                parties->vendor = v;
                parties->customer = c;
            }
        }
    }
    for (int i = 0; i < (int)parties->count && parties->ship_to < 0; i++)
        if (parties->items[i].label == DX_TERM_SHIP_TO && i != parties->vendor && i != parties->customer)
            parties->ship_to = i;
}

doxin_status dx_parties_assign(dx_ctx *ctx, const dx_reading *reading, dx_parties *out)
{
    for (size_t i = 0; i < out->count; i++) {
        dx_party *party = &out->items[i];
        party->vendor = 20 + (party->has_company ? 30 : 0) + (party->postal >= 0 ? 20 : 0);
        party->customer = 20 + (party->has_company ? 10 : 0) + (party->postal >= 0 ? 20 : 0);
        if (!party->has_company && strpbrk(name_of(party), "0123456789")) { /* a street, but no name */
            party->vendor -= 180;
            party->customer -= 100;
        }
        by_label(party);
        by_place(reading, party);
        by_company_data(reading, party);
    }
    for (size_t i = 0; i < out->count; i++)
        by_others(ctx, reading, out, i);
    if (ctx->error.status != DOXIN_OK)
        return ctx->error.status;
    assign(ctx, out);
    return ctx->error.status;
}
