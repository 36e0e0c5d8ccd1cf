/* The log: silent until somebody listens. Entries are whole when they reach the sink. */
#ifndef DX_BASE_RT_LOG_H
#define DX_BASE_RT_LOG_H

typedef enum dx_level { DX_DEBUG = 0, DX_INFO = 1, DX_WARN = 2, DX_ERROR = 3 } dx_level;

/* May be called from several threads at once. fields_json is NULL or one JSON object. */
typedef void (*dx_log_fn)(void *user_data, dx_level level, const char *component, const char *message,
                          const char *fields_json);

typedef struct dx_log {
    dx_log_fn fn; /* NULL: silent */
    void *user_data;
    dx_level threshold;
} dx_log;

/* log may be NULL. Never put a secret, a token or a document's text into a message. */
void dx_log_write(const dx_log *log, dx_level level, const char *component, const char *fields_json, const char *format,
                  ...) __attribute__((format(printf, 5, 6)));

#endif
