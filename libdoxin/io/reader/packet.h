/* Packets between the library (io/reader) and the program doxin-docparse, on SOCK_SEQPACKET sockets; both include this
 * file. The message itself is core/page/wire.h.
 *
 * Control socket (descriptor DX_PACKET_CONTROL_FD of the prepared process): first it sends one dx_packet_hello. Then each
 * dx_packet_request comes with two descriptors: the sealed document, and one end of a socket of this request. On the
 * latter exactly one dx_packet_reply comes back, with the sealed message as a descriptor when the status is OK: from the
 * child that parsed, or from the prepared process when the child ended without one. Closing the request's socket ends
 * its child; closing the control socket ends all. */
#ifndef DX_IO_READER_PACKET_H
#define DX_IO_READER_PACKET_H

#include <stdint.h>

#define DX_PACKET_MAGIC 0x50445844u /* "DXDP" */
enum { DX_PACKET_VERSION = 3 };

enum { DX_PACKET_CONTROL_FD = 3 };

enum dx_packet_task { DX_PACKET_READ = 1, DX_PACKET_RENDER = 2 };

enum dx_packet_status {
    DX_PACKET_OK = 0,
    DX_PACKET_NOT_A_DOCUMENT = 1,
    DX_PACKET_ENCRYPTED,
    DX_PACKET_DAMAGED,
    DX_PACKET_NO_PAGES,
    DX_PACKET_TOO_MANY_PIXELS,
    DX_PACKET_TOO_MANY_PAGES,
    DX_PACKET_NO_SUCH_PAGE,
    DX_PACKET_TOO_LARGE, /* the message would pass max_message or max_words */
    DX_PACKET_DIED,      /* the child ended without an answer; `detail` is the signal, or 256 + exit code */
    DX_PACKET_TIMEOUT,
    DX_PACKET_MEMORY,
    DX_PACKET_REFUSED, /* the request itself is not valid */
    DX_PACKET_FAILED   /* something of the machine, not of the document */
};

enum dx_packet_ocr { DX_PACKET_OCR_AUTO = 0, DX_PACKET_OCR_ALWAYS = 1, DX_PACKET_OCR_NEVER = 2 };
enum dx_packet_want {
    DX_PACKET_WANT_RULES = 1,
    DX_PACKET_WANT_CODES = 2,
    DX_PACKET_SEEK_CODES = 8, /* QR codes, where pages are rendered anyway or their words tell of one */
    DX_PACKET_WANT_SMALL = 4  /* rendering: JPEG where PNG is large */
};

typedef struct dx_packet_request {
    uint32_t magic;
    uint32_t version;
    uint32_t task;
    uint32_t ocr;
    uint32_t want;
    int32_t first_page, last_page; /* from 1; 0: all. Rendering: first_page alone */
    int32_t max_pages;
    int32_t dpi;  /* rendering */
    int32_t turn; /* rendering: 1/1000 degree clockwise, as dx_wire_page.skew */
    uint32_t reserved;
    int32_t timeout_ms;
    int32_t max_words;
    int32_t max_attachments;
    int64_t max_attachment_bytes; /* of one */
    int64_t max_pixels;           /* of one page */
    uint64_t memory_bytes;
    uint64_t max_message;
    char languages[64]; /* tesseract's names joined by '+'; "" lets the program choose */
} dx_packet_request;

typedef struct dx_packet_reply {
    uint32_t magic;
    uint32_t status;
    int32_t detail;
    uint32_t reserved;
    uint64_t size;  /* of the message */
    char text[256]; /* words for a person, NUL-terminated */
} dx_packet_reply;

/* What holds the program, as far as the machine has it. */
enum dx_packet_layer {
    DX_PACKET_LAYER_SECCOMP = 1,
    DX_PACKET_LAYER_LANDLOCK = 2,
    DX_PACKET_LAYER_RLIMITS = 4,
    DX_PACKET_LAYER_NO_NEW_PRIVILEGES = 8
};

typedef struct dx_packet_hello {
    uint32_t magic;
    uint32_t version;
    uint32_t layers;       /* dx_packet_layer */
    uint32_t landlock_abi; /* 0: the kernel has none */
    uint32_t most_children;
    uint32_t reserved;
    char languages[256]; /* installed, joined by ' ' */
    char why[256];       /* why a layer is missing; "" when none is */
} dx_packet_hello;

#endif
