#include "eval/report.h"

#include "eval/figures.h"

/* Longer values are cut for people. */
enum { SHOWN_BYTES = 60 };

static void put_header_row(const char *name, const tally *of, text *out)
{
    quality in = figures_quality(of);
    text_format(out, "%-20s%9zu%10zu%7zu%8.4f%8.4f%8.4f%8.4f%9zu\n", name, of->labelled, of->predicted, of->right,
                in.precision, in.recall, in.f1, in.f1_alike, of->spurious);
}

static void put_fields(const scores *of, text *out)
{
    text_format(out, "== all: %zu documents, %zu without a prediction\n", of->count, of->missing);
    text_format(out, "%-20s%9s%10s%7s%8s%8s%8s%8s%9s\n", "field", "labelled", "predicted", "right", "P", "R", "F1",
                "F1~", "spurious");
    for (size_t i = 0; i < HEADER_FIELDS; i++)
        if (of->fields[i].labelled + of->fields[i].spurious > 0)
            put_header_row(header_fields[i], &of->fields[i], out);
    tally all = figures_header(of);
    put_header_row("ALL HEADER (micro)", &all, out);
}

static void put_items(const scores *of, text *out)
{
    quality in = figures_quality(&of->items);
    text_format(out, "%-20s%9zu%10zu%7zu%8.4f%8.4f%8.4f\n", "LINE ITEMS", of->items.labelled, of->items.predicted,
                of->items.right, in.precision, in.recall, in.f1);
    for (size_t i = 0; i < ITEM_FIELDS; i++) {
        const tally *field = &of->item_fields[i];
        if (field->labelled == 0)
            continue;
        in = figures_quality(field);
        text_format(out, "  .%-18s%8zu%10zu%7zu%8.4f%8.4f%8.4f%8.4f   (inside matched items)\n", item_fields[i],
                    field->labelled, field->predicted, field->right, in.precision, in.recall, in.f1, in.f1_alike);
    }
}

static void put_share(const char *words, size_t part, size_t whole, text *out)
{
    text_format(out, "%s: %zu/%zu = %.4f\n", words, part, whole, figures_share(part, whole));
}

static void put_groups(const scores *of, text *out)
{
    text_format(out, "\n%-12s%8s%8s%12s%10s%10s\n", "fields", "values", "right", "cal. error", ">= 0.9", "of these");
    for (size_t group = 0; group < FIELD_GROUPS; group++) {
        const reliability *own = &of->fields_reliability[group];
        size_t values = figures_values(own), right = 0;
        for (size_t i = 0; i < CONFIDENCE_BINS; i++)
            right += own->bins[i].right;
        if (values > 0)
            text_format(out, "%-12s%8zu%8.4f%12.4f%10zu%10.4f\n", field_groups[group], values,
                        figures_share(right, values), figures_calibration_error(own), own->sure,
                        figures_share(own->sure_right, own->sure));
    }
}

static void put_reliability(const scores *of, text *out)
{
    reliability all = figures_reliability(of);
    text_put(out, "\nconfidence of labelled header fields\n");
    text_format(out, "%-12s%8s%12s%10s\n", "between", "values", "mean", "right");
    for (size_t i = 0; i < CONFIDENCE_BINS; i++) {
        const bin *in = &all.bins[i];
        text_format(out, "%.1f and %.1f %8zu", (double)i / CONFIDENCE_BINS, (double)(i + 1) / CONFIDENCE_BINS,
                    in->count);
        if (in->count > 0)
            text_format(out, "%12.4f%10.4f", in->confidence / (double)in->count, figures_share(in->right, in->count));
        text_put(out, "\n");
    }
    text_format(out, "expected calibration error: %.4f\n", figures_calibration_error(&all));
    put_share("right of those with confidence >= 0.9", all.sure_right, all.sure, out);
    put_groups(of, out);
}

static void put_speed(const scores *of, text *out)
{
    speed taken;
    if (!figures_speed(of, &taken))
        out->failed = true;
    else
        text_format(out, "\nseconds a document: mean %.3f, median %.3f, 95%% within %.3f, longest %.3f\n", taken.mean,
                    taken.median, taken.p95, taken.max);
}

/* One line of text, cut after a whole letter. */
static void put_value(const char *value, text *out)
{
    size_t length = 0;
    while (value[length] != '\0' && (length < SHOWN_BYTES || ((unsigned char)value[length] & 0xC0) == 0x80))
        length++;
    for (size_t i = 0; i < length; i++)
        text_add(out, (unsigned char)value[i] < ' ' ? " " : &value[i], 1);
    if (value[length] != '\0')
        text_put(out, "...");
}

static void put_fault(const node *fault, text *out)
{
    node error = node_member(fault, "error"), field = node_member(fault, "field");
    node expected = node_member(fault, "expected"), read = node_member(fault, "read");
    if (node_kind(&error) != DOXIN_VALUE_NONE) {
        text_put(out, "    could not be read: ");
        put_value(node_text(&error), out);
    } else {
        text_format(out, "    %s: \"", node_text(&field));
        put_value(node_text(&expected), out);
        text_put(out, "\", ");
        if (node_kind(&read) == DOXIN_VALUE_NULL) {
            text_put(out, "not found");
        } else {
            text_put(out, "read as \"");
            put_value(node_text(&read), out);
            text_put(out, "\"");
        }
    }
    text_put(out, "\n");
}

static void put_document(const document_score *document, text *out)
{
    doxin_value *faults = NULL;
    text_format(out, "  %s: %zu of %zu values wrong\n", document->name, document->wrong, document->values);
    if (doxin_value_parse(document->faults, &faults) != DOXIN_OK) {
        out->failed = true;
        return;
    }
    node all = node_root(faults);
    for (size_t i = 0; i < node_count(&all); i++) {
        node fault = node_item(&all, i);
        put_fault(&fault, out);
    }
    doxin_value_free(faults);
}

void report_text(const scores *of, text *out)
{
    size_t worst[WORST], count = figures_worst(of, worst);
    put_fields(of, out);
    put_items(of, out);
    put_share("documents with number+date+total (as far as labelled) all right", of->core, of->core_labelled, out);
    put_share("documents with every labelled header field right", of->all_header, of->count, out);
    put_share("documents with exactly the right set of line items", of->all_items, of->item_documents, out);
    put_reliability(of, out);
    put_speed(of, out);
    if (count > 0)
        text_put(out, "\nworst documents\n");
    for (size_t i = 0; i < count; i++)
        put_document(&of->documents[worst[i]], out);
}
