/* Where a value stood. */
#include "core/extract/extract_internal.h"

static int32_t share(int32_t part, int32_t whole)
{
    if (whole <= 0 || part <= 0)
        return 0;
    int64_t scaled = (int64_t)part * 100000 / whole;
    return scaled > 100000 ? 100000 : (int32_t)scaled;
}

doxin_status dx_evidence_words(dx_ctx *ctx, const dx_layout *layout, uint32_t first, uint32_t count, dx_evidence *out)
{
    *out = (dx_evidence){0};
    if (count == 0 || first >= layout->word_count || count > layout->word_count - first)
        return DOXIN_OK;
    dx_box box = layout->words[first].box;
    int64_t confidence = 0;
    bool ocr = false;
    for (uint32_t i = first; i < first + count; i++) {
        box = dx_box_join(box, layout->words[i].box);
        confidence += layout->words[i].confidence;
        ocr |= (layout->words[i].flags & DX_WIRE_OCR) != 0;
    }
    const dx_layout_page *page = &layout->pages[layout->lines[layout->words[first].line].page];
    out->origin = ocr ? DX_ORIGIN_OCR : DX_ORIGIN_TEXT;
    out->page = page->source->number;
    out->box[0] = share(box.x0, page->source->width);
    out->box[1] = share(box.y0, page->source->height);
    out->box[2] = share(box.x1, page->source->width);
    out->box[3] = share(box.y1, page->source->height);
    out->confidence = (int)(confidence / count);
    out->text = dx_layout_text(ctx, layout, first, count);
    return out->text ? DOXIN_OK : DOXIN_E_NOMEM;
}
