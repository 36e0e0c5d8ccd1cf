/* What the reader says about itself. */
#include "io/reader/reader_internal.h"

#include <stdio.h>
#include <string.h>

static const struct {
    uint32_t layer;
    const char *key, *name, *text;
} layers[] = {
    {DX_PACKET_LAYER_SECCOMP, "seccomp", "sandbox seccomp", "two filters; a child has no sockets, no fork, no exec"},
    {DX_PACKET_LAYER_LANDLOCK, "landlock", "sandbox Landlock", "only fonts and language data can be read"},
    {DX_PACKET_LAYER_RLIMITS, "rlimits", "resource limits", "memory, processor time, files, processes"},
};

/* Starts the program where needed; false with *why filled. */
static bool look(dx_reader *reader, dx_ctx *ctx, dx_packet_hello *hello, char *why, size_t why_size)
{
    unsigned long generation;
    dx_process *process = &reader->process;
    dx_error before = ctx->error;
    doxin_status status = dx_process_ready(process, ctx, &generation);
    snprintf(why, why_size, "%s", status == DOXIN_OK ? "" : ctx->error.message);
    ctx->error = before;
    pthread_mutex_lock(&process->lock);
    *hello = process->hello;
    pthread_mutex_unlock(&process->lock);
    return status == DOXIN_OK;
}

void dx_reader_state(dx_reader *reader, dx_ctx *ctx, dx_writer *writer)
{
    dx_packet_hello hello;
    char why[512];
    bool running = look(reader, ctx, &hello, why, sizeof why);
    dx_write_string(writer, "program", reader->process.program);
    dx_write_bool(writer, "running", running);
    dx_write_integer(writer, "parsers", reader->options.parsers);
    if (!running) {
        dx_write_string(writer, "why", why);
        return;
    }
    dx_write_object(writer, "sandbox");
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        dx_write_bool(writer, layers[i].key, (hello.layers & layers[i].layer) != 0);
    dx_write_integer(writer, "landlock_abi", hello.landlock_abi);
    dx_write_filled(writer, "why", hello.why);
    dx_write_object_end(writer);
    dx_write_string(writer, "languages", hello.languages);
}

static void write_part(dx_writer *writer, const char *name, const char *state, const char *text)
{
    dx_write_object(writer, NULL);
    dx_write_string(writer, "name", name);
    dx_write_string(writer, "state", state);
    dx_write_string(writer, "text", text);
    dx_write_object_end(writer);
}

void dx_reader_parts(dx_reader *reader, dx_ctx *ctx, dx_writer *writer)
{
    dx_packet_hello hello;
    char text[512];
    if (!look(reader, ctx, &hello, text, sizeof text)) {
        write_part(writer, "parser", "failed", text);
        return;
    }
    snprintf(text, sizeof text, "%.400s, %d at a time", reader->process.program, reader->options.parsers);
    write_part(writer, "parser", "ok", text);
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        bool on = (hello.layers & layers[i].layer) != 0;
        if (on && layers[i].layer == DX_PACKET_LAYER_LANDLOCK)
            snprintf(text, sizeof text, "version %u: %s", hello.landlock_abi, layers[i].text);
        else
            snprintf(text, sizeof text, "%s", on ? layers[i].text : hello.why);
        write_part(writer, layers[i].name, on ? "ok" : "off", text);
    }
    write_part(writer, "languages", hello.languages[0] ? "ok" : "off",
               hello.languages[0] ? hello.languages : "the recogniser has no language data");
}
