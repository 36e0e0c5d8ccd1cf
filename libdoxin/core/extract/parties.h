/* Parties: blocks of name and address, and who they are. Inside this folder only. */
#ifndef DX_CORE_EXTRACT_PARTIES_H
#define DX_CORE_EXTRACT_PARTIES_H

#include "core/extract/reading.h"

/* A postal code with its town in a text. */
typedef struct dx_postal {
    size_t begin, end;           /* code and town, without the country */
    size_t code_begin, code_end; /* the code alone */
    const char *country;         /* alpha-2, or NULL */
    bool sure;                   /* no other meaning is likely */
} dx_postal;
bool dx_postal_find(const char *text, size_t length, dx_postal *out); /* postal.c */

/* A line of a party: a segment or a part of one. */
typedef struct dx_party_line {
    const char *text;
    uint32_t first_word, word_count;
} dx_party_line;

enum { DX_PARTY_LINES = 10 };

typedef struct dx_party {
    dx_party_line lines[DX_PARTY_LINES];
    size_t count;
    int postal; /* index of the line with the postal code; -1: none */
    dx_postal place;
    uint32_t page;
    dx_box box;
    uint32_t head;    /* segment of the head; DX_NO_INDEX: none */
    dx_concept label; /* what the head above or beside says; DX_TERM_NONE: nothing */
    bool one_line;    /* "Name · Street · Town" */
    uint32_t name_line;
    bool has_company;     /* the name has a company form */
    int vendor, customer; /* log-odds in 1/100 */
} dx_party;

typedef struct dx_parties {
    dx_party *items;
    size_t count, capacity;
    int vendor, customer, ship_to; /* index, or -1 */
} dx_parties;

doxin_status dx_parties_find(dx_ctx *ctx, const dx_reading *reading, dx_parties *out);   /* party_blocks.c */
doxin_status dx_parties_assign(dx_ctx *ctx, const dx_reading *reading, dx_parties *out); /* party_roles.c */
/* The vendor where no block is one. */
doxin_status dx_extract_letterhead(dx_ctx *ctx, const dx_reading *reading, const dx_parties *parties,
                                   dx_invoice *invoice); /* letterhead.c */
/* Tax identifiers, bank, contact: beside their labels or by their form. */
doxin_status dx_party_identifiers(dx_ctx *ctx, const dx_reading *reading, const dx_parties *parties,
                                  dx_invoice *invoice); /* identifiers.c */

/* party_lines.c. False: no room (add_line) or no memory (the others). */
bool dx_party_add_line(dx_party *party, const char *text, uint32_t first, uint32_t count);
/* A part of a segment's text as a line, without spaces and commas at its ends. */
bool dx_party_add_part(dx_ctx *ctx, const dx_reading *reading, uint32_t segment, size_t begin, size_t end,
                       dx_party *party);
/* "Name · Street · 12345 Town" as three lines; what follows the town is left out. */
bool dx_party_split_line(dx_ctx *ctx, const dx_reading *reading, uint32_t segment, const dx_postal *place,
                         dx_party *party);
/* "Word: something": says something about the party, but is neither its name nor its street. */
bool dx_party_is_remark(const char *text);
/* Is nothing but a sign between the parts of an address; stands beside one. */
bool dx_party_is_separator(const char *text);
bool dx_party_beside_separator(const dx_segment *segments, uint32_t segment);

/* Has a token that is a company form ("GmbH", "Ltd"). */
bool dx_has_company_form(dx_ctx *ctx, const char *text);
/* Gives a company form that was misread its letters back, in place. (company_form.c) */
void dx_company_form_repair(dx_ctx *ctx, char *text);
bool dx_has_term(dx_ctx *ctx, const char *text, dx_concept concept);

#endif
