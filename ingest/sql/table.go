package sql

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

// table is what a table of records looks like.
type table struct {
	kind    Kind
	name    string // quoted
	columns []asterisk.Column
	names   []string // of them, quoted
	start   string   // the quoted column of the start
	zoned   bool     // the start is an instant and no time on a wall clock
	indexed bool     // the start leads an index
}

// quote writes a name so that it is nothing but a name.
func (k Kind) quote(name string) string {
	if k == PostgreSQL {
		return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
	}
	return "`" + strings.ReplaceAll(name, "`", "``") + "`"
}

// The questions to the information schema: columns with their types, and whether a column leads an index.
const (
	mysqlColumns = "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '%s'"
	mysqlIndex   = `SELECT COUNT(*) FROM information_schema.statistics
		WHERE table_schema = DATABASE() AND table_name = '%s' AND seq_in_index = 1 AND column_name = '%s'`
	pgColumns = "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = ANY (current_schemas(false)) AND table_name = '%s'"
	pgIndex   = `SELECT COUNT(*) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
		WHERE i.indisvalid AND i.indpred IS NULL AND i.indrelid = '"%s"'::regclass AND a.attname = '%s'`
)

// describe finds out what the table looks like.
func (r *Reader) describe(ctx context.Context, conn *sql.Conn) (*table, error) {
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	t := &table{kind: r.options.Kind, name: r.options.Kind.quote(r.config.Table)}
	columns, index := mysqlColumns, mysqlIndex
	if t.kind == PostgreSQL {
		columns, index = pgColumns, pgIndex
	}
	rows, err := conn.QueryContext(ctx, fmt.Sprintf(columns, r.config.Table))
	if err != nil {
		return nil, r.explain(err)
	}
	defer rows.Close()
	start, startType := "", ""
	have := map[asterisk.Column]bool{}
	any := false
	for rows.Next() {
		var column, kind string
		if err := rows.Scan(&column, &kind); err != nil {
			return nil, r.explain(err)
		}
		any = true
		c := asterisk.ColumnOf(column)
		if c == asterisk.Ignored || have[c] {
			continue
		}
		have[c] = true
		t.columns, t.names = append(t.columns, c), append(t.names, t.kind.quote(column))
		if c == asterisk.Start {
			start, startType = column, strings.ToLower(kind)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, r.explain(err)
	}
	if !any {
		return nil, belwacht.Errorf(belwacht.Unreachable, "there is no table %s in %s that %q may read; FreePBX's is cdr in asteriskcdrdb", r.config.Table,
			r.config.Database, r.config.User)
	}
	for _, c := range [...]asterisk.Column{asterisk.Start, asterisk.Src, asterisk.Dst, asterisk.Duration, asterisk.BillSec, asterisk.UniqueID} {
		if !have[c] {
			return nil, belwacht.Errorf(belwacht.Unreachable, "the table %s has no column %s (start may be called calldate), so it is none of Asterisk's call records",
				r.config.Table, c)
		}
	}
	if !strings.HasPrefix(startType, "datetime") && !strings.HasPrefix(startType, "timestamp") {
		return nil, belwacht.Errorf(belwacht.Unreachable, "the column %s of the table %s is a %.40s and no time; make it a datetime", start, r.config.Table,
			startType)
	}
	t.start = t.kind.quote(start)
	t.zoned = startType == "timestamp with time zone" || t.kind == MySQL && startType == "timestamp"
	var n int
	if err := conn.QueryRowContext(ctx, fmt.Sprintf(index, r.config.Table, start)).Scan(&n); err != nil {
		return nil, r.explain(err)
	}
	if t.indexed = n > 0; !t.indexed {
		r.feed.Note(fmt.Sprintf("the table %s has no index that begins with %s, so each look goes through all of it; "+
			"as its administrator: CREATE INDEX %s_%s ON %s (%s)", r.config.Table, start, r.config.Table, start, t.name, t.start))
	}
	return t, nil
}

// literal writes a second of the table's own clock.
func (t *table) literal(naive int64) string {
	s := "'" + time.Unix(naive, 0).UTC().Format("2006-01-02 15:04:05")
	switch {
	case t.kind == PostgreSQL && t.zoned:
		return s + "+00'::timestamptz"
	case t.kind == PostgreSQL:
		return s + "'::timestamp"
	}
	return s + "'"
}

// counts asks how many rows begin in each slot from a second on.
func (t *table) counts(from int64) string {
	slot := "TIMESTAMPDIFF(SECOND, '1970-01-01 00:00:00', " + t.start + ") DIV " + strconv.Itoa(slotSeconds)
	if t.kind == PostgreSQL {
		slot = "FLOOR(EXTRACT(EPOCH FROM " + t.start + ") / " + strconv.Itoa(slotSeconds) + ")::bigint"
	}
	return "SELECT " + slot + ", COUNT(*) FROM " + t.name + " WHERE " + t.start + " >= " + t.literal(from) + " GROUP BY 1 ORDER BY 1"
}

// total asks how many rows begin from a second on.
func (t *table) total(from int64) string {
	return "SELECT COUNT(*) FROM " + t.name + " WHERE " + t.start + " >= " + t.literal(from)
}

// older asks how many rows begin before a second.
func (t *table) older(than int64) string {
	return "SELECT COUNT(*) FROM " + t.name + " WHERE " + t.start + " < " + t.literal(than)
}

// edge asks for the first or last start from a second on.
func (t *table) edge(function string, from int64) string {
	return "SELECT " + t.text(function+"("+t.start+")") + " FROM " + t.name + " WHERE " + t.start + " >= " + t.literal(from)
}

// span asks for the rows that begin from one second to before another, at most limit of them.
func (t *table) span(from, to int64, limit int) string {
	return t.selected() + " WHERE " + t.start + " >= " + t.literal(from) + " AND " + t.start + " < " + t.literal(to) +
		" ORDER BY " + t.start + " LIMIT " + strconv.Itoa(limit)
}

// last asks for the latest rows.
func (t *table) last(limit int) string {
	return t.selected() + " ORDER BY " + t.start + " DESC LIMIT " + strconv.Itoa(limit)
}

// longestField is how much of a field is read; Asterisk's own are 80 to 255 characters.
const longestField = "512"

// text is an expression as text of a bounded length.
func (t *table) text(expression string) string {
	if t.kind == PostgreSQL {
		return "LEFT((" + expression + ")::text, " + longestField + ")"
	}
	return "LEFT(" + expression + ", " + longestField + ")"
}

// selected asks for all columns, as text.
func (t *table) selected() string {
	list := make([]string, len(t.names))
	for i, n := range t.names {
		list[i] = t.text(n)
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM " + t.name
}
