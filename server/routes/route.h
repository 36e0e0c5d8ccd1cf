/* The route table: HTTP dress over the operations. */
#ifndef SERVER_ROUTES_ROUTE_H
#define SERVER_ROUTES_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum route_kind {
    ROUTE_HEALTH,    /* answered on the loop, without waiting for anything */
    ROUTE_CALL,      /* an operation: path, query and body are its arguments */
    ROUTE_UPLOAD,    /* multipart into the blob store, then the operation's answer */
    ROUTE_CONTENT,   /* bytes of a stored file */
    ROUTE_WEBSOCKET, /* events of a room */
    ROUTE_LIMITS     /* what the server takes; answered on the loop */
} route_kind;

typedef enum route_lane { LANE_QUICK, LANE_SLOW } route_lane;

enum { ROUTE_PARAMETERS_MAX = 4 };

typedef struct route {
    const char *method;
    const char *path; /* "{name}" stands for one segment */
    route_kind kind;
    route_lane lane;
    const char *operation; /* or NULL */
    const char *query;     /* names of the query parameters, separated by spaces */
    bool body;             /* a JSON object whose members are arguments */
    bool is_public;        /* needs no token */
    int status;            /* of success */
    const char *text;
} route;

extern const route route_table[];
extern const size_t route_count;

typedef struct route_match {
    const route *route;                       /* NULL: none */
    bool path_known;                          /* the path exists with another method */
    const char *values[ROUTE_PARAMETERS_MAX]; /* borrowed from the path that was matched, not terminated */
    size_t sizes[ROUTE_PARAMETERS_MAX];
    char allow[64]; /* methods of the path, for 405 and OPTIONS */
} route_match;

/* HEAD matches GET. */
void route_find(const char *method, const char *path, size_t path_size, route_match *out);
/* The name of the n-th parameter of a route's path; false when there are fewer. */
bool route_parameter(const route *route, int index, char *name, size_t size);

#endif
