-- Indexes for nearest neighbours. HNSW from the start; ivfflat by choice, once the rows are there.

-- migrate:up
SET LOCAL search_path = public, extensions;

-- Builds the specification's ivfflat indexes in place of HNSW (method 'ivfflat'), or HNSW again ('hnsw'). ivfflat takes its
-- lists from the rows present: call it after loading, as the owner. Columns without a vector are left out. Where
-- the installed pgvector has no HNSW (before 0.5) and 'hnsw' is asked for, nothing is built: the scan is exact.
CREATE FUNCTION doxin_build_vector_indexes(method text DEFAULT 'hnsw') RETURNS integer
    LANGUAGE plpgsql SET search_path = public, extensions, pg_temp AS $$
DECLARE
    wanted record;
    built integer := 0;
    lists integer;
    present bigint;
BEGIN
    IF method NOT IN ('hnsw', 'ivfflat') THEN
        RAISE invalid_parameter_value USING MESSAGE = 'method must be hnsw or ivfflat';
    END IF;
    FOR wanted IN
        SELECT * FROM (VALUES ('products', 'name_embedding', 100), ('products', 'description_embedding', 100),
                              ('companies', 'name_embedding', 50), ('companies', 'address_embedding', 50),
                              ('salespersons', 'name_embedding', 10)) AS v (tab, col, most)
    LOOP
        EXECUTE format('DROP INDEX IF EXISTS %I', 'idx_' || wanted.tab || '_' || wanted.col);
        IF NOT EXISTS (SELECT FROM pg_am WHERE amname = method) THEN
            CONTINUE;
        END IF;
        IF method = 'hnsw' THEN
            EXECUTE format('CREATE INDEX %I ON %I USING hnsw (%I vector_cosine_ops)',
                           'idx_' || wanted.tab || '_' || wanted.col, wanted.tab, wanted.col);
        ELSE
            EXECUTE format('SELECT count(%I) FROM %I', wanted.col, wanted.tab) INTO present;
            IF present = 0 THEN
                CONTINUE;
            END IF;
            lists := greatest(1, least(wanted.most, present / 10));
            EXECUTE format('CREATE INDEX %I ON %I USING ivfflat (%I vector_cosine_ops) WITH (lists = %s)',
                           'idx_' || wanted.tab || '_' || wanted.col, wanted.tab, wanted.col, lists);
        END IF;
        built := built + 1;
    END LOOP;
    RETURN built;
END $$;
REVOKE ALL ON FUNCTION doxin_build_vector_indexes(text) FROM PUBLIC;

CREATE FUNCTION doxin_build_ivfflat() RETURNS integer
    LANGUAGE sql SET search_path = public, extensions, pg_temp
    AS $$ SELECT public.doxin_build_vector_indexes('ivfflat') $$;
REVOKE ALL ON FUNCTION doxin_build_ivfflat() FROM PUBLIC;

SELECT doxin_build_vector_indexes('hnsw');

-- Vectors lie outside the row, so the planner takes the tables for small and would build with one process.
ALTER TABLE products SET (parallel_workers = 2);
ALTER TABLE companies SET (parallel_workers = 2);

-- migrate:down
SET LOCAL search_path = public, extensions;
ALTER TABLE companies RESET (parallel_workers);
ALTER TABLE products RESET (parallel_workers);
DROP INDEX IF EXISTS idx_products_name_embedding, idx_products_description_embedding, idx_companies_name_embedding,
    idx_companies_address_embedding, idx_salespersons_name_embedding;
DROP FUNCTION doxin_build_ivfflat();
DROP FUNCTION doxin_build_vector_indexes(text);
