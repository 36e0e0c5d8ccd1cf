-- What corrections taught about vendors: one row a user and key of a vendor.

-- migrate:up
SET LOCAL search_path = public, extensions;

CREATE TABLE vendor_corrections (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    vendor_key varchar(400) NOT NULL CHECK (vendor_key ~ '^(tax_id|iban|name|letterhead):.'),
    memory jsonb NOT NULL CHECK (jsonb_typeof(memory) = 'object' AND octet_length(memory::text) <= 262144),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, vendor_key)
);
CREATE TRIGGER vendor_corrections_touch BEFORE UPDATE ON vendor_corrections FOR EACH ROW EXECUTE FUNCTION doxin_touch();

ALTER TABLE vendor_corrections ENABLE ROW LEVEL SECURITY;
ALTER TABLE vendor_corrections FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON vendor_corrections TO doxin_application
    USING (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) = 'admin')
    WITH CHECK (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) = 'admin');
GRANT SELECT, INSERT, UPDATE, DELETE ON vendor_corrections TO doxin_application;

-- A correction for an earlier document of the vendor helped to find the value, or is it.
ALTER TABLE extraction_fields ADD COLUMN learned boolean NOT NULL DEFAULT false;

-- migrate:down
SET LOCAL search_path = public, extensions;
ALTER TABLE extraction_fields DROP COLUMN learned;
DROP TABLE vendor_corrections;
