/* What the files of io/reader share. */
#ifndef DX_IO_READER_READER_INTERNAL_H
#define DX_IO_READER_READER_INTERNAL_H

#include "io/reader/packet.h"
#include "io/reader/reader.h"

#include <pthread.h>
#include <sys/types.h>

/* ---- descriptors (channel.c) ---- */

/* Sealed memory with these bytes; -1 with errno. */
int dx_sealed_copy(const void *data, size_t size);
/* Sends a packet with two descriptors without blocking; false with errno. */
bool dx_send_request(int socket, const dx_packet_request *request, int document, int answer);
/* The bytes of the next packet, 0 when the other side has ended, -1 with errno. *fd is -1 when none came along. */
ssize_t dx_receive(int socket, void *out, size_t size, int *fd);
/* Maps what a child sealed; false when it is not sealed, or not of that size. */
bool dx_map_sealed(int fd, uint64_t size, dx_message *out);

/* ---- the prepared process (process.c) ---- */

typedef enum dx_process_state {
    DX_PROCESS_NONE,
    DX_PROCESS_WANTED,
    DX_PROCESS_RUNNING,
    DX_PROCESS_FAILED
} dx_process_state;

/* The keeper is one thread that starts the program, watches it and ends it: a parent-death signal follows the thread
 * that started the child, so that thread has to live as long. */
typedef struct dx_process {
    pthread_mutex_t lock; /* guards all below but the options */
    pthread_cond_t changed;
    pthread_t keeper;
    bool has_keeper;
    bool ending;
    dx_process_state state;
    unsigned long generation; /* raised by each start */
    unsigned long failures;   /* raised by each start that failed */
    int control;              /* the socket; -1 */
    int wake[2];              /* pipe: wakes the keeper from its poll */
    dx_packet_hello hello;
    char why[256]; /* after a failed start */
    char *program; /* where it was found; NULL: nowhere */
    const dx_log *log;
} dx_process;

bool dx_process_init(dx_process *process, const char *program, const dx_log *log);
void dx_process_destroy(dx_process *process);
/* Starts the program where it does not run and waits until it is ready. DOXIN_E_PARSER_MISSING with the reason. */
doxin_status dx_process_ready(dx_process *process, dx_ctx *ctx, unsigned long *generation);
/* Sends a request to the program of that generation; false when it has ended or was started anew. */
bool dx_process_send(dx_process *process, unsigned long generation, const dx_packet_request *request, int document,
                     int answer);
/* Says that the program of that generation no longer answers. */
void dx_process_lost(dx_process *process, unsigned long generation);

/* ---- finding the program (program.c) ---- */

/* The path, from dx_malloc; NULL when it is nowhere. */
char *dx_find_program(const char *asked);

/* ---- places (places.c): at most so many documents at a time, first come, first served ---- */

typedef struct dx_place_waiter {
    int event; /* eventfd: told when the place is given, and by cancel */
    bool given;
    struct dx_place_waiter *next;
} dx_place_waiter;

typedef struct dx_places {
    pthread_mutex_t lock;
    int free;
    dx_place_waiter *first, *last;
} dx_places;

/* Waits for a place; DOXIN_OK, or what dx_check says. event is registered with the ctx by the caller. */
doxin_status dx_places_take(dx_places *places, dx_ctx *ctx, int event);
void dx_places_give(dx_places *places);

struct dx_reader {
    dx_reader_options options; /* without program */
    dx_log log;
    dx_process process;
    dx_places places;
};

#endif
