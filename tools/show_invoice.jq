# An invoice of the HTTP API as a person reads it.
def pad(n): (. // "" | tostring) as $t | $t + (" " * ([n - ($t | length), 0] | max));
def lead(n): (. // "" | tostring) as $t | (" " * ([n - ($t | length), 0] | max)) + $t;
def cut(n): (. // "" | tostring) | if length > n then .[0:n - 1] + "…" else . end;
def row(title; value): if (value // "") == "" then empty else "  " + (title | pad(16)) + (value | tostring) end;
def short: if type == "string" and test("\\.") then sub("0+$"; "") | sub("\\.$"; "") else . end;
def party(name): if (.[name] | type) == "object" then .[name].name else .[name + "_name"] end;

.invoice + {line_items: (.line_items // .invoice.line_items)} |
"",
row("Invoice"; .invoice_number),
row("Date"; .invoice_date),
row("Due"; .due_date),
row("Vendor"; party("vendor")),
row("Customer"; party("customer")),
"",
(.line_items // [] | if length == 0 then empty else
    "  " + ("Description" | pad(44)) + ("Quantity" | lead(10)) + ("Price" | lead(12)) + ("Total" | lead(12)),
    (.[] | "  " + (.description | cut(43) | pad(44)) + (.quantity | short | lead(10)) + (.unit_price | lead(12)) + (.line_total | lead(12))),
    "" end),
row("Net"; .subtotal),
row("Tax"; .tax_amount),
row("Total"; if .total_amount then "\(.total_amount) \(.currency // "")" else null end),
row("Checks"; .checks // [] | if length == 0 then null else
    "\(map(select(.state == "holds")) | length) hold, \(map(select(.state == "fails")) | length) fail" end),
row("State"; .review_state),
""
