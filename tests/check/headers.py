#!/usr/bin/env python3
"""The public headers: comments that answer what a caller must know, shapes that wrap, and each compiles alone.

headers.py comments   every exported function says what it returns, threads, blocks, since, and who owns each pointer
headers.py compile    each header alone as C99, C11 and C++17, by gcc and by clang, without a warning
headers.py examples   the @code of each header is compiled, linked with libdoxin and run
"""
import concurrent.futures
import os
import re
import sys
import tempfile

from common import BUILD, ROOT, Findings, code_only, line_of, run, tracked

HEADERS = tracked("include/doxin/*.h")
COMMENT = re.compile(r"/\*\*?.*?\*/", re.S)
PROTOTYPE = re.compile(r"^DOXIN_API\b([^;{}]*?)\b(doxin_\w+)\s*\(([^;{}]*)\)\s*;", re.M | re.S)
OWNERSHIP = re.compile(r"\b(borrowed|owned|copied|taken|NULL$|what was given)\b")
KEYWORDS = set("export delete from import with in is class default new this def pass lambda yield await async var let "
               "function typeof void global nonlocal raise except".split())


def split_parameters(text):
    for part in text.replace("\n", " ").split(","):
        part = " ".join(part.split())
        if part and part != "void":
            match = re.match(r"(.*?)(\w+)(\[\])?$", part)
            yield match.group(1).strip(), match.group(2)


def comment_before(text, offset):
    before = text[:offset].rstrip()
    start = before.rfind("/**")
    return before[start:] if before.endswith("*/") and start >= 0 else ""


def described(comment):
    """{parameter: what its @param says}, with continuation lines joined."""
    body = "\n".join(re.sub(r"^[ \t]*\*?[ \t]?", "", line) for line in comment[3:-2].splitlines())
    items = re.split(r"@(?=\w)", body)
    out = {}
    for item in items:
        match = re.match(r"param\s+(\w+)\s+(.*)", item, re.S)
        if match:
            out[match.group(1)] = " ".join(match.group(2).split())
    return out


def shape_of(kind, name, following):
    """What a parameter's name must be, by its type; None when it is right."""
    stars = kind.count("*")
    if kind.replace(" ", "") == "char**" and name not in ("out_json", "out_text"):
        return "a char ** is named out_json or out_text"
    if stars == 2 and kind.startswith("doxin_") and name != "out":
        return "a handle that is given back is named out"
    if "doxin_options *" in kind and "const" in kind and name != "opts":
        return "options are named opts"
    if kind.replace(" ", "") == "constvoid*" and (name != "data" or following != "data_len"):
        return "bytes are named data, followed by data_len"
    if name in KEYWORDS:
        return "is a keyword of Python or JavaScript"
    return None


def check_function(path, text, match, errors, findings):
    result, name, parameters = match.group(1), match.group(2), match.group(3)
    line = line_of(text, match.start())
    comment = comment_before(text, match.start())
    if not comment:
        findings.add(path, line, f"{name}() has no comment")
        return
    for tag in ("@return", "@threads", "@blocks", "@since"):
        if tag not in comment:
            findings.add(path, line, f"{name}() does not say {tag}")
    if "*" in result and not re.search(r"@return[^@]*\b(borrowed|owned|static)\b", comment, re.S):
        findings.add(path, line, f"{name}() does not say who owns the pointer that it returns")
    words = described(comment)
    listed = list(split_parameters(parameters))
    for i, (kind, parameter) in enumerate(listed):
        following = listed[i + 1][1] if i + 1 < len(listed) else ""
        if parameter not in words:
            findings.add(path, line, f"{name}(): no @param {parameter}")
        elif "*" in kind and not OWNERSHIP.search(words[parameter]):
            findings.add(path, line, f"{name}(): @param {parameter} does not say borrowed, copied, taken or owned")
        wrong = shape_of(kind, parameter, following)
        if wrong:
            findings.add(path, line, f"{name}(): {parameter}: {wrong}")
    for parameter in words:
        if parameter not in (p for _, p in listed):
            findings.add(path, line, f"{name}(): @param {parameter} is no parameter")


