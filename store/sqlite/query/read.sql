-- name: EventsAfter :many
SELECT sqlc.embed(events), logins.id AS login, logins.service, logins.user, logins.source AS address, logins.agent, logins.result, logins.session
FROM events LEFT JOIN logins ON logins.id = events.position
WHERE events.position > @position
ORDER BY events.position LIMIT @most;

-- Lists are read newest first: rows at or before (before, row), down to since. sqlc reads no comparison of pairs, so it is written out. The index is named:
-- by itself SQLite prefers the one on time, and reads all that happened to find one account's.

-- name: LoginsByTime :many
SELECT * FROM logins INDEXED BY logins_time
WHERE tenant = @tenant AND time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: LoginsByUser :many
SELECT * FROM logins INDEXED BY logins_user
WHERE tenant = @tenant AND user = @user AND time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: LoginsBySource :many
SELECT * FROM logins INDEXED BY logins_source
WHERE tenant = @tenant AND source = @source AND time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: LoginsByUserAndSource :many
SELECT * FROM logins INDEXED BY logins_user
WHERE tenant = @tenant AND user = @user AND time >= @since AND time <= @before AND (time < @before OR id < @row)
    AND source = @source
ORDER BY time DESC, id DESC LIMIT @most;

-- name: Call :one
SELECT * FROM calls WHERE call = @call AND site = @site AND tenant = @tenant;

-- name: CallsByTime :many
SELECT * FROM calls INDEXED BY calls_time
WHERE tenant = @tenant AND time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: CallsByAccount :many
SELECT * FROM calls INDEXED BY calls_account
WHERE tenant = @tenant AND account = @account AND time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: CallsByNumber :many
SELECT * FROM calls INDEXED BY calls_number
WHERE tenant = @tenant AND number = @number AND time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: CallsByNumberAndAccount :many
SELECT * FROM calls INDEXED BY calls_number
WHERE tenant = @tenant AND number = @number AND time >= @since AND time <= @before AND (time < @before OR id < @row)
    AND account = @account
ORDER BY time DESC, id DESC LIMIT @most;

-- name: DecisionsByTime :many
SELECT * FROM decisions INDEXED BY decisions_time
WHERE tenant = @tenant AND time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: DecisionsByWord :many
SELECT * FROM decisions INDEXED BY decisions_word
WHERE tenant = @tenant AND word = @word AND word > 0 AND time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: DecisionsByAccount :many
SELECT * FROM decisions INDEXED BY decisions_account
WHERE tenant = @tenant AND account = @account AND time >= @since AND time <= @before AND (time < @before OR id < @row)
    AND word >= @least AND word <= @gravest
ORDER BY time DESC, id DESC LIMIT @most;

-- name: DecisionsByCall :many
SELECT * FROM decisions INDEXED BY decisions_call
WHERE tenant = @tenant AND call = @call AND time >= @since AND time <= @before AND (time < @before OR id < @row)
    AND word >= @least AND word <= @gravest AND (account = @account OR @account = '')
ORDER BY time DESC, id DESC LIMIT @most;

-- name: DecisionsByReference :many
SELECT * FROM decisions INDEXED BY decisions_reference
WHERE tenant = @tenant AND reference = @reference AND reference <> '' AND time >= @since AND time <= @before AND (time < @before OR id < @row)
    AND word >= @least AND word <= @gravest AND (account = @account OR @account = '') AND (call = @call OR @call = '')
ORDER BY time DESC, id DESC LIMIT @most;

-- name: Alert :one
SELECT * FROM alerts WHERE tenant = @tenant AND alert = @alert
ORDER BY time DESC LIMIT 1;

-- name: AlertsByTime :many
SELECT * FROM alerts INDEXED BY alerts_time
WHERE tenant = @tenant AND time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: AlertsByState :many
SELECT * FROM alerts INDEXED BY alerts_state
WHERE tenant = @tenant AND state = @state AND time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: InForce :many
SELECT * FROM inforce WHERE over > @at AND since <= @at
ORDER BY over, id;

-- name: InForceByTime :many
SELECT * FROM inforce INDEXED BY inforce_since
WHERE tenant = @tenant AND since >= 0 AND since <= @before AND (since < @before OR id < @row)
    AND (kind = @kind OR @kind = '')
ORDER BY since DESC, id DESC LIMIT @most;

-- name: InForceBySubject :many
SELECT * FROM inforce INDEXED BY inforce_subject
WHERE tenant = @tenant AND subject = @subject AND since >= 0 AND since <= @before AND (since < @before OR id < @row)
    AND (kind = @kind OR @kind = '')
ORDER BY since DESC, id DESC LIMIT @most;
