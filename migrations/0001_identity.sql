-- Who asks: roles, the signed identity, users, sessions, and what every operation leaves behind.
-- docs/schema.md says who writes each column and which values it may have.

-- migrate:up
SET LOCAL search_path = public, extensions;

-- Trusted where the server ships it so; else an administrator creates it once.
CREATE EXTENSION IF NOT EXISTS vector;

-- Two group roles. Whether they may log in, and how, is the administrator's:
--     ALTER ROLE doxin_application LOGIN PASSWORD '…';   or   GRANT doxin_application TO a_login_of_yours;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['doxin_application', 'doxin_query'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I', name);
        ELSIF EXISTS (SELECT FROM pg_roles WHERE rolname = name AND (rolsuper OR rolbypassrls)) THEN
            RAISE EXCEPTION 'role % may pass by row-level security; take SUPERUSER and BYPASSRLS from it', name;
        END IF;
        -- Lets a process that knows only the owner's login step down to these roles, as every transaction does. Where
        -- an administrator made the roles this is not the owner's to give, and not needed with logins of their own.
        IF NOT pg_has_role(current_user, name, 'USAGE') THEN
            BEGIN
                IF current_setting('server_version_num')::integer >= 160000 THEN
                    EXECUTE format('GRANT %I TO CURRENT_USER WITH INHERIT FALSE, SET TRUE', name);
                ELSE
                    EXECUTE format('GRANT %I TO CURRENT_USER', name);
                END IF;
            EXCEPTION WHEN insufficient_privilege THEN
                RAISE NOTICE 'the owner may not act as %: the application needs a login of its own', name;
            END;
        END IF;
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA public TO doxin_application, doxin_query;

-- The runner's list of what was applied; it is there already when `doxin migrate` or dbmate runs this. The application
-- reads it to see that the schema is the one it needs.
CREATE TABLE IF NOT EXISTS schema_migrations (version varchar(128) PRIMARY KEY);
GRANT SELECT ON schema_migrations TO doxin_application;
-- Nobody but the owner makes tables in public (the default since PostgreSQL 15, not of upgraded databases).
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- ---- the signed identity ----

-- RFC 2104: the key, filled up to the block of 64 bytes, with every byte xor 0x36 or 0x5c.
CREATE FUNCTION doxin_hmac_pad(secret bytea, mask integer) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    pad bytea := secret || decode(repeat('00', 64 - length(secret)), 'hex');
BEGIN
    FOR i IN 0..63 LOOP
        pad := set_byte(pad, i, get_byte(pad, i) # mask);
    END LOOP;
    RETURN pad;
END $$;
REVOKE ALL ON FUNCTION doxin_hmac_pad(bytea, integer) FROM PUBLIC;

-- Read by the owner alone. id: the first 8 hexadecimal digits of sha256(secret). Several rows while a key is changed.
CREATE TABLE identity_keys (
    id text PRIMARY KEY CHECK (id = left(encode(sha256(secret), 'hex'), 8)),
    secret bytea NOT NULL CHECK (length(secret) = 32),
    inner_pad bytea NOT NULL GENERATED ALWAYS AS (doxin_hmac_pad(secret, 54)) STORED,
    outer_pad bytea NOT NULL GENERATED ALWAYS AS (doxin_hmac_pad(secret, 92)) STORED,
    created_at timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON identity_keys FROM PUBLIC;

-- 366 random bits of the server's generator, folded to 256.
INSERT INTO identity_keys (id, secret)
SELECT left(encode(sha256(secret), 'hex'), 8), secret
FROM (SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) AS secret) AS made;

-- What doxin_identity() must know of a user; kept by a trigger on users. Without row security, because the policies
-- themselves ask it; no role but the owner may read it.
CREATE TABLE user_states (
    user_id uuid PRIMARY KEY,
    is_admin boolean NOT NULL,
    is_active boolean NOT NULL
);
REVOKE ALL ON user_states FROM PUBLIC;

-- The setting doxin.identity is
--     v1.<key id>.<user id or ->.<purpose>.<expiry, seconds since 1970>.<HMAC-SHA256 of all before, hexadecimal>
-- purpose: user, admin (the user must be one), worker, login (both without a user). Anything else is nobody.
CREATE FUNCTION doxin_identity(OUT user_id uuid, OUT purpose text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    raw text := current_setting('doxin.identity', true);
    part text[];
    inner_pad bytea;
    outer_pad bytea;
    state record;
BEGIN
    IF raw IS NULL OR length(raw) NOT BETWEEN 80 AND 200 THEN
        RETURN;
    END IF;
    part := string_to_array(raw, '.');
    IF array_length(part, 1) <> 6 OR part[1] <> 'v1' OR part[5] !~ '^[0-9]{1,11}$' OR part[6] !~ '^[0-9a-f]{64}$' THEN
        RETURN;
    END IF;
    SELECT k.inner_pad, k.outer_pad INTO inner_pad, outer_pad FROM public.identity_keys AS k WHERE k.id = part[2];
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- Hashed once more on both sides, so that the time of the comparison says nothing about the digits.
    IF sha256(sha256(outer_pad || sha256(inner_pad || convert_to(left(raw, length(raw) - 65), 'UTF8'))))
       <> sha256(decode(part[6], 'hex')) THEN
        RETURN;
    END IF;
    IF part[5]::bigint < extract(epoch FROM now()) THEN
        RETURN;
    END IF;
    IF part[4] IN ('worker', 'login') AND part[3] = '-' THEN
        purpose := part[4];
    ELSIF part[4] IN ('user', 'admin') THEN
        SELECT s.user_id, s.is_admin INTO state FROM public.user_states AS s
        WHERE s.user_id = part[3]::uuid AND s.is_active;
        IF FOUND AND (state.is_admin OR part[4] = 'user') THEN
            user_id := state.user_id;
            purpose := part[4];
        END IF;
    END IF;
END $$;

-- The user who asks; NULL: nobody, or no user.
CREATE FUNCTION doxin_me() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT user_id FROM public.doxin_identity() $$;
-- What for: user, admin, worker, login; NULL: nobody.
CREATE FUNCTION doxin_purpose() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT purpose FROM public.doxin_identity() $$;
REVOKE ALL ON FUNCTION doxin_identity(), doxin_me(), doxin_purpose() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION doxin_me(), doxin_purpose() TO doxin_application, doxin_query;

-- ---- helpers of all tables ----

CREATE FUNCTION doxin_touch() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION doxin_touch() FROM PUBLIC;

-- ---- users ----

CREATE TYPE user_role AS ENUM ('user', 'admin');

CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email varchar(320) NOT NULL UNIQUE CHECK (email = lower(email) AND email LIKE '_%@_%'),
    name varchar(200) NOT NULL DEFAULT '',
    role user_role NOT NULL DEFAULT 'user',
    google_id varchar(255) UNIQUE,
    access_code varchar(128) UNIQUE,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_login timestamptz,
    invited_by_user_id uuid REFERENCES users (id),
    access_code_expires_at timestamptz,
    deleted_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (deleted_at IS NULL OR NOT is_active)
);
CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION doxin_touch();

-- Only an administrator, or the owner of the schema, gives and takes roles and accounts.
CREATE FUNCTION doxin_users_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.role = 'user' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW.role = OLD.role AND NEW.is_active = OLD.is_active
       AND NEW.email = OLD.email AND NEW.deleted_at IS NOT DISTINCT FROM OLD.deleted_at THEN
        RETURN NEW;
    END IF;
    IF public.doxin_purpose() = 'admin'
       OR pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RETURN NEW;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = 'only an administrator changes roles and accounts';
END $$;
REVOKE ALL ON FUNCTION doxin_users_guard() FROM PUBLIC;
CREATE TRIGGER users_guard BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION doxin_users_guard();

CREATE FUNCTION doxin_users_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM public.user_states WHERE user_id = OLD.id;
    ELSE
        INSERT INTO public.user_states (user_id, is_admin, is_active)
        VALUES (NEW.id, NEW.role = 'admin', NEW.is_active)
        ON CONFLICT (user_id) DO UPDATE SET is_admin = excluded.is_admin, is_active = excluded.is_active;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION doxin_users_state() FROM PUBLIC;
CREATE TRIGGER users_state AFTER INSERT OR DELETE OR UPDATE OF role, is_active ON users
    FOR EACH ROW EXECUTE FUNCTION doxin_users_state();

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY self ON users FOR SELECT TO doxin_application USING (id = (SELECT doxin_me()));
CREATE POLICY self_change ON users FOR UPDATE TO doxin_application
    USING (id = (SELECT doxin_me())) WITH CHECK (id = (SELECT doxin_me()));
CREATE POLICY admin ON users TO doxin_application
    USING ((SELECT doxin_purpose()) = 'admin') WITH CHECK ((SELECT doxin_purpose()) = 'admin');
-- Sign-in looks people up by address or provider's id, and makes the account where the policy of sign-up lets it.
CREATE POLICY login_read ON users FOR SELECT TO doxin_application USING ((SELECT doxin_purpose()) = 'login');
CREATE POLICY login_make ON users FOR INSERT TO doxin_application WITH CHECK ((SELECT doxin_purpose()) = 'login');
CREATE POLICY login_change ON users FOR UPDATE TO doxin_application
    USING ((SELECT doxin_purpose()) = 'login') WITH CHECK ((SELECT doxin_purpose()) = 'login');
-- `doxin user` works with the owner's login: somebody makes the first administrator.
CREATE POLICY owner ON users TO CURRENT_USER USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON users TO doxin_application;

-- ---- sessions ----

-- One row a token pair. A refresh makes the next row of the family; a token of a row that was replaced, used again
-- after the grace time, revokes the family (RFC 9700, 4.14).
CREATE TABLE user_sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash varchar(64) NOT NULL UNIQUE CHECK (token_hash ~ '^[0-9a-f]{64}$'),
    refresh_token_hash varchar(64) UNIQUE CHECK (refresh_token_hash ~ '^[0-9a-f]{64}$'),
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_accessed timestamptz NOT NULL DEFAULT now(),
    family_id uuid NOT NULL DEFAULT gen_random_uuid(),
    refresh_expires_at timestamptz,
    replaced_at timestamptz,
    revoked_at timestamptz,
    revoked_reason varchar(40) CHECK (revoked_reason IN ('logout', 'admin', 'reuse', 'inactive', 'expired')),
    ip_address varchar(64),
    user_agent text
);
CREATE INDEX user_sessions_user ON user_sessions (user_id, created_at);
CREATE INDEX user_sessions_family ON user_sessions (family_id);
CREATE INDEX user_sessions_expiry ON user_sessions (expires_at);

ALTER TABLE user_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON user_sessions TO doxin_application
    USING (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) IN ('admin', 'login'))
    WITH CHECK (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) IN ('admin', 'login'));
