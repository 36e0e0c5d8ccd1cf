"""The frame: addresses, methods, bodies, tokens, errors."""
import pytest

from conftest import problem


def test_health_needs_nothing(server):
    import httpx

    answer = httpx.get(server.address + "/api/v1/health")
    assert answer.json() == {"status": "ok", "service": "doxin", "version": answer.json()["version"]}
    head = httpx.head(server.address + "/api/v1/health")
    assert head.status_code == 200 and head.content == b""
    checks = httpx.get(server.address + "/api/v1/health/detailed").json()["checks"]
    assert checks["database"] is True and {"redis", "qdrant"} <= checks.keys()
    assert httpx.get(server.address + "/api/v1/limits").json()["max_document_bytes"] == 52428800


def test_unknown_addresses_and_methods(server):
    client = server.client()
    problem(client.http.get("/api/v1/nothing"), 404, "DOXIN_E_ROUTE")
    answer = client.http.delete("/api/v1/invoices")
    problem(answer, 405, "DOXIN_E_METHOD")
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("token", [None, "x", "x" * 43, "x" * 5000, "é" * 20])
def test_a_token_is_needed(server, token):
    client = server.client()
    headers = {"Authorization": b"Bearer " + token.encode() if token is not None else b"Basic eA=="}
    answer = client.http.get("/api/v1/invoices", headers=headers)
    problem(answer, 401, "DOXIN_E_UNAUTHENTICATED")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_signing_out_ends_the_session(server):
    client = server.client("leaver@example.com")
    assert client.http.get("/api/v1/auth/me").json()["user"]["email"] == "leaver@example.com"
    assert client.http.post("/api/v1/auth/logout").status_code == 200
    problem(client.http.get("/api/v1/auth/me"), 401, "DOXIN_E_UNAUTHENTICATED")


@pytest.mark.parametrize("body,code,status", [
    (b"", "DOXIN_E_FIELD", 422),
    (b"[]", "DOXIN_E_JSON", 400),
    (b"{", "DOXIN_E_JSON", 400),
    (b'{"email":"a@example.com","email":"b@example.com"}', "DOXIN_E_JSON", 400),
    (b'{"email":"a@example.com","other":1}', "DOXIN_E_FIELD", 422),
    (b'{"email":5}', "DOXIN_E_FIELD", 422),
    (b'{"email":"a@example.com"},"x":{"y":1}', "DOXIN_E_JSON", 400),
    (b'{"email":"\\u0000"}', "DOXIN_E_JSON", 400),
    (b'{"email":"\xff"}', "DOXIN_E_JSON", 400),
    (b"[" * 100000, "DOXIN_E_JSON", 400),
])
def test_bodies_are_checked(server, body, code, status):
    import httpx

    answer = httpx.post(server.address + "/api/v1/auth/dev-login", content=body, headers={"Content-Type": "application/json"})
    found = problem(answer, status, code)
    if code == "DOXIN_E_FIELD":
        assert found["errors"] and all(error["pointer"].startswith("/") or error["pointer"] == "" for error in found["errors"])


@pytest.mark.parametrize("query,pointer", [("page=0", "/page"), ("page=x", "/page"), ("per_page=100000", "/per_page"), ("status=odd", "/status"),
                                           ("date_from=2026-02-30", "/date_from"), ("customer_id=1.5", "/customer_id"), ("other=1", "/other")])
def test_query_parameters_are_checked(server, query, pointer):
    found = problem(server.client().http.get(f"/api/v1/invoices?{query}"), 422, "DOXIN_E_FIELD")
    assert pointer in str(found), found


def test_escapes_and_identifiers(server):
    client = server.client()
    problem(client.http.get("/api/v1/invoices?page=%zz"), 400, "DOXIN_E_INVALID")
    problem(client.http.get("/api/v1/invoices/not-a-uuid"), 422, "DOXIN_E_FIELD")
    problem(client.http.get("/api/v1/invoices/%27%3B--"), 422, "DOXIN_E_FIELD")


def test_a_request_keeps_its_plain_name(server):
    client = server.client()
    assert client.http.get("/api/v1/health", headers={"X-Request-Id": "order-12345"}).headers["x-request-id"] == "order-12345"
    assert "\n" not in client.http.get("/api/v1/health", headers={"X-Request-Id": "bad name!"}).headers["x-request-id"]


def test_no_other_host_may_sign_in_without_a_password(own_server):
    # 0.0.0.0 is no loopback address: the development sign-in is not there.
    server = own_server(DOXIN_HOST="0.0.0.0")
    import httpx

    address = server.address.replace("0.0.0.0", "127.0.0.1")
    answer = httpx.post(address + "/api/v1/auth/dev-login", json={"email": "a@example.com"})
    assert answer.status_code in (404, 501), answer.text
