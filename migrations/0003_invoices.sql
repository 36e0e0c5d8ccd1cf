-- Files and invoices: what belongs to a user.

-- migrate:up
SET LOCAL search_path = public, extensions;

CREATE TABLE file_storage (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id),
    file_name varchar(255) NOT NULL,
    file_size bigint NOT NULL CHECK (file_size >= 0),
    mime_type varchar(100) NOT NULL,
    blob_url text,
    blob_path text NOT NULL,
    file_hash varchar(64) NOT NULL CHECK (file_hash ~ '^[0-9a-f]{64}$'),
    upload_source varchar(20) NOT NULL DEFAULT 'api'
        CHECK (upload_source IN ('web', 'api', 'batch', 'email', 'cli', 'demo')),
    processing_status varchar(20) NOT NULL DEFAULT 'stored'
        CHECK (processing_status IN ('stored', 'queued', 'processing', 'processed', 'failed', 'deleted')),
    created_at timestamptz NOT NULL DEFAULT now(),
    page_count integer CHECK (page_count >= 0),
    deleted_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX file_storage_hash ON file_storage (user_id, file_hash);
CREATE INDEX file_storage_time ON file_storage (user_id, created_at DESC);
CREATE TRIGGER file_storage_touch BEFORE UPDATE ON file_storage FOR EACH ROW EXECUTE FUNCTION doxin_touch();

-- An administrator lets one more user read one file and what was read from it.
CREATE TABLE file_shares (
    file_storage_id uuid NOT NULL REFERENCES file_storage (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    granted_by_user_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (file_storage_id, user_id)
);
CREATE INDEX file_shares_user ON file_shares (user_id);

-- Append-only, as audit_log.
CREATE TABLE file_access_log (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid REFERENCES users (id),
    file_storage_id uuid NOT NULL REFERENCES file_storage (id),
    action varchar(20) NOT NULL CHECK (action IN ('upload', 'download', 'view', 'share', 'unshare', 'delete')),
    ip_address varchar(64),
    user_agent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    request_id varchar(128),
    sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE
);
CREATE INDEX file_access_log_file ON file_access_log (file_storage_id, created_at);
CREATE INDEX file_access_log_user ON file_access_log (user_id, created_at);

-- The row exists from the upload on; what is read fills it in.
CREATE TABLE invoices (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    uploaded_by_user_id uuid NOT NULL REFERENCES users (id),
    invoice_number varchar(200),
    invoice_date date,
    due_date date,
    ship_date date,
    customer_id uuid REFERENCES companies (id),
    salesperson_id uuid REFERENCES salespersons (id),
    territory_id integer REFERENCES sales_territories (territory_id),
    account_number varchar(200),
    po_number varchar(200),
    subtotal numeric(19, 4),
    tax_rate numeric(9, 4),
    tax_amount numeric(19, 4),
    freight numeric(19, 4),
    total_amount numeric(19, 4),
    order_status integer NOT NULL DEFAULT 1 CHECK (order_status BETWEEN 1 AND 6),
    payment_status varchar(20) NOT NULL DEFAULT 'unknown'
        CHECK (payment_status IN ('unknown', 'unpaid', 'partly_paid', 'paid', 'cancelled')),
    confidence_score numeric(5, 4) CHECK (confidence_score BETWEEN 0 AND 1),
    original_filename varchar(255),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),

    file_storage_id uuid REFERENCES file_storage (id),
    currency char(3) CHECK (currency ~ '^[A-Z]{3}$'),
    direction varchar(10) NOT NULL DEFAULT 'unknown' CHECK (direction IN ('purchase', 'sale', 'unknown')),
    document_type varchar(20) NOT NULL DEFAULT 'unknown'
        CHECK (document_type IN ('unknown', 'invoice', 'credit_note', 'corrected_invoice', 'receipt', 'purchase_order',
                                 'statement', 'other')),
    corrects_invoice_id uuid REFERENCES invoices (id) ON DELETE SET NULL,
    corrects_invoice_number varchar(200),
    vendor_id uuid REFERENCES companies (id),
    vendor_name varchar(400),
    vendor_address text,
    vendor_tax_id varchar(60),
    vendor_iban varchar(34),
    customer_name varchar(400),
    customer_address text,
    customer_tax_id varchar(60),
    lines_total numeric(19, 4),
    discount_total numeric(19, 4),
    charge_total numeric(19, 4),
    rounding_amount numeric(19, 4),
    prepaid_amount numeric(19, 4),
    amount_due numeric(19, 4),
    period_start date,
    period_end date,
    payment_terms text,
    payment_reference varchar(200),
    language varchar(8),
    syntax varchar(20),
    page_count integer,

    review_state varchar(20) NOT NULL DEFAULT 'pending'
        CHECK (review_state IN ('pending', 'needs_review', 'accepted', 'approved', 'rejected', 'failed')),
    review_reason text,
    reviewed_by_user_id uuid REFERENCES users (id),
    reviewed_at timestamptz,
    duplicate_of_invoice_id uuid REFERENCES invoices (id) ON DELETE SET NULL,
    duplicate_state varchar(20) NOT NULL DEFAULT 'none'
        CHECK (duplicate_state IN ('none', 'same_bytes', 'same_key', 'near', 'dismissed')),
    duplicate_reason text,
    extraction jsonb,
    checks jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(checks) = 'array'),
    warnings jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(warnings) = 'array'),
    error_code varchar(60),
    version integer NOT NULL DEFAULT 1,
    deleted_at timestamptz,
    CHECK (period_start <= period_end),
    CHECK (duplicate_of_invoice_id <> id),
    CHECK (corrects_invoice_id <> id)
);
CREATE INDEX invoices_owner ON invoices (uploaded_by_user_id, created_at DESC, id);
CREATE INDEX invoices_date ON invoices (uploaded_by_user_id, invoice_date);
CREATE INDEX invoices_file ON invoices (file_storage_id);
CREATE INDEX invoices_customer ON invoices (customer_id);
CREATE INDEX invoices_vendor ON invoices (vendor_id);
CREATE INDEX invoices_key ON invoices (uploaded_by_user_id, lower(invoice_number), total_amount);
CREATE INDEX invoices_review ON invoices (uploaded_by_user_id, review_state) WHERE deleted_at IS NULL;
CREATE INDEX invoices_duplicate ON invoices (duplicate_of_invoice_id) WHERE duplicate_of_invoice_id IS NOT NULL;
CREATE INDEX invoices_corrects ON invoices (corrects_invoice_id) WHERE corrects_invoice_id IS NOT NULL;

