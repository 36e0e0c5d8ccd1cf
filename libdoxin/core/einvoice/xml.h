/* A parsed document and paths into it. For this folder; libxml2's types stay here. */
#ifndef DX_CORE_EINVOICE_XML_H
#define DX_CORE_EINVOICE_XML_H

#include "core/einvoice/einvoice.h"

#include <libxml/tree.h>

/* DOXIN_E_XML, DOXIN_E_XML_FORBIDDEN (a DOCTYPE), DOXIN_E_LIMIT. *out is freed with xmlFreeDoc. */
doxin_status dx_xml_parse(dx_ctx *ctx, const void *data, size_t size, const dx_einvoice_limits *limits, xmlDoc **out);

/* The n-th element (from 0) at a path of local names below node: "A/B/C", with "A|B" for alternatives in one step.
 * NULL: none. Namespaces are those of the root and its kin; they are not compared. */
const xmlNode *dx_xml_find(const xmlNode *node, const char *path);
/* Walks the children with one of the names: start with before NULL. */
const xmlNode *dx_xml_next(const xmlNode *parent, const char *names, const xmlNode *before);
/* The element's own text, trimmed, white space joined, in the call's arena; NULL: no element, no text, or no memory
 * (then recorded). */
const char *dx_xml_text(dx_ctx *ctx, const xmlNode *node);
const char *dx_xml_text_at(dx_ctx *ctx, const xmlNode *node, const char *path);
/* An attribute's value, in the arena; NULL: none. */
const char *dx_xml_attribute(dx_ctx *ctx, const xmlNode *node, const char *name);
/* "Invoice/AccountingSupplierParty/Party": where an element stands; with ": " and the text where one is given. In the
 * arena; NULL: no memory (then recorded). */
const char *dx_xml_place(dx_ctx *ctx, const xmlNode *node, const char *text);

#endif
