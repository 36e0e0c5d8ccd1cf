#!/usr/bin/env python3
"""Every #include against the edges that CMake wrote down (edges.tsv), the floors, and the one folder of each library."""
import fnmatch
import re
import sys

from common import BUILD, ROOT, Findings, code_only, line_of, sources

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^">]+)[">]', re.M)

# C11, POSIX and Linux: what every folder may include.
SYSTEM = set("""assert.h complex.h ctype.h errno.h fenv.h float.h inttypes.h iso646.h limits.h locale.h math.h setjmp.h
signal.h stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h stdnoreturn.h string.h tgmath.h
threads.h time.h uchar.h wchar.h wctype.h byteswap.h dirent.h dlfcn.h endian.h fcntl.h fnmatch.h ftw.h getopt.h glob.h
grp.h iconv.h ifaddrs.h langinfo.h libgen.h malloc.h netdb.h poll.h pthread.h pwd.h sched.h search.h semaphore.h spawn.h strings.h
syslog.h termios.h unistd.h utime.h""".split())
SYSTEM_FOLDERS = ("arpa/", "asm/", "linux/", "net/", "netinet/", "sys/", "sanitizer/")

# Which folders a folder may use besides those of lower floors that CMake names (base < core, io < app < abi).
BESIDE = {
    "base/value": {"base/rt"}, "base/text": {"base/rt"}, "base/near": {"base/rt"}, "base/crypto": {"base/rt"},
    "base/rt": set(),
    "core/einvoice": {"core/invoice"}, "core/present": {"core/invoice"},
    "core/learn": {"core/invoice"},
    "core/extract": {"core/invoice", "core/learn", "core/page", "core/lexicon", "core/paycode"},
    "core/match": {"core/lexicon"}, "core/question": {"core/lexicon", "core/guard"},
    "io/blob": {"io/net"}, "io/model": {"io/net"}, "io/vector": {"io/net", "io/db"},
    "app/records": {"app/op", "app/queue"}, "app/intake": {"app/op", "app/queue", "app/records", "app/reading", "app/catalog"},
    "app/library": {"app/op", "app/queue"}, "app/notify": {"app/op", "app/queue"}, "app/chat": {"app/op", "app/queue"},
    "app/op": {"app/schema"}, "app/schema": set(), "app/reading": set(),
    "app/assembly": {"app/op", "app/identity", "app/records", "app/queue", "app/notify", "app/intake", "app/catalog"},
}
LOWER = {"base": (), "core": ("base",), "io": ("base",), "app": ("base", "core", "io"),
         "abi": ("base", "core", "io", "app")}


def edges():
    table = {}
    for line in (BUILD / "release/edges.tsv").read_text().splitlines():
        if line.strip():
            path, uses, headers = (line.split("\t") + ["", ""])[:3]
            table[path] = ([u for u in uses.split(";") if u], [h for h in headers.split(";") if h])
    return table


def may_use(path, use):
    floor, other = path.split("/")[0], use.split("/")[0]
    if other in LOWER.get(floor, ()):
        return True
    if path == "app/assembly":
        return floor == other == "app"  # the list of all operations
    if path in BESIDE:
        return use in BESIDE[path]
    return floor == "app" and use == "app/op"


def covers(pattern, name):
    """A pattern is a header, a shell pattern, or a folder that ends with a slash."""
    return name.startswith(pattern) if pattern.endswith("/") else fnmatch.fnmatch(name, pattern)


def is_system(name):
    return name in SYSTEM or name.startswith(SYSTEM_FOLDERS)


def includes_of(path):
    text = path.read_text()
    code = code_only(text, strings=False)
    for match in INCLUDE.finditer(code):
        yield line_of(code, match.start()), match.group(2)


def check_declared(table, findings):
    owner = {}
    for path, (uses, headers) in table.items():
        for use in uses:
            if use not in table:
                findings.add(f"libdoxin/{path}/CMakeLists.txt", 0, f"USES {use}, which no doxin_folder() declares")
            elif not may_use(path, use):
                findings.add(f"libdoxin/{path}/CMakeLists.txt", 0, f"{path} must not use {use}")
        for header in headers:
            if header in owner:
                findings.add(f"libdoxin/{path}/CMakeLists.txt", 0, f"{header} belongs to {owner[header]} already")
            owner[header] = path
    return owner


def check_library(table, owner, findings):
    count = 0
    for source in sources("libdoxin"):
        relative = source.relative_to(ROOT / "libdoxin").as_posix()
        folder = next((p for p in sorted(table, key=len, reverse=True) if relative.startswith(p + "/")), None)
        if folder is None:
            findings.add(source, 0, "is in no folder declared with doxin_folder()")
            continue
        uses, headers = table[folder]
        for line, name in includes_of(source):
            count += 1
            if is_system(name) or name.startswith("doxin/") or name.startswith(folder + "/"):
                continue
            if any(covers(pattern, name) for pattern in headers):
                continue
            inner = next((p for p in sorted(table, key=len, reverse=True) if name.startswith(p + "/")), None)
            if inner in uses or (name.endswith(".inc") and "/" not in name):
                continue
            if inner:
                findings.add(source, line, f"includes {name}, but {folder} does not USE {inner}")
            else:
                lib = next((o for pattern, o in owner.items() if covers(pattern, name)), None)
                findings.add(source, line, f"includes {name}, " + (f"which belongs to {lib} alone" if lib else
                             "which is no header of C, POSIX or Linux and is not among the HEADERS of this folder"))
    return count


def check_outer(findings):
    """server/ stands on the public headers, docparse/ on the wire format: neither sees the inside of the library."""
    count = 0
    for source in sources("server", "docparse", "examples"):
        relative = source.relative_to(ROOT).as_posix()
        top = relative.split("/")[0]
        for line, name in includes_of(source):
            count += 1
            inside = (ROOT / "libdoxin" / name).exists() and "/" in name
            own = (ROOT / top / name).exists() or (source.parent / name).exists() or (ROOT / name).exists()
            if top == "docparse":
                if inside and name not in ("core/page/wire.h", "io/reader/packet.h"):
                    findings.add(source, line, f"includes {name}; of the library docparse shares the message and its packets alone")
                elif name.startswith("doxin/"):
                    findings.add(source, line, f"includes {name}; docparse is a program of its own")
            elif inside and not own:
                findings.add(source, line, f"includes {name}, which is inside the library; only <doxin/…> is open")
            elif name.startswith(("h2o", "wslay")):
                if not relative.startswith("server/http/"):
                    findings.add(source, line, f"includes {name}, which belongs to server/http alone")
            elif not (own or is_system(name) or name.startswith("doxin/")):
                findings.add(source, line, f"includes {name}; {top}/ may include <doxin/…>, C and POSIX")
    return count


def main():
    findings = Findings()
    table = edges()
    owner = check_declared(table, findings)
    count = check_library(table, owner, findings) + check_outer(findings)
    findings.finish(f"{count} includes of {len(table)} folders")


sys.exit(main())
