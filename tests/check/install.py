#!/usr/bin/env python3
"""An installed DoxIn is found by pkg-config and by find_package(doxin), shared and static, and a program runs with it."""
import os
import shutil
import sys

from common import BUILD, ROOT, Findings, run

HERE = ROOT / "tests/check/install"
STAGE = BUILD / "tmp/install"
PREFIX = STAGE / "usr/local"


def step(findings, what, argv, **more):
    result = run(argv, **more)
    if result.returncode:
        findings.add(HERE, 0, f"{what}: {result.stdout[-3000:]}{result.stderr[-3000:]}".strip())
    return result


def by_pkg_config(findings, libdir):
    environment = {**os.environ, "PKG_CONFIG_PATH": str(libdir / "pkgconfig")}
    flags = step(findings, "pkg-config", ["pkg-config", "--define-prefix", "--cflags", "--libs", "doxin"], env=environment)
    program = STAGE / "by_pkg_config"
    step(findings, "building with pkg-config",
         ["gcc", "-std=c99", "-Wall", "-Werror", HERE / "main.c", "-o", program, *flags.stdout.split()])
    return program


def by_cmake(findings):
    build = STAGE / "cmake"
    step(findings, "find_package(doxin)", ["cmake", "-G", "Ninja", "-S", HERE, "-B", build, f"-DCMAKE_PREFIX_PATH={PREFIX}"])
    step(findings, "building with find_package(doxin)", ["ninja", "-C", build])
    return [build / "shared", build / "static"]


def main():
    findings = Findings()
    shutil.rmtree(STAGE, ignore_errors=True)
    STAGE.mkdir(parents=True)
    step(findings, "installing", ["cmake", "--install", BUILD / "release", "--strip"],
         env={**os.environ, "DESTDIR": str(STAGE)})
    libraries = list(PREFIX.rglob("libdoxin.so"))
    if not libraries:
        findings.add(HERE, 0, "the library was not installed")
        findings.finish("nothing")
    libdir = libraries[0].parent
    programs = [by_pkg_config(findings, libdir), *by_cmake(findings)]
    for program in programs:
        if program.exists():
            ran = step(findings, program.name, [program], env={**os.environ, "LD_LIBRARY_PATH": str(libdir)})
            if "119.00 EUR" not in ran.stdout:
                findings.add(program, 0, f"printed {ran.stdout!r}")
    findings.finish(f"{len(programs)} programs")


sys.exit(main())
