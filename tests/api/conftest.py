"""A real server for the tests: `doxin serve` with its private PostgreSQL, over real sockets."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import httpx
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("TEST_PROGRAMS", ROOT / "build/asan/bin"))
SUPPRESSIONS = f"suppressions={ROOT}/tests/lsan.supp:print_suppressions=0"
sys.path.insert(0, str(ROOT / "tests/make"))


class Server:
    """One `doxin serve` in a folder of its own."""
    options = ()

    def __init__(self, folder, **variables):
        self.folder = pathlib.Path(folder)
        self.log = self.folder / "log"
        self.variables = variables
        self.process = None
        self.address = None

    def start(self, expect_failure=False):
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("DOXIN_", "DATABASE_"))}
        environment = clean | {"PORT": "0", "DOXIN_DATA": str(self.folder / "data"), "LSAN_OPTIONS": SUPPRESSIONS} | self.variables
        self.process = subprocess.Popen([PROGRAMS / "doxin", "serve", *self.options, "--ready-file", ready], env=environment,
                                        stderr=open(self.log, "ab"), cwd=self.folder)
        until = time.monotonic() + 90
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > until:
                if expect_failure:
                    return self
                raise AssertionError("the server did not start:\n" + self.log.read_text()[-4000:])
            time.sleep(0.05)
        self.address = ready.read_text().strip()
        return self

    def stop(self):
        """Ends it as an operator would; it must end by itself, cleanly."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        assert code == 0, f"exit status {code}:\n" + self.log.read_text()[-6000:]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def client(self, email="ada@example.com", **options):
        return Client(self, email, **options)

    def rss_kib(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1])
        raise AssertionError("no VmRSS")


class Client:
    """Somebody who is signed in."""

    def __init__(self, server, email, role="user"):
        self.server = server
        self.http = httpx.Client(base_url=server.address, timeout=120)
        answer = self.http.post("/api/v1/auth/dev-login", json={"email": email, "role": role})
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["token"]
        self.user = answer.json()["user"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def upload(self, data, name="invoice.pdf", **options):
        return self.http.post("/api/v1/invoices/upload", files={"file": (name, data)}, **options)

    def wait(self, identity, seconds=120):
        """Polls the status until it no longer changes."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            answer = self.http.get(f"/api/v1/invoices/{identity}/status")
            assert answer.status_code == 200, answer.text
            if answer.json()["status"] in ("completed", "failed", "cancelled"):
                return answer.json()
            time.sleep(0.1)
        raise AssertionError(f"{identity} did not end in {seconds} s")


def make_folder():
    """Reachable for the database's own user."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="doxin-api-"))
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def server():
    folder = make_folder()
    made = Server(folder).start()
    yield made
    made.stop()
    shutil.rmtree(folder)


@pytest.fixture
def own_server():
    """Starts servers that a test treats badly; each gets its variables as keywords."""
    made = []

    def start(**variables):
        made.append(Server(make_folder(), **variables).start())
        return made[-1]

    yield start
    for each in made:
        if each.process.poll() is None:
            each.stop()
        shutil.rmtree(each.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def invoices(tmp_path_factory):
    """Four invoices of our own making: (PDF bytes, truth)."""
    import json

    folder = tmp_path_factory.mktemp("invoices")
    subprocess.run([sys.executable, ROOT / "tests/make/make_invoices.py", folder, "--count", "4", "--seed", "11"], check=True)
    return [((each / "document.pdf").read_bytes(), json.loads((each / "truth.json").read_text())) for each in sorted(folder.iterdir())]


def problem(answer, status, code):
    """The answer is a problem of RFC 9457 with this status and code; returns it."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text[:600]}"
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status and body["code"] == code, body
    assert {"type", "title", "detail", "instance", "request_id"} <= body.keys()
    assert body["request_id"] == answer.headers["x-request-id"]
    return body
