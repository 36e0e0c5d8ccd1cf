/* What stays when the picture is opened by a long thin brick is a line, or a filled area whose sides stand for lines. */
#include "rules.h"

#include <math.h>
#include <stdbool.h>

enum { RULES_MAX = 2000 };

static const double least_across = 28, least_down = 16, /* points; letters are shorter */
    thickest = 3.5;                                     /* of a line; beyond, it is an area */

typedef struct finder {
    double dpi;
    dp_message *out;
    int left; /* rules that may still be put */
} finder;

static int32_t place(const finder *at, double pixels)
{
    return (int32_t)lround(pixels * 7200.0 / at->dpi);
}

static void put_across(finder *at, double x0, double x1, double y, double thickness)
{
    if (at->left-- <= 0)
        return;
    dx_wire_rule rule = {.x0 = place(at, x0), .x1 = place(at, x1), .y0 = place(at, y), .y1 = place(at, y)};
    rule.thickness = (uint32_t)place(at, thickness);
    dp_message_rule(at->out, &rule);
}

static void put_down(finder *at, double x, double y0, double y1, double thickness)
{
    if (at->left-- <= 0)
        return;
    dx_wire_rule rule = {.x0 = place(at, x), .x1 = place(at, x), .y0 = place(at, y0), .y1 = place(at, y1)};
    rule.thickness = (uint32_t)place(at, thickness);
    dp_message_rule(at->out, &rule);
}

static void find(finder *at, PIX *binary, bool across)
{
    int length = (int)((across ? least_across : least_down) * at->dpi / 72), thick = (int)ceil(thickest * at->dpi / 72);
    PIX *opened = pixOpenBrick(NULL, binary, across ? length : 1, across ? 1 : length);
    BOXA *boxes = opened ? pixConnCompBB(opened, 8) : NULL;
    for (l_int32 i = 0; boxes && i < boxaGetCount(boxes); i++) {
        l_int32 x, y, w, h;
        if (boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h) != 0)
            continue;
        if (across && h <= thick) {
            put_across(at, x, x + w, y + h / 2.0, h);
        } else if (across && w >= 2 * length) {
            put_across(at, x, x + w, y, 1);
            put_across(at, x, x + w, y + h, 1);
        } else if (!across && w <= thick) {
            put_down(at, x + w / 2.0, y, y + h, w);
        }
    }
    boxaDestroy(&boxes);
    pixDestroy(&opened);
}

void dp_rules(PIX *grey, double dpi, int darkest, dp_message *out)
{
    finder at = {.dpi = dpi, .out = out, .left = RULES_MAX};
    PIX *binary = pixThresholdToBinary(grey, darkest);
    if (binary == NULL)
        return;
    find(&at, binary, true);
    find(&at, binary, false);
    pixDestroy(&binary);
}