CREATE POLICY worker_read ON user_sessions FOR SELECT TO doxin_application USING ((SELECT doxin_purpose()) = 'worker');
CREATE POLICY worker_clean ON user_sessions FOR DELETE TO doxin_application
    USING ((SELECT doxin_purpose()) = 'worker' AND expires_at < now() AND coalesce(refresh_expires_at < now(), true));
GRANT SELECT, INSERT, UPDATE, DELETE ON user_sessions TO doxin_application;

-- One use, seconds of life: what a browser may put into an address (WebSocket, download) instead of a token.
CREATE TABLE tickets (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    ticket_hash varchar(64) NOT NULL UNIQUE CHECK (ticket_hash ~ '^[0-9a-f]{64}$'),
    kind varchar(20) NOT NULL CHECK (kind IN ('websocket', 'file')),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id uuid REFERENCES user_sessions (id) ON DELETE CASCADE,
    subject text,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tickets_expiry ON tickets (expires_at);

ALTER TABLE tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE tickets FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON tickets TO doxin_application
    USING (user_id = (SELECT doxin_me())) WITH CHECK (user_id = (SELECT doxin_me()));
CREATE POLICY login_read ON tickets FOR SELECT TO doxin_application USING ((SELECT doxin_purpose()) IN ('login', 'worker'));
CREATE POLICY login_use ON tickets FOR UPDATE TO doxin_application
    USING ((SELECT doxin_purpose()) = 'login') WITH CHECK ((SELECT doxin_purpose()) = 'login');
CREATE POLICY worker_clean ON tickets FOR DELETE TO doxin_application
    USING ((SELECT doxin_purpose()) = 'worker' AND expires_at < now());
GRANT SELECT, INSERT, UPDATE, DELETE ON tickets TO doxin_application;

-- ---- what the frame of every operation uses ----

CREATE TABLE idempotency_keys (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    operation varchar(100) NOT NULL,
    key varchar(255) NOT NULL,
    request_hash varchar(64) NOT NULL CHECK (request_hash ~ '^[0-9a-f]{64}$'),
    state varchar(10) NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done')),
    status integer,
    answer text,
    locked_until timestamptz NOT NULL DEFAULT now() + interval '5 minutes',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
    PRIMARY KEY (user_id, operation, key)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON idempotency_keys TO doxin_application
    USING (user_id = (SELECT doxin_me())) WITH CHECK (user_id = (SELECT doxin_me()));
CREATE POLICY worker_read ON idempotency_keys FOR SELECT TO doxin_application USING ((SELECT doxin_purpose()) = 'worker');
CREATE POLICY worker_clean ON idempotency_keys FOR DELETE TO doxin_application
    USING ((SELECT doxin_purpose()) = 'worker' AND expires_at < now());
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO doxin_application;

-- Raised by every writing operation in its transaction; part of every cache key. The nil UUID stands for shared data.
CREATE TABLE owner_epochs (
    user_id uuid PRIMARY KEY,
    epoch bigint NOT NULL DEFAULT 1
);
ALTER TABLE owner_epochs ENABLE ROW LEVEL SECURITY;
ALTER TABLE owner_epochs FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON owner_epochs TO doxin_application
    USING (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) IN ('admin', 'worker'))
    WITH CHECK (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) IN ('admin', 'worker'));
