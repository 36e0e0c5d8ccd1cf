-- The arithmetic of an invoice in the database: the twin of the gate in the library, with the same rules, names and
-- tolerances. One table of cases runs through both (tests/sql/totals_test.c).

-- migrate:up
SET LOCAL search_path = public, extensions;

-- Digits after the point of a currency's minor unit (ISO 4217); 2 where it is not known.
CREATE FUNCTION doxin_currency_digits(code text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN code IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV',
                      'XAF', 'XOF', 'XPF') THEN 0
        WHEN code IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3
        WHEN code IN ('CLF', 'UYW') THEN 4
        ELSE 2
    END
$$;

-- One row an equation. state: holds, fails, unknown (a value is missing; the numbers are then NULL).
-- Tolerance: a product of quantity and price, and a sum of totals: one minor unit of the currency; where the price has no
-- more places than the currency it may be a rounded one: half a minor unit for each unit of quantity, at most half a
-- percent of the line. A sum of n rounded amounts: n half minor units, at least one minor unit. The totals stand when no row fails:
--     SELECT bool_and(state <> 'fails') FROM validate_invoice_totals_enhanced($1)
-- Runs with the rights of the asker: for an invoice that is not theirs there are no rows.
CREATE FUNCTION validate_invoice_totals_enhanced(invoice_uuid uuid)
    RETURNS TABLE (rule text, state text, stated numeric, calculated numeric, difference numeric, tolerance numeric)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    i public.invoices%ROWTYPE;
    digits integer;
    minor numeric;
    line record;
    tax record;
    product numeric;
    reduced numeric;
    slack numeric;
    lines integer := 0;
    taxes integer := 0;
    lines_sum numeric := 0;
    adjusted numeric;
    taxes_sum numeric := 0;
    share numeric;
