"""What the checks share: where the sources are, C without its comments, and how findings end a check."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"


def tracked(*patterns):
    """Files that git knows or would add, as paths below ROOT."""
    out = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "--", *patterns], cwd=ROOT, check=True,
                         capture_output=True, text=True).stdout
    return [path for path in (ROOT / line for line in sorted(set(out.splitlines()))) if path.is_file()]


def sources(*folders):
    """C files and headers of the folders, tables (*.inc) too."""
    wanted = [f"{folder}/*.{end}" for folder in folders for end in ("c", "h", "inc")]
    return tracked(*wanted)


TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code_only(text, strings=True):
    """The text with comments blanked (and strings emptied), lines kept."""
    def blank(match):
        token = match.group(0)
        if token.startswith("/"):
            return re.sub(r"[^\n]", " ", token)
        return token[0] + token[0] if strings else token
    return TOKEN.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


class Findings:
    """Collects what is wrong; finish() prints it and ends the program."""

    def __init__(self):
        self.lines = []

    def add(self, path, line, words):
        path = pathlib.Path(path)
        if path.is_absolute() and path.is_relative_to(ROOT):
            path = path.relative_to(ROOT)
        self.lines.append(f"{path}:{line}: {words}" if line else f"{path}: {words}")

    def finish(self, looked_at):
        for line in self.lines:
            print(line)
        print(f"{looked_at}; {len(self.lines)} findings")
        sys.exit(1 if self.lines or not looked_at else 0)


def run(argv, **more):
    return subprocess.run([str(a) for a in argv], capture_output=True, text=True, **more)
