#include "app/records/internal.h"

#define JOB_ANSWER                                                                                                     \
    "\"job_id\":" DX_TEXT_OR_NULL ",\"status\":{\"type\":\"string\"},\"websocket_room\":{\"type\":\"string\"},"        \
    "\"invoice_id\":" DX_UUID_SCHEMA

static const dx_op operations[] = {
    {.name = "invoices.upload",
     .text = "Store a document and queue its extraction; the bytes come through an upload handle",
     .permission = "invoices.write",
     .effect = DX_WRITES,
     .flags = DX_OP_UPLOAD | DX_OP_KEYED,
     .request = "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"file_name\"],\"properties\":{"
                "\"file_name\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":255},"
                "\"source\":{\"type\":\"string\",\"enum\":[\"web\",\"api\",\"batch\",\"email\",\"cli\",\"demo\"]},"
                "\"process\":{\"type\":\"boolean\"},\"parameters\":" DX_PROCESSING_OPTIONS "}}",
     .answer = "{\"type\":\"object\",\"required\":[\"job_id\",\"status\",\"websocket_room\",\"invoice_id\",\"file\","
               "\"duplicate\"],\"properties\":{" JOB_ANSWER ",\"file\":{\"type\":\"object\"},"
               "\"duplicate\":{\"type\":[\"object\",\"null\"]}}}",
     .run = dx_invoices_upload},
    {.name = "invoices.status",
     .text = "How far the extraction is; the id of the invoice or of the job",
     .permission = "invoices.read",
     .effect = DX_READS,
     .request = "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"id\"],\"properties\":{"
                "\"id\":" DX_UUID_SCHEMA "}}",
     .answer = "{\"type\":\"object\",\"required\":[\"status\",\"progress\",\"current_stage\"],\"properties\":{"
               "\"status\":{\"type\":\"string\"},\"progress\":{\"type\":\"integer\"},\"current_stage\":" DX_TEXT_OR_NULL
               ",\"job_id\":" DX_TEXT_OR_NULL ",\"invoice_id\":" DX_TEXT_OR_NULL ",\"error\":{\"type\":\"object\"}}}",
     .run = dx_invoices_status},
    {.name = "invoices.get",
     .text = "An invoice with its lines, taxes, evidence, checks, duplicates and a link to the original",
     .permission = "invoices.read",
     .effect = DX_READS,
     .request = "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"id\"],\"properties\":{"
                "\"id\":" DX_UUID_SCHEMA "}}",
     .answer = "{\"type\":\"object\",\"required\":[\"invoice\",\"line_items\",\"blob_url\"],\"properties\":{"
               "\"invoice\":{\"type\":\"object\"},\"line_items\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
               "\"blob_url\":" DX_TEXT_OR_NULL "}}",
     .run = dx_invoices_get},
    {.name = "invoices.list",
     .text = "Invoices, newest first",
     .permission = "invoices.read",
     .effect = DX_READS,
     .request = "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
                "\"page\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000000},"
                "\"per_page\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":100},"
                "\"status\":{\"type\":\"string\",\"enum\":[\"pending\",\"needs_review\",\"accepted\",\"approved\","
                "\"rejected\",\"failed\"]},\"date_from\":{\"type\":\"string\",\"format\":\"date\"},"
                "\"date_to\":{\"type\":\"string\",\"format\":\"date\"},"
                "\"customer_id\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":36}}}",
     .answer = "{\"type\":\"object\",\"required\":[\"invoices\",\"pagination\"],\"properties\":{\"invoices\":{\"type\":"
               "\"array\",\"items\":{\"type\":\"object\"}},\"pagination\":{\"type\":\"object\"}}}",
     .run = dx_invoices_list},
    {.name = "invoices.process",
     .text = "Extract a stored document again",
     .permission = "invoices.write",
     .effect = DX_WRITES,
     .flags = DX_OP_KEYED,
     .request = "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"id\"],\"properties\":{"
                "\"id\":" DX_UUID_SCHEMA ",\"parameters\":" DX_PROCESSING_OPTIONS "}}",
     .answer = "{\"type\":\"object\",\"required\":[\"job_id\"],\"properties\":{" JOB_ANSWER "}}",
     .run = dx_invoices_process},
    {.name = "files.content",
     .text = "About a stored file, and in whose name its bytes may be read; with a ticket, or signed in",
     .effect = DX_READS,
     .flags = DX_OP_PUBLIC | DX_OP_BARE,
     .request = "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"file_id\"],\"properties\":{"
                "\"file_id\":" DX_UUID_SCHEMA ",\"ticket\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":200}}}",
     .answer =
         "{\"type\":\"object\",\"required\":[\"file\",\"user_id\"],\"properties\":{\"file\":{\"type\":\"object\"},"
         "\"user_id\":" DX_UUID_SCHEMA ",\"role\":{\"type\":\"string\"}}}",
     .run = dx_files_content},
};

const dx_module dx_records_module = {
    .name = "records",
    .operations = operations,
    .operation_count = sizeof operations / sizeof operations[0],
};