-- version is the entity tag of the HTTP API.
CREATE FUNCTION doxin_touch_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.updated_at := now();
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION doxin_touch_version() FROM PUBLIC;
CREATE TRIGGER invoices_touch BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION doxin_touch_version();

CREATE TABLE invoice_line_items (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    invoice_id uuid NOT NULL REFERENCES invoices (id) ON DELETE CASCADE,
    line_number integer NOT NULL CHECK (line_number >= 1),
    product_id uuid REFERENCES products (id),
    item_number varchar(200),
    description text,
    quantity numeric(18, 6),
    unit_price numeric(19, 6),
    unit_price_discount numeric(19, 6),
    line_total numeric(19, 4),
    confidence_score numeric(5, 4) CHECK (confidence_score BETWEEN 0 AND 1),
    matched_by_embedding boolean NOT NULL DEFAULT false,

    printed_number varchar(40),
    buyer_item_number varchar(200),
    gtin varchar(14),
    detail text,
    unit varchar(40),
    price_base numeric(18, 6) CHECK (price_base <> 0),
    gross_price numeric(19, 6),
    discount_percent numeric(9, 4),
    discount_amount numeric(19, 4),
    charge_amount numeric(19, 4),
    tax_category varchar(3),
    tax_rate numeric(9, 4),
    tax_amount numeric(19, 4),
    period_start date,
    period_end date,
    is_charge boolean NOT NULL DEFAULT false,
    match_score numeric(5, 4) CHECK (match_score BETWEEN 0 AND 1),
    match_reason text,
    UNIQUE (invoice_id, line_number) DEFERRABLE INITIALLY IMMEDIATE
);
CREATE INDEX invoice_line_items_product ON invoice_line_items (product_id);

