#include "app/records/internal.h"

#define JOB_ANSWER                                                                                                     \
    "\"job_id\":" DX_TEXT_OR_NULL ",\"status\":{\"type\":\"string\"},\"websocket_room\":{\"type\":\"string\"},"        \
    "\"invoice_id\":" DX_UUID_SCHEMA

/* clang-format off */
#define VALUE(name, most) "\"" name "\":{\"type\":[\"string\",\"null\"],\"maxLength\":" #most "}"
#define NUMBER(name) VALUE(name, 40)
#define DAY(name) "\"" name "\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"}"
#define INVOICE_VALUES                                                                                                 \
    VALUE("invoice_number", 200) "," DAY("invoice_date") "," DAY("due_date") "," DAY("ship_date") ","                  \
    DAY("period_start") "," DAY("period_end") "," VALUE("account_number", 200) "," VALUE("po_number", 200) ","         \
    VALUE("currency", 3) "," VALUE("corrects_invoice_number", 200) "," VALUE("vendor_name", 400) ","                   \
    VALUE("vendor_address", 1000) "," VALUE("vendor_tax_id", 60) "," VALUE("vendor_iban", 34) ","                      \
    VALUE("customer_name", 400) "," VALUE("customer_address", 1000) "," VALUE("customer_tax_id", 60) ","               \
    VALUE("payment_terms", 4000) "," VALUE("payment_reference", 200) "," NUMBER("subtotal") "," NUMBER("tax_rate") "," \
    NUMBER("tax_amount") "," NUMBER("freight") "," NUMBER("total_amount") "," NUMBER("lines_total") ","                \
    NUMBER("discount_total") "," NUMBER("charge_total") "," NUMBER("rounding_amount") "," NUMBER("prepaid_amount") "," \
    NUMBER("amount_due") ","                                                                                           \
    "\"document_type\":{\"type\":\"string\",\"enum\":[\"unknown\",\"invoice\",\"credit_note\",\"corrected_invoice\","        \
    "\"receipt\",\"purchase_order\",\"statement\",\"other\"]}"
/* A line as it is answered may be handed back: what the server makes is passed over. */
#define LINE_VALUES                                                                                                    \
    "\"id\":{},\"line_number\":{},\"product_id\":{},\"confidence_score\":{},\"matched_by_embedding\":{},"                  \
    "\"match_score\":{},\"match_reason\":{},\"is_charge\":{\"type\":\"boolean\"},"                                       \
    VALUE("printed_number", 40) "," VALUE("item_number", 200) "," VALUE("buyer_item_number", 200) ","                  \
    VALUE("gtin", 14) "," VALUE("description", 10000) "," VALUE("detail", 10000) "," NUMBER("quantity") ","            \
    VALUE("unit", 40) "," NUMBER("unit_price") "," NUMBER("price_base") "," NUMBER("gross_price") ","                  \
    NUMBER("unit_price_discount") "," NUMBER("discount_percent") "," NUMBER("discount_amount") ","                     \
    NUMBER("charge_amount") "," VALUE("tax_category", 3) "," NUMBER("tax_rate") "," NUMBER("tax_amount") ","           \
    NUMBER("line_total") "," DAY("period_start") "," DAY("period_end")
#define REVIEW_ANSWER                                                                                                  \
    "{\"type\":\"object\",\"required\":[\"success\",\"invoice\",\"line_items\"],\"properties\":{\"success\":"                \
    "{\"type\":\"boolean\"},\"invoice\":{\"type\":\"object\"},\"line_items\":{\"type\":\"array\",\"items\":{\"type\":"       \
    "\"object\"}}}}"
#define REVIEW_MEMBERS                                                                                                 \
    "\"id\":" DX_UUID_SCHEMA ",\"version\":{\"type\":\"integer\",\"minimum\":0},\"learning\":{\"type\":\"boolean\"},"      \
    "\"reason\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":1000}"
/* clang-format on */

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
    {.name = "invoices.update",
     .text =
         "Correct an invoice: members that are given replace what is there, null takes out, line_items are all lines. "
         "What changes is marked human, the arithmetic is checked again, and the vendor's next document profits",
     .permission = "invoices.write",
     .effect = DX_WRITES,
     .request =
         "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"id\"],\"properties\":{" REVIEW_MEMBERS
         ",\"invoice\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{" INVOICE_VALUES
         "}},\"line_items\":{\"type\":\"array\",\"maxItems\":5000,\"items\":{\"type\":\"object\","
         "\"additionalProperties\":false,\"properties\":{" LINE_VALUES "}}}}}",
     .answer = REVIEW_ANSWER,
     .run = dx_invoices_update},
    {.name = "invoices.approve",
     .text = "Approve an invoice; what was right is confirmed for the vendor's next document",
     .permission = "invoices.write",
     .effect = DX_WRITES,
     .request =
         "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"id\"],\"properties\":{" REVIEW_MEMBERS
         "}}",
     .answer = REVIEW_ANSWER,
     .run = dx_invoices_approve},
    {.name = "invoices.reject",
     .text = "Reject an invoice, with the reason; nothing is learned from it",
     .permission = "invoices.write",
     .effect = DX_WRITES,
     .request = "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"id\",\"reason\"],"
                "\"properties\":{" REVIEW_MEMBERS "}}",
     .answer = REVIEW_ANSWER,
     .run = dx_invoices_reject},
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
