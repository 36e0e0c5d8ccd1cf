#include "routes/route.h"

#define INVOICE_FILTERS "page per_page status date_from date_to customer_id"
#define CATALOG_FILTERS "page per_page search"

const route route_table[] = {
    {"GET", "/api/v1/health", ROUTE_HEALTH, LANE_QUICK, NULL, "", false, true, 200, "Is the server up"},
    {"GET", "/api/v1/health/detailed", ROUTE_CALL, LANE_QUICK, "health.check", "", false, true, 200,
     "Health with what the server depends on"},
    {"GET", "/api/v1/limits", ROUTE_LIMITS, LANE_QUICK, NULL, "", false, true, 200, "What the server takes"},
    {"POST", "/api/v1/auth/dev-login", ROUTE_CALL, LANE_QUICK, "auth.dev_login", "", true, true, 200,
     "Sign in without a password; exists on loopback in the embedded mode only"},
    {"GET", "/api/v1/auth/me", ROUTE_CALL, LANE_QUICK, "auth.me", "", false, false, 200, "Who is signed in"},
    {"POST", "/api/v1/auth/logout", ROUTE_CALL, LANE_QUICK, "auth.logout", "", true, false, 200, "End the session"},
    {"POST", "/api/v1/tickets", ROUTE_CALL, LANE_QUICK, "tickets.create", "", true, false, 201,
     "A ticket for one WebSocket or one download, valid for half a minute"},
    {"GET", "/api/v1/ws", ROUTE_WEBSOCKET, LANE_QUICK, "tickets.redeem", "room ticket", false, true, 101,
     "Events of a room as they happen"},
    {"POST", "/api/v1/invoices/upload", ROUTE_UPLOAD, LANE_SLOW, NULL, "", false, false, 202,
     "Store a document and queue its extraction"},
    {"GET", "/api/v1/invoices", ROUTE_CALL, LANE_QUICK, "invoices.list", INVOICE_FILTERS, false, false, 200,
     "Invoices, newest first"},
    {"GET", "/api/v1/invoices/{id}", ROUTE_CALL, LANE_QUICK, "invoices.get", "", false, false, 200,
     "An invoice with its lines, evidence and a link to the original"},
    {"GET", "/api/v1/invoices/{id}/status", ROUTE_CALL, LANE_QUICK, "invoices.status", "", false, false, 200,
     "How far the extraction is; the id of the invoice or of the job"},
    {"POST", "/api/v1/invoices/{id}/process", ROUTE_CALL, LANE_QUICK, "invoices.process", "", true, false, 202,
     "Extract again"},
    {"GET", "/api/v1/files/{file_id}/content", ROUTE_CONTENT, LANE_SLOW, "files.content", "ticket", false, true, 200,
     "The original document"},
    {"GET", "/api/v1/jobs/my-jobs", ROUTE_CALL, LANE_QUICK, "jobs.list", "page per_page status", false, false, 200,
     "The jobs of whoever asks"},
    {"GET", "/api/v1/jobs/my-jobs/{id}", ROUTE_CALL, LANE_QUICK, "jobs.get", "", false, false, 200, "A job"},
    {"POST", "/api/v1/jobs/my-jobs/{id}/cancel", ROUTE_CALL, LANE_QUICK, "jobs.cancel", "", true, false, 200,
     "Cancel a job"},
    {"GET", "/api/v1/companies", ROUTE_CALL, LANE_QUICK, "companies.list", CATALOG_FILTERS, false, false, 200,
     "Companies, by name"},
    {"GET", "/api/v1/products", ROUTE_CALL, LANE_QUICK, "products.list", CATALOG_FILTERS, false, false, 200,
     "Products, by item number, and all categories"},
    {"GET", "/api/v1/salespersons", ROUTE_CALL, LANE_QUICK, "salespersons.list", CATALOG_FILTERS, false, false, 200,
     "Salespersons, by name"},
};
const size_t route_count = sizeof route_table / sizeof route_table[0];
