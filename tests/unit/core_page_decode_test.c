#include "base/rt/buffer.h"
#include "base/rt/json_write.h"
#include "core/page/page.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const char TEXT[] = "Invoice\xC3\x84\xFF\x01name.xmltext/xml<a/>QR";

/* A message with one page, three words, a rule, an attachment and a code, that each test breaks in one place. */
typedef struct message {
    dx_wire_header header;
    dx_wire_page page;
    dx_wire_word words[3];
    dx_wire_rule rule;
    dx_wire_attachment attachment;
    dx_wire_code code;
    char blob[sizeof TEXT - 1];
} message;

#define AT(member) ((uint32_t)offsetof(message, member))

static message good(void)
{
    message m = {0};
    m.header = (dx_wire_header){.magic = DX_WIRE_MAGIC,
                                .version = DX_WIRE_VERSION,
                                .size = sizeof m,
                                .kind = DX_WIRE_PDF,
                                .page_count = 1,
                                .word_count = 3,
                                .rule_count = 1,
                                .attachment_count = 1,
                                .code_count = 1,
                                .pages_at = AT(page),
                                .words_at = AT(words),
                                .rules_at = AT(rule),
                                .attachments_at = AT(attachment),
                                .codes_at = AT(code),
                                .blob_at = AT(blob),
                                .blob_size = sizeof m.blob,
                                .total_pages = 1};
    m.page = (dx_wire_page){.width = 59500, .height = 84200, .word_count = 3, .rule_count = 1, .confidence = 1000};
    for (int i = 0; i < 3; i++)
        m.words[i] = (dx_wire_word){.x0 = 100, .y0 = 200, .x1 = 300, .y1 = 400, .confidence = 1000, .font_size = 1000};
    m.words[0].text_at = AT(blob);
    m.words[0].text_size = 7;
    m.words[1].text_at = AT(blob) + 7;
    m.words[1].text_size = 3; /* a letter, and a byte that is no UTF-8 */
    m.words[2].text_at = AT(blob) + 10;
    m.words[2].text_size = 1; /* a control character: nothing to see */
    m.rule = (dx_wire_rule){0, 500, 1000, 500, 50};
    m.attachment = (dx_wire_attachment){AT(blob) + 11, 8, AT(blob) + 19, 8, AT(blob) + 27, 4};
    m.code = (dx_wire_code){.x1 = 10, .y1 = 10, .page = 1, .symbology = 64, .data_at = AT(blob) + 31, .data_size = 2};
    memcpy(m.blob, TEXT, sizeof m.blob);
    return m;
}

/* Decoded from a copy of exactly its size, so that a sanitizer sees every byte read beyond it. */
static doxin_status decode(dx_ctx *ctx, const message *m, size_t size, dx_pages **out, void **copy)
{
    *copy = malloc(size ? size : 1);
    memcpy(*copy, m, size);
    return dx_pages_decode(ctx, *copy, size, out);
}

static doxin_status status_of(const message *m, size_t size)
{
    dx_ctx ctx;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_pages *pages = NULL;
    void *copy;
    doxin_status status = decode(&ctx, m, size, &pages, &copy);
    free(copy);
    dx_ctx_destroy(&ctx);
    return status;
}

Test(decode, reads_all_parts)
{
    message m = good();
    dx_ctx ctx;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_pages *pages;
    void *copy;
    cr_assert_eq(decode(&ctx, &m, sizeof m, &pages, &copy), DOXIN_OK);
    cr_assert_eq(pages->page_count, 1);
    const dx_page *page = &pages->pages[0];
    cr_assert_eq(page->word_count, 2, "a word without anything to see is left out");
    cr_assert_str_eq(page->words[0].text, "Invoice");
    cr_assert_str_eq(page->words[1].text, "\xC3\x84\xEF\xBF\xBD", "a bad byte becomes U+FFFD");
    cr_assert_eq(page->rule_count, 1);
    cr_assert_str_eq(pages->attachments[0].name, "name.xml");
    cr_assert_str_eq(pages->attachments[0].mime, "text/xml");
    cr_assert_eq(pages->attachments[0].size, 4);
    cr_assert_eq(memcmp(pages->attachments[0].data, "<a/>", 4), 0);
    cr_assert_str_eq(pages->codes[0].text, "QR");
    free(copy);
    dx_ctx_destroy(&ctx);
}

