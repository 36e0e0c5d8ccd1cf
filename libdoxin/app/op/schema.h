/* Checks JSON against the subset of JSON Schema (2020-12) that the operations are described in: type (a name or a list
 * of names), properties, required, additionalProperties (false or absent), items, enum (of strings), minimum, maximum,
 * minLength, maxLength (characters), minItems, maxItems, format (uuid, date, date-time). Other keywords say nothing. */
#ifndef DX_APP_OP_SCHEMA_H
#define DX_APP_OP_SCHEMA_H

#include "base/rt/ctx.h"
#include "base/rt/json.h"

/* DOXIN_E_FIELD: error.fields holds the wrong members (RFC 6901 pointers), as many as fit; codes: type, required,
 * unknown, enum, minimum, maximum, min_length, max_length, min_items, max_items, format. */
doxin_status dx_schema_validate(dx_ctx *ctx, const dx_json *schema, const dx_json *value);

#endif
