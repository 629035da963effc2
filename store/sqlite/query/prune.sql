-- What is too old goes in small pieces, a tenant at a time where the index on time is a tenant's. What is under legal hold stays: an alert, and what its
-- account did from its first to its last.

-- name: PruneEvents :execrows
DELETE FROM events WHERE position IN (SELECT e.position FROM events AS e WHERE e.tenant = @tenant AND e.time < @before LIMIT @most);

-- name: PruneLogins :execrows
DELETE FROM logins WHERE id IN (SELECT l.id FROM logins AS l WHERE l.tenant = @tenant AND l.time < @before LIMIT @most);

-- name: PruneCalls :execrows
DELETE FROM calls WHERE id IN (SELECT c.id FROM calls AS c INDEXED BY calls_time WHERE c.tenant = @tenant AND c.time < @before
    AND NOT EXISTS (SELECT 1 FROM alerts AS h INDEXED BY alerts_held WHERE h.hold = 1 AND h.tenant = c.tenant AND h.account = c.account AND h.time <= c.time AND h.last >= c.time)
    LIMIT @most);

-- name: PruneDecisions :execrows
DELETE FROM decisions WHERE id IN (SELECT d.id FROM decisions AS d INDEXED BY decisions_time WHERE d.tenant = @tenant AND d.time < @before
    AND NOT EXISTS (SELECT 1 FROM alerts AS h INDEXED BY alerts_held WHERE h.hold = 1 AND h.tenant = d.tenant AND h.account = d.account AND h.time <= d.time AND h.last >= d.time)
    LIMIT @most);

-- name: PruneAlerts :execrows
DELETE FROM alerts WHERE id IN (SELECT a.id FROM alerts AS a INDEXED BY alerts_time WHERE a.tenant = @tenant AND a.time < @before AND a.hold = 0 LIMIT @most);

-- Those of alerts that are gone.
-- name: PruneAlertChanges :execrows
DELETE FROM alert_changes WHERE id IN (SELECT c.id FROM alert_changes AS c INDEXED BY alert_changes_time WHERE c.time < @before
    AND NOT EXISTS (SELECT 1 FROM alerts AS a WHERE a.tenant = c.tenant AND a.alert = c.alert AND a.time = c.first) LIMIT @most);

-- name: PruneInForce :execrows
DELETE FROM inforce WHERE id IN (SELECT f.id FROM inforce AS f WHERE f.over < @before LIMIT @most);

-- name: PruneSilences :execrows
DELETE FROM silences WHERE id IN (SELECT s.id FROM silences AS s WHERE s.over < @before LIMIT @most);

-- name: PruneRegistrations :execrows
DELETE FROM registrations WHERE id IN (SELECT r.id FROM registrations AS r INDEXED BY registrations_last WHERE r.tenant = @tenant AND r.last < @before LIMIT @most);

-- name: PruneDevices :execrows
DELETE FROM devices WHERE id IN (SELECT d.id FROM devices AS d INDEXED BY devices_last WHERE d.tenant = @tenant AND d.last < @before LIMIT @most);

-- name: PruneAccounts :execrows
DELETE FROM accounts WHERE id IN (SELECT a.id FROM accounts AS a INDEXED BY accounts_last WHERE a.tenant = @tenant AND a.last < @before AND a.login < @before
    AND a.declared = 0 LIMIT @most);

-- name: PruneChanges :execrows
DELETE FROM changes WHERE id IN (SELECT c.id FROM changes AS c WHERE c.time < @before LIMIT @most);

-- name: PruneSumsPlace :execrows
DELETE FROM sums_place WHERE (tenant, day, country, class) IN (SELECT s.tenant, s.day, s.country, s.class FROM sums_place AS s WHERE s.tenant = @tenant AND s.day < @before
    LIMIT @most);

-- name: PruneSumsAccount :execrows
DELETE FROM sums_account WHERE (tenant, day, account) IN (SELECT s.tenant, s.day, s.account FROM sums_account AS s WHERE s.tenant = @tenant AND s.day < @before LIMIT @most);

-- name: PruneSumsCause :execrows
DELETE FROM sums_cause WHERE (tenant, day, cause) IN (SELECT s.tenant, s.day, s.cause FROM sums_cause AS s WHERE s.tenant = @tenant AND s.day < @before LIMIT @most);

-- name: NextTenantOfEvents :one
SELECT tenant FROM events INDEXED BY events_time WHERE tenant > @after ORDER BY tenant LIMIT 1;

-- name: NextTenantOfLogins :one
SELECT tenant FROM logins WHERE tenant > @after ORDER BY tenant LIMIT 1;

-- name: NextTenantOfCalls :one
SELECT tenant FROM calls INDEXED BY calls_time WHERE tenant > @after ORDER BY tenant LIMIT 1;

-- name: NextTenantOfDecisions :one
SELECT tenant FROM decisions WHERE tenant > @after ORDER BY tenant LIMIT 1;

-- name: NextTenantOfAlerts :one
SELECT tenant FROM alerts WHERE tenant > @after ORDER BY tenant LIMIT 1;

-- name: NextTenantOfRegistrations :one
SELECT tenant FROM registrations WHERE tenant > @after ORDER BY tenant LIMIT 1;

-- name: NextTenantOfDevices :one
SELECT tenant FROM devices WHERE tenant > @after ORDER BY tenant LIMIT 1;

-- name: NextTenantOfAccounts :one
SELECT tenant FROM accounts WHERE tenant > @after ORDER BY tenant LIMIT 1;

-- name: NextTenantOfSumsPlace :one
SELECT tenant FROM sums_place WHERE tenant > @after ORDER BY tenant LIMIT 1;

-- name: NextTenantOfSumsAccount :one
SELECT tenant FROM sums_account WHERE tenant > @after ORDER BY tenant LIMIT 1;

-- name: NextTenantOfSumsCause :one
SELECT tenant FROM sums_cause WHERE tenant > @after ORDER BY tenant LIMIT 1;
