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

-- name: CallsByAccount :many
SELECT * FROM calls INDEXED BY calls_account
WHERE tenant = @tenant AND account = @account AND time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: CallsByNumber :many
SELECT * FROM calls INDEXED BY calls_number
WHERE tenant = @tenant AND number = @number AND number <> 0 AND time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: CallsNamed :many
SELECT * FROM calls WHERE call = @call AND site >= '' AND tenant = @tenant LIMIT @most;

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
    AND word >= @least AND word <= @gravest AND (cause = @cause OR @cause = '')
ORDER BY time DESC, id DESC LIMIT @most;

-- name: DecisionsByCause :many
SELECT * FROM decisions INDEXED BY decisions_cause
WHERE tenant = @tenant AND cause = @cause AND cause <> '' AND time >= @since AND time <= @before AND (time < @before OR id < @row)
    AND word >= @least AND word <= @gravest
ORDER BY time DESC, id DESC LIMIT @most;

-- name: DecisionsByCall :many
SELECT * FROM decisions INDEXED BY decisions_call
WHERE tenant = @tenant AND call = @call AND time >= @since AND time <= @before AND (time < @before OR id < @row)
    AND word >= @least AND word <= @gravest AND (account = @account OR @account = '') AND (cause = @cause OR @cause = '')
ORDER BY time DESC, id DESC LIMIT @most;

-- name: DecisionsByReference :many
SELECT * FROM decisions INDEXED BY decisions_reference
WHERE tenant = @tenant AND reference = @reference AND reference <> '' AND time >= @since AND time <= @before AND (time < @before OR id < @row)
    AND word >= @least AND word <= @gravest AND (account = @account OR @account = '') AND (call = @call OR @call = '') AND (cause = @cause OR @cause = '')
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

-- name: AlertsByAccount :many
SELECT * FROM alerts INDEXED BY alerts_account
WHERE tenant = @tenant AND account = @account AND time >= @since AND time <= @before AND (time < @before OR id < @row)
    AND (state = @state OR @state = '')
ORDER BY time DESC, id DESC LIMIT @most;

-- name: AlertCounts :many
SELECT state, count(*) AS alerts FROM alerts INDEXED BY alerts_state WHERE tenant = @tenant GROUP BY state;

-- name: AlertHistory :many
SELECT * FROM alert_changes INDEXED BY alert_changes_alert
WHERE tenant = @tenant AND alert = @alert AND first = @first AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: Silences :many
SELECT * FROM silences WHERE over > @at AND since <= @at
ORDER BY over, id;

-- name: SilencesByTime :many
SELECT * FROM silences INDEXED BY silences_since
WHERE tenant = @tenant AND since >= 0 AND since <= @before AND (since < @before OR id < @row)
ORDER BY since DESC, id DESC LIMIT @most;

-- name: EventsByTime :many
SELECT * FROM events INDEXED BY events_time
WHERE tenant = @tenant AND time >= @since AND time <= @before AND (time < @before OR position < @row)
    AND (kind = @kind OR @kind = 0)
ORDER BY time DESC, position DESC LIMIT @most;

-- name: EventsByKind :many
SELECT * FROM events INDEXED BY events_kind
WHERE tenant = @tenant AND kind = @kind AND kind > 3 AND time >= @since AND time <= @before AND (time < @before OR position < @row)
ORDER BY time DESC, position DESC LIMIT @most;

-- name: RegistrationsByTime :many
SELECT * FROM registrations INDEXED BY registrations_last
WHERE tenant = @tenant AND last <= @before AND (last < @before OR id < @row)
ORDER BY last DESC, id DESC LIMIT @most;

-- name: RegistrationsByAccount :many
SELECT * FROM registrations INDEXED BY registrations_account
WHERE tenant = @tenant AND account = @account AND last <= @before AND (last < @before OR id < @row)
    AND (source = @source OR @source = '')
ORDER BY last DESC, id DESC LIMIT @most;

-- name: RegistrationsBySource :many
SELECT * FROM registrations INDEXED BY registrations_source
WHERE tenant = @tenant AND source = @source AND last <= @before AND (last < @before OR id < @row)
ORDER BY last DESC, id DESC LIMIT @most;

-- name: DevicesByTime :many
SELECT * FROM devices INDEXED BY devices_last
WHERE tenant = @tenant AND last <= @before AND (last < @before OR id < @row)
ORDER BY last DESC, id DESC LIMIT @most;

-- name: DevicesByAccount :many
SELECT * FROM devices INDEXED BY devices_account
WHERE tenant = @tenant AND account = @account AND last <= @before AND (last < @before OR id < @row)
ORDER BY last DESC, id DESC LIMIT @most;

