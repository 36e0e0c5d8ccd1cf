-- The queue: claimed with SKIP LOCKED, held by a lease, fenced by a number that grows with every claim.

-- migrate:up
SET LOCAL search_path = public, extensions;

CREATE TYPE job_status AS ENUM ('pending', 'running', 'completed', 'failed', 'cancelled');

CREATE TABLE processing_jobs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id),
    file_storage_id uuid REFERENCES file_storage (id),
    job_type varchar(60) NOT NULL,
    status job_status NOT NULL DEFAULT 'pending',
    progress integer NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    current_stage varchar(60),
    result_data jsonb,
    error_message text,
    auto_save boolean NOT NULL DEFAULT true,
    cleanup boolean NOT NULL DEFAULT false,
    viewed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,

    invoice_id uuid REFERENCES invoices (id) ON DELETE SET NULL,
    parameters jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(parameters) = 'object'),
    priority smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN -100 AND 100),
    run_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    max_attempts integer NOT NULL DEFAULT 5 CHECK (max_attempts BETWEEN 1 AND 100),
    fence bigint NOT NULL DEFAULT 0,
    lease_owner varchar(200),
    lease_until timestamptz,
    heartbeat_at timestamptz,
    started_at timestamptz,
    deadline_at timestamptz,
    cancel_requested_at timestamptz,
    dead_at timestamptz,
    error_code varchar(60),
    traceparent varchar(64),
    request_id varchar(128),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((status = 'running') = (lease_owner IS NOT NULL)),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CHECK ((status IN ('completed', 'failed', 'cancelled')) = (completed_at IS NOT NULL)),
    CHECK (dead_at IS NULL OR status = 'failed')
);
CREATE INDEX processing_jobs_ready ON processing_jobs (priority DESC, run_at, id) WHERE status = 'pending';
-- Whose turn it is: the users who wait are found by skipping from one to the next.
CREATE INDEX processing_jobs_waiting ON processing_jobs (user_id, priority DESC, run_at, id) WHERE status = 'pending';
CREATE INDEX processing_jobs_lease ON processing_jobs (lease_until) WHERE status = 'running';
CREATE INDEX processing_jobs_running ON processing_jobs (user_id) WHERE status = 'running';
CREATE INDEX processing_jobs_owner ON processing_jobs (user_id, created_at DESC, id);
CREATE INDEX processing_jobs_invoice ON processing_jobs (invoice_id, created_at DESC);
CREATE INDEX processing_jobs_file ON processing_jobs (file_storage_id);
CREATE INDEX processing_jobs_dead ON processing_jobs (dead_at) WHERE dead_at IS NOT NULL;
CREATE TRIGGER processing_jobs_touch BEFORE UPDATE ON processing_jobs FOR EACH ROW EXECUTE FUNCTION doxin_touch();

CREATE TABLE job_events (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    job_id uuid NOT NULL REFERENCES processing_jobs (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempt integer NOT NULL DEFAULT 0,
    type varchar(20) NOT NULL CHECK (type IN ('queued', 'claimed', 'stage', 'progress', 'retry', 'lost', 'completed',
                                              'failed', 'dead', 'cancel', 'cancelled', 'redrive', 'log')),
    stage varchar(60),
    progress integer CHECK (progress BETWEEN 0 AND 100),
    message text,
    detail jsonb
);
CREATE INDEX job_events_job ON job_events (job_id, id);

-- What happened, for whoever follows a topic (WebSocket rooms, webhooks). Written in the transaction that made it happen;
-- the notification carries "<id> <topic>" and arrives in the order of commits. Ids of transactions that overlap may
-- become visible out of order: follow the notifications, and after a loss read again from an hour before.
CREATE TABLE events (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    user_id uuid REFERENCES users (id) ON DELETE CASCADE,
    topic varchar(120) NOT NULL CHECK (topic ~ '^[a-z_]+(:[A-Za-z0-9_-]+)?$'),
    type varchar(60) NOT NULL,
    payload jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(payload) = 'object'),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX events_topic ON events (topic, id);
CREATE INDEX events_user ON events (user_id, id);
CREATE INDEX events_time ON events (created_at);

CREATE FUNCTION doxin_events_notify() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('doxin_events', NEW.id || ' ' || NEW.topic);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION doxin_events_notify() FROM PUBLIC;
CREATE TRIGGER events_notify AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION doxin_events_notify();

-- Channel doxin_jobs: "" = there is work, "cancel <id>" = a running job is asked to stop. The same text is sent once a
-- transaction, however many jobs it makes.
CREATE FUNCTION doxin_jobs_notify() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.status = 'pending' AND NEW.run_at <= now() + interval '1 second' THEN
        PERFORM pg_notify('doxin_jobs', '');
    ELSIF TG_OP = 'UPDATE' AND NEW.status = 'running' AND NEW.cancel_requested_at IS NOT NULL
          AND OLD.cancel_requested_at IS NULL THEN
        PERFORM pg_notify('doxin_jobs', 'cancel ' || NEW.id);
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION doxin_jobs_notify() FROM PUBLIC;
CREATE TRIGGER processing_jobs_notify AFTER INSERT OR UPDATE OF status, run_at, cancel_requested_at ON processing_jobs
    FOR EACH ROW EXECUTE FUNCTION doxin_jobs_notify();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['processing_jobs', 'job_events', 'events'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;

CREATE POLICY own ON processing_jobs TO doxin_application
    USING (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) IN ('admin', 'worker'))
    WITH CHECK (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) IN ('admin', 'worker'));
CREATE POLICY own ON job_events TO doxin_application
    USING (EXISTS (SELECT FROM processing_jobs AS j WHERE j.id = job_events.job_id))
    WITH CHECK (EXISTS (SELECT FROM processing_jobs AS j WHERE j.id = job_events.job_id));
CREATE POLICY own ON events TO doxin_application
    USING (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) IN ('admin', 'worker'))
    WITH CHECK (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) IN ('admin', 'worker'));

CREATE POLICY query ON processing_jobs FOR SELECT TO doxin_query USING (user_id = (SELECT doxin_me()));

GRANT SELECT, INSERT, UPDATE ON processing_jobs TO doxin_application;
GRANT SELECT, INSERT ON job_events TO doxin_application;
GRANT SELECT, INSERT, DELETE ON events TO doxin_application;
GRANT SELECT (id, user_id, file_storage_id, job_type, status, progress, current_stage, error_message, error_code, attempts,
              viewed_at, created_at, started_at, completed_at, invoice_id)
    ON processing_jobs TO doxin_query;

-- migrate:down
SET LOCAL search_path = public, extensions;
DROP TABLE events, job_events, processing_jobs;
DROP FUNCTION doxin_events_notify(), doxin_jobs_notify();
DROP TYPE job_status;
