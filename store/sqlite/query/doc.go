// Package query is the SQL of store/sqlite and what sqlc makes of it: a typed function a query. It holds no thought of its own; what a row means is said
// beside the tables in migrations, which goose applies and sqlc reads.
//
// To change a query, change its .sql file and run go generate; a change of the tables is a new file in migrations, never a change of an old one. A list
// that somebody pages through needs an index that begins with what it is searched by and ends with its time: a test of store/sqlite asks SQLite for
// its plan of every query here, and fails where it would read a whole table.
package query

import "embed"

// Migrations are the steps from an empty file to the newest tables, in goose's form, in the folder migrations.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Sources are the queries as they were written.
//
//go:embed write.sql read.sql prune.sql person.sql access.sql
var Sources embed.FS

//go:generate go run github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1 generate
