#!/usr/bin/env python3
"""guard_peer.py POLICY STATEMENTS.jsonl [ROUNDS]: CPU time of sqlglot's parse and qualify on the same statements.

Beside it bench_guard_time with the same arguments, for the guard and PostgreSQL's grammar alone; needs pip install sqlglot."""
import json
import sys
import time

import sqlglot
from sqlglot.optimizer.qualify import qualify


def main():
    policy = json.load(open(sys.argv[1], encoding="utf-8"))
    lines = [json.loads(line)["sql"] for line in open(sys.argv[2], encoding="utf-8")]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    schema = {name: {column: kind if isinstance(kind, str) else kind["type"] for column, kind in table["columns"].items()}
              for name, table in policy["tables"].items()}
    good = 0
    for warm in (True, False):
        start = time.process_time()
        for _ in range(1 if warm else rounds):
            good = 0
            for sql in lines:
                try:
                    qualify(sqlglot.parse_one(sql, read="postgres"), schema=schema, dialect="postgres")
                    good += 1
                except Exception:  # what it cannot read counts with the time that it took
                    pass
        spent = time.process_time() - start
    print(json.dumps({"statements": len(lines), "qualified": good, "us": round(spent / rounds / len(lines) * 1e6, 1),
                      "version": sqlglot.__version__}))


main()
