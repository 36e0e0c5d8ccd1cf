#include "core/einvoice/xml.h"

#include <libxml/parser.h>
#include <string.h>

enum { PLACE_DEPTH = 24 };

typedef struct watch {
    bool doctype;
} watch;

/* A document type is where entities come from: the parser stops at its name. */
static void on_doctype(void *parser, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    (void)name;
    (void)external;
    (void)system;
    xmlParserCtxt *context = parser;
    ((watch *)context->_private)->doctype = true;
    xmlStopParser(context);
}

static doxin_status explain(dx_ctx *ctx, const xmlParserCtxt *parser, const watch *seen)
{
    if (seen->doctype)
        return dx_fail(ctx, DOXIN_E_XML_FORBIDDEN,
                       "the XML has a DOCTYPE; an e-invoice has none, and entities are not read");
    const xmlError *problem = xmlCtxtGetLastError((void *)(uintptr_t)parser);
    if (problem && problem->code == XML_ERR_NO_MEMORY)
        return dx_nomem(ctx);
    const char *message = problem && problem->message ? problem->message : "it ends too early";
    return dx_fail(ctx, DOXIN_E_XML, "the XML is not well-formed at line %d: %.200s", problem ? problem->line : 1,
                   message);
}

doxin_status dx_xml_parse(dx_ctx *ctx, const void *data, size_t size, xmlDoc **out)
{
    watch seen = {false};
    *out = NULL;
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (!parser)
        return dx_nomem(ctx);
    parser->_private = &seen;
    parser->sax->internalSubset = on_doctype;
    xmlDoc *document = xmlCtxtReadMemory(parser, data, (int)size, NULL, NULL,
                                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
    doxin_status status = document && !seen.doctype ? DOXIN_OK : explain(ctx, parser, &seen);
    if (status == DOXIN_OK)
        *out = document;
    else
        xmlFreeDoc(document);
    xmlFreeParserCtxt(parser);
    return status;
}

/* One of the names, which end at "/" or the end and have "|" between them. */
static bool named(const xmlNode *node, const char *names, size_t size)
{
    const char *own = (const char *)node->name;
    size_t length = strlen(own);
    for (const char *p = names; p < names + size;) {
        size_t item = strcspn(p, "|/");
        if (item == length && memcmp(p, own, length) == 0)
            return true;
        p += item + 1;
    }
    return false;
}

const xmlNode *dx_xml_next(const xmlNode *parent, const char *names, const xmlNode *before)
{
    const xmlNode *node = before ? before->next : parent ? parent->children : NULL;
    while (node && !(node->type == XML_ELEMENT_NODE && named(node, names, strlen(names))))
        node = node->next;
    return node;
}

const xmlNode *dx_xml_find(const xmlNode *node, const char *path)
{
    while (node && *path) {
        size_t size = strcspn(path, "/");
        const xmlNode *child = node->children;
        while (child && !(child->type == XML_ELEMENT_NODE && named(child, path, size)))
            child = child->next;
        node = child;
        path += size + (path[size] == '/');
    }
    return node;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Trims and joins in place. */
static size_t tidy(char *text)
{
    size_t used = 0;
    for (const char *p = text; *p; p++) {
        if (!is_space(*p))
            text[used++] = *p;
        else if (used > 0 && text[used - 1] != ' ')
            text[used++] = ' ';
    }
    while (used > 0 && text[used - 1] == ' ')
        used--;
    text[used] = '\0';
    return used;
}

const char *dx_xml_text(dx_ctx *ctx, const xmlNode *node)
{
    size_t size = 0;
    for (const xmlNode *part = node ? node->children : NULL; part; part = part->next)
        if ((part->type == XML_TEXT_NODE || part->type == XML_CDATA_SECTION_NODE) && part->content)
            size += strlen((const char *)part->content);
    if (size == 0)
        return NULL;
    char *text = dx_new(ctx, size + 1);
    if (!text)
        return NULL;
    size_t used = 0;
    for (const xmlNode *part = node->children; part; part = part->next) {
        if ((part->type == XML_TEXT_NODE || part->type == XML_CDATA_SECTION_NODE) && part->content) {
            size_t length = strlen((const char *)part->content);
            memcpy(text + used, part->content, length);
            used += length;
        }
    }
    return tidy(text) ? text : NULL;
}

const char *dx_xml_text_at(dx_ctx *ctx, const xmlNode *node, const char *path)
{
    return dx_xml_text(ctx, dx_xml_find(node, path));
}

const char *dx_xml_attribute(dx_ctx *ctx, const xmlNode *node, const char *name)
{
    for (const xmlAttr *attribute = node ? node->properties : NULL; attribute; attribute = attribute->next)
        if (strcmp((const char *)attribute->name, name) == 0 && attribute->children && attribute->children->content)
            return dx_text(ctx, (const char *)attribute->children->content);
    return NULL;
}

const char *dx_xml_place(dx_ctx *ctx, const xmlNode *node)
{
    const xmlNode *steps[PLACE_DEPTH];
    int count = 0;
    char *place = NULL;
    for (; node && node->type == XML_ELEMENT_NODE && count < PLACE_DEPTH; node = node->parent)
        steps[count++] = node;
    while (count-- > 0) {
        place = place ? dx_textf(ctx, "%s/%s", place, (const char *)steps[count]->name)
                      : dx_text(ctx, (const char *)steps[count]->name);
        if (!place)
            return NULL;
    }
    return place;
}