CREATE POLICY shared ON owner_epochs FOR SELECT TO doxin_application
    USING (user_id = '00000000-0000-0000-0000-000000000000' AND (SELECT doxin_purpose()) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON owner_epochs TO doxin_application;

CREATE FUNCTION doxin_raise_epoch(owner uuid) RETURNS bigint
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.owner_epochs AS e (user_id, epoch) VALUES (owner, 2)
    ON CONFLICT (user_id) DO UPDATE SET epoch = e.epoch + 1 RETURNING epoch
$$;
REVOKE ALL ON FUNCTION doxin_raise_epoch(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION doxin_raise_epoch(uuid) TO doxin_application;

CREATE TYPE audit_action AS ENUM ('CREATE', 'UPDATE', 'DELETE');

-- Append-only: nobody but the owner has more than SELECT and INSERT.
CREATE TABLE audit_log (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid REFERENCES users (id),
    table_name varchar(63) NOT NULL,
    record_id uuid,
    action audit_action NOT NULL,
    old_values jsonb,
    new_values jsonb,
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    record_key text,
    operation varchar(100),
    request_id varchar(128),
    ip_address varchar(64),
    sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    CHECK (record_id IS NOT NULL OR record_key IS NOT NULL)
);
CREATE INDEX audit_log_time ON audit_log (created_at, id);
CREATE INDEX audit_log_user ON audit_log (user_id, created_at);
CREATE INDEX audit_log_record ON audit_log (table_name, record_id);

ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
CREATE POLICY read ON audit_log FOR SELECT TO doxin_application USING ((SELECT doxin_purpose()) IN ('admin', 'worker'));
CREATE POLICY append ON audit_log FOR INSERT TO doxin_application
    WITH CHECK (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) IN ('login', 'worker'));
CREATE POLICY owner_append ON audit_log FOR INSERT TO CURRENT_USER WITH CHECK (user_id IS NULL);
GRANT SELECT, INSERT ON audit_log TO doxin_application;

-- migrate:down
SET LOCAL search_path = public, extensions;
-- The extension and the roles stay: both may be the administrator's, and roles are shared by all databases.
DROP TABLE audit_log;
DROP TYPE audit_action;
DROP FUNCTION doxin_raise_epoch(uuid);
DROP TABLE owner_epochs, idempotency_keys, tickets, user_sessions, users;
DROP TYPE user_role;
DROP FUNCTION doxin_users_state(), doxin_users_guard(), doxin_touch(), doxin_me(), doxin_purpose(), doxin_identity();
DROP TABLE user_states, identity_keys;
DROP FUNCTION doxin_hmac_pad(bytea, integer);
REVOKE SELECT ON schema_migrations FROM doxin_application;
REVOKE USAGE ON SCHEMA public FROM doxin_application, doxin_query;
