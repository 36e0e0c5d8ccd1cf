#!/usr/bin/env python3
"""How fast DoxIn is, as ratios against other programs in the same run. Usage: tests/bench/run.py [OPTION…] [MEASURE…]

Measures (default: all):
  text          text PDFs to invoices, against `pdftotext -bbox` of all pages inside one poppler process; and stage by stage
  invoice2data  the same files, against invoice2data with its own templates
  xml           e-invoices, against a parse by libxml2
  scan          scans and pictures, against the recogniser's own passes; and how many passes a page takes
  memory        peak memory of a PDF of 200 pages, in the parser's process and in the library's

Options: --corpus DIR   documents below DIR instead of generated ones
         --rounds N     rounds of each measure (default 7), --count N documents to generate (default 60)
         --json FILE    the figures as JSON as well

Release build, one processor, one document at a time. A figure is the median over rounds in which the programs take turns,
with the least and the most in brackets. Time is that of the processor, with all processes that a program starts, so that
other work on the machine changes little; the start of a program is not counted. invoice2data is taken from the package
index into build/bench-venv, poppler's headers are the package libpoppler-private-dev.
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"
BIN = BUILD / "bench/bin"
DATA = BUILD / "bench-data"
HERE = pathlib.Path(__file__).resolve().parent
TICK = os.sysconf("SC_CLK_TCK")
MEASURES = ["text", "invoice2data", "xml", "scan", "memory"]
PICTURES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".heic"}
SCANS_MOST = 20  # a round takes a minute already


def run(command, **more):
    result = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False, **more)
    if result.returncode:
        sys.exit(f"{command[0]}: {(result.stdout + result.stderr)[-4000:]}")
    return result.stdout


# ---- workers ----

def children_of(process):
    tasks = pathlib.Path(f"/proc/{process}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


class Worker:
    """A program that does one round for each line it is sent. Its processes that stay (the parser) are counted with what
    they and their ended children have used."""

    def __init__(self, *command):
        self.command = [str(part) for part in command]
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)

    def line(self):
        text = self.process.stdout.readline()
        if not text:
            sys.exit(f"{self.command[0]} ended with {self.process.wait()}")
        return json.loads(text)

    def children_seconds(self):
        total = 0
        for child in children_of(self.process.pid):
            fields = pathlib.Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            total += sum(int(field) for field in fields[11:15])
        return total / TICK

    def round(self):
        before = self.children_seconds()
        self.process.stdin.write("round\n")
        self.process.stdin.flush()
        answer = self.line()
        answer["processes"] = self.children_seconds() - before
        answer["seconds"] = answer.get("own", 0) + answer["processes"]
        return answer

    def end(self):
        rest, _ = self.process.communicate()
        return json.loads(rest) if rest.strip() else {}


def take_turns(workers, rounds):
    """{name: [answer of each round]}; a first round of each warms up and is not counted."""
    answers = {name: [] for name in workers}
    for number in range(rounds + 1):
        for name, worker in workers.items():
            answer = worker.round()
            if number:
                answers[name].append(answer)
    return answers


def spread(values, form="{:.2f}"):
    return f"{form.format(statistics.median(values))} [{form.format(min(values))}-{form.format(max(values))}]"


def seconds_of(answers):
    return [answer["seconds"] for answer in answers]


def compare(answers, ours, theirs):
    return [a / b for a, b in zip(seconds_of(answers[ours]), seconds_of(answers[theirs]))]


# ---- documents ----

def generated(count):
    done = DATA / f"documents-{count}"
    if not done.is_dir():
        half = done.with_suffix(".part")
        run([BUILD / "venv/bin/python", ROOT / "tests/make/make_invoices.py", half, "--count", count, "--seed", 11, "--scans", "0.2"])
        half.rename(done)
    return done


def find(folder, suffixes):
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in suffixes and path.is_file())


class Documents:
    def __init__(self, folder, own):
        pdfs = find(folder, {".pdf"})
        self.xml = find(folder, {".xml"}) or [path for path in find(ROOT / "tests/data/einvoice", {".xml"}) if "bad" not in path.name]
        self.text, self.scans, self.pages = [], find(folder, PICTURES), 0
        if pdfs:
            worker = Worker(BIN / "bench_stages", BIN / "doxin-docparse", *pdfs)
            for path, what in zip(pdfs, worker.line()):
                if what["recognised"]:
                    self.scans.append(path)
                elif what["words"]:
                    self.text.append(path)
                    self.pages += what["pages"]
            worker.end()
        self.scans = self.scans[::max(1, -(-len(self.scans) // SCANS_MOST))]
        self.source = "generated" if own else "corpus"


# ---- measures ----

def measure_text(documents, rounds):
    answers = take_turns({"doxin": Worker(BIN / "bench_extract", '{"embedded_xml": "false"}', *documents.text),
                          "pdftotext": Worker(BIN / "bench_pdftotext", *documents.text)}, rounds)
    stages = Worker(BIN / "bench_stages", BIN / "doxin-docparse", *documents.text)
    stages.line()
    parts = take_turns({"stages": stages}, rounds)["stages"]
    ratios, files = compare(answers, "doxin", "pdftotext"), len(documents.text)
    each = {name: 1000 * statistics.median(seconds_of(values)) / files for name, values in answers.items()}
    print(f"text: {spread(ratios)} x pdftotext -bbox (aim: at most 2.5); {files} files, {documents.pages} pages; "
          f"ms a file: DoxIn {each['doxin']:.2f}, pdftotext {each['pdftotext']:.2f}")
    names = ["processes", "transport", "decode", "layout", "extract", "check", "json"]
    medians = {name: 1000 * statistics.median(part[name] for part in parts) / files for name in names}
    print("  ms a file by stage: " + ", ".join(f"{name} {value:.2f}" for name, value in medians.items()) +
          " (processes: the parser's; extract makes the layout once more)")
    return {"ratio": ratios, "ms_a_file": each, "stages_ms_a_file": medians}


def measure_invoice2data(documents, rounds):
    venv = BUILD / "bench-venv"
    if not (venv / "bin/python").exists():
        run([sys.executable, "-m", "venv", venv])
        run([venv / "bin/pip", "install", "-q", "invoice2data"])
    answers = take_turns({"doxin": Worker(BIN / "bench_extract", '{"embedded_xml": "false"}', *documents.text),
                          "invoice2data": Worker(venv / "bin/python", HERE / "invoice2data_worker.py", *documents.text)},
                         min(rounds, 3))
    ratios, files = compare(answers, "invoice2data", "doxin"), len(documents.text)
    each = {name: 1000 * statistics.median(seconds_of(values)) / files for name, values in answers.items()}
    last = answers["invoice2data"][-1]
    print(f"invoice2data: {spread(ratios)} x as long as DoxIn (aim: at least 5); ms a file: DoxIn {each['doxin']:.2f}, "
          f"invoice2data {each['invoice2data']:.2f}; it reads {last['read']} of {files} with {last['templates']} templates, "
          f"DoxIn {answers['doxin'][-1]['read']}")
    return {"ratio": ratios, "ms_a_file": each}


def measure_xml(documents, rounds):
    many = [path for path in documents.xml for _ in range(max(1, 500 // len(documents.xml)))]
    answers = take_turns({"doxin": Worker(BIN / "bench_extract", "{}", *many), "libxml2": Worker(BIN / "bench_libxml2", *many)}, rounds)
    ratios = compare(answers, "doxin", "libxml2")
    each = {name: 1000 * statistics.median(seconds_of(values)) / len(many) for name, values in answers.items()}
    print(f"xml: {spread(ratios)} x a parse by libxml2 (aim: at most 2); {len(documents.xml)} files; "
          f"ms a file: DoxIn {each['doxin']:.3f}, libxml2 {each['libxml2']:.3f}")
    return {"ratio": ratios, "ms_a_file": each}


def measure_scan(documents, rounds):
    answers = take_turns({"scan": Worker(BIN / "bench_recogniser", *documents.scans)}, min(rounds, 3))["scan"]
    ratios = [answer["all"] / answer["recogniser"] for answer in answers]
    passes = answers[-1]["passes"] / answers[-1]["pages"]
    print(f"scan: {spread(ratios)} x the recogniser's own time (aim: at most 1.15), {passes:.2f} passes a page (aim: at most 1.6); "
          f"{len(documents.scans)} files, {1000 * statistics.median(a['all'] / a['pages'] for a in answers):.0f} ms a page")
    return {"ratio": ratios, "passes": passes}


def measure_memory(documents, _):
    pages, target = 200, DATA / "pages-200.pdf"
    sources = documents.text * (1 + pages // max(1, len(documents.text)))
    target.parent.mkdir(parents=True, exist_ok=True)
    run(["qpdf", "--warning-exit-0", "--empty", "--pages", *[part for path in sources for part in (path, "1")][:2 * pages], "--", target])
    worker = Worker(BIN / "bench_extract", "{}", target)
    worker.round()
    peak = worker.end()
    print(f"memory: {peak['parser_peak_kib'] / 1024:.0f} MB in the parser (aim: less than 300), {peak['peak_kib'] / 1024:.0f} MB in the "
          f"library's process (aim: less than 60); {pages} pages, {target.stat().st_size / 1e6:.1f} MB")
    return peak


def machine():
    model = next((line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.processor())
    return f"{os.cpu_count()} processors, {model}, {platform.system()} {platform.release()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measures", nargs="*", choices=[[], *MEASURES], default=[])
    parser.add_argument("--corpus", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--json", type=pathlib.Path)
    asked = parser.parse_args()
    run(["cmake", "--preset", "bench"])
    run(["ninja", "-C", BUILD / "bench"])
    commit = run(["git", "describe", "--always", "--dirty"]).strip()
    print(f"{machine()}; commit {commit}", flush=True)
    documents = Documents(asked.corpus or generated(asked.count), asked.corpus is None)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    figures = {"machine": machine(), "commit": commit, "documents": documents.source}
    for name in asked.measures or MEASURES:
        start = time.monotonic()
        figures[name] = globals()[f"measure_{name}"](documents, asked.rounds)
        print(f"  ({time.monotonic() - start:.0f} s)", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
