"""A person corrects an invoice: what changes, what stays when it is read again, and what the next document profits."""
import time

import make_vendor

from conftest import problem

FIRST = make_vendor.make("northwind", "ZK-88201", "550-1203", "25 March 2026", "GBP 1,440.00", "GBP 1,500.00")
SECOND = make_vendor.make("northwind", "ZK-90417", "551-7765", "3 April 2026", "GBP 310.50", "GBP 350.00")
THIRD = make_vendor.make("northwind", "ZK-91555", "552-0099", "7 May 2026", "GBP 77.10", "GBP 80.00")
STRANGER = make_vendor.make("southgate", "ZK-10022", "770-4411", "4 May 2026", "GBP 99.00", "GBP 120.00")


def stored(client, document, **fields):
    answer = client.http.post("/api/v1/invoices/upload", files={"file": ("invoice.pdf", document)}, data=fields)
    assert answer.status_code == 202, answer.text
    identity = answer.json()["invoice_id"]
    assert client.wait(identity)["status"] == "completed"
    return identity


def get(client, identity):
    answer = client.http.get(f"/api/v1/invoices/{identity}")
    assert answer.status_code == 200, answer.text
    return answer.json()["invoice"]


def put(client, identity, **body):
    return client.http.put(f"/api/v1/invoices/{identity}", json=body)


def lessons(client):
    """Waits until what corrections teach is learned; how many there were."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        jobs = [job for job in client.http.get("/api/v1/jobs/my-jobs", params={"per_page": 100}).json()["jobs"]
                if job["job_type"] == "invoice.learn"]
        assert not [job for job in jobs if job["status"] == "failed"], jobs
        if all(job["status"] == "completed" for job in jobs):
            return len(jobs)
        time.sleep(0.1)
    raise AssertionError("nothing was learned in 90 s")


def test_the_second_document_of_a_vendor_profits(server):
    client = server.client("learner@example.com")
    identity = stored(client, FIRST)
    read = get(client, identity)
    assert (read["invoice_number"], read["total_amount"]) == ("550-1203", "1500.00"), "the layout no longer misleads"
    answer = put(client, identity, invoice={"invoice_number": "ZK-88201", "total_amount": "1440.00"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["success"] is True
    changed = answer.json()["invoice"]
    assert (changed["invoice_number"], changed["total_amount"]) == ("ZK-88201", "1440.00")
    evidence = changed["evidence"]["invoice_number"]
    assert evidence["origin"] == "human" and evidence["confidence"] == 1
    assert [rival["value"] for rival in evidence["rivals"]] == ["550-1203"]
    assert lessons(client) == 1

    # Its number is right now, and the evidence says why; what was right stays as it was read.
    read = get(client, stored(client, SECOND))
    assert (read["invoice_number"], read["total_amount"]) == ("ZK-90417", "310.50")
    for path in ("invoice_number", "total_amount"):
        evidence = read["evidence"][path]
        assert evidence["learned"] is True and evidence["origin"] == "text" and evidence["page"] == 1, evidence
    assert read["evidence"]["invoice_date"]["learned"] is False

    # Others: another vendor, another user, and whoever does not want it.
    assert get(client, stored(client, STRANGER))["invoice_number"] == "770-4411"
    assert get(server.client("else@example.com"), stored(server.client("else@example.com"), SECOND))["invoice_number"] == "551-7765"
    assert get(client, stored(client, THIRD, parameters='{"learning": false}'))["invoice_number"] == "552-0099"


def test_what_a_person_changed_stays_when_it_is_read_again(server):
    client = server.client("keeper@example.com")
    identity = stored(client, FIRST)
    lines = [{"description": "Repair", "quantity": "2", "unit_price": "720.00", "line_total": "1440.00"}]
    body = {"invoice": {"po_number": "PO-7", "vendor_tax_id": None, "total_amount": "1440.00"}, "line_items": lines, "learning": False}
    assert put(client, identity, **body).status_code == 200
    for _ in range(2):
        assert client.http.post(f"/api/v1/invoices/{identity}/process", json={}).status_code == 202
        assert client.wait(identity)["status"] == "completed"
        answer = client.http.get(f"/api/v1/invoices/{identity}").json()
        invoice = answer["invoice"]
        assert (invoice["po_number"], invoice["vendor_tax_id"], invoice["total_amount"]) == ("PO-7", None, "1440.00")
        assert [(line["description"], line["line_total"]) for line in answer["line_items"]] == [("Repair", "1440.00")]
        assert invoice["evidence"]["line_items[0].line_total"]["origin"] == "human"
        assert invoice["invoice_number"] == "550-1203", "the rest is read anew"
    assert lessons(client) == 0, "nobody wanted to learn"


def test_the_arithmetic_is_checked_again(server):
    client = server.client("checker@example.com")
    identity = stored(client, FIRST)
    wrong = {"subtotal": "1000.00", "tax_amount": "200.00", "total_amount": "1440.00"}
    invoice = put(client, identity, invoice=wrong).json()["invoice"]
    assert [check["state"] for check in invoice["checks"] if check["rule"] == "total"] == ["fails"]
    assert invoice["review_state"] == "needs_review"
    invoice = put(client, identity, invoice={"subtotal": "1200.00", "tax_amount": "240.00"}).json()["invoice"]
    assert [check["state"] for check in invoice["checks"] if check["rule"] == "total"] == ["holds"]


def test_wrong_corrections_are_refused_whole(server):
    client, other = server.client("careful@example.com"), server.client("other2@example.com")
    identity = stored(client, FIRST)
    version = get(client, identity)["version"]
    for body, pointer in (({"total_amount": "12,50"}, "/invoice/total_amount"), ({"invoice_date": "2026-02-30"}, "/invoice/invoice_date"),
                          ({"currency": "pounds"}, "/invoice/currency"), ({"total_amount": "1e3"}, "/invoice/total_amount"),
                          ({"total_amount": 12.5}, "/invoice/total_amount"), ({"no_such": "1"}, "/invoice/no_such"),
                          ({"total_amount": "123456789012345678"}, "/invoice/total_amount")):
        body = problem(put(client, identity, invoice=body | {"po_number": "changed"}), 422, "DOXIN_E_FIELD")
        assert pointer in [error["pointer"] for error in body["errors"]], body
    assert get(client, identity)["version"] == version and get(client, identity)["po_number"] is None
    problem(put(other, identity, invoice={"po_number": "mine"}), 404, "DOXIN_E_NOT_FOUND")
    problem(put(client, identity, invoice={"po_number": "late"}, version=version + 7), 412, "DOXIN_E_PRECONDITION")
    assert put(client, identity, invoice={"po_number": "in time"}, version=version).status_code == 200


def test_approval_confirms_and_rejection_teaches_nothing(server):
    client = server.client("judge@example.com")
    identity = stored(client, FIRST)
    problem(client.http.post(f"/api/v1/invoices/{identity}/reject", json={}), 422, "DOXIN_E_FIELD")
    answer = client.http.post(f"/api/v1/invoices/{identity}/reject", json={"reason": "not ours"})
    assert answer.status_code == 200 and answer.json()["invoice"]["review_state"] == "rejected", answer.text
    assert lessons(client) == 0
    answer = client.http.post(f"/api/v1/invoices/{identity}/approve", json={})
    assert answer.status_code == 200 and answer.json()["invoice"]["review_state"] == "approved"
    assert answer.json()["invoice"]["reviewed_by_user_id"] == client.user["id"]
    assert lessons(client) == 1
