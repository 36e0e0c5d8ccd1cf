#include "core/einvoice/xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/xmlversion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { PLACE_DEPTH = 24 };

/* What a parse has met. The limits hold while parsing, so that a small file cannot become a large tree. */
typedef struct watch {
    const dx_einvoice_limits *limits;
    bool doctype;
    bool too_deep;
    bool too_many;
    int parts; /* elements and attributes so far */
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

static void on_element(void *parser, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                       const xmlChar **declared, int attributes, int defaulted, const xmlChar **values)
{
    xmlParserCtxt *context = parser;
    watch *seen = context->_private;
    seen->too_deep = context->nodeNr >= seen->limits->max_depth;
    seen->parts += 1 + namespaces + attributes;
    seen->too_many = seen->parts > seen->limits->max_elements;
    if (seen->too_deep || seen->too_many)
        xmlStopParser(context);
    else
        xmlSAX2StartElementNs(parser, name, prefix, uri, namespaces, declared, attributes, defaulted, values);
}

static doxin_status explain(dx_ctx *ctx, const xmlParserCtxt *parser, const watch *seen)
{
    if (seen->doctype)
        return dx_fail(ctx, DOXIN_E_XML_FORBIDDEN,
                       "the XML has a DOCTYPE; an e-invoice has none, and entities are not read");
    if (seen->too_deep)
        return dx_fail(ctx, DOXIN_E_LIMIT, "the XML is nested deeper than %d elements (max_xml_depth)",
                       seen->limits->max_depth);
    if (seen->too_many)
        return dx_fail(ctx, DOXIN_E_LIMIT, "the XML has more than %d elements and attributes (max_xml_elements)",
                       seen->limits->max_elements);
    const xmlError *problem = xmlCtxtGetLastError((void *)(uintptr_t)parser);
    if (problem && problem->code == XML_ERR_NO_MEMORY)
        return dx_nomem(ctx);
    const char *message = problem && problem->message ? problem->message : "it ends too early";
    return dx_fail(ctx, DOXIN_E_XML, "the XML is not well-formed at line %d: %.*s", problem ? problem->line : 1,
                   (int)strcspn(message, "\r\n"), message);
}

static pthread_once_t prepared = PTHREAD_ONCE_INIT;

static void prepare(void)
{
    xmlInitParser();
}

/* Some faults of encodings are told to the thread's handler, which prints, whatever the parser's options say. */
#if LIBXML_VERSION >= 21200
static void say_nothing(void *data, const xmlError *problem)
#else
static void say_nothing(void *data, xmlError *problem)
#endif
{
    (void)data;
    (void)problem;
}

/* Parses in silence; the thread's own handler is back afterwards. */
static xmlDoc *parse_quietly(xmlParserCtxt *parser, const void *data, size_t size)
{
    xmlStructuredErrorFunc handler = xmlStructuredError;
    void *handler_data = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(NULL, say_nothing);
    xmlDoc *document = xmlCtxtReadMemory(parser, data, (int)size, NULL, NULL,
                                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
    xmlSetStructuredErrorFunc(handler_data, handler);
    return document;
}

doxin_status dx_xml_parse(dx_ctx *ctx, const void *data, size_t size, const dx_einvoice_limits *limits, xmlDoc **out)
{
    watch seen = {.limits = limits};
    *out = NULL;
    pthread_once(&prepared, prepare);
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (!parser)
        return dx_nomem(ctx);
    parser->_private = &seen;
    parser->sax->internalSubset = on_doctype;
    parser->sax->startElementNs = on_element;
    xmlDoc *document = parse_quietly(parser, data, size);
    bool stopped = seen.doctype || seen.too_deep || seen.too_many;
    doxin_status status = document && !stopped ? DOXIN_OK : explain(ctx, parser, &seen);
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

const char *dx_xml_place(dx_ctx *ctx, const xmlNode *node, const char *text)
{
    const char *names[PLACE_DEPTH];
    size_t count = 0, size = 0;
    for (; node && node->type == XML_ELEMENT_NODE && count < PLACE_DEPTH; node = node->parent) {
        names[count++] = (const char *)node->name;
        size += strlen(names[count - 1]) + 1;
    }
    size_t text_size = text ? strlen(text) : 0;
    char *place = dx_new(ctx, size + text_size + 2);
    char *end = place;
    while (place && count-- > 0) {
        for (const char *c = names[count]; *c; c++)
            *end++ = *c;
        if (count > 0)
            *end++ = '/';
    }
    if (place && text)
        snprintf(end, text_size + 3, ": %s", text);
    return place;
}