Test(decode, refuses_every_cut_and_every_growth)
{
    message m = good();
    for (size_t size = 0; size < sizeof m; size++)
        cr_assert_eq(status_of(&m, size), DOXIN_E_DAMAGED, "cut at %zu", size);
    m.header.size++;
    cr_assert_eq(status_of(&m, sizeof m), DOXIN_E_DAMAGED);
}

#define REFUSES(change)                                                                                                \
    do {                                                                                                               \
        message m = good();                                                                                            \
        change;                                                                                                        \
        cr_expect_eq(status_of(&m, sizeof m), DOXIN_E_DAMAGED, #change);                                               \
    } while (0)

Test(decode, refuses_each_broken_rule)
{
    REFUSES(m.header.magic = 0);
    REFUSES(m.header.version = 2);
    REFUSES(m.header.kind = 0);
    REFUSES(m.header.kind = DX_WIRE_HEIC + 1);
    REFUSES(m.header.pages_at = 4);
    REFUSES(m.header.words_at = UINT32_MAX);
    REFUSES(m.header.word_count = UINT32_MAX);
    REFUSES(m.header.rules_at = sizeof m - 3);
    REFUSES(m.header.attachments_at = sizeof m);
    REFUSES(m.header.codes_at = sizeof m);
    REFUSES(m.header.blob_size = UINT32_MAX);
    REFUSES(m.header.page_count = 200000);
    REFUSES(m.page.width = 0);
    REFUSES(m.page.height = -5);
    REFUSES(m.page.width = INT32_MAX);
    REFUSES(m.page.first_word = 1);
    REFUSES(m.page.word_count = 4);
    REFUSES(m.page.word_count = 2);
    REFUSES(m.page.word_count = UINT32_MAX);
    REFUSES(m.page.first_rule = 1);
    REFUSES(m.page.rule_count = 0);
    REFUSES(m.page.confidence = 1001);
    REFUSES(m.words[0].x0 = 301);
    REFUSES(m.words[0].y1 = 100);
    REFUSES(m.words[0].x1 = INT32_MAX);
    REFUSES(m.words[0].x0 = INT32_MIN);
    REFUSES(m.words[0].text_at = 0);
    REFUSES(m.words[0].text_at = UINT32_MAX);
    REFUSES(m.words[0].text_size = UINT16_MAX);
    REFUSES(m.words[0].confidence = 1001);
    REFUSES(m.rule.x0 = 2000);
    REFUSES(m.rule.thickness = UINT32_MAX);
    REFUSES(m.attachment.name_at = 0);
    REFUSES(m.attachment.mime_size = UINT32_MAX);
    REFUSES(m.attachment.data_size = 100);
    REFUSES(m.code.page = 0);
    REFUSES(m.code.page = 2);
    REFUSES(m.code.x1 = -1);
    REFUSES(m.code.data_size = UINT32_MAX);
    REFUSES(m.code.data_at = UINT32_MAX);
}

/* Words that all point at the same long text would multiply it. */
Test(decode, refuses_text_that_is_counted_twice)
{
    message m = good();
    for (int i = 0; i < 3; i++) {
        m.words[i].text_at = AT(blob);
        m.words[i].text_size = sizeof m.blob - 1;
    }
    cr_assert_eq(status_of(&m, sizeof m), DOXIN_E_DAMAGED);
}

Test(decode, writes_the_document_as_json)
{
    message m = good();
    dx_ctx ctx;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_pages *pages;
    void *copy;
    cr_assert_eq(decode(&ctx, &m, sizeof m, &pages, &copy), DOXIN_OK);
    dx_buffer out;
    dx_buffer_init(&out, 0);
    dx_writer writer;
    dx_write_init(&writer, &out);
    dx_pages_write(pages, &writer);
    cr_assert_not_null(strstr(out.data, "\"schema\":\"doxin.document/1\""));
    cr_assert_not_null(strstr(out.data, "\"text\":\"Invoice\""));
    cr_assert_not_null(strstr(out.data, "\"name\":\"name.xml\""));
    cr_assert_null(strstr(out.data, "<a/>"), "bytes of an attachment are not written");
    dx_buffer_free(&out);
    free(copy);
    dx_ctx_destroy(&ctx);
}
