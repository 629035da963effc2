-- Users, sessions, keys, proposals and the audit log.

-- name: PutUser :exec
INSERT INTO users (id, login, name, mail, role, tenant, account, language, created, changed, signed_in, read_to, disabled, secrets, devices)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET login = excluded.login, name = excluded.name, mail = excluded.mail, role = excluded.role, tenant = excluded.tenant,
    account = excluded.account, language = excluded.language, created = excluded.created, changed = excluded.changed, signed_in = excluded.signed_in,
    read_to = excluded.read_to, disabled = excluded.disabled, secrets = excluded.secrets, devices = excluded.devices;

-- name: RemoveUser :exec
DELETE FROM users WHERE id = @id;

-- name: Users :many
SELECT * FROM users WHERE login >= '' ORDER BY login;

-- name: PutSession :exec
INSERT INTO sessions (id, user, stage, begun, seen, until, proved, source, agent, means, local, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET user = excluded.user, stage = excluded.stage, begun = excluded.begun, seen = excluded.seen, until = excluded.until,
    proved = excluded.proved, source = excluded.source, agent = excluded.agent, means = excluded.means, local = excluded.local, sum = excluded.sum;

-- name: EndSession :exec
DELETE FROM sessions WHERE id = @id;

-- name: SeenSession :exec
UPDATE sessions SET seen = @seen WHERE id = @id;

-- name: Sessions :many
SELECT * FROM sessions WHERE until > @at ORDER BY until, id;

-- name: PutKey :exec
INSERT INTO api_keys (id, name, user, scopes, created, until, used, source, revoked, revoker, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, user = excluded.user, scopes = excluded.scopes, created = excluded.created, until = excluded.until,
    used = excluded.used, source = excluded.source, revoked = excluded.revoked, revoker = excluded.revoker, sum = excluded.sum;

-- name: UsedKey :exec
UPDATE api_keys SET used = @used WHERE id = @id;

-- name: Keys :many
SELECT * FROM api_keys WHERE created >= 0 ORDER BY created DESC, id DESC;

-- name: PutProposal :exec
INSERT INTO proposals (id, since, body) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET since = excluded.since, body = excluded.body;

-- name: Proposals :many
SELECT * FROM proposals WHERE since >= @since ORDER BY since DESC, id DESC;

-- name: LastEntry :one
SELECT CAST(COALESCE(MAX(position), 0) AS INTEGER) FROM entries WHERE position >= 0;

-- name: AddEntry :exec
INSERT INTO entries (position, time, act, weakens, sum, forgotten, seal, who, user, via, source, tenant, subject, detail, why, failed)
VALUES (?, ?, ?, ?, ?, FALSE, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: AddNode :exec
INSERT INTO entry_tree (id, hash) VALUES (?, ?);

-- name: Node :one
SELECT hash FROM entry_tree WHERE id = @id;

-- name: AddHead :exec
INSERT INTO entry_heads (time, size, note) VALUES (?, ?, ?);

-- name: Heads :many
SELECT * FROM entry_heads WHERE id > 0 ORDER BY id DESC LIMIT @most;

-- name: EntriesAfter :many
SELECT * FROM entries WHERE position > @position ORDER BY position LIMIT @most;

-- Lists of entries, newest first, as in read.sql.

-- name: EntriesByTime :many
SELECT * FROM entries INDEXED BY entries_time
WHERE time >= @since AND time <= @before AND (time < @before OR position < @row)
ORDER BY time DESC, position DESC LIMIT @most;

-- name: EntriesWeakening :many
SELECT * FROM entries INDEXED BY entries_weakens
WHERE weakens = TRUE AND time >= @since AND time <= @before AND (time < @before OR position < @row)
    AND (tenant = @tenant OR @tenant = '') AND (who = @who OR @who = '') AND (act = @act OR @act = '')
ORDER BY time DESC, position DESC LIMIT @most;

-- name: EntriesByWho :many
SELECT * FROM entries INDEXED BY entries_who
WHERE who = @who AND time >= @since AND time <= @before AND (time < @before OR position < @row)
    AND (tenant = @tenant OR @tenant = '') AND (act = @act OR @act = '')
ORDER BY time DESC, position DESC LIMIT @most;

-- name: EntriesByAct :many
SELECT * FROM entries INDEXED BY entries_act
WHERE act = @act AND time >= @since AND time <= @before AND (time < @before OR position < @row)
    AND (tenant = @tenant OR @tenant = '')
ORDER BY time DESC, position DESC LIMIT @most;

-- name: EntriesByTenant :many
SELECT * FROM entries INDEXED BY entries_tenant
WHERE tenant = @tenant AND time >= @since AND time <= @before AND (time < @before OR position < @row)
ORDER BY time DESC, position DESC LIMIT @most;

-- name: ForgetEntries :execrows
UPDATE entries SET forgotten = TRUE, seal = x'', who = '', user = '', via = '', source = '', tenant = '', subject = '', detail = '', why = '', failed = ''
WHERE position IN (SELECT e.position FROM entries AS e INDEXED BY entries_kept WHERE e.forgotten = FALSE AND e.time < @before LIMIT @most);

-- name: PruneSessions :execrows
DELETE FROM sessions WHERE id IN (SELECT s.id FROM sessions AS s WHERE s.until < @before LIMIT @most);

-- name: PruneKeys :execrows
DELETE FROM api_keys WHERE id IN (SELECT k.id FROM api_keys AS k WHERE k.until < @before LIMIT @most);

-- name: PruneProposals :execrows
DELETE FROM proposals WHERE id IN (SELECT p.id FROM proposals AS p WHERE p.since < @before LIMIT @most);
