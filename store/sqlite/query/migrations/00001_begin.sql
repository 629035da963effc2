-- +goose Up
-- Times are milliseconds since 1970 in UTC, money is millionths, 0 or '' means "none". Every list is read newest first by (time, id) within a tenant.

-- What was judged, in that order. AUTOINCREMENT: a position is never given twice, even when all before it are deleted.
CREATE TABLE events (
    position    INTEGER PRIMARY KEY AUTOINCREMENT,
    time        INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    source      INTEGER NOT NULL,
    late        BOOLEAN NOT NULL,
    sequence    INTEGER NOT NULL,
    tenant      TEXT    NOT NULL,
    site        TEXT    NOT NULL,
    call        TEXT    NOT NULL,
    direction   INTEGER NOT NULL,
    lineage     INTEGER NOT NULL,
    account     TEXT    NOT NULL,
    root        TEXT    NOT NULL,
    trunk       TEXT    NOT NULL,
    caller      TEXT    NOT NULL,
    dialled     TEXT    NOT NULL,
    talk        INTEGER NOT NULL,
    disposition INTEGER NOT NULL
);
CREATE INDEX events_time ON events (time);

-- The log-in of an event, under its position. It may be kept longer than the event, so it stands by itself.
CREATE TABLE logins (
    id      INTEGER PRIMARY KEY,
    time    INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    tenant  TEXT    NOT NULL,
    site    TEXT    NOT NULL,
    account TEXT    NOT NULL,
    service TEXT    NOT NULL,
    user    TEXT    NOT NULL,
    source  TEXT    NOT NULL,
    agent   TEXT    NOT NULL,
    result  INTEGER NOT NULL,
    session TEXT    NOT NULL
);
CREATE INDEX logins_time   ON logins (tenant, time);
CREATE INDEX logins_user   ON logins (tenant, user, time);
CREATE INDEX logins_source ON logins (tenant, source, time);

CREATE TABLE calls (
    id          INTEGER PRIMARY KEY,
    tenant      TEXT    NOT NULL,
    site        TEXT    NOT NULL,
    call        TEXT    NOT NULL,
    link        TEXT    NOT NULL,
    direction   INTEGER NOT NULL,
    account     TEXT    NOT NULL,
    root        TEXT    NOT NULL,
    trunk       TEXT    NOT NULL,
    caller      TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    dialled     TEXT    NOT NULL,
    lineage     INTEGER NOT NULL,
    time        INTEGER NOT NULL, -- the outbound leg is dialled
    answer      INTEGER NOT NULL,
    ended       INTEGER NOT NULL,
    talk        INTEGER NOT NULL,
    disposition INTEGER NOT NULL,
    taker       TEXT    NOT NULL,
    parts       INTEGER NOT NULL,
    late        BOOLEAN NOT NULL,
    number      INTEGER NOT NULL, -- belwacht.E164, its 64 bits
    country     TEXT    NOT NULL,
    class       INTEGER NOT NULL,
    cost        INTEGER NOT NULL,
    spent       INTEGER NOT NULL,
    word        INTEGER NOT NULL
);
CREATE UNIQUE INDEX calls_call ON calls (call, site, tenant);
CREATE INDEX calls_time    ON calls (tenant, time);
CREATE INDEX calls_account ON calls (tenant, account, time);
CREATE INDEX calls_number  ON calls (tenant, number, time);

-- body is the line of a decisions file (belwacht.decision/1); the columns are what is searched.
CREATE TABLE decisions (
    id        INTEGER PRIMARY KEY,
    time      INTEGER NOT NULL,
    tenant    TEXT    NOT NULL,
    call      TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    word      INTEGER NOT NULL,
    reference TEXT    NOT NULL,
    body      BLOB    NOT NULL
);
CREATE INDEX decisions_time      ON decisions (tenant, time);
CREATE INDEX decisions_account   ON decisions (tenant, account, time);
CREATE INDEX decisions_word      ON decisions (tenant, word, time) WHERE word > 0;
CREATE INDEX decisions_reference ON decisions (tenant, reference, time) WHERE reference <> '';
CREATE INDEX decisions_call      ON decisions (tenant, call, time);

-- IDs of alerts begin again where the engine's memory was lost; with its beginning an alert is itself.
CREATE TABLE alerts (
    id      INTEGER PRIMARY KEY,
    time    INTEGER NOT NULL, -- of the first decision
    tenant  TEXT    NOT NULL,
    alert   TEXT    NOT NULL,
    body    BLOB    NOT NULL,
    state   TEXT    NOT NULL,
    outcome TEXT    NOT NULL,
    who     TEXT    NOT NULL,
    note    TEXT    NOT NULL,
    changed INTEGER NOT NULL
);
CREATE UNIQUE INDEX alerts_alert ON alerts (tenant, alert, time);
CREATE INDEX alerts_time  ON alerts (tenant, time);
CREATE INDEX alerts_state ON alerts (tenant, state, time);

CREATE TABLE inforce (
    id       INTEGER PRIMARY KEY,
    tenant   TEXT    NOT NULL,
    decision TEXT    NOT NULL, -- its ID
    kind     TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    who      TEXT    NOT NULL,
    why      TEXT    NOT NULL,
    since    INTEGER NOT NULL,
    until    INTEGER NOT NULL, -- that never ends: the greatest number there is
    says     TEXT    NOT NULL,
    width    TEXT    NOT NULL,
    undone   INTEGER NOT NULL,
    undoer   TEXT    NOT NULL,
    over     INTEGER NOT NULL GENERATED ALWAYS AS (CASE WHEN undone > 0 AND undone < until THEN undone ELSE until END) STORED
);
CREATE UNIQUE INDEX inforce_decision ON inforce (tenant, decision);
CREATE INDEX inforce_since   ON inforce (tenant, since);
CREATE INDEX inforce_subject ON inforce (tenant, subject, since);
CREATE INDEX inforce_over    ON inforce (over);
