-- One row by its number: what is kept of a person is looked for by hand (person.go), and read here.

-- name: CallWithID :one
SELECT * FROM calls WHERE id = @id;

-- name: DecisionWithID :one
SELECT * FROM decisions WHERE id = @id;

-- name: AlertWithID :one
SELECT * FROM alerts WHERE id = @id;

-- name: EventWithID :one
SELECT * FROM events WHERE position = @id;

-- name: LoginWithID :one
SELECT * FROM logins WHERE id = @id;

-- name: RegistrationWithID :one
SELECT * FROM registrations WHERE id = @id;

-- name: DeviceWithID :one
SELECT * FROM devices WHERE id = @id;

-- name: AccountWithID :one
SELECT * FROM accounts WHERE id = @id;

-- name: InForceWithID :one
SELECT * FROM inforce WHERE id = @id;

-- name: SilenceWithID :one
SELECT * FROM silences WHERE id = @id;

-- name: ForgetSums :execrows
DELETE FROM sums_account WHERE tenant = @tenant AND account = @account;

-- What is to become a pseudonym, oldest first, and what it becomes. What is under legal hold stays as it is.

-- name: NamedCalls :many
SELECT * FROM calls AS c INDEXED BY calls_time WHERE c.tenant = @tenant AND c.time >= @since AND c.time < @before AND (c.time > @since OR c.id > @row)
    AND NOT EXISTS (SELECT 1 FROM alerts AS h INDEXED BY alerts_held WHERE h.hold = 1 AND h.tenant = c.tenant AND h.account = c.account
        AND h.time <= c.time AND h.last >= c.time)
ORDER BY c.time, c.id LIMIT @most;

-- name: UnnameCall :exec
UPDATE calls SET account = @account, root = @root, caller = @caller, name = @name, dialled = @dialled, taker = @taker, number = @number WHERE id = @id;

-- name: NamedDecisions :many
SELECT * FROM decisions AS d INDEXED BY decisions_time WHERE d.tenant = @tenant AND d.time >= @since AND d.time < @before AND (d.time > @since OR d.id > @row)
    AND NOT EXISTS (SELECT 1 FROM alerts AS h INDEXED BY alerts_held WHERE h.hold = 1 AND h.tenant = d.tenant AND h.account = d.account
        AND h.time <= d.time AND h.last >= d.time)
ORDER BY d.time, d.id LIMIT @most;

-- name: UnnameDecision :exec
UPDATE decisions SET account = @account, body = @body WHERE id = @id;

-- name: NamedAlerts :many
SELECT * FROM alerts INDEXED BY alerts_time WHERE tenant = @tenant AND time >= @since AND time < @before AND (time > @since OR id > @row) AND hold = 0
ORDER BY time, id LIMIT @most;

-- name: UnnameAlert :exec
UPDATE alerts SET account = @account, body = @body WHERE id = @id;

-- name: NamedEvents :many
SELECT * FROM events INDEXED BY events_time WHERE tenant = @tenant AND time >= @since AND time < @before AND (time > @since OR position > @row)
ORDER BY time, position LIMIT @most;

-- name: UnnameEvent :exec
UPDATE events SET account = @account, root = @root, caller = @caller, dialled = @dialled WHERE position = @id;

-- name: NamedLogins :many
SELECT * FROM logins INDEXED BY logins_time WHERE tenant = @tenant AND time >= @since AND time < @before AND (time > @since OR id > @row)
ORDER BY time, id LIMIT @most;

-- name: UnnameLogin :exec
UPDATE logins SET account = @account, user = @user, source = @source WHERE id = @id;
