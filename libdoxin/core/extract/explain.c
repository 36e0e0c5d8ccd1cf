/* Stages as JSON, for people who want to know why a value was taken. */
#include "base/rt/json_write.h"
#include "core/extract/extract.h"
#include "core/extract/fields.h"
#include "core/extract/kind.h"
#include "core/extract/parties.h"
#include "core/extract/totals.h"

#include <string.h>

static const char *style_name(dx_number_style style)
{
    return style == DX_NUMBER_POINT ? "point" : style == DX_NUMBER_COMMA ? "comma" : "unknown";
}

static const char *order_name(dx_date_order order)
{
    return order == DX_ORDER_DMY ? "dmy" : order == DX_ORDER_MDY ? "mdy" : order == DX_ORDER_YMD ? "ymd" : "unknown";
}

static void write_box(dx_writer *writer, const dx_box *box)
{
    dx_write_array(writer, "box");
    dx_write_integer(writer, NULL, box->x0);
    dx_write_integer(writer, NULL, box->y0);
    dx_write_integer(writer, NULL, box->x1);
    dx_write_integer(writer, NULL, box->y1);
    dx_write_array_end(writer);
}

static void write_hypotheses(const dx_reading *reading, dx_writer *writer)
{
    const dx_hypotheses *h = &reading->hypotheses;
    dx_write_object(writer, NULL);
    dx_write_string(writer, "number_style", style_name(h->number_style));
    dx_write_integer(writer, "number_votes", h->number_votes);
    dx_write_string(writer, "date_order", order_name(h->date_order));
    dx_write_string(writer, "currency", h->currency);
    dx_write_string(writer, "language", h->language);
    dx_write_string(writer, "country", h->country);
    dx_write_bool(writer, "ocr", h->ocr);
    dx_write_object(writer, "languages");
    for (size_t i = 0; i < dx_lexicon_language_count(); i++)
        dx_write_integer(writer, dx_lexicon_language(i), reading->languages[i]);
    dx_write_object_end(writer);
    dx_write_object_end(writer);
}

