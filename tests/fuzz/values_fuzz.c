/* Any line of a page: dates at each of its bytes, the whole as a number, postal code and town. What is found lies in the
 * line and is a date, an amount, a place. The first byte says what is known of the document. */
#include "base/text/utf8.h"
#include "core/extract/parties.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool good)
{
    if (!good)
        abort();
}

static void check_dates(dx_ctx *ctx, const char *text, size_t length, const dx_hypotheses *hypotheses)
{
    for (size_t at = 0; at < length; at++) {
        dx_date_scan scan;
        if (!dx_date_scan_at(ctx, text, length, at, hypotheses, &scan))
            continue;
        expect(scan.end > at && scan.end <= length);
        expect(dx_date_valid(scan.date.year, scan.date.month, scan.date.day));
    }
}

static void check_number(const char *text, size_t length, const dx_hypotheses *hypotheses)
{
    dx_number_scan scan;
    int vote = dx_number_vote(text, length);
    (void)vote;
    if (!dx_number_scan_text(text, length, hypotheses, &scan))
        return;
    expect(scan.number.scale >= 0 && scan.number.scale <= DX_SCALE_MAX);
    expect(memchr(scan.currency, '\0', sizeof scan.currency) != NULL);
}

static void check_postal(const char *text, size_t length)
{
    dx_postal place;
    if (!dx_postal_find(text, length, &place))
        return;
    expect(place.begin <= place.code_begin && place.code_begin < place.code_end);
    expect(place.begin < place.end && place.end <= length && place.code_end <= length);
    expect(place.country == NULL || strlen(place.country) == 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dx_ctx ctx;
    const char *text = (const char *)data + 1;
    if (size < 1 || size > 4096 || !dx_utf8_valid(text, size - 1) || memchr(text, '\0', size - 1) ||
        !dx_ctx_init(&ctx, (size_t)64 << 20))
        return 0;
    dx_hypotheses hypotheses = {.number_style = (dx_number_style)(data[0] % 3), .ocr = (data[0] & 64) != 0};
    /* As on a page: NUL-terminated. */
    const char *line = dx_textn(&ctx, text, size - 1);
    if (line) {
        check_dates(&ctx, line, size - 1, &hypotheses);
        check_number(line, size - 1, &hypotheses);
        check_postal(line, size - 1);
    }
    dx_ctx_destroy(&ctx);
    return 0;
}
