-- +goose Up
-- Who may come in, and the audit log. Nothing in these tables opens anything: passwords and recovery codes are hashed, TOTP secrets sealed with a key that
-- is no part of the database, tokens of sessions and keys are sums.

CREATE TABLE users (
    id        TEXT    PRIMARY KEY NOT NULL,
    login     TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    mail      TEXT    NOT NULL,
    role      TEXT    NOT NULL,
    tenant    TEXT    NOT NULL, -- '' = all
    account   TEXT    NOT NULL,
    language  TEXT    NOT NULL,
    created   INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    signed_in INTEGER NOT NULL,
    read_to   INTEGER NOT NULL, -- position of the last entry of the audit log that was read
    disabled  BOOLEAN NOT NULL,
    secrets   BLOB    NOT NULL, -- JSON of belwacht.Secrets
    devices   BLOB    NOT NULL  -- JSON of []belwacht.KnownDevice
);
CREATE UNIQUE INDEX users_login ON users (login);

CREATE TABLE sessions (
    id     TEXT    PRIMARY KEY NOT NULL,
    user   TEXT    NOT NULL,
    stage  TEXT    NOT NULL,
    begun  INTEGER NOT NULL,
    seen   INTEGER NOT NULL,
    until  INTEGER NOT NULL,
    proved INTEGER NOT NULL,
    source TEXT    NOT NULL,
    agent  TEXT    NOT NULL,
    means  TEXT    NOT NULL,
    local  BOOLEAN NOT NULL,
    sum    TEXT    NOT NULL
);
CREATE INDEX sessions_until ON sessions (until, id);

CREATE TABLE api_keys (
    id      TEXT    PRIMARY KEY NOT NULL,
    name    TEXT    NOT NULL,
    user    TEXT    NOT NULL,
    scopes  TEXT    NOT NULL, -- with spaces between
    created INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    used    INTEGER NOT NULL,
    source  TEXT    NOT NULL, -- networks, with spaces between
    revoked INTEGER NOT NULL,
    revoker TEXT    NOT NULL,
    sum     TEXT    NOT NULL
);
CREATE INDEX api_keys_created ON api_keys (created, id);
CREATE INDEX api_keys_until   ON api_keys (until);

CREATE TABLE proposals (
    id    TEXT    PRIMARY KEY NOT NULL,
    since INTEGER NOT NULL,
    body  BLOB    NOT NULL -- JSON of belwacht.Proposal
);
CREATE INDEX proposals_since ON proposals (since, id);

-- The audit log. What is readable goes with retention; position, time, act, weakens and sum are the leaf of the tree and stay.
CREATE TABLE entries (
    position  INTEGER PRIMARY KEY,
    time      INTEGER NOT NULL,
    act       TEXT    NOT NULL,
    weakens   BOOLEAN NOT NULL,
    sum       BLOB    NOT NULL,
    forgotten BOOLEAN NOT NULL,
    seal      BLOB    NOT NULL, -- the key that the sum was made with
    who       TEXT    NOT NULL,
    user      TEXT    NOT NULL,
    via       TEXT    NOT NULL,
    source    TEXT    NOT NULL,
    tenant    TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    detail    TEXT    NOT NULL,
    why       TEXT    NOT NULL,
    failed    TEXT    NOT NULL
);
CREATE INDEX entries_time    ON entries (time);
CREATE INDEX entries_tenant  ON entries (tenant, time);
CREATE INDEX entries_who     ON entries (who, time);
CREATE INDEX entries_act     ON entries (act, time);
CREATE INDEX entries_weakens ON entries (time) WHERE weakens = TRUE;
CREATE INDEX entries_kept    ON entries (time) WHERE forgotten = FALSE;

-- The tree's hashes by their index (tlog.StoredHashIndex).
CREATE TABLE entry_tree (
    id   INTEGER PRIMARY KEY,
    hash BLOB    NOT NULL
);

CREATE TABLE entry_heads (
    id   INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    size INTEGER NOT NULL,
    note TEXT    NOT NULL
);
