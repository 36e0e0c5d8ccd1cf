#include "eval/figures.h"
#include "eval/report.h"

static void put_tally(const char *name, const tally *of, text *out)
{
    quality in = figures_quality(of);
    text_json(out, name);
    text_format(out,
                ":{\"labelled\":%zu,\"predicted\":%zu,\"right\":%zu,\"precision\":%.4f,\"recall\":%.4f,\"f1\":%.4f,"
                "\"f1_fuzzy\":%.4f,\"spurious\":%zu},",
                of->labelled, of->predicted, of->right, in.precision, in.recall, in.f1, in.f1_alike, of->spurious);
}

static void put_counts(const scores *of, text *out)
{
    tally header = figures_header(of);
    text_format(out, "\"all\":{\"docs\":%zu,\"missing\":%zu,\"fields\":{", of->count, of->missing);
    for (size_t i = 0; i < HEADER_FIELDS; i++)
        if (of->fields[i].labelled + of->fields[i].spurious > 0)
            put_tally(header_fields[i], &of->fields[i], out);
    text_trim(out);
    text_put(out, "},");
    put_tally("all_header", &header, out);
    put_tally("line_items", &of->items, out);
    text_put(out, "\"item_fields\":{");
    for (size_t i = 0; i < ITEM_FIELDS; i++)
        if (of->item_fields[i].labelled > 0)
            put_tally(item_fields[i], &of->item_fields[i], out);
    text_trim(out);
    text_format(out, "},\"core_exact\":[%zu,%zu],\"all_header_exact\":[%zu,%zu],\"all_items_exact\":[%zu,%zu]}",
                of->core, of->core_labelled, of->all_header, of->count, of->all_items, of->item_documents);
}

/* The members of an object that is open. */
static void put_table(const reliability *of, text *out)
{
    text_put(out, "\"bins\":[");
    for (size_t i = 0; i < CONFIDENCE_BINS; i++) {
        const bin *in = &of->bins[i];
        double mean = in->count ? in->confidence / (double)in->count : 0.0;
        text_format(out, "{\"from\":%.1f,\"to\":%.1f,\"count\":%zu,\"confidence\":%.4f,\"right\":%.4f},",
                    (double)i / CONFIDENCE_BINS, (double)(i + 1) / CONFIDENCE_BINS, in->count, mean,
                    figures_share(in->right, in->count));
    }
    text_trim(out);
    text_format(out, "],\"expected_calibration_error\":%.4f,\"sure\":[%zu,%zu],\"precision_when_sure\":%.4f",
                figures_calibration_error(of), of->sure_right, of->sure, figures_share(of->sure_right, of->sure));
}

static void put_reliability(const scores *of, text *out)
{
    reliability all = figures_reliability(of);
    text_put(out, ",\"reliability\":{");
    put_table(&all, out);
    text_put(out, ",\"fields\":{");
    for (size_t group = 0; group < FIELD_GROUPS; group++) {
        text_json(out, field_groups[group]);
        text_put(out, ":{");
        put_table(&of->fields_reliability[group], out);
        text_put(out, "},");
    }
    text_trim(out);
    text_put(out, "}}");
}

static void put_worst(const scores *of, text *out)
{
    size_t worst[WORST], count = figures_worst(of, worst);
    text_put(out, ",\"worst\":[");
    for (size_t i = 0; i < count; i++) {
        const document_score *document = &of->documents[worst[i]];
        text_put(out, "{");
        text_member(out, "document", document->name);
        text_format(out, "\"values\":%zu,\"wrong\":%zu,\"faults\":", document->values, document->wrong);
        text_put(out, document->faults);
        text_put(out, "},");
    }
    text_trim(out);
    text_put(out, "]");
}

void report_json(const scores *of, text *out)
{
    speed taken;
    text_put(out, "{");
    put_counts(of, out);
    put_reliability(of, out);
    if (!figures_speed(of, &taken))
        out->failed = true;
    else
        text_format(out, ",\"seconds\":{\"count\":%zu,\"mean\":%.4f,\"median\":%.4f,\"p95\":%.4f,\"max\":%.4f}",
                    taken.count, taken.mean, taken.median, taken.p95, taken.max);
    put_worst(of, out);
    text_put(out, "}\n");
}