static void write_labels(const dx_reading *reading, dx_writer *writer)
{
    dx_write_array(writer, NULL);
    for (size_t i = 0; i < reading->label_count; i++) {
        const dx_label *label = &reading->labels[i];
        dx_write_object(writer, NULL);
        dx_write_stringn(writer, "text", reading->layout->segments[label->segment].text + label->begin,
                         label->end - label->begin);
        dx_write_string(writer, "segment", reading->layout->segments[label->segment].text);
        dx_write_array(writer, "terms");
        for (size_t k = 0; k < label->term_count; k++)
            dx_write_string(writer, NULL, dx_concept_name(label->terms[k].concept));
        dx_write_array_end(writer);
        dx_write_bool(writer, "starts", label->starts);
        dx_write_bool(writer, "ends", label->ends);
        write_box(writer, &label->box);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

static void write_values(const dx_reading *reading, dx_writer *writer)
{
    static const char *const kinds[] = {"", "amount", "percent", "date"};
    dx_write_array(writer, NULL);
    for (size_t i = 0; i < reading->mark_count; i++) {
        const dx_mark *mark = &reading->marks[i];
        char number[DX_DECIMAL_TEXT], date[DX_DATE_TEXT];
        dx_write_object(writer, NULL);
        dx_write_string(writer, "kind", kinds[mark->kind]);
        dx_write_stringn(writer, "text", reading->layout->segments[mark->segment].text + mark->begin,
                         mark->end - mark->begin);
        dx_write_string(writer, "value",
                        mark->kind == DX_MARK_DATE ? dx_date_text(mark->date, date)
                                                   : dx_decimal_text(mark->number, number));
        dx_write_filled(writer, "currency", mark->currency);
        dx_write_bool(writer, "in_items", mark->in_items);
        write_box(writer, &mark->box);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

static doxin_status write_candidates(dx_ctx *ctx, const dx_reading *reading, dx_writer *writer)
{
    static const char *const relations[] = {"none", "inline", "right", "below", "above"};
    dx_candidates all = {0};
    doxin_status status = dx_field_candidates(ctx, reading, &all);
    dx_write_array(writer, NULL);
    for (size_t i = 0; i < all.count; i++) {
        const dx_candidate *candidate = &all.items[i];
        char date[DX_DATE_TEXT];
        dx_write_object(writer, NULL);
        dx_write_string(writer, "field", candidate->target < 0 ? "" : dx_header_path((dx_header_id)candidate->target));
        dx_write_integer(writer, "score", candidate->score);
        dx_write_string(writer, "value", candidate->is_date ? dx_date_text(candidate->date, date) : candidate->text);
        dx_write_string(writer, "relation", relations[candidate->relation]);
        if (candidate->label != DX_NO_INDEX)
            dx_write_string(writer, "label", reading->layout->segments[reading->labels[candidate->label].segment].text);
        if (candidate->learned)
            dx_write_bool(writer, "learned", true);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
    return status;
}

static doxin_status write_sums(dx_ctx *ctx, const dx_reading *reading, dx_writer *writer)
{
    static const char *const roles[DX_ROLE_COUNT] = {"subtotal", "tax",     "total", "lines",    "discount", "charge",
                                                     "freight",  "prepaid", "due",   "rounding", "tendered", "change"};
    dx_sums *sums = dx_new(ctx, sizeof *sums);
    doxin_status status = sums ? dx_sums_find(ctx, reading, sums) : DOXIN_E_NOMEM;
    dx_write_object(writer, NULL);
    for (int role = 0; status == DOXIN_OK && role < DX_ROLE_COUNT; role++) {
        dx_write_array(writer, roles[role]);
        for (size_t i = 0; i < sums->count[role]; i++) {
            const dx_sum *sum = &sums->role[role][i];
            char number[DX_DECIMAL_TEXT];
            dx_write_object(writer, NULL);
            dx_write_string(writer, "value", dx_decimal_text(dx_decimal_from(sum->value, DX_AMOUNT_SCALE), number));
            dx_write_integer(writer, "score", sum->score);
            if (sum->label != DX_NO_INDEX)
                dx_write_string(writer, "label", reading->layout->segments[reading->labels[sum->label].segment].text);
            if (sum->learned)
                dx_write_bool(writer, "learned", true);
            dx_write_object_end(writer);
        }
        dx_write_array_end(writer);
    }
    dx_write_array(writer, "tax_rows");
    for (size_t i = 0; status == DOXIN_OK && i < sums->row_count; i++) {
        dx_write_object(writer, NULL);
        dx_write_integer(writer, "rate", sums->rows[i].rate);
        dx_write_integer(writer, "base", sums->rows[i].base);
        dx_write_integer(writer, "amount", sums->rows[i].amount);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
    dx_write_object_end(writer);
    return status;
}

static doxin_status write_parties(dx_ctx *ctx, const dx_reading *reading, dx_writer *writer)
{
    dx_parties parties = {0};
    doxin_status status = dx_parties_find(ctx, reading, &parties);
    if (status == DOXIN_OK)
        status = dx_parties_assign(ctx, reading, &parties);
    dx_write_array(writer, NULL);
    for (size_t i = 0; i < parties.count; i++) {
        const dx_party *party = &parties.items[i];
        dx_write_object(writer, NULL);
        dx_write_string(writer, "role",
                        (int)i == parties.vendor     ? "vendor"
                        : (int)i == parties.customer ? "customer"
                                                     : "");
        dx_write_integer(writer, "vendor", party->vendor);
        dx_write_integer(writer, "customer", party->customer);
        dx_write_string(writer, "head", dx_concept_name(party->label));
        dx_write_bool(writer, "one_line", party->one_line);
        dx_write_string(writer, "name", party->lines[party->name_line].text);
        dx_write_array(writer, "lines");
        for (size_t k = 0; k < party->count; k++)
            dx_write_string(writer, NULL, party->lines[k].text);
        dx_write_array_end(writer);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
    return status;
}

static void write_items(const dx_items *items, dx_writer *writer)
{
    dx_write_array(writer, NULL);
    for (size_t i = 0; i < items->line_count; i++) {
        dx_write_object(writer, NULL);
        for (int cell = 0; cell < DX_CELL_COUNT; cell++)
            if (items->lines[i].cell[cell].present)
                dx_write_string(writer, dx_cell_name((dx_cell_id)cell), items->lines[i].cell[cell].text);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

static doxin_status write_kinds(dx_ctx *ctx, const dx_reading *reading, const dx_pages *pages, dx_writer *writer)
{
    dx_invoice *invoice = NULL;
    dx_kind_scores scores;
    doxin_status status = dx_extract(ctx, pages, reading->options, &invoice);
    if (status != DOXIN_OK)
        return status;
    dx_kind_score(reading, invoice, &scores);
    dx_write_object(writer, NULL);
    for (int kind = DX_KIND_INVOICE; kind < DX_KIND_COUNT; kind++) {
        dx_write_object(writer, dx_kind_name((dx_document_kind)kind));
        dx_write_integer(writer, "score", scores.score[kind]);
        dx_write_integer(writer, "title", scores.title[kind]);
        dx_write_integer(writer, "signs", scores.sign[kind]);
        if (scores.label[kind] != DX_NO_INDEX)
            dx_write_string(writer, "label",
                            reading->layout->segments[reading->labels[scores.label[kind]].segment].text);
        dx_write_object_end(writer);
    }
    dx_write_object_end(writer);
    return DOXIN_OK;
}

static doxin_status write_stage(dx_ctx *ctx, dx_reading *reading, const dx_pages *pages, const char *stage,
                                dx_writer *writer)
{
    if (strcmp(stage, "layout") == 0) {
        dx_layout_write(reading->layout, writer);
        return DOXIN_OK;
    }
    if (strcmp(stage, "hypotheses") == 0) {
        write_hypotheses(reading, writer);
        return DOXIN_OK;
    }
    if (strcmp(stage, "tables") == 0)
        return dx_items_explain(ctx, reading->layout, &reading->hypotheses, writer);
    dx_items items = {0};
    doxin_status status = dx_extract_items(ctx, reading->layout, &reading->hypotheses, &items);
    if (status != DOXIN_OK)
        return status;
    dx_reading_set_items(reading, &items);
    if (strcmp(stage, "labels") == 0)
        write_labels(reading, writer);
    else if (strcmp(stage, "values") == 0)
        write_values(reading, writer);
    else if (strcmp(stage, "items") == 0)
        write_items(&items, writer);
    else if (strcmp(stage, "candidates") == 0)
        return write_candidates(ctx, reading, writer);
    else if (strcmp(stage, "sums") == 0)
        return write_sums(ctx, reading, writer);
    else if (strcmp(stage, "parties") == 0)
        return write_parties(ctx, reading, writer);
    else if (strcmp(stage, "kinds") == 0)
        return write_kinds(ctx, reading, pages, writer);
    else if (strcmp(stage, "choice") == 0) {
        dx_invoice *invoice = NULL;
        status = dx_extract(ctx, pages, reading->options, &invoice);
        if (status == DOXIN_OK)
            dx_invoice_write(invoice, writer);
        return status;
    } else
        return dx_fail(
            ctx, DOXIN_E_OPTION,
            "there is no stage \"%s\"; use layout, hypotheses, labels, tables, items, values, candidates, sums, "
            "parties, kinds or choice",
            stage);
    return DOXIN_OK;
}

doxin_status dx_extract_explain(dx_ctx *ctx, const dx_pages *pages, const dx_extract_options *options,
                                const char *stage, dx_writer *writer)
{
    dx_layout *layout = NULL;
    dx_reading *reading = NULL;
    doxin_status status = dx_layout_make(ctx, pages, &layout);
    if (status == DOXIN_OK)
        status = dx_reading_make(ctx, layout, options, &reading);
    if (status == DOXIN_OK)
        status = write_stage(ctx, reading, pages, stage, writer);
    return status;
}
