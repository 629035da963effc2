-- +goose Up
-- More of what people look for. Calls are searched by much more than before, so what is rare has an index of its own that holds nothing else.

ALTER TABLE calls ADD COLUMN cause    TEXT    NOT NULL DEFAULT '';
ALTER TABLE calls ADD COLUMN enforced BOOLEAN NOT NULL DEFAULT 0;
DROP INDEX calls_number;
CREATE INDEX calls_number  ON calls (tenant, number, time) WHERE number <> 0;
CREATE INDEX calls_country ON calls (tenant, country, time) WHERE country <> '';
CREATE INDEX calls_class   ON calls (tenant, class, time) WHERE class NOT IN (4, 5, 12); -- not geographic, mobile, internal, which most are
CREATE INDEX calls_word    ON calls (tenant, word, time) WHERE word > 0;
CREATE INDEX calls_cost_1   ON calls (tenant, time, id, cost) WHERE cost >= 1000000;
CREATE INDEX calls_cost_10  ON calls (tenant, time, id, cost) WHERE cost >= 10000000;
CREATE INDEX calls_cost_100 ON calls (tenant, time, id, cost) WHERE cost >= 100000000;

DROP INDEX events_time;
CREATE INDEX events_time ON events (tenant, time);
CREATE INDEX events_kind ON events (tenant, kind, time) WHERE kind > 3; -- all but calls

ALTER TABLE decisions ADD COLUMN cause    TEXT    NOT NULL DEFAULT '';
ALTER TABLE decisions ADD COLUMN enforced BOOLEAN NOT NULL DEFAULT 0;
UPDATE decisions SET cause = coalesce(json_extract(CAST(body AS TEXT), '$.cause'), ''),
    enforced = coalesce(json_extract(CAST(body AS TEXT), '$.enforced'), 0);
CREATE INDEX decisions_cause ON decisions (tenant, cause, time) WHERE cause <> '';

ALTER TABLE alerts ADD COLUMN account  TEXT    NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN cause    TEXT    NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN last     INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN assignee TEXT    NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN taken    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN hold     BOOLEAN NOT NULL DEFAULT 0;
UPDATE alerts SET account = coalesce(json_extract(CAST(body AS TEXT), '$.account'), ''), cause = coalesce(json_extract(CAST(body AS TEXT), '$.cause'), ''),
    last = time, taken = CASE WHEN state = 'open' THEN 0 ELSE changed END;
CREATE INDEX alerts_account ON alerts (tenant, account, time);
CREATE INDEX alerts_held    ON alerts (tenant, account, time, last) WHERE hold = 1; -- legal hold

-- What people did about an alert, each time.
CREATE TABLE alert_changes (
    id       INTEGER PRIMARY KEY,
    time     INTEGER NOT NULL,
    tenant   TEXT    NOT NULL,
    alert    TEXT    NOT NULL,
    first    INTEGER NOT NULL, -- the alert's time
    state    TEXT    NOT NULL,
    outcome  TEXT    NOT NULL,
    assignee TEXT    NOT NULL,
    hold     BOOLEAN NOT NULL,
    who      TEXT    NOT NULL,
    note     TEXT    NOT NULL
);
CREATE INDEX alert_changes_alert ON alert_changes (tenant, alert, first, time);
CREATE INDEX alert_changes_time  ON alert_changes (time);

CREATE TABLE silences (
    id      INTEGER PRIMARY KEY,
    tenant  TEXT    NOT NULL,
    silence TEXT    NOT NULL, -- its ID
    account TEXT    NOT NULL,
    cause   TEXT    NOT NULL,
    since   INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    who     TEXT    NOT NULL,
    why     TEXT    NOT NULL,
    lifted  INTEGER NOT NULL,
    lifter  TEXT    NOT NULL,
    over    INTEGER NOT NULL GENERATED ALWAYS AS (CASE WHEN lifted > 0 AND lifted < until THEN lifted ELSE until END) STORED
);
CREATE UNIQUE INDEX silences_silence ON silences (tenant, silence);
CREATE INDEX silences_since ON silences (tenant, since);
CREATE INDEX silences_over  ON silences (over);

