#include "io/blob/blob.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct place {
    dx_ctx ctx;
    dx_blob *blob;
    char root[64];
} place;

static void open_place(place *p)
{
    char url[200];
    memset(p, 0, sizeof *p);
    cr_assert(dx_ctx_init(&p->ctx, 0));
    snprintf(p->root, sizeof p->root, "/tmp/doxin-blob-XXXXXX");
    cr_assert_not_null(mkdtemp(p->root));
    snprintf(url, sizeof url, "file://%s/a/b", p->root);
    cr_assert_eq(dx_blob_open(&p->ctx, url, &p->blob), DOXIN_OK, "%s", p->ctx.error.message);
}

static void close_place(place *p)
{
    char command[200];
    dx_blob_free(p->blob);
    dx_ctx_destroy(&p->ctx);
    snprintf(command, sizeof command, "chmod -R u+w '%s'; rm -rf '%s'", p->root, p->root);
    cr_assert_eq(system(command), 0);
}

static int files(const place *p)
{
    char command[200];
    int count = -1;
    snprintf(command, sizeof command, "find '%s' -type f | wc -l", p->root);
    FILE *from = popen(command, "r");
    cr_assert_eq(fscanf(from, "%d", &count), 1);
    pclose(from);
    return count;
}

static dx_blob_info put(place *p, const char *bytes)
{
    dx_blob_writer *writer = NULL;
    dx_blob_info info;
    cr_assert_eq(dx_blob_begin(p->blob, &p->ctx, 1000, &writer), DOXIN_OK);
    for (const char *at = bytes; *at; at++)
        cr_assert_eq(dx_blob_write(writer, &p->ctx, at, 1), DOXIN_OK);
    cr_assert_eq(dx_blob_finish(writer, &p->ctx, &info), DOXIN_OK, "%s", p->ctx.error.message);
    return info;
}

Test(io_blob, gives_back_what_was_written)
{
    place p;
    dx_buffer out;
    open_place(&p);
    dx_blob_info info = put(&p, "abc");
    cr_expect_eq(info.size, 3);
    cr_expect_str_eq(info.hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    cr_expect_eq(strncmp(info.path, "ba/78/ba7816bf", 14), 0, "%s", info.path);
    dx_buffer_init(&out, 0);
    cr_expect_eq(dx_blob_read(p.blob, &p.ctx, info.path, 0, 100, &out), DOXIN_OK);
    cr_expect_str_eq(out.data, "abc");
    cr_expect_eq(dx_blob_read(p.blob, &p.ctx, info.path, 1, 1, &out), DOXIN_OK);
    cr_expect_str_eq(out.data, "abcb");
    cr_expect_eq(dx_blob_read(p.blob, &p.ctx, info.path, 3, 1, &out), DOXIN_OK);
    cr_expect_eq(out.len, 4, "nothing at the end");
    dx_buffer_free(&out);
    cr_expect_eq(strncmp(dx_blob_url(p.blob, &p.ctx, info.path), "file:///", 8), 0);
    close_place(&p);
}

Test(io_blob, keeps_the_same_bytes_apart)
{
    place p;
    dx_buffer out;
    open_place(&p);
    dx_blob_info one = put(&p, "same");
    dx_blob_info two = put(&p, "same");
    cr_expect_str_eq(one.hash, two.hash);
    cr_expect_str_neq(one.path, two.path);
    cr_expect_eq(dx_blob_delete(p.blob, &p.ctx, one.path), DOXIN_OK);
    cr_expect_eq(dx_blob_delete(p.blob, &p.ctx, one.path), DOXIN_OK, "twice is as good as once");
    dx_buffer_init(&out, 0);
    cr_expect_eq(dx_blob_read(p.blob, &p.ctx, one.path, 0, 9, &out), DOXIN_E_NOT_FOUND);
    cr_expect_eq(dx_blob_read(p.blob, &p.ctx, two.path, 0, 9, &out), DOXIN_OK);
    dx_buffer_free(&out);
    close_place(&p);
}

Test(io_blob, leaves_nothing_of_what_was_given_up)
{
    place p;
    dx_blob_writer *writer = NULL;
    open_place(&p);
    cr_assert_eq(dx_blob_begin(p.blob, &p.ctx, 4, &writer), DOXIN_OK);
    cr_expect_eq(dx_blob_write(writer, &p.ctx, "1234", 4), DOXIN_OK);
    cr_expect_eq(dx_blob_write(writer, &p.ctx, "5", 1), DOXIN_E_LIMIT);
    cr_expect_eq(files(&p), 1);
    dx_blob_discard(writer);
    cr_expect_eq(files(&p), 0);
    cr_expect_eq(dx_blob_check(p.blob, &p.ctx), DOXIN_OK);
    cr_expect_eq(files(&p), 0);
    close_place(&p);
}

Test(io_blob, says_that_the_disk_is_full)
{
    place p;
    dx_blob_writer *writer = NULL;
    static char bytes[8192];
    struct rlimit limit = {4096, 4096};
    open_place(&p);
    /* The system's own limit stands for a full disk: the write that passes it fails. */
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_assert_eq(dx_blob_begin(p.blob, &p.ctx, 1 << 20, &writer), DOXIN_OK);
    cr_expect_eq(dx_blob_write(writer, &p.ctx, bytes, sizeof bytes), DOXIN_E_NO_SPACE);
    dx_blob_discard(writer);
    cr_expect_eq(files(&p), 0);
    close_place(&p);
}

Test(io_blob, opens_no_path_that_it_did_not_make)
{
    place p;
    dx_buffer out;
    open_place(&p);
    dx_buffer_init(&out, 0);
    static const char *const paths[] = {
        "../../etc/passwd", "", "/etc/passwd",
        "ba/78/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/../../../x-0",
        "ba/78/BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad-0123456789abcdef"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        cr_expect_eq(dx_blob_read(p.blob, &p.ctx, paths[i], 0, 10, &out), DOXIN_E_NOT_FOUND, "%s", paths[i]);
    cr_expect_eq(dx_blob_read(p.blob, &p.ctx, NULL, 0, 10, &out), DOXIN_E_NOT_FOUND);
    dx_buffer_free(&out);
    close_place(&p);
}

Test(io_blob, refuses_other_places)
{
    dx_ctx ctx;
    dx_blob *blob = NULL;
    cr_assert(dx_ctx_init(&ctx, 0));
    cr_expect_eq(dx_blob_open(&ctx, "ftp://host/x", &blob), DOXIN_E_CONFIG);
    cr_expect_eq(dx_blob_open(&ctx, "", &blob), DOXIN_E_CONFIG);
    cr_expect_eq(dx_blob_open(&ctx, "file://relative", &blob), DOXIN_E_CONFIG);
    cr_expect_eq(dx_blob_open(&ctx, "/dev/null/x", &blob), DOXIN_E_IO);
    dx_ctx_destroy(&ctx);
}

Test(io_blob, stops_when_it_is_cancelled)
{
    place p;
    dx_blob_writer *writer = NULL;
    dx_cancel cancel;
    open_place(&p);
    dx_cancel_init(&cancel);
    p.ctx.cancel = &cancel;
    cr_assert_eq(dx_blob_begin(p.blob, &p.ctx, 10, &writer), DOXIN_OK);
    dx_cancel_ask(&cancel);
    cr_expect_eq(dx_blob_write(writer, &p.ctx, "1", 1), DOXIN_E_CANCELED);
    dx_blob_discard(writer);
    p.ctx.cancel = NULL;
    dx_cancel_destroy(&cancel);
    close_place(&p);
}