-- name: Account :one
SELECT * FROM accounts WHERE tenant = @tenant AND account = @account;

-- name: AccountsByTime :many
SELECT * FROM accounts INDEXED BY accounts_last
WHERE tenant = @tenant AND last <= @before AND (last < @before OR id < @row)
    AND substr(account, 1, length(@begins)) = @begins
ORDER BY last DESC, id DESC LIMIT @most;

-- name: AccountsByGrouped :many
SELECT * FROM accounts INDEXED BY accounts_group
WHERE tenant = @tenant AND grouped = @grouped AND last <= @before AND (last < @before OR id < @row)
    AND substr(account, 1, length(@begins)) = @begins
ORDER BY last DESC, id DESC LIMIT @most;

-- name: ChangesByTime :many
SELECT * FROM changes INDEXED BY changes_time
WHERE time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- name: ChangesByKind :many
SELECT * FROM changes INDEXED BY changes_kind
WHERE kind = @kind AND time >= @since AND time <= @before AND (time < @before OR id < @row)
ORDER BY time DESC, id DESC LIMIT @most;

-- Sums by country and the like sort what they grouped: some thousand rows at most, never calls.

-- name: SumsByDay :many
SELECT day, CAST(sum(calls) AS INTEGER) AS calls, CAST(sum(answered) AS INTEGER) AS answered, CAST(sum(refused) AS INTEGER) AS refused,
    CAST(sum(talk) AS INTEGER) AS talk, CAST(sum(cost) AS INTEGER) AS cost, CAST(sum(spent) AS INTEGER) AS spent
FROM sums_place WHERE tenant = @tenant AND day >= @since AND day <= @until AND (country = @country OR @country = '')
GROUP BY day ORDER BY day;

-- name: SumsByDayOfAccount :many
SELECT day, calls, answered, refused, talk, cost, spent
FROM sums_account INDEXED BY sums_account_account WHERE tenant = @tenant AND account = @account AND day >= @since AND day <= @until
ORDER BY day;

-- name: SumsByPlace :many
SELECT country, class, CAST(sum(calls) AS INTEGER) AS calls, CAST(sum(answered) AS INTEGER) AS answered, CAST(sum(refused) AS INTEGER) AS refused,
    CAST(sum(talk) AS INTEGER) AS talk, CAST(sum(cost) AS INTEGER) AS cost, CAST(sum(spent) AS INTEGER) AS spent
FROM sums_place WHERE tenant = @tenant AND day >= @since AND day <= @until
GROUP BY country, class ORDER BY cost DESC, calls DESC, country, class LIMIT @most;

-- name: SumsByClass :many
SELECT class, CAST(sum(calls) AS INTEGER) AS calls, CAST(sum(answered) AS INTEGER) AS answered, CAST(sum(refused) AS INTEGER) AS refused,
    CAST(sum(talk) AS INTEGER) AS talk, CAST(sum(cost) AS INTEGER) AS cost, CAST(sum(spent) AS INTEGER) AS spent
FROM sums_place WHERE tenant = @tenant AND day >= @since AND day <= @until
GROUP BY class ORDER BY cost DESC, calls DESC, class;

-- name: SumsByAccount :many
SELECT account, CAST(sum(calls) AS INTEGER) AS calls, CAST(sum(answered) AS INTEGER) AS answered, CAST(sum(refused) AS INTEGER) AS refused,
    CAST(sum(talk) AS INTEGER) AS talk, CAST(sum(cost) AS INTEGER) AS cost, CAST(sum(spent) AS INTEGER) AS spent
FROM sums_account WHERE tenant = @tenant AND day >= @since AND day <= @until
GROUP BY account ORDER BY cost DESC, calls DESC, account LIMIT @most;

-- name: SumsByCause :many
SELECT day, cause, decisions, enforced, stopped FROM sums_cause WHERE tenant = @tenant AND day >= @since AND day <= @until ORDER BY day, cause;

-- name: AlertSums :many
SELECT time, cause, state, outcome, taken FROM alerts INDEXED BY alerts_time WHERE tenant = @tenant AND time >= @since AND time < @until
ORDER BY time DESC LIMIT @most;

-- What a person said was fine although it had been stopped.
-- name: WrongSums :many
SELECT f.since, d.cause FROM inforce AS f INDEXED BY inforce_since JOIN decisions AS d INDEXED BY decisions_call ON d.tenant = f.tenant AND d.call = f.subject
WHERE f.tenant = @tenant AND f.since >= @since AND f.since < @until AND f.kind = 'feedback' AND f.says = 'fine' AND d.word >= 3 AND d.enforced = 1
LIMIT @most;

-- name: Mark :one
SELECT value FROM marks WHERE name = @name;

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
