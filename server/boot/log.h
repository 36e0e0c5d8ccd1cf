/* The log of the program: one JSON object a line on standard error. */
#ifndef SERVER_BOOT_LOG_H
#define SERVER_BOOT_LOG_H

/* level is a DOXIN_LOG_… number; fields_json NULL, or one JSON object whose members are added. Any thread. */
void log_line(int level, const char *component, const char *message, const char *fields_json);
/* Lines under this level are left out. */
void log_threshold(int level);
/* For doxin_engine_set_log. */
void log_from_library(void *user_data, int level, const char *component, const char *message, const char *fields_json);

#endif
