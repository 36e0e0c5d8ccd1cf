/* libh2o's headers, which do not compile under our warnings. */
#ifndef SERVER_HTTP_H2O_H
#define SERVER_HTTP_H2O_H

#ifndef H2O_USE_LIBUV
#define H2O_USE_LIBUV 0
#endif
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wpointer-arith"
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#include <h2o.h>
#include <h2o/http1.h>
#include <h2o/websocket.h>
#pragma GCC diagnostic pop

#endif