def check_shapes(path, text, findings):
    code = code_only(text)
    bans = [(r"\binline\b", "an inline function"), (r"\.\.\.", "a variadic function"), (r"\bunion\b", "a union"),
            (r"\bva_list\b", "a va_list"), (r"\brestrict\b", "restrict"), (r"_Static_assert", "a static assertion"),
            (r"^\s*#\s*define\s+\w+\(", "a macro with arguments"), (r"\w\s*:\s*\d+\s*;", "a bit field"),
            (r"\bstruct\s+\w*\s*\{", "an open struct"), (r"\blong\b", "long, whose size differs between systems")]
    if path.name != "types.h":
        bans.append((r"__attribute__", "an attribute outside the macros of types.h"))
    for pattern, words in bans:
        for match in re.finditer(pattern, code, re.M):
            findings.add(path, line_of(code, match.start()), f"{words} does not wrap")


def comments():
    findings = Findings()
    errors = set(re.findall(r"^([A-Z_]+)\t", (ROOT / "tools/errors.tsv").read_text(), re.M)) | {""}
    names = {}
    for path in HEADERS:
        text = path.read_text()
        for match in re.finditer(r"\bDOXIN_E_([A-Z_0-9]*)", text):
            if match.group(1) not in errors:
                findings.add(path, line_of(text, match.start()), f"{match.group(0)} is not in tools/errors.tsv")
        if path.name != "errors.h" and path.name != "doxin.h":
            full = [line for line in text.splitlines() if line.strip()]
            remaining = [line for line in COMMENT.sub("", text).splitlines() if line.strip()]
            share = 100 * (len(full) - len(remaining)) // len(full)
            if share < 60:
                findings.add(path, 0, f"is {share} % comment; 60 % is the least")
        check_shapes(path, text, findings)
        for match in PROTOTYPE.finditer(text):
            if match.group(2) in names:
                findings.add(path, line_of(text, match.start()), f"{match.group(2)}() is also in {names[match.group(2)]}")
            names[match.group(2)] = path.name
            check_function(path, text, match, errors, findings)
        guarded = len(re.findall(r"^DOXIN_API\b", text, re.M))
        if guarded != len(PROTOTYPE.findall(text)):
            findings.add(path, 0, "has a DOXIN_API whose prototype this check cannot read")
        if path.name not in ("doxin.h", "errors.h") and "@code" not in text:
            findings.add(path, 0, "shows no example (@code)")
    findings.finish(f"{len(names)} functions in {len(HEADERS)} headers")


COMPILERS = [("gcc", "c", "c99"), ("gcc", "c", "c11"), ("g++", "c++", "c++17"),
             ("clang-14", "c", "c99"), ("clang-14", "c", "c11"), ("clang++-14", "c++", "c++17")]


def compile_headers():
    findings = Findings()

    def one(job):
        path, (compiler, language, standard) = job
        source = f'#include "{path.relative_to(ROOT / "include")}"\nint doxin_header_compiles(void);\n'
        result = run([compiler, "-x", language, f"-std={standard}", "-Wall", "-Wextra", "-pedantic", "-Werror",
                      "-fsyntax-only", f"-I{ROOT / 'include'}", "-"], input=source)
        return path, compiler, standard, result

    jobs = [(path, c) for path in HEADERS for c in COMPILERS]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, compiler, standard, result in pool.map(one, jobs):
            if result.returncode:
                findings.add(path, 0, f"{compiler} -std={standard}: {result.stderr.strip()}")
    findings.finish(f"{len(jobs)} compilations")


def examples_of(path):
    for block in re.findall(r"@code\n(.*?)@endcode", path.read_text(), re.S):
        yield "\n".join(re.sub(r"^ \* {0,2}", "", line) for line in block.splitlines()) + "\n"


def examples():
    findings = Findings()
    library = BUILD / "release/lib"
    count = 0
    (BUILD / "tmp").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD / "tmp") as folder:
        for path in HEADERS:
            for number, source in enumerate(examples_of(path)):
                count += 1
                program = f"{folder}/{path.stem}{number}"
                with open(program + ".c", "w") as file:
                    file.write(source)
                built = run(["gcc", "-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror", f"-I{ROOT / 'include'}",
                             program + ".c", "-o", program, f"-L{library}", "-ldoxin", f"-Wl,-rpath,{library}"])
                if built.returncode:
                    findings.add(path, 0, "its example does not build: " + built.stderr.strip())
                    continue
                ran = run([program], cwd=folder, timeout=60)
                if ran.returncode:
                    findings.add(path, 0, f"its example ends with {ran.returncode}: {ran.stdout}{ran.stderr}".strip())
    findings.finish(f"{count} examples")


{"comments": comments, "compile": compile_headers, "examples": examples}[sys.argv[1]]()
