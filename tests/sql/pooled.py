#!/usr/bin/env python3
"""pooled.py PGBOUNCER_ROOT COMMAND …: runs the command with DATABASE_URL leading through PgBouncer in transaction mode,
four server connections for everybody, so that what one transaction left behind would show in the next one's."""
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

root = pathlib.Path(sys.argv[1]).resolve()
direct = os.environ["DATABASE_URL"]
socket = urllib.parse.unquote(direct.split("host=")[1])
work = pathlib.Path(tempfile.mkdtemp(prefix="doxin-pool-"))
# The launcher's socket is closed to others; who may pass it may start the pooler.
user = pwd.getpwuid(os.stat(socket).st_uid)
(work / "users").write_text("".join(f'"{name}" ""\n' for name in
                                    ("doxin_application", "doxin_owner", "doxin_query", "postgres")))
(work / "ini").write_text(f"""[databases]
* = host={socket}
[pgbouncer]
listen_addr =
listen_port = 5432
unix_socket_dir = {work}
auth_type = trust
auth_file = {work}/users
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
server_reset_query =
""")
os.chown(work, user.pw_uid, user.pw_gid)
become = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"] if os.geteuid() == 0 else []
libraries = next(root.glob("usr/lib/*/libevent-2.1.so.7")).parent
pooler = subprocess.Popen(become + ["env", f"LD_LIBRARY_PATH={libraries}", str(root / "usr/sbin/pgbouncer"), "-q",
                                    str(work / "ini")], stdout=sys.stderr)
try:
    until = time.monotonic() + 10
    while not (work / ".s.PGSQL.5432").exists():
        if pooler.poll() is not None or time.monotonic() > until:
            sys.exit("pgbouncer does not start")
        time.sleep(0.02)
    where = urllib.parse.quote(str(work), safe="")
    environment = dict(os.environ, DATABASE_DIRECT_URL=direct)
    for name in ("DATABASE_URL", "DATABASE_QUERY_URL"):
        environment[name] = os.environ[name].split("host=")[0] + "host=" + where
    code = subprocess.call(sys.argv[2:], env=environment)
finally:
    pooler.terminate()
    pooler.wait()
    shutil.rmtree(work, ignore_errors=True)
sys.exit(code)
