"""invoice2data with its own templates over the files, in one process: a worker as tests/bench/rounds.h describes them. Its
calls of pdftotext are children of this process, whose time is counted."""
import json
import logging
import resource
import sys

from invoice2data import extract_data
from invoice2data.extract.loader import read_templates

logging.disable(logging.CRITICAL)
files = sys.argv[1:]
templates = read_templates()


def seconds():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def forget():
    """A file comes once; what it keeps of the round before would be no work."""
    for name, module in list(sys.modules.items()):
        if name.startswith("invoice2data"):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()


for _ in sys.stdin:
    forget()
    start, read = seconds(), 0
    for file in files:
        try:
            read += bool(extract_data(file, templates=templates))
        except Exception:  # what it cannot read it raises, in many ways
            pass
    print(json.dumps({"read": read, "templates": len(templates), "own": seconds() - start}), flush=True)
