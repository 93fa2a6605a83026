"""The tables of the store, as SQL.

Rules. Released statements are never changed; a new step is a new tuple here and in migrations.STEPS.
Times are UNIX seconds (REAL) unless a column says otherwise; `created_at` and `verified_at` are UTC ISO 8601.
Index texts are terms between single spaces, with a space at both ends, so that " term " finds a whole term.
"""

from __future__ import annotations

_FTS = """CREATE VIRTUAL TABLE services_{language} USING fts5(
    title, summary, keywords, theme, documents, prefix = '2 3 4',
    tokenize = "ascii tokenchars '-_.,/+&@#'")"""

FIRST_LIGHT: tuple[str, ...] = (
    "CREATE TABLE store_version (version INTEGER NOT NULL)",
    "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO counters (name, value) VALUES ('sequence', 0), ('boot', 0)",
    "CREATE TABLE cursors (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # Published content.
    "CREATE TABLE documents (id TEXT PRIMARY KEY, sha256 BLOB NOT NULL, length INTEGER NOT NULL, body BLOB NOT NULL)",
    """CREATE TABLE content (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, verified_at TEXT,
        documents INTEGER NOT NULL)""",
    "INSERT INTO content (one, version, verified_at, documents) VALUES (1, 0, NULL, 0)",
    "CREATE TABLE trust (name TEXT PRIMARY KEY, body BLOB NOT NULL)",
    # What lists and the search read; made from the documents.
    """CREATE TABLE service_card_rows (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title_ru TEXT NOT NULL,
        title_en TEXT NOT NULL, short_ru TEXT, short_en TEXT, theme TEXT NOT NULL, audience TEXT NOT NULL,
        kind TEXT NOT NULL, fees TEXT NOT NULL, term_days INTEGER, form TEXT, historical INTEGER NOT NULL)""",
    _FTS.format(language="ru"),
    _FTS.format(language="en"),
    """CREATE TABLE words (language TEXT NOT NULL, word TEXT NOT NULL, term TEXT NOT NULL, services INTEGER NOT NULL,
        PRIMARY KEY (language, word)) WITHOUT ROWID""",
    # The outbox. The envelope comes last, so that lists do not read it.
    """CREATE TABLE outbox (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, receipt_number TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'received', 'registered', 'needs_attention')),
        created_at TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, digest BLOB NOT NULL,
        lease_until REAL NOT NULL DEFAULT 0, next_attempt REAL NOT NULL DEFAULT 0,
        registered_number TEXT NOT NULL DEFAULT '', problem TEXT NOT NULL DEFAULT '',
        settled_at REAL, confirmation BLOB, outcome BLOB, envelope BLOB NOT NULL)""",
    "CREATE INDEX outbox_by_state ON outbox (state, sequence)",
    # Who this kiosk is, and what it did.
    """CREATE TABLE device (one INTEGER PRIMARY KEY CHECK (one = 1), kiosk TEXT NOT NULL, number INTEGER NOT NULL,
        centre TEXT NOT NULL, private_key BLOB NOT NULL, certificate BLOB NOT NULL)""",
    "CREATE TABLE audit (number INTEGER PRIMARY KEY, entry BLOB NOT NULL)",
    "CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END",
    "CREATE TRIGGER audit_is_fixed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END",
)

ATTACHMENTS: tuple[str, ...] = (
    # Sealed files on their way; neither key nor name is here. Their bytes lie as files (uploads.py).
    """CREATE TABLE uploads (id TEXT PRIMARY KEY, submission TEXT NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
        length INTEGER NOT NULL, sha256 TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'ended', 'lost')),
        path TEXT NOT NULL DEFAULT '', next_attempt REAL NOT NULL DEFAULT 0)""",
    "CREATE INDEX uploads_by_submission ON uploads (submission)",
    "CREATE INDEX uploads_waiting ON uploads (id) WHERE state = 'waiting'",
)

DRAFTS: tuple[str, ...] = (
    # What visitors save to continue later, sealed under keys that only they carry (drafts.py).
    """CREATE TABLE drafts (id TEXT PRIMARY KEY,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'kept', 'wanted', 'gone', 'ended')),
        sealed BLOB NOT NULL DEFAULT x'', saved_at REAL NOT NULL, next_attempt REAL NOT NULL DEFAULT 0)""",
    "CREATE INDEX drafts_by_state ON drafts (state, next_attempt)",
)
