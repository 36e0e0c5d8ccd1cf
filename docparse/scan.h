/* A picture made ready for recognition: straight, and of a good size. */
#ifndef DOCPARSE_SCAN_H
#define DOCPARSE_SCAN_H

#include "message.h"

#include <allheaders.h>
#include <stdbool.h>

typedef struct dp_scan {
    PIX *picture;       /* 8 bit grey */
    double dpi;         /* of this picture, in the page's points */
    double dpi_of_page; /* of the picture that it was made from */
    double skew;        /* degrees that it was turned by, clockwise; 0: not turned */
} dp_scan;

/* grey stays the caller's. False when there is no memory. */
bool dp_scan_prepare(PIX *grey, double dpi, dp_scan *out);
/* The pixels of a place on the page, a little wider; boxDestroy() it. */
BOX *dp_scan_box(const dp_scan *scan, int32_t x0, int32_t y0, int32_t x1, int32_t y1);
/* The same, blurred a little; false when there is no memory. */
bool dp_scan_soften(const dp_scan *scan, dp_scan *out);
void dp_scan_free(dp_scan *scan);

/* A pixel's place on the page, 1/100 point. */
int32_t dp_scan_place(const dp_scan *scan, int pixels);

#endif
