-- name: AddEvent :exec
INSERT INTO events (position, time, kind, source, late, sequence, tenant, site, call, direction, lineage, account, root, trunk, caller, dialled,
    talk, disposition)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: AddLogin :exec
INSERT INTO logins (id, time, kind, tenant, site, account, service, user, source, agent, result, session)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: PutCall :exec
INSERT INTO calls (tenant, site, call, link, direction, account, root, trunk, caller, name, dialled, lineage, time, answer, ended, talk,
    disposition, taker, parts, late, number, country, class, cost, spent, word)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (call, site, tenant) DO UPDATE SET link = excluded.link, direction = excluded.direction, account = excluded.account, root = excluded.root,
    trunk = excluded.trunk, caller = excluded.caller, name = excluded.name, dialled = excluded.dialled, lineage = excluded.lineage, time = excluded.time,
    answer = excluded.answer, ended = excluded.ended, talk = excluded.talk, disposition = excluded.disposition, taker = excluded.taker, parts = excluded.parts,
    late = excluded.late, number = excluded.number, country = excluded.country, class = excluded.class, cost = excluded.cost, spent = excluded.spent,
    word = excluded.word;

-- name: AddDecision :exec
INSERT INTO decisions (time, tenant, call, account, word, reference, body) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: PutAlert :exec
INSERT INTO alerts (time, tenant, alert, body, state, outcome, who, note, changed) VALUES (?, ?, ?, ?, 'open', '', '', '', 0)
ON CONFLICT (tenant, alert, time) DO UPDATE SET body = excluded.body;

-- name: ChangeAlert :execrows
UPDATE alerts SET state = @state, outcome = @outcome, who = @who, note = @note, changed = @changed
WHERE id = (SELECT a.id FROM alerts AS a WHERE a.tenant = @tenant AND a.alert = @alert ORDER BY a.time DESC LIMIT 1);

-- name: PutInForce :exec
INSERT INTO inforce (tenant, decision, kind, subject, who, why, since, until, says, width, undone, undoer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (tenant, decision) DO UPDATE SET kind = excluded.kind, subject = excluded.subject, who = excluded.who, why = excluded.why, since = excluded.since,
    until = excluded.until, says = excluded.says, width = excluded.width, undone = excluded.undone, undoer = excluded.undoer;

-- name: UndoInForce :execrows
UPDATE inforce SET undone = @undone, undoer = @undoer WHERE tenant = @tenant AND decision = @decision AND undone = 0;
