"""What people and worse send: a clear error with a stable code, nothing lost, the server still up."""
import io
import os
import pathlib
import signal
import struct
import subprocess
import threading
import time
import zipfile
import zlib

import pytest

from conftest import problem


def png(width, height):
    """A PNG that says it is this large, with next to nothing inside."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("invoice.pdf", b"%PDF-1.4")
    return out.getvalue()


NO_PAGES = (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
            b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \ntrailer<</Size 3/Root 1 0 R>>\nstartxref\n98\n%%EOF\n")
BOMB = b'<?xml version="1.0"?><!DOCTYPE i [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)) + b"]><Invoice>&j;</Invoice>"
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE i [<!ENTITY x SYSTEM "file:///etc/passwd">]><Invoice>&x;</Invoice>'


def outcome(client, data, name="invoice.pdf"):
    """The code of the refusal: at once, or as the job's end."""
    answer = client.upload(data, name)
    if answer.status_code != 202:
        return answer.status_code, answer.json()["code"]
    end = client.wait(answer.json()["invoice_id"])
    assert end["status"] == "failed", end
    return 202, end["error"]["code"] if isinstance(end.get("error"), dict) else end["error_code"]


@pytest.mark.parametrize("name,data,code", [
    ("empty", b"", "DOXIN_E_EMPTY_DOCUMENT"),
    ("no pages", NO_PAGES, "DOXIN_E_NO_PAGES"),
    ("huge picture", png(40000, 40000), "DOXIN_E_TOO_MANY_PIXELS"),
    ("archive", zipped(), "DOXIN_E_NOT_A_DOCUMENT"),
    ("text", b"just some text", "DOXIN_E_NOT_A_DOCUMENT"),
    ("entities", BOMB, "DOXIN_E_XML_FORBIDDEN"),
    ("external entity", EXTERNAL, "DOXIN_E_XML_FORBIDDEN"),
    ("broken XML", b"<?xml version='1.0'?><Invoice><ID>1</Invoice>", "DOXIN_E_XML"),
    ("other XML", b"<?xml version='1.0'?><recipe><name>soup</name></recipe>", "DOXIN_E_NOT_AN_EINVOICE"),
])
def test_documents_that_are_none(server, name, data, code):
    assert outcome(server.client(), data)[1] == code, name


def test_an_encrypted_document(server, invoices, tmp_path):
    plain, locked = tmp_path / "plain.pdf", tmp_path / "locked.pdf"
    plain.write_bytes(invoices[0][0])
    subprocess.run(["qpdf", "--encrypt", "secret", "secret", "256", "--", plain, locked], check=True)
    assert outcome(server.client(), locked.read_bytes())[1] == "DOXIN_E_ENCRYPTED"


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_document_that_is_cut_off(server, invoices, share):
    data = invoices[0][0]
    assert outcome(server.client(), data[:int(len(data) * share)])[1] == "DOXIN_E_DAMAGED"


def test_a_document_that_is_too_large(server, invoices):
    data = invoices[0][0] + b"\n" * (51 * 1024 * 1024)
    found = problem(server.client().upload(data), 413, "DOXIN_E_LIMIT")
    assert "52428800" in found["detail"] or "50 MiB" in found["detail"], found


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\"b'c.pdf", "; rm -rf ~.pdf", "名前.pdf", "x" * 255 + ".pdf", "..", ".", "a\\b.pdf", ""])
def test_names_of_files_are_only_names(server, invoices, name):
    client = server.client("names@example.com")
    body = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"\r\n\r\n'.encode()
    answer = client.http.post("/api/v1/invoices/upload", content=body + invoices[0][0] + b"\r\n--b--\r\n",
                              headers={"Content-Type": "multipart/form-data; boundary=b"})
    if answer.status_code == 422:
        problem(answer, 422, "DOXIN_E_FIELD")
        return
    assert answer.status_code == 202, answer.text
    stored = client.http.get(f"/api/v1/invoices/{answer.json()['invoice_id']}").json()["invoice"]["original_filename"]
    assert "/" not in stored and stored not in (".", ".."), stored
    client.wait(answer.json()["invoice_id"])


def test_a_name_with_a_nul(server, invoices):
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a\0b.pdf"\r\n\r\n' + invoices[0][0] + b"\r\n--b--\r\n"
    answer = server.client().http.post("/api/v1/invoices/upload", content=body, headers={"Content-Type": "multipart/form-data; boundary=b"})
    problem(answer, 400, "DOXIN_E_BODY")


@pytest.mark.parametrize("type_,body", [
    ("multipart/form-data; boundary=b", b""), ("multipart/form-data; boundary=b", b"--b--\r\n"), ("multipart/form-data; boundary=b", b"--b\r\n\r\nx"),
    ("multipart/form-data; boundary=b", b"--c\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx\r\n--c--"),
    ("multipart/form-data", b"--b--"), ("application/pdf", b"%PDF-1.4"), ("multipart/form-data; boundary=" + "b" * 500, b"--b--"),
    ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--b--"),
])
def test_bodies_that_are_no_form(server, type_, body):
    answer = server.client().http.post("/api/v1/invoices/upload", content=body, headers={"Content-Type": type_})
    problem(answer, 400, "DOXIN_E_BODY")


def docparse_processes(server):
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            status = (entry / "status").read_text()
            name = status.split("Name:\t")[1].split("\n")[0]
            parent = int(status.split("PPid:\t")[1].split("\n")[0])
        except (FileNotFoundError, ProcessLookupError, IndexError):
            continue
        if name.startswith("doxin-docparse"):
            found.append((int(entry.name), parent))
    own = {pid for pid, parent in found if parent == server.process.pid}
    return own | {pid for pid, parent in found if parent in own}


def test_a_parser_that_is_killed(own_server, invoices):
    server = own_server()
    client = server.client()
    stop = threading.Event()

    def kill():
        while not stop.is_set():
            for pid in docparse_processes(server):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.005)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        jobs = [client.upload(data, f"{i}.pdf").json() for i, (data, _) in enumerate(invoices)]
        time.sleep(1)
    finally:
        stop.set()
        killer.join()
    for job in jobs:
        assert client.wait(job["invoice_id"])["status"] in ("completed", "failed")
    job = client.upload(invoices[0][0] + b"\n").json()
    assert client.wait(job["invoice_id"])["status"] == "completed"


def test_a_full_disk(own_server, invoices, tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", files], check=True)
    try:
        server = own_server(DOXIN_BLOB_URL=str(files))
        client = server.client()
        big = invoices[0][0] + b"\n" * (1 << 20)
        problem(client.upload(big), 507, "DOXIN_E_NO_SPACE")
        assert client.http.get("/api/v1/invoices").json()["pagination"]["total"] == 0
        left = [path for path in files.rglob("*") if path.is_file()]
        assert left == [], left
        small = client.upload(invoices[0][0])
        assert small.status_code == 202, small.text
        assert client.wait(small.json()["invoice_id"])["status"] == "completed"
        server.stop()
    finally:
        subprocess.run(["umount", "-l", files], check=True)
