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
