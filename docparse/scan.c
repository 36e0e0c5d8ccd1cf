#include "scan.h"

#include <math.h>

enum {
    GOOD_HEIGHT = 24,  /* pixels of a small letter at which the recogniser is at its best */
    SMALL_HEIGHT = 10, /* below: enlarge */
    GREAT_HEIGHT = 60, /* above: reduce */
    SCALED_PIXELS_MAX = 30000000
};

static const double turn_least = 0.3, turn_most = 20, turn_sure = 3, turn_far_sure = 1.4,
                    degree = 3.14159265358979 / 180;

int32_t dp_scan_place(const dp_scan *scan, int pixels)
{
    return (int32_t)lround(pixels * 7200.0 / scan->dpi);
}

static l_int32 pixels_of(const dp_scan *scan, int32_t place)
{
    return (l_int32)lround(place * scan->dpi / 7200.0);
}

BOX *dp_scan_box(const dp_scan *scan, int32_t x0, int32_t y0, int32_t x1, int32_t y1)
{
    enum { MARGIN = 2 };
    l_int32 left = pixels_of(scan, x0) - MARGIN, top = pixels_of(scan, y0) - MARGIN;
    return boxCreate(left, top, pixels_of(scan, x1) + MARGIN - left, pixels_of(scan, y1) + MARGIN - top);
}

/* The usual height of what is connected and could be a letter; 0 when there is too little of it. */
static int letter_height(PIX *binary)
{
    BOXA *boxes = pixConnCompBB(binary, 8);
    if (boxes == NULL)
        return 0;
    enum { HEIGHTS = 200 };
    int counts[HEIGHTS] = {0}, all = 0, seen = 0, height = 0;
    for (l_int32 i = 0; i < boxaGetCount(boxes); i++) {
        l_int32 w, h;
        if (boxaGetBoxGeometry(boxes, i, NULL, NULL, &w, &h) != 0 || h < 5 || h >= HEIGHTS || w < 2 || w > 3 * h)
            continue;
        counts[h]++;
        all++;
    }
    boxaDestroy(&boxes);
    while (all >= 30 && height < HEIGHTS - 1 && 2 * seen < all)
        seen += counts[++height];
    return all >= 30 ? height : 0;
}

static PIX *binary_of(PIX *grey)
{
    PIX *binary = NULL;
    if (pixOtsuAdaptiveThreshold(grey, 2000, 2000, 0, 0, 0.1f, NULL, &binary) != 0)
        return NULL;
    return binary;
}

/* Degrees that the page has to be turned by, clockwise; 0: straight, or not to be told. Photographs lie more askew than
 * what a scanner drew in. */
static double skew_of(PIX *binary)
{
    enum { REDUCTION = 4, FINE_REDUCTION = 2 };
    l_float32 angle = 0, sure = 0;
    if (pixFindSkew(binary, &angle, &sure) != 0)
        return 0;
    bool found = sure >= turn_sure;
    if (sure == 0) /* no best angle within 7 degrees */
        found = pixFindSkewSweepAndSearch(binary, &angle, &sure, REDUCTION, FINE_REDUCTION, (l_float32)turn_most, 1,
                                          0.02f) == 0 &&
                sure >= turn_far_sure;
    return found && fabs((double)angle) >= turn_least && fabs((double)angle) <= turn_most ? angle : 0;
}

static PIX *turned(PIX *grey, PIX *binary, double *skew)
{
    *skew = skew_of(binary);
    if (*skew == 0)
        return pixClone(grey);
    PIX *straight = pixRotate(grey, (l_float32)(*skew * degree), L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0);
    if (straight == NULL)
        *skew = 0;
    return straight ? straight : pixClone(grey);
}

static double factor_for(PIX *binary)
{
    int height = letter_height(binary);
    double pixels = (double)pixGetWidth(binary) * pixGetHeight(binary), factor = 1;
    if (height > 0 && height < SMALL_HEIGHT)
        factor = fmin(3, (double)GOOD_HEIGHT / height);
    else if (height > GREAT_HEIGHT)
        factor = (double)GREAT_HEIGHT / 2 / height;
    if (pixels * factor * factor > SCALED_PIXELS_MAX)
        factor = sqrt(SCALED_PIXELS_MAX / pixels);
    return factor;
}

bool dp_scan_prepare(PIX *grey, double dpi, dp_scan *out)
{
    *out = (dp_scan){.dpi = dpi, .dpi_of_page = dpi};
    PIX *binary = binary_of(grey);
    if (binary == NULL)
        return false;
    double factor = factor_for(binary);
    PIX *straight = turned(grey, binary, &out->skew);
    pixDestroy(&binary);
    out->picture = factor == 1 ? pixClone(straight) : pixScale(straight, (l_float32)factor, (l_float32)factor);
    pixDestroy(&straight);
    if (out->picture)
        out->dpi = dpi * factor;
    return out->picture != NULL;
}

bool dp_scan_soften(const dp_scan *scan, dp_scan *out)
{
    enum { REACH = 3 };
    L_KERNEL *across = NULL, *down = NULL;
    *out = *scan;
    out->picture = NULL;
    if (makeGaussianKernelSep(REACH, REACH, 1, 1, &across, &down) != 0)
        return false;
    out->picture = pixConvolveSep(scan->picture, across, down, 8, 1);
    kernelDestroy(&across);
    kernelDestroy(&down);
    return out->picture != NULL;
}

void dp_scan_free(dp_scan *scan)
{
    pixDestroy(&scan->picture);
}
