#include "recognise.h"

#include <tesseract/capi.h>

void dp_recognise_prepare(void)
{
}
const char *dp_recognise_folder(void)
{
    return "/usr/share/tesseract-ocr/5/tessdata";
}
const char *dp_recognise_languages(void)
{
    return "";
}
