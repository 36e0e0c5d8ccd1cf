"""The main job as a client does it: sign in, upload, follow, fetch."""
import asyncio
import hashlib
import json
from decimal import Decimal

import websockets

from conftest import problem


def test_upload_follow_and_fetch(server, invoices):
    data, truth = invoices[0]
    client = server.client()
    answer = client.upload(data, "first.pdf")
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert job["websocket_room"] == f"job:{job['job_id']}"
    assert job["file"]["file_hash"] == hashlib.sha256(data).hexdigest()
    assert job["duplicate"] is None

    events = asyncio.run(follow(client, job["websocket_room"]))
    assert events[-1]["status"] == "completed", events
    assert all(event["type"] == "status" for event in events)
    progress = [event["progress"] for event in events if "progress" in event]
    assert progress == sorted(progress) and progress[-1] == 100, progress

    answer = client.http.get(f"/api/v1/invoices/{job['invoice_id']}")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    invoice = body["invoice"]
    for name in ("invoice_number", "invoice_date", "vendor_name", "customer_name", "currency"):
        assert invoice[name] == truth[name], name
    for name in ("subtotal", "tax_amount", "total_amount"):
        assert Decimal(invoice[name]) == Decimal(truth[name]), name
    assert len(body["line_items"]) == len(truth["line_items"])
    assert [Decimal(line["line_total"]) for line in body["line_items"]] == [Decimal(line["line_total"]) for line in truth["line_items"]]
    evidence = invoice["evidence"]["total_amount"]
    assert evidence["page"] >= 1 and evidence["origin"] == "text" and len(evidence["box"]) == 4
    assert 0 <= evidence["box"][0] < evidence["box"][2] <= 1 and 0 <= evidence["box"][1] < evidence["box"][3] <= 1

    # The link to the original needs no token and works once.
    original = client.server.client("somebody@example.com").http.get(body["blob_url"], headers={"Authorization": ""})
    assert original.status_code == 200 and original.content == data
    assert original.headers["content-type"] == "application/pdf"
    problem(client.http.get(body["blob_url"]), 401, "DOXIN_E_TICKET")


async def follow(client, room):
    ticket = client.http.post("/api/v1/tickets", json={"kind": "websocket"}).json()["ticket"]
    address = client.server.address.replace("http", "ws") + f"/api/v1/ws?room={room}&ticket={ticket}"
    events = []
    async with websockets.connect(address) as socket:
        while not events or events[-1].get("status") not in ("completed", "failed"):
            events.append(json.loads(await asyncio.wait_for(socket.recv(), 60)))
    return events


def test_status_takes_either_id(server, invoices):
    client = server.client()
    job = client.upload(invoices[1][0]).json()
    by_invoice = client.wait(job["invoice_id"])
    by_job = client.http.get(f"/api/v1/invoices/{job['job_id']}/status").json()
    assert by_invoice == by_job
    assert by_job["invoice_id"] == job["invoice_id"]


def test_the_same_bytes_are_recognised_among_own_files_only(server, invoices):
    data = invoices[2][0]
    first, other = server.client("first@example.com"), server.client("other@example.com")
    original = first.upload(data, "a.pdf").json()
    first.wait(original["invoice_id"])
    again = first.upload(data, "b.pdf").json()
    assert again["duplicate"] is not None and original["invoice_id"] in json.dumps(again["duplicate"])
    stranger = other.upload(data, "c.pdf").json()
    assert stranger["duplicate"] is None, "what others have uploaded is nobody's business"
    other.wait(stranger["invoice_id"])


def test_others_see_nothing(server, invoices):
    owner, stranger = server.client("owner@example.com"), server.client("stranger@example.com")
    job = owner.upload(invoices[3][0]).json()
    owner.wait(job["invoice_id"])
    missing = "00000000-0000-4000-8000-000000000000"
    for path in ("/api/v1/invoices/{}", "/api/v1/invoices/{}/status"):
        hidden = problem(stranger.http.get(path.format(job["invoice_id"])), 404, "DOXIN_E_NOT_FOUND")
        absent = problem(stranger.http.get(path.format(missing)), 404, "DOXIN_E_NOT_FOUND")
        assert hidden["detail"] == absent["detail"]
    assert job["invoice_id"] not in stranger.http.get("/api/v1/invoices").text
    listed = owner.http.get("/api/v1/invoices", params={"per_page": 1}).json()
    assert listed["pagination"]["per_page"] == 1 and listed["pagination"]["total"] >= 1
    ticket = stranger.http.post("/api/v1/tickets", json={"kind": "websocket"}).json()["ticket"]
    answer = stranger.http.get("/api/v1/ws", params={"room": f"job:{job['job_id']}", "ticket": ticket}, headers=HANDSHAKE)
    problem(answer, 404, "DOXIN_E_NOT_FOUND")


HANDSHAKE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}


def test_a_websocket_needs_a_ticket_and_a_known_origin(server):
    client = server.client()
    room = f"user:{client.user['id']}"
    problem(client.http.get("/api/v1/ws", params={"room": room, "ticket": "x" * 43}, headers=HANDSHAKE), 401, "DOXIN_E_TICKET")
    problem(client.http.get("/api/v1/ws", params={"room": room, "ticket": "x"}), 400, "DOXIN_E_HEADER")
    ticket = client.http.post("/api/v1/tickets", json={"kind": "websocket"}).json()["ticket"]
    foreign = HANDSHAKE | {"Origin": "https://elsewhere.example"}
    problem(client.http.get("/api/v1/ws", params={"room": room, "ticket": ticket}, headers=foreign), 403, "DOXIN_E_FORBIDDEN")


def test_the_address_of_a_restarted_server_keeps_what_was_stored(own_server, invoices):
    server = own_server()
    client = server.client()
    job = client.upload(invoices[0][0]).json()
    client.wait(job["invoice_id"])
    server.kill()
    server.start()
    body = server.client().http.get(f"/api/v1/invoices/{job['invoice_id']}").json()
    assert body["invoice"]["invoice_number"] == invoices[0][1]["invoice_number"]
