-- name: AddEvent :exec
INSERT INTO events (position, time, kind, source, late, sequence, tenant, site, call, direction, lineage, account, root, trunk, caller, dialled,
    talk, disposition)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: AddLogin :exec
INSERT INTO logins (id, time, kind, tenant, site, account, service, user, source, agent, result, session)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: OldCall :one
SELECT id, time, account, direction, country, class, answer, talk, cost, spent, word, enforced FROM calls
WHERE call = @call AND site = @site AND tenant = @tenant;

-- name: AddCall :exec
INSERT INTO calls (tenant, site, call, link, direction, account, root, trunk, caller, name, dialled, lineage, time, answer, ended, talk,
    disposition, taker, parts, late, number, country, class, cost, spent, word, cause, enforced)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: ReplaceCall :exec
UPDATE calls SET link = ?, direction = ?, account = ?, root = ?, trunk = ?, caller = ?, name = ?, dialled = ?, lineage = ?, time = ?, answer = ?, ended = ?,
    talk = ?, disposition = ?, taker = ?, parts = ?, late = ?, number = ?, country = ?, class = ?, cost = ?, spent = ?, word = ?, cause = ?, enforced = ?
WHERE id = ?;

-- name: AddDecision :exec
INSERT INTO decisions (time, tenant, call, account, word, reference, cause, enforced, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: PutAlert :exec
INSERT INTO alerts (time, tenant, alert, account, cause, last, body, state, outcome, who, note, changed) VALUES (?, ?, ?, ?, ?, ?, ?, 'open', '', '', '', 0)
ON CONFLICT (tenant, alert, time) DO UPDATE SET body = excluded.body, account = excluded.account, cause = excluded.cause, last = excluded.last;

-- name: ChangeAlert :many
UPDATE alerts SET state = @state, outcome = @outcome, assignee = @assignee, hold = @hold, who = @who, note = @note, changed = @changed,
    taken = CASE WHEN taken = 0 AND @taken <> 0 THEN @taken ELSE taken END
WHERE id = (SELECT a.id FROM alerts AS a WHERE a.tenant = @tenant AND a.alert = @alert ORDER BY a.time DESC LIMIT 1)
RETURNING time;

-- name: AddAlertChange :exec
INSERT INTO alert_changes (time, tenant, alert, first, state, outcome, assignee, hold, who, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: PutSilence :exec
INSERT INTO silences (tenant, silence, account, cause, since, until, who, why, lifted, lifter) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (tenant, silence) DO UPDATE SET account = excluded.account, cause = excluded.cause, since = excluded.since, until = excluded.until, who = excluded.who,
    why = excluded.why, lifted = excluded.lifted, lifter = excluded.lifter;

-- name: LiftSilence :execrows
UPDATE silences SET lifted = @lifted, lifter = @lifter WHERE tenant = @tenant AND silence = @silence AND lifted = 0;

-- name: AddChange :exec
INSERT INTO changes (time, kind, tenant, site, what, was, is_now, who) VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: SeeRegistration :execrows
UPDATE registrations SET last = max(last, @seen), first = min(first, @seen), logins = logins + 1
WHERE tenant = @tenant AND account = @account AND source = @source AND agent = @agent AND site = @site;

-- name: AddRegistration :exec
INSERT INTO registrations (tenant, site, account, source, agent, first, last, logins) VALUES (@tenant, @site, @account, @source, @agent, @seen, @seen, 1);

-- The oldest of an account makes room for others.
-- name: TrimRegistrations :exec
DELETE FROM registrations WHERE id IN (SELECT r.id FROM registrations AS r INDEXED BY registrations_account WHERE r.tenant = @tenant AND r.account = @account
    ORDER BY r.last DESC LIMIT -1 OFFSET @most);

-- name: SeeDevice :execrows
UPDATE devices SET source = CASE WHEN last <= @seen THEN @source ELSE source END, last = max(last, @seen), first = min(first, @seen), logins = logins + 1
WHERE tenant = @tenant AND account = @account AND agent = @agent AND site = @site;

-- name: AddDevice :exec
INSERT INTO devices (tenant, site, account, agent, source, first, last, logins) VALUES (@tenant, @site, @account, @agent, @source, @seen, @seen, 1);

-- name: TrimDevices :exec
DELETE FROM devices WHERE id IN (SELECT d.id FROM devices AS d INDEXED BY devices_account WHERE d.tenant = @tenant AND d.account = @account
    ORDER BY d.last DESC LIMIT -1 OFFSET @most);

-- name: UseAccount :exec
INSERT INTO accounts (tenant, account, kind, grouped, declared, first, last, calls, out, country, login)
VALUES (@tenant, @account, 0, '', 0, @first, @last, @calls, @out, @country, @login)
ON CONFLICT (tenant, account) DO UPDATE SET first = CASE WHEN excluded.first = 0 OR first <> 0 AND first < excluded.first THEN first ELSE excluded.first END,
    last = max(last, excluded.last), calls = calls + excluded.calls, country = CASE WHEN excluded.out > out THEN excluded.country ELSE country END,
    out = max(out, excluded.out), login = max(login, excluded.login);

-- name: UndeclareAccounts :exec
UPDATE accounts SET declared = 0 WHERE tenant = @tenant AND declared = 1;

-- name: DeclareAccount :exec
INSERT INTO accounts (tenant, account, kind, grouped, declared, first, last, calls, out, country, login) VALUES (@tenant, @account, @kind, @grouped, 1, 0, 0, 0, 0, '', 0)
ON CONFLICT (tenant, account) DO UPDATE SET kind = excluded.kind, grouped = excluded.grouped, declared = 1;

-- name: AddToPlace :exec
INSERT INTO sums_place (tenant, day, country, class, calls, answered, refused, talk, cost, spent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (tenant, day, country, class) DO UPDATE SET calls = calls + excluded.calls, answered = answered + excluded.answered, refused = refused + excluded.refused,
    talk = talk + excluded.talk, cost = cost + excluded.cost, spent = spent + excluded.spent;

-- name: AddToAccount :exec
INSERT INTO sums_account (tenant, day, account, calls, answered, refused, talk, cost, spent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (tenant, day, account) DO UPDATE SET calls = calls + excluded.calls, answered = answered + excluded.answered, refused = refused + excluded.refused,
    talk = talk + excluded.talk, cost = cost + excluded.cost, spent = spent + excluded.spent;

-- name: AddToCause :exec
INSERT INTO sums_cause (tenant, day, cause, decisions, enforced, stopped) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (tenant, day, cause) DO UPDATE SET decisions = decisions + excluded.decisions, enforced = enforced + excluded.enforced,
    stopped = stopped + excluded.stopped;

-- name: PutMark :exec
INSERT INTO marks (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: PutInForce :exec
INSERT INTO inforce (tenant, decision, kind, subject, who, why, since, until, says, width, undone, undoer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (tenant, decision) DO UPDATE SET kind = excluded.kind, subject = excluded.subject, who = excluded.who, why = excluded.why, since = excluded.since,
    until = excluded.until, says = excluded.says, width = excluded.width, undone = excluded.undone, undoer = excluded.undoer;

-- name: UndoInForce :execrows
UPDATE inforce SET undone = @undone, undoer = @undoer WHERE tenant = @tenant AND decision = @decision AND undone = 0;
