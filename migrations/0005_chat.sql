-- Conversations.

-- migrate:up
SET LOCAL search_path = public, extensions;

CREATE TYPE chat_role AS ENUM ('user', 'assistant', 'system');

CREATE TABLE chat_sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title varchar(300),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX chat_sessions_owner ON chat_sessions (user_id, updated_at DESC, id);
CREATE TRIGGER chat_sessions_touch BEFORE UPDATE ON chat_sessions FOR EACH ROW EXECUTE FUNCTION doxin_touch();

CREATE TABLE chat_messages (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    session_id uuid NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
    role chat_role NOT NULL,
    content text NOT NULL,
    metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    tokens_used integer CHECK (tokens_used >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE
);
CREATE INDEX chat_messages_session ON chat_messages (session_id, sequence);

CREATE TABLE chat_feedback (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    message_id uuid NOT NULL REFERENCES chat_messages (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    rating integer NOT NULL CHECK (rating BETWEEN 1 AND 5),
    comment text,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (message_id, user_id)
);
CREATE INDEX chat_feedback_user ON chat_feedback (user_id);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['chat_sessions', 'chat_messages', 'chat_feedback'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;

CREATE POLICY own ON chat_sessions TO doxin_application
    USING (user_id = (SELECT doxin_me())) WITH CHECK (user_id = (SELECT doxin_me()));
CREATE POLICY admin ON chat_sessions FOR SELECT TO doxin_application USING ((SELECT doxin_purpose()) = 'admin');
CREATE POLICY own ON chat_messages TO doxin_application
    USING (EXISTS (SELECT FROM chat_sessions AS s WHERE s.id = chat_messages.session_id AND s.user_id = (SELECT doxin_me())))
    WITH CHECK (EXISTS (SELECT FROM chat_sessions AS s
                        WHERE s.id = chat_messages.session_id AND s.user_id = (SELECT doxin_me())));
CREATE POLICY admin ON chat_messages FOR SELECT TO doxin_application USING ((SELECT doxin_purpose()) = 'admin');
-- Feedback is given to a message that one may read.
CREATE POLICY own ON chat_feedback TO doxin_application
    USING (user_id = (SELECT doxin_me()))
    WITH CHECK (user_id = (SELECT doxin_me()) AND EXISTS (SELECT FROM chat_messages AS m WHERE m.id = message_id));
CREATE POLICY admin ON chat_feedback FOR SELECT TO doxin_application USING ((SELECT doxin_purpose()) = 'admin');

CREATE POLICY query ON chat_sessions FOR SELECT TO doxin_query USING (user_id = (SELECT doxin_me()));
CREATE POLICY query ON chat_messages FOR SELECT TO doxin_query
    USING (EXISTS (SELECT FROM chat_sessions AS s WHERE s.id = chat_messages.session_id AND s.user_id = (SELECT doxin_me())));
CREATE POLICY query ON chat_feedback FOR SELECT TO doxin_query USING (user_id = (SELECT doxin_me()));

GRANT SELECT, INSERT, UPDATE, DELETE ON chat_sessions, chat_messages, chat_feedback TO doxin_application;
GRANT SELECT ON chat_sessions, chat_feedback TO doxin_query;
GRANT SELECT (id, session_id, role, content, tokens_used, created_at) ON chat_messages TO doxin_query;

-- migrate:down
SET LOCAL search_path = public, extensions;
DROP TABLE chat_feedback, chat_messages, chat_sessions;
DROP TYPE chat_role;
