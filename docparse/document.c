#include "document.h"

#include "pdf.h"
#include "sniff.h"

enum dx_wire_status dp_document_range(const dp_source *source, int count, int *first, int *last, dp_failure *failure)
{
    const dx_wire_request *request = source->request;
    if (count <= 0)
        return dp_fail(failure, DX_WIRE_NO_PAGES, "the document has no pages");
    *first = request->first_page > 0 ? request->first_page : 1;
    *last = request->last_page > 0 && request->last_page < count ? request->last_page : count;
    if (*first > count || *first > *last)
        return dp_fail(failure, DX_WIRE_NO_SUCH_PAGE, "the document has %d pages and none of number %d", count, *first);
    if (*last - *first + 1 > request->max_pages)
        return dp_fail(failure, DX_WIRE_TOO_MANY_PAGES, "the document has %d pages, at most %d are read", count,
                       request->max_pages);
    return DX_WIRE_OK;
}

enum dx_wire_status dp_document_read(const dp_source *source, dp_message *out, dp_failure *failure)
{
    dp_source known = *source;
    known.kind = dp_sniff(source->data, source->size, failure);
    if (known.kind == 0)
        return failure->status;
    out->header.kind = known.kind;
    return dp_pdf_read(&known, out, failure);
}