-- Of log-ins that succeeded, by address and by what names itself; at most some hundred of an account.
CREATE TABLE registrations (
    id      INTEGER PRIMARY KEY,
    tenant  TEXT    NOT NULL,
    site    TEXT    NOT NULL,
    account TEXT    NOT NULL,
    source  TEXT    NOT NULL,
    agent   TEXT    NOT NULL,
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    logins  INTEGER NOT NULL
);
CREATE UNIQUE INDEX registrations_one ON registrations (tenant, account, source, agent, site);
CREATE INDEX registrations_last    ON registrations (tenant, last);
CREATE INDEX registrations_account ON registrations (tenant, account, last);
CREATE INDEX registrations_source  ON registrations (tenant, source, last);

CREATE TABLE devices (
    id      INTEGER PRIMARY KEY,
    tenant  TEXT    NOT NULL,
    site    TEXT    NOT NULL,
    account TEXT    NOT NULL,
    agent   TEXT    NOT NULL,
    source  TEXT    NOT NULL, -- where it was last
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    logins  INTEGER NOT NULL
);
CREATE UNIQUE INDEX devices_one ON devices (tenant, account, agent, site);
CREATE INDEX devices_last    ON devices (tenant, last);
CREATE INDEX devices_account ON devices (tenant, account, last);

CREATE TABLE accounts (
    id       INTEGER PRIMARY KEY,
    tenant   TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    kind     INTEGER NOT NULL,
    grouped  TEXT    NOT NULL, -- its group
    declared BOOLEAN NOT NULL,
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    calls    INTEGER NOT NULL,
    out      INTEGER NOT NULL,
    country  TEXT    NOT NULL,
    login    INTEGER NOT NULL
);
CREATE UNIQUE INDEX accounts_account ON accounts (tenant, account);
CREATE INDEX accounts_last  ON accounts (tenant, last);
CREATE INDEX accounts_group ON accounts (tenant, grouped, last);

CREATE TABLE changes (
    id       INTEGER PRIMARY KEY,
    time     INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    tenant   TEXT    NOT NULL,
    site     TEXT    NOT NULL,
    what     TEXT    NOT NULL,
    was      TEXT    NOT NULL,
    is_now   TEXT    NOT NULL,
    who      TEXT    NOT NULL
);
CREATE INDEX changes_time ON changes (time);
CREATE INDEX changes_kind ON changes (kind, time);

-- Sums are kept up by the batch that writes what they add up, so that a page never adds up calls. day is belwacht.Date.
CREATE TABLE sums_place (
    tenant   TEXT    NOT NULL,
    day      INTEGER NOT NULL,
    country  TEXT    NOT NULL,
    class    INTEGER NOT NULL,
    calls    INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    refused  INTEGER NOT NULL,
    talk     INTEGER NOT NULL,
    cost     INTEGER NOT NULL,
    spent    INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, country, class)
) WITHOUT ROWID;

CREATE TABLE sums_account (
    tenant   TEXT    NOT NULL,
    day      INTEGER NOT NULL,
    account  TEXT    NOT NULL,
    calls    INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    refused  INTEGER NOT NULL,
    talk     INTEGER NOT NULL,
    cost     INTEGER NOT NULL,
    spent    INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, account)
) WITHOUT ROWID;
CREATE INDEX sums_account_account ON sums_account (tenant, account, day);

CREATE TABLE sums_cause (
    tenant    TEXT    NOT NULL,
    day       INTEGER NOT NULL,
    cause     TEXT    NOT NULL,
    decisions INTEGER NOT NULL,
    enforced  INTEGER NOT NULL,
    stopped   REAL    NOT NULL,
    PRIMARY KEY (tenant, day, cause)
) WITHOUT ROWID;

-- What the store notes for itself, by name: how far pseudonyms have come, the key that makes them, the configuration of before.
CREATE TABLE marks (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;
