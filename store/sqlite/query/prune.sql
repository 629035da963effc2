-- What is too old goes in small pieces, a tenant at a time where the index on time is a tenant's.

-- name: PruneEvents :execrows
DELETE FROM events WHERE position IN (SELECT e.position FROM events AS e WHERE e.time < @before LIMIT @most);

-- name: PruneLogins :execrows
DELETE FROM logins WHERE id IN (SELECT l.id FROM logins AS l WHERE l.tenant = @tenant AND l.time < @before LIMIT @most);

-- name: PruneCalls :execrows
DELETE FROM calls WHERE id IN (SELECT c.id FROM calls AS c WHERE c.tenant = @tenant AND c.time < @before LIMIT @most);

-- name: PruneDecisions :execrows
DELETE FROM decisions WHERE id IN (SELECT d.id FROM decisions AS d WHERE d.tenant = @tenant AND d.time < @before LIMIT @most);

-- name: PruneAlerts :execrows
DELETE FROM alerts WHERE id IN (SELECT a.id FROM alerts AS a WHERE a.tenant = @tenant AND a.time < @before LIMIT @most);

-- name: PruneInForce :execrows
DELETE FROM inforce WHERE id IN (SELECT f.id FROM inforce AS f WHERE f.over < @before LIMIT @most);

-- name: NextTenantOfLogins :one
SELECT tenant FROM logins WHERE tenant > @after ORDER BY tenant LIMIT 1;

-- name: NextTenantOfCalls :one
SELECT tenant FROM calls WHERE tenant > @after ORDER BY tenant LIMIT 1;

-- name: NextTenantOfDecisions :one
SELECT tenant FROM decisions WHERE tenant > @after ORDER BY tenant LIMIT 1;

-- name: NextTenantOfAlerts :one
SELECT tenant FROM alerts WHERE tenant > @after ORDER BY tenant LIMIT 1;
