"""Many uploads at a time: none lost, none doubled."""
import concurrent.futures

COUNT = 60
AT_A_TIME = 20


def test_none_is_lost_and_none_is_doubled(server, invoices):
    client = server.client("many@example.com")

    def upload(number):
        data = invoices[number % len(invoices)][0] + f"\n%% {number}\n".encode()
        answer = client.upload(data, f"{number}.pdf")
        assert answer.status_code == 202, answer.text
        return answer.json()

    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        jobs = list(pool.map(upload, range(COUNT)))
    assert len({job["invoice_id"] for job in jobs}) == COUNT
    for job in jobs:
        assert client.wait(job["invoice_id"], 300)["status"] == "completed"
    listed = client.http.get("/api/v1/invoices", params={"per_page": 100}).json()
    assert listed["pagination"]["total"] == COUNT
    assert {invoice["id"] for invoice in listed["invoices"]} == {job["invoice_id"] for job in jobs}
    numbers = [invoice["invoice_number"] for invoice in listed["invoices"]]
    for _, truth in invoices:
        assert numbers.count(truth["invoice_number"]) == COUNT // len(invoices)