CREATE TABLE invoice_taxes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    invoice_id uuid NOT NULL REFERENCES invoices (id) ON DELETE CASCADE,
    position integer NOT NULL CHECK (position >= 1),
    category varchar(3),
    rate numeric(9, 4),
    base numeric(19, 4),
    amount numeric(19, 4),
    reason text,
    UNIQUE (invoice_id, position) DEFERRABLE INITIALLY IMMEDIATE
);

-- One row a value: where it stood and how sure we are. path as in doxin.invoice/1: total_amount, line_items[0].quantity.
CREATE TABLE extraction_fields (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    invoice_id uuid NOT NULL REFERENCES invoices (id) ON DELETE CASCADE,
    path varchar(120) NOT NULL,
    value text,
    raw_text text,
    page integer CHECK (page >= 1),
    box numeric(6, 5)[] CHECK (box IS NULL OR (array_length(box, 1) = 4 AND 0 <= ALL (box) AND 1 >= ALL (box))),
    confidence numeric(4, 3) NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    origin varchar(12) NOT NULL CHECK (origin IN ('xml', 'text', 'ocr', 'model', 'arithmetic', 'human')),
    note text,
    rivals jsonb CHECK (jsonb_typeof(rivals) = 'array'),
    reviewed_by_user_id uuid REFERENCES users (id),
    reviewed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (invoice_id, path)
);

-- A company that is not in the master data: an administrator accepts it, says which one it is, or refuses it.
CREATE TABLE company_proposals (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    proposed_by_user_id uuid NOT NULL REFERENCES users (id),
    invoice_id uuid REFERENCES invoices (id) ON DELETE SET NULL,
    company_type varchar(20) NOT NULL CHECK (company_type IN ('customer', 'vendor')),
    company_name varchar(400) NOT NULL,
    address text,
    country_region varchar(100),
    tax_id varchar(60),
    iban varchar(34),
    status varchar(10) NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'merged', 'refused')),
    company_id uuid REFERENCES companies (id),
    decided_by_user_id uuid REFERENCES users (id),
    decided_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((status IN ('accepted', 'merged')) = (company_id IS NOT NULL))
);
CREATE INDEX company_proposals_status ON company_proposals (status, created_at);
CREATE INDEX company_proposals_owner ON company_proposals (proposed_by_user_id);
CREATE INDEX company_proposals_invoice ON company_proposals (invoice_id);

-- ---- who sees what ----

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['file_storage', 'file_shares', 'file_access_log', 'invoices', 'invoice_line_items',
                                'invoice_taxes', 'extraction_fields', 'company_proposals'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;

-- Owners and administrators.
CREATE POLICY own ON file_storage TO doxin_application
    USING (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) = 'admin')
    WITH CHECK (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) = 'admin');
CREATE POLICY own ON invoices TO doxin_application
    USING (uploaded_by_user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) = 'admin')
    WITH CHECK (uploaded_by_user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) = 'admin');
CREATE POLICY own ON company_proposals TO doxin_application
    USING (proposed_by_user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) = 'admin')
    WITH CHECK (proposed_by_user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) = 'admin');

-- Shares.
CREATE POLICY admin ON file_shares TO doxin_application
    USING ((SELECT doxin_purpose()) = 'admin') WITH CHECK ((SELECT doxin_purpose()) = 'admin');
CREATE POLICY mine ON file_shares FOR SELECT TO doxin_application USING (user_id = (SELECT doxin_me()));
CREATE POLICY shared ON file_storage FOR SELECT TO doxin_application
    USING (EXISTS (SELECT FROM file_shares AS s WHERE s.file_storage_id = file_storage.id AND s.user_id = (SELECT doxin_me())));
CREATE POLICY shared ON invoices FOR SELECT TO doxin_application
    USING (EXISTS (SELECT FROM file_shares AS s
                   WHERE s.file_storage_id = invoices.file_storage_id AND s.user_id = (SELECT doxin_me())));

-- The worker sees files and the row's state, never what was read: a job's stages run as the owner of the job.
CREATE POLICY worker ON file_storage FOR SELECT TO doxin_application USING ((SELECT doxin_purpose()) = 'worker');
CREATE POLICY worker_state ON file_storage FOR UPDATE TO doxin_application
    USING ((SELECT doxin_purpose()) = 'worker') WITH CHECK ((SELECT doxin_purpose()) = 'worker');

