"""The demonstration: `doxin serve --demo` and `doxin demo`."""
import os
import shutil
import subprocess
import time
from decimal import Decimal

import pytest

from conftest import PROGRAMS, SUPPRESSIONS, Server, make_folder, problem

EMAIL = "demo@example.com"


class DemoServer(Server):
    options = ("--demo",)


def run_demo(folder, *arguments, **variables):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("DOXIN_", "DATABASE_"))}
    environment = clean | {"DOXIN_DATA": str(folder / "data"), "LSAN_OPTIONS": SUPPRESSIONS} | variables
    return subprocess.run([PROGRAMS / "doxin", "demo", *arguments], env=environment, cwd=folder, capture_output=True, text=True, timeout=400)


def everything(client, path, member):
    answer = client.http.get(path, params={"per_page": 100})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["pagination"]["total"] == len(body[member])
    return body


def wait_for_invoices(client, count, seconds=240):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        invoices = everything(client, "/api/v1/invoices", "invoices")["invoices"]
        if len(invoices) == count and all(each["review_state"] != "pending" for each in invoices):
            return invoices
        time.sleep(0.3)
    raise AssertionError(f"{invoices}")


@pytest.fixture
def folder():
    made = make_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_serve_demo_and_again_as_a_command(folder):
    server = DemoServer(folder).start()
    client = server.client(EMAIL)
    invoices = wait_for_invoices(client, 8)
    assert all(each["vendor_name"] and each["invoice_number"] and Decimal(each["total_amount"]) > 0 for each in invoices), invoices
    assert {"EUR", "GBP", "USD", "PLN"} <= {each["currency"] for each in invoices}

    syntaxes = [client.http.get(f"/api/v1/invoices/{each['id']}").json()["invoice"]["syntax"] for each in invoices]
    assert syntaxes.count("cii") == 1 and syntaxes.count("ubl") == 1, syntaxes

    companies = everything(client, "/api/v1/companies", "companies")["companies"]
    assert {each["vendor_name"] for each in invoices} <= {each["company_name"] for each in companies}
    body = everything(client, "/api/v1/products", "products")
    assert len(body["products"]) == 40 and len(body["categories"]) == 4
    assert all(each["subcategories"] for each in body["categories"])
    assert {each["category"] for each in body["products"]} == {each["name"] for each in body["categories"]}
    assert len(everything(client, "/api/v1/salespersons", "salespersons")["salespersons"]) == 4

    found = client.http.get("/api/v1/products", params={"search": "COPPER", "per_page": 1, "page": 2}).json()
    assert found["pagination"] == {"page": 2, "per_page": 1, "total": 2, "total_pages": 2}
    problem(client.http.get("/api/v1/companies", params={"per_page": 101}), 422, "DOXIN_E_FIELD")
    problem(client.http.get("/api/v1/companies", headers={"Authorization": ""}), 401, "DOXIN_E_UNAUTHENTICATED")

    # The data folder is the server's while it runs.
    refused = run_demo(folder)
    assert refused.returncode == 3 and "serve --demo" in refused.stderr, refused
    server.stop()

    again = run_demo(folder)
    assert again.returncode == 0, again
    assert all(each["invoice_number"] in again.stdout for each in invoices), again.stdout
    server.start()
    assert len(wait_for_invoices(server.client(EMAIL), 8)) == 8, "the second run recognised what was there"
    server.stop()


def test_wrong_arguments(folder):
    for arguments in (["--user"], ["--bogus"], ["x"]):
        answer = run_demo(folder, *arguments)
        assert answer.returncode == 2 and "doxin help demo" in answer.stderr, answer
    helped = run_demo(folder, "--help")
    assert helped.returncode == 0 and helped.stdout.startswith("Usage: doxin demo")
    assert not (folder / "data").exists()
