#include "base/rt/alloc.h"
#include "base/rt/arena.h"
#include "base/rt/buffer.h"
#include "base/rt/clock.h"
#include "base/rt/ctx.h"
#include "base/rt/json.h"
#include "base/rt/json_write.h"

#include <criterion/criterion.h>
#include <string.h>

Test(arena, gives_zeroed_aligned_memory_up_to_its_bound)
{
    dx_arena *arena = dx_arena_new(64 * 1024);
    for (int i = 1; i < 100; i++) {
        unsigned char *memory = dx_arena_alloc(arena, (size_t)i);
        cr_assert_not_null(memory);
        cr_assert_eq((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (int k = 0; k < i; k++)
            cr_assert_eq(memory[k], 0);
        memset(memory, 0xAA, (size_t)i);
    }
    cr_assert_null(dx_arena_alloc(arena, 65 * 1024));
    cr_assert_null(dx_arena_array(arena, SIZE_MAX / 2, 3));
    dx_arena_reset(arena);
    unsigned char *again = dx_arena_alloc(arena, 16);
    cr_assert_eq(again[0], 0);
    dx_arena_free(arena);
}

Test(buffer, keeps_its_bound_and_its_failure)
{
    dx_buffer buffer;
    dx_buffer_init(&buffer, 8);
    dx_buffer_text(&buffer, "12345678");
    cr_assert_not(buffer.failed);
    dx_buffer_char(&buffer, '9');
    cr_assert(buffer.failed && buffer.full);
    cr_assert_null(dx_buffer_take(&buffer, NULL));
    dx_buffer_printf(&buffer, "%d-%s", 42, "x");
    size_t length = 0;
    char *text = dx_buffer_take(&buffer, &length);
    cr_assert_str_eq(text, "42-x");
    cr_assert_eq(length, 4);
    dx_free(text);
}

Test(error, cuts_long_messages_at_a_character)
{
    dx_error error;
    char text[1024];
    memset(text, 'a', sizeof text);
    for (size_t i = 509; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xC3\xA9", 2);
    text[1023] = '\0';
    dx_error_set(&error, DOXIN_E_LIMIT, "%s", text);
    cr_assert_eq(strlen(error.message), 511);
    cr_assert_eq(error.status, DOXIN_E_LIMIT);
    dx_error_set(&error, DOXIN_E_LIMIT, "a%s", text);
    cr_assert_eq(strlen(error.message), 510, "the half character at the end is dropped");
    cr_assert_str_eq(dx_error_info_of(DOXIN_E_BUSY)->name, "DOXIN_E_BUSY");
    cr_assert_eq(dx_error_info_of(-9999)->status, DOXIN_E_INTERNAL);
}

Test(ctx, tells_deadline_and_cancel)
{
    dx_ctx ctx;
    dx_cancel cancel;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_cancel_init(&cancel);
    ctx.cancel = &cancel;
    cr_assert_eq(dx_check(&ctx), DOXIN_OK);
    ctx.deadline_ns = dx_clock_ns() - 1;
    cr_assert_eq(dx_check(&ctx), DOXIN_E_TIMEOUT);
    cr_assert_eq(dx_remaining_ms(&ctx, 100), 0);
    dx_cancel_ask(&cancel);
    cr_assert_eq(dx_check(&ctx), DOXIN_E_CANCELED);
    cr_assert_not(dx_wait_begin(&ctx, NULL, NULL));
    dx_cancel_destroy(&cancel);
    dx_ctx_destroy(&ctx);
}

Test(json, reads_by_pointer_and_refuses_what_is_not_json)
{
    dx_ctx ctx;
    dx_json *json = NULL;
    cr_assert(dx_ctx_init(&ctx, 0));
    const char *text = "{\"a/b\":[10,{\"~\":\"x\"}],\"t\":true}";
    cr_assert_eq(dx_json_parse(&ctx, text, strlen(text), &json), DOXIN_OK);
    cr_assert_eq(dx_json_integer(dx_json_pointer(json, "/a~1b/0"), -1), 10);
    cr_assert_str_eq(dx_json_string(dx_json_pointer(json, "/a~1b/1/~0")), "x");
    cr_assert_null(dx_json_pointer(json, "/a~1b/01"));
    cr_assert_null(dx_json_pointer(json, "/a~1b/-"));
    cr_assert_null(dx_json_pointer(json, "t"));
    cr_assert(dx_json_bool(dx_json_get(json, "t"), false));
    dx_json_free(json);
    const char *const bad[] = {"", "{", "{\"a\":1,\"a\":2}", "[1,]", "\"\\u0000\"", "nul", "[1] x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(dx_json_parse(&ctx, bad[i], strlen(bad[i]), &json), DOXIN_E_JSON, "%s", bad[i]);
        cr_assert_null(json);
    }
    char deep[1000];
    memset(deep, '[', sizeof deep);
    cr_assert_eq(dx_json_parse(&ctx, deep, sizeof deep, &json), DOXIN_E_JSON);
    dx_ctx_destroy(&ctx);
}

Test(json, writes_commas_escapes_and_reals)
{
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "s", "a\"\\\n\x01\xFF\xC3\xA9");
    dx_write_array(&writer, "a");
    dx_write_integer(&writer, NULL, -5);
    dx_write_real(&writer, NULL, -0.004, 2);
    dx_write_real(&writer, NULL, 1.005, 1);
    dx_write_null(&writer, NULL);
    dx_write_array_end(&writer);
    dx_write_filled(&writer, "none", "");
    dx_write_bool(&writer, "b", false);
    dx_write_object_end(&writer);
    char *text = dx_buffer_take(&buffer, NULL);
    cr_assert_str_eq(text, "{\"s\":\"a\\\"\\\\\\n\\u0001\xEF\xBF\xBD\xC3\xA9\",\"a\":[-5,0.00,1.0,null],\"b\":false}");
    dx_free(text);
}

Test(clock, prints_rfc_3339)
{
    char text[DX_TIME_TEXT];
    dx_wall_text(1785585600123456, text);
    cr_assert_str_eq(text, "2026-08-01T12:00:00.123Z");
    dx_wall_text(-1, text);
    cr_assert_str_eq(text, "1969-12-31T23:59:59.999Z");
}
