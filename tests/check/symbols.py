#!/usr/bin/env python3
"""What the library shows to others, and what it takes from libc.

symbols.py exports   libdoxin.so and libdoxin.a export what libdoxin/abi/symbols.txt lists; the headers declare the same
symbols.py imports   no object of the library calls a function that ends, prints into or reconfigures its host
"""
import re
import sys

from common import BUILD, ROOT, Findings, run, tracked

LIST = ROOT / "libdoxin/abi/symbols.txt"
RELEASE = BUILD / "release"

BANNED = set("""exit _exit _Exit quick_exit abort __assert_fail printf __printf_chk vprintf __vprintf_chk puts putchar putc
perror signal sigaction sigprocmask setlocale setenv putenv unsetenv clearenv system popen chdir umask gets strcpy strcat
sprintf vsprintf strtok atoi atol atof gmtime localtime ctime asctime tmpnam mktemp alarm setitimer setuid setgid
stdout json_set_alloc_funcs json_set_alloc_funcs2 jwt_set_alloc hiredisSetAllocators curl_global_init_mem CRYPTO_set_mem_functions
xmlMemSetup xmlSetExternalEntityLoader xmlSetGenericErrorFunc xmlCleanupParser dlclose""".split())
HEAP = {"malloc", "calloc", "realloc", "free", "strdup", "strndup", "asprintf", "vasprintf", "getline"}
HEAP_DOOR = "base/rt/CMakeFiles/doxin_base_rt.dir/alloc.c.o"


def names(arguments):
    out = run(["nm", *arguments]).stdout
    return [line.split() for line in out.splitlines()]


def exports():
    findings = Findings()
    listed = [line for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    if listed != sorted(set(listed)):
        findings.add(LIST, 0, "is not sorted, or lists a name twice")
    declared = set()
    for path in tracked("include/doxin/*.h"):
        declared |= set(re.findall(r"^DOXIN_API\b[^;{}]*?\b(doxin_\w+)\s*\(", path.read_text(), re.M))
    shared = {row[2].split("@")[0] for row in names(["-D", "--defined-only", RELEASE / "lib/libdoxin.so"])
              if len(row) == 3 and row[1] != "A"}
    static = {row[2] for row in names(["-g", "--defined-only", RELEASE / "lib/libdoxin.a"]) if len(row) == 3}
    for what, found in (("a header declares it", declared), ("libdoxin.so exports it", shared),
                        ("libdoxin.a shows it", static)):
        for name in sorted(set(listed) - found):
            findings.add(LIST, 0, f"{name}: listed, but it is not so that {what}")
        for name in sorted(found - set(listed)):
            findings.add(LIST, 0, f"{name}: not listed, but {what}")
    findings.finish(f"{len(listed)} exported names")


def imports():
    findings = Findings()
    objects = sorted((RELEASE / "libdoxin").rglob("*.c.o"))
    for path in objects:
        banned = BANNED if path.as_posix().endswith(HEAP_DOOR) else BANNED | HEAP
        for row in names(["-u", path]):
            name = row[-1].split("@")[0]
            if name in banned:
                findings.add(path, 0, f"calls {name}")
    findings.finish(f"{len(objects)} objects")


{"exports": exports, "imports": imports}[sys.argv[1]]()
