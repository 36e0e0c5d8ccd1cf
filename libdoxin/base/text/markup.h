/* Text inside XML and HTML. */
#ifndef DX_BASE_TEXT_MARKUP_H
#define DX_BASE_TEXT_MARKUP_H

#include "base/rt/buffer.h"

/* Appends text (UTF-8) as content of an element or of an attribute in quotation marks: & < > " ' become references, and
 * what is no character of XML 1.0 (controls but tab and line feed, U+FFFE, U+FFFF) is left out. */
void dx_markup_text(dx_buffer *out, const char *text);

#endif