-- Append-only logs. The owner of a file reads its log.
CREATE POLICY read ON file_access_log FOR SELECT TO doxin_application
    USING ((SELECT doxin_purpose()) IN ('admin', 'worker')
           OR EXISTS (SELECT FROM file_storage AS f WHERE f.id = file_storage_id AND f.user_id = (SELECT doxin_me())));
CREATE POLICY append ON file_access_log FOR INSERT TO doxin_application
    WITH CHECK (user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) = 'worker');

-- Parts of an invoice: read by whoever reads the invoice (its own policies hold inside), written by its owner.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['invoice_line_items', 'invoice_taxes', 'extraction_fields'] LOOP
        EXECUTE format('CREATE POLICY read ON %1$I FOR SELECT TO doxin_application
            USING (EXISTS (SELECT FROM invoices AS i WHERE i.id = %1$I.invoice_id))', name);
        EXECUTE format('CREATE POLICY own ON %1$I TO doxin_application
            USING (EXISTS (SELECT FROM invoices AS i WHERE i.id = %1$I.invoice_id
                           AND (i.uploaded_by_user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) = ''admin'')))
            WITH CHECK (EXISTS (SELECT FROM invoices AS i WHERE i.id = %1$I.invoice_id
                           AND (i.uploaded_by_user_id = (SELECT doxin_me()) OR (SELECT doxin_purpose()) = ''admin'')))', name);
    END LOOP;
    -- Generated SQL: the asker's own rows; no shares, no administrator.
    CREATE POLICY query ON file_storage FOR SELECT TO doxin_query USING (user_id = (SELECT doxin_me()));
    CREATE POLICY query ON invoices FOR SELECT TO doxin_query USING (uploaded_by_user_id = (SELECT doxin_me()));
    FOREACH name IN ARRAY ARRAY['invoice_line_items', 'invoice_taxes'] LOOP
        EXECUTE format('CREATE POLICY query ON %1$I FOR SELECT TO doxin_query
            USING (EXISTS (SELECT FROM invoices AS i WHERE i.id = %1$I.invoice_id
                           AND i.uploaded_by_user_id = (SELECT doxin_me())))', name);
    END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE ON file_storage, company_proposals TO doxin_application;
GRANT SELECT, INSERT, DELETE ON file_shares TO doxin_application;
GRANT SELECT, INSERT ON file_access_log TO doxin_application;
GRANT SELECT, INSERT, UPDATE, DELETE ON invoices, invoice_line_items, invoice_taxes, extraction_fields
    TO doxin_application;

GRANT SELECT (id, user_id, file_name, file_size, mime_type, upload_source, processing_status, page_count, created_at)
    ON file_storage TO doxin_query;
GRANT SELECT (id, uploaded_by_user_id, invoice_number, invoice_date, due_date, ship_date, customer_id, salesperson_id,
              territory_id, account_number, po_number, subtotal, tax_rate, tax_amount, freight, total_amount, order_status,
              payment_status, confidence_score, original_filename, created_at, updated_at, file_storage_id, currency,
              direction, document_type, corrects_invoice_id, vendor_id, vendor_name, vendor_tax_id, customer_name,
              lines_total, discount_total, charge_total, rounding_amount, prepaid_amount, amount_due, period_start,
              period_end, review_state, reviewed_at, duplicate_of_invoice_id, duplicate_state, deleted_at)
    ON invoices TO doxin_query;
GRANT SELECT (id, invoice_id, line_number, product_id, item_number, description, quantity, unit, unit_price,
              unit_price_discount, discount_percent, discount_amount, charge_amount, line_total, tax_category, tax_rate,
              tax_amount, confidence_score, matched_by_embedding, is_charge)
    ON invoice_line_items TO doxin_query;
GRANT SELECT ON invoice_taxes TO doxin_query;

-- migrate:down
SET LOCAL search_path = public, extensions;
DROP TABLE company_proposals, extraction_fields, invoice_taxes, invoice_line_items, invoices, file_access_log, file_shares,
    file_storage;
DROP FUNCTION doxin_touch_version();
