/* Telling everybody who follows a job where it stands. One text for all statements that change a job. */
#ifndef DX_APP_QUEUE_TELL_H
#define DX_APP_QUEUE_TELL_H

/* A row of events for each room of the jobs in `from` (rows of processing_jobs). */
#define DX_TELL_JOBS(from)                                                                                             \
    "INSERT INTO events (user_id, topic, type, payload) SELECT j.user_id, t.topic, 'status', "                         \
    "jsonb_strip_nulls(jsonb_build_object('status', j.status, 'progress', j.progress, 'current_stage', "               \
    "j.current_stage, 'job_id', j.id, 'invoice_id', j.invoice_id, 'error', CASE WHEN j.error_code IS NOT NULL THEN "   \
    "jsonb_build_object('code', j.error_code, 'message', j.error_message) END)) FROM " from                            \
    " AS j CROSS JOIN LATERAL (VALUES ('job:' || j.id), ('invoice:' || j.invoice_id), ('user:' || j.user_id)) "        \
    "AS t (topic) WHERE t.topic IS NOT NULL"

#endif
