/* What corrections by users taught about vendors: where a value stood on their documents, and what never changes on
 * them. Data alone; core/extract finds the places on a page. Nothing here is a model: each place is plain to read, says
 * how often it was right and wrong, and goes when it was wrong more often than right.
 *
 * A memory belongs to one key of a vendor ("tax_id:DE123456789", "iban:…", "name:…", "letterhead:…"); a vendor with
 * several keys has one under each. A key that turns out to stand on the documents of several vendors (a collecting
 * bank's IBAN, a common letterhead) is a catch-all: it is marked as shared, forgets what it knew and never learns again.
 *
 * All memory is from the call's arena. */
#ifndef DX_CORE_LEARN_LEARN_H
#define DX_CORE_LEARN_LEARN_H

#include "core/invoice/invoice.h"

enum {
    DX_MEMORY_PLACES = 48,       /* of one memory; the weakest makes room */
    DX_FIELD_PLACES = 3,         /* of one field in it */
    DX_CORRECTIONS_MOST = 10000, /* memories in one text */
    DX_VENDOR_KEYS = 4
};

/* Where a value stood, or what it always is. */
typedef struct dx_place {
    dx_header_id field;
    const char *value; /* what a constant field always is; NULL: the value varies, and the rest says where it stands */
    const char *left;  /* words before it on its line, folded; "": none */
    const char *above; /* words above it, folded; "": none */
    const char *shape; /* runs of digits as 9, of letters as A, the rest as it is: "A-9"; "" for dates and amounts */
    int words;         /* how many words it has */
    bool last_page;    /* anchored at the last page, else at the first */
    int x0, x1, y;     /* left and right edge and top, in thousandths of the page */
    int confirmed, contradicted;
} dx_place;

typedef struct dx_memory {
    const char *key;
    const char *name, *tax_id; /* of the vendor as corrected; NULL: not known */
    const char *read_name;     /* its name as it is read from the page; NULL: none is */
    bool shared;               /* a catch-all */
    dx_place *places;
    size_t place_count, place_capacity;
} dx_memory;

typedef struct dx_corrections {
    dx_memory *items; /* one for each key */
    size_t count, capacity;
} dx_corrections;

/* Best first: tax id, IBAN, name, letterhead. */
typedef struct dx_vendor_keys {
    const char *items[DX_VENDOR_KEYS];
    size_t count;
} dx_vendor_keys;

/* Where core asks for what is known: app fills it from the database, abi from a hook of the host or an asset. Appends the
 * memories of the keys that there are; none is no error. */
typedef struct dx_correction_source {
    void *data;
    doxin_status (*look_up)(void *data, dx_ctx *ctx, const dx_vendor_keys *keys, dx_corrections *out);
} dx_correction_source;

/* ---- keys (keys.c) ---- */

/* Keys of the invoice's vendor. Left out is what cannot tell vendors apart: what is the customer's or an own company's
 * (own_names: one a line; NULL: not known), names of fewer than four letters. letterhead: a fingerprint; NULL: none. */
doxin_status dx_vendor_keys_of(dx_ctx *ctx, const dx_invoice *invoice, const char *own_names, const char *letterhead,
                               dx_vendor_keys *out);
/* May what the memory knows be used for an invoice as it was read? Not where it is shared, where both have tax ids that
 * differ, or where a weaker key than a tax id is all that speaks for it and the vendor's name is another. */
doxin_status dx_memory_fits(dx_ctx *ctx, const dx_memory *memory, const dx_invoice *read, bool *out);
/* Does a corrected invoice show that the memory's key stands for several vendors? */
doxin_status dx_memory_conflicts(dx_ctx *ctx, const dx_memory *memory, const dx_invoice *corrected, bool *out);

/* ---- memories (memory.c) ---- */

/* NULL: there is none. */
const dx_memory *dx_corrections_find(const dx_corrections *corrections, const char *key);
/* Adds a memory, or puts it in the place of the one with its key. What it points to is borrowed. */
doxin_status dx_corrections_put(dx_ctx *ctx, dx_corrections *corrections, const dx_memory *memory);
/* A copy whose places can be changed; texts are shared. */
doxin_status dx_memory_copy(dx_ctx *ctx, const dx_memory *memory, dx_memory *out);
/* Adds a place; one of the same field that says the same is confirmed instead. Where there is no room the weakest goes. */
doxin_status dx_memory_add(dx_ctx *ctx, dx_memory *memory, const dx_place *place);
/* Takes out the places that were wrong more often than right. */
void dx_memory_prune(dx_memory *memory);
/* Log-odds in 1/100 that its record speaks for a place. */
int dx_place_weight(const dx_place *place);
/* The field's value is the same on all documents of a vendor: its name, address, tax id, bank, currency. */
bool dx_field_is_constant(dx_header_id field);

/* ---- JSON, schema doxin.corrections/1 (json.c) ---- */

struct dx_json;
struct dx_writer;
/* Adds to *out; a memory whose key is there already takes its place. DOXIN_E_JSON, DOXIN_E_FIELD (names the member),
 * DOXIN_E_LIMIT. Unknown members are passed over. */
doxin_status dx_corrections_read(dx_ctx *ctx, const struct dx_json *json, dx_corrections *out);
void dx_corrections_write(const dx_corrections *corrections, struct dx_writer *writer);
/* The same as a member of an open object. */
void dx_corrections_write_member(const dx_corrections *corrections, const char *member, struct dx_writer *writer);
/* One of them, as it stands in "memories". */
void dx_memory_write(const dx_memory *memory, const char *member, struct dx_writer *writer);

#endif
