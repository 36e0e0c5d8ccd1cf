#include "document.h"

#include "pdf.h"
#include "picture.h"
#include "sniff.h"

enum dx_packet_status dp_document_range(const dp_source *source, int count, int *first, int *last, dp_failure *failure)
{
    const dx_packet_request *request = source->request;
    if (count <= 0)
        return dp_fail(failure, DX_PACKET_NO_PAGES, "the document has no pages");
    *first = request->first_page > 0 ? request->first_page : 1;
    *last = request->last_page > 0 && request->last_page < count ? request->last_page : count;
    if (*first > count || *first > *last)
        return dp_fail(failure, DX_PACKET_NO_SUCH_PAGE, "the document has %d pages and none of number %d", count,
                       *first);
    if (*last - *first + 1 > request->max_pages)
        return dp_fail(failure, DX_PACKET_TOO_MANY_PAGES, "the document has %d pages, at most %d are read (max_pages)",
                       count, request->max_pages);
    return DX_PACKET_OK;
}

enum dx_packet_status dp_document_read(const dp_source *source, dp_message *out, dp_failure *failure)
{
    dp_source known = *source;
    known.kind = dp_sniff(source->data, source->size, failure);
    if (known.kind == 0)
        return failure->status;
    out->header.kind = known.kind;
    if (source->request->max_words > 0)
        out->max_words = (uint32_t)source->request->max_words;
    return known.kind == DX_WIRE_PDF ? dp_pdf_read(&known, out, failure) : dp_picture_read(&known, out, failure);
}

enum dx_packet_status dp_document_render(const dp_source *source, void **out, size_t *out_size, dp_failure *failure)
{
    dp_source known = *source;
    known.kind = dp_sniff(source->data, source->size, failure);
    if (known.kind == 0)
        return failure->status;
    return known.kind == DX_WIRE_PDF ? dp_pdf_render(&known, out, out_size, failure)
                                     : dp_picture_render(&known, out, out_size, failure);
}