BEGIN
    SELECT * INTO i FROM public.invoices AS own WHERE own.id = invoice_uuid;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    digits := public.doxin_currency_digits(i.currency);
    minor := round(power(10::numeric, -digits), digits);

    -- Lines: quantity × price / base, less the discount and with the charge of the line. A printed percentage may be in
    -- the price already; then the product alone is right.
    FOR line IN SELECT * FROM public.invoice_line_items AS l WHERE l.invoice_id = invoice_uuid ORDER BY l.line_number LOOP
        rule := 'line_total[' || lines || ']';
        lines := lines + 1;
        lines_sum := lines_sum + line.line_total;
        IF line.unit_price IS NULL THEN
            IF line.quantity IS NOT NULL OR line.line_total IS NULL THEN
                state := 'unknown';
                RETURN NEXT;
            END IF;
            CONTINUE;
        END IF;
        product := coalesce(line.quantity, 1) * line.unit_price;
        IF line.price_base > 0 THEN
            product := round(product / line.price_base, 8);
        END IF;
        product := round(product, digits);
        CONTINUE WHEN line.line_total IS NULL;
        IF line.discount_amount IS NOT NULL THEN
            product := product - line.discount_amount;
        ELSIF line.discount_percent IS NOT NULL AND abs(product - line.line_total) > minor THEN
            product := round(product * (100 - line.discount_percent) / 100, digits);
        END IF;
        stated := line.line_total;
        calculated := product + coalesce(line.charge_amount, 0);
        -- A price with no more places than the currency may have been rounded for printing.
        tolerance := minor;
        IF line.quantity IS NOT NULL AND scale(trim_scale(line.unit_price)) <= digits THEN
            slack := line.quantity * minor / 2;
            IF line.price_base > 0 THEN
                slack := round(slack / line.price_base, 8);
            END IF;
            tolerance := greatest(minor, least(abs(slack), abs(calculated) * 0.005));
        END IF;
        difference := stated - calculated;
        state := CASE WHEN abs(difference) <= tolerance THEN 'holds' ELSE 'fails' END;
        RETURN NEXT;
        stated := NULL; calculated := NULL; difference := NULL; tolerance := NULL;
    END LOOP;
    share := greatest(lines * minor / 2, minor);

    -- Taxes by rate.
    FOR tax IN SELECT * FROM public.invoice_taxes AS t WHERE t.invoice_id = invoice_uuid ORDER BY t.position LOOP
        IF tax.rate IS NOT NULL AND tax.base IS NOT NULL AND tax.amount IS NOT NULL THEN
            rule := 'tax[' || taxes || ']';
            stated := tax.amount;
            calculated := round(tax.base * tax.rate / 100, digits);
            tolerance := greatest((lines + 1) * minor / 2, minor);
            difference := stated - calculated;
            state := CASE WHEN abs(difference) <= tolerance THEN 'holds' ELSE 'fails' END;
            RETURN NEXT;
        END IF;
        taxes := taxes + 1;
        taxes_sum := taxes_sum + tax.amount;
    END LOOP;
    IF taxes > 0 AND taxes_sum IS NOT NULL AND i.tax_amount IS NOT NULL THEN
        rule := 'taxes_sum';
        stated := i.tax_amount;
        calculated := taxes_sum;
        tolerance := greatest(taxes * minor / 2, minor);
        difference := stated - calculated;
        state := CASE WHEN abs(difference) <= tolerance THEN 'holds' ELSE 'fails' END;
        RETURN NEXT;
    END IF;

    -- The sum of the lines. Where prices include tax the lines add up to the total; where freight is one of the lines,
    -- without the freight again.
    stated := NULL; calculated := NULL; difference := NULL; tolerance := NULL;
    rule := 'lines_sum';
    IF lines = 0 OR lines_sum IS NULL THEN
        state := 'unknown';
        RETURN NEXT;
    ELSE
        adjusted := lines_sum - coalesce(i.discount_total, 0) + coalesce(i.charge_total, 0) + coalesce(i.freight, 0);
        tolerance := share;
        IF i.lines_total IS NOT NULL THEN
            stated := i.lines_total;
            calculated := lines_sum;
            difference := stated - calculated;
            state := CASE WHEN abs(difference) <= tolerance THEN 'holds' ELSE 'fails' END;
            RETURN NEXT;
        END IF;
        IF i.subtotal IS NOT NULL AND i.lines_total IS NULL AND abs(i.subtotal - lines_sum) <= share THEN
            stated := i.subtotal;
            calculated := lines_sum;
        ELSIF i.subtotal IS NOT NULL AND (i.lines_total IS NOT NULL OR abs(i.subtotal - adjusted) <= share) THEN
            rule := 'subtotal';
            stated := i.subtotal;
            calculated := adjusted;
        ELSIF i.total_amount IS NOT NULL
              AND (abs(i.total_amount - lines_sum) <= share OR abs(i.total_amount - adjusted) <= share) THEN
            stated := i.total_amount;
            calculated := CASE WHEN abs(i.total_amount - lines_sum) <= share THEN lines_sum ELSE adjusted END;
        ELSIF i.subtotal IS NOT NULL THEN
            stated := i.subtotal;
            calculated := adjusted;
        ELSIF i.lines_total IS NULL THEN
            state := 'unknown';
            stated := NULL; calculated := NULL; difference := NULL; tolerance := NULL;
            RETURN NEXT;
            rule := NULL;
        ELSE
            rule := NULL;
        END IF;
        IF rule IS NOT NULL THEN
            difference := stated - calculated;
            state := CASE WHEN abs(difference) <= tolerance THEN 'holds' ELSE 'fails' END;
            RETURN NEXT;
        END IF;
    END IF;

    -- Subtotal and tax make the total; less what was paid, with the rounding, what is due.
    stated := NULL; calculated := NULL; difference := NULL; tolerance := NULL;
    rule := 'total';
    IF i.subtotal IS NULL OR i.tax_amount IS NULL OR i.total_amount IS NULL THEN
        state := 'unknown';
        RETURN NEXT;
    ELSE
        stated := i.total_amount;
        calculated := i.subtotal + i.tax_amount;
        tolerance := minor;
        difference := stated - calculated;
        state := CASE WHEN abs(difference) <= tolerance THEN 'holds' ELSE 'fails' END;
        RETURN NEXT;
    END IF;
    IF i.total_amount IS NOT NULL AND i.amount_due IS NOT NULL THEN
        rule := 'amount_due';
        stated := i.amount_due;
        calculated := i.total_amount - coalesce(i.prepaid_amount, 0) + coalesce(i.rounding_amount, 0);
        tolerance := minor;
        difference := stated - calculated;
        state := CASE WHEN abs(difference) <= tolerance THEN 'holds' ELSE 'fails' END;
        RETURN NEXT;
    END IF;
END $$;
REVOKE ALL ON FUNCTION doxin_currency_digits(text), validate_invoice_totals_enhanced(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION doxin_currency_digits(text), validate_invoice_totals_enhanced(uuid) TO doxin_application;

-- migrate:down
SET LOCAL search_path = public, extensions;
DROP FUNCTION validate_invoice_totals_enhanced(uuid);
DROP FUNCTION doxin_currency_digits(text);
