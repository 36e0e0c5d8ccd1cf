/** @file doxin/errors.h
 *  The status codes. A function that returns a `doxin_status` answers DOXIN_OK (0) or one of these negative
 *  numbers; a positive value only where its own comment says so. New codes are added with new releases: treat an
 *  unknown one as DOXIN_E_INTERNAL. Codes are never reused. doxin_status_name() gives the name of a code.
 *
 *  Made from tools/errors.tsv by tools/make_errors.py; do not edit. */
#ifndef DOXIN_ERRORS_H
#define DOXIN_ERRORS_H

enum {
    /** Success. */
    DOXIN_OK = 0,
    /** An argument is not valid (HTTP 400). */
    DOXIN_E_INVALID = -1,
    /** Memory could not be allocated (HTTP 503; trying again may help). */
    DOXIN_E_NOMEM = -2,
    /** Nothing happened within the time that was given (HTTP 503; trying again may help). */
    DOXIN_E_AGAIN = -3,
    /** The call was cancelled (HTTP 499). */
    DOXIN_E_CANCELED = -4,
    /** The handle is in use by another thread (HTTP 409; trying again may help). */
    DOXIN_E_BUSY = -5,
    /** The engine was opened before fork(); open one in this process (HTTP 500). */
    DOXIN_E_FORKED = -6,
    /** The deadline of the call has passed (HTTP 504; trying again may help). */
    DOXIN_E_TIMEOUT = -7,
    /** A limit was exceeded (HTTP 413). */
    DOXIN_E_LIMIT = -8,
    /** This is not supported (HTTP 415). */
    DOXIN_E_UNSUPPORTED = -9,
    /** There is no such thing, or it is not yours (HTTP 404). */
    DOXIN_E_NOT_FOUND = -10,
    /** The state of the resource does not allow this (HTTP 409). */
    DOXIN_E_CONFLICT = -11,
    /** Neither an asset nor a database holds what the call needs (HTTP 500). */
    DOXIN_E_NO_SOURCE = -12,
    /** A part that the call needs cannot be reached (HTTP 503; trying again may help). */
    DOXIN_E_UNAVAILABLE = -13,
    /** An internal error (HTTP 500). */
    DOXIN_E_INTERNAL = -14,
    /** An option is unknown or its value is not allowed (HTTP 400). */
    DOXIN_E_OPTION = -15,
    /** A hook of the host failed (HTTP 502). */
    DOXIN_E_HOST = -16,
    /** The text is not the JSON that is expected (HTTP 400). */
    DOXIN_E_JSON = -17,
    /** A number does not fit (HTTP 422). */
    DOXIN_E_OVERFLOW = -18,
    /** Amounts of different currencies cannot be added (HTTP 422). */
    DOXIN_E_CURRENCY = -19,
    /** The file system refused an operation (HTTP 500; trying again may help). */
    DOXIN_E_IO = -20,
    /** The disk is full (HTTP 507; trying again may help). */
    DOXIN_E_NO_SPACE = -21,
    /** This part is switched off (HTTP 501). */
    DOXIN_E_OFF = -22,
    /** The resource has changed since it was read (HTTP 412). */
    DOXIN_E_PRECONDITION = -23,
    /** The configuration is not usable (HTTP 500). */
    DOXIN_E_CONFIG = -24,
    /** A member of the request is not valid (HTTP 422). */
    DOXIN_E_FIELD = -25,
    /** The document is empty (HTTP 422). */
    DOXIN_E_EMPTY_DOCUMENT = -100,
    /** The bytes are no PDF, image or e-invoice (HTTP 415). */
    DOXIN_E_NOT_A_DOCUMENT = -101,
    /** The document is encrypted and needs a password (HTTP 422). */
    DOXIN_E_ENCRYPTED = -102,
    /** The document is damaged or cut off (HTTP 422). */
    DOXIN_E_DAMAGED = -103,
    /** The document has no pages (HTTP 422). */
    DOXIN_E_NO_PAGES = -104,
    /** The picture has more pixels than allowed (HTTP 413). */
    DOXIN_E_TOO_MANY_PIXELS = -105,
    /** The document has more pages than allowed (HTTP 413). */
    DOXIN_E_TOO_MANY_PAGES = -106,
    /** The document parser ended while reading this document (HTTP 422). */
    DOXIN_E_PARSER_DIED = -107,
    /** The document parser did not finish in time (HTTP 422). */
    DOXIN_E_PARSER_TIMEOUT = -108,
    /** The program doxin-docparse cannot be started (HTTP 503). */
    DOXIN_E_PARSER_MISSING = -109,
    /** The document needs more memory than a parser may use (HTTP 422). */
    DOXIN_E_PARSER_MEMORY = -110,
    /** The XML is not well-formed (HTTP 422). */
    DOXIN_E_XML = -111,
    /** The XML declares a document type or entities (HTTP 422). */
    DOXIN_E_XML_FORBIDDEN = -112,
    /** The XML is no invoice of a known syntax (HTTP 422). */
    DOXIN_E_NOT_AN_EINVOICE = -113,
    /** The document is no invoice (HTTP 422). */
    DOXIN_E_NOT_AN_INVOICE = -114,
    /** The statement has bytes that no statement may have (HTTP 422). */
    DOXIN_E_SQL_BYTES = -400,
    /** The statement is longer or deeper than allowed (HTTP 413). */
    DOXIN_E_SQL_SIZE = -401,
    /** The statement is not in the grammar of PostgreSQL (HTTP 422). */
    DOXIN_E_SQL_SYNTAX = -402,
    /** The text is not exactly one SELECT (HTTP 422). */
    DOXIN_E_SQL_STATEMENT = -403,
    /** A clause or an expression of this kind is not allowed (HTTP 422). */
    DOXIN_E_SQL_CLAUSE = -404,
    /** There is no such table that may be read (HTTP 422). */
    DOXIN_E_SQL_TABLE = -405,
    /** There is no such column that may be read (HTTP 422). */
    DOXIN_E_SQL_COLUMN = -406,
    /** A name is used in a way that is not allowed (HTTP 422). */
    DOXIN_E_SQL_NAME = -407,
    /** This function is not allowed (HTTP 422). */
    DOXIN_E_SQL_FUNCTION = -408,
    /** An argument of a function or operator is not allowed (HTTP 422). */
    DOXIN_E_SQL_ARGUMENT = -409,
    /** This type is not allowed (HTTP 422). */
    DOXIN_E_SQL_TYPE = -410,
    /** This operator is not allowed (HTTP 422). */
    DOXIN_E_SQL_OPERATOR = -411,
    /** Parameters are not allowed (HTTP 422). */
    DOXIN_E_SQL_PARAMETER = -412,
    /** The statement could make too many rows or too long values (HTTP 422). */
    DOXIN_E_SQL_COST = -413,
    /** The host does not allow this (HTTP 403). */
    DOXIN_E_SQL_FILTERED = -414,
    /** The rewritten statement did not pass its second check (HTTP 500). */
    DOXIN_E_SQL_SCOPE = -415,
    /** A valid token is needed (HTTP 401). */
    DOXIN_E_UNAUTHENTICATED = -500,
    /** The permission for this is missing (HTTP 403). */
    DOXIN_E_FORBIDDEN = -501,
    /** The token has expired (HTTP 401). */
    DOXIN_E_TOKEN_EXPIRED = -502,
    /** Too many requests (HTTP 429; trying again may help). */
    DOXIN_E_RATE_LIMITED = -503,
    /** The ticket is unknown, used or expired (HTTP 401). */
    DOXIN_E_TICKET = -504,
    /** The database refused an operation (HTTP 500). */
    DOXIN_E_DATABASE = -600,
    /** The database cannot be reached (HTTP 503; trying again may help). */
    DOXIN_E_DATABASE_DOWN = -601,
    /** A migration failed and was rolled back (HTTP 500). */
    DOXIN_E_MIGRATION = -602,
    /** An applied migration file was changed afterwards (HTTP 500). */
    DOXIN_E_MIGRATION_CHANGED = -603,
    /** The lease of the job was lost to another worker (HTTP 409). */
    DOXIN_E_LEASE_LOST = -604,
    /** The database schema is not the one this version needs (HTTP 503). */
    DOXIN_E_SCHEMA_OLD = -605,
    /** There is no such address (HTTP 404). */
    DOXIN_E_ROUTE = -700,
    /** The address does not know this method (HTTP 405). */
    DOXIN_E_METHOD = -701,
    /** A header is missing or not valid (HTTP 400). */
    DOXIN_E_HEADER = -702,
    /** The body of the request is not valid (HTTP 400). */
    DOXIN_E_BODY = -703,
    /** The Idempotency-Key was used for another request (HTTP 422). */
    DOXIN_E_IDEMPOTENCY_REUSED = -704,
    /** The first request with this Idempotency-Key is still running (HTTP 409; trying again may help). */
    DOXIN_E_IDEMPOTENCY_BUSY = -705,
    /** The server is busy; try again shortly (HTTP 503; trying again may help). */
    DOXIN_E_OVERLOADED = -706
};

#endif
