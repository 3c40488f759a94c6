package db

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"partnercenter/db/migrations"
)

// MissingError names the tables and columns of ours that the database lacks
// although it was brought to this version, as after a restore of a part.
type MissingError struct{ Names []string }

func (e *MissingError) Error() string {
	return "The database lacks " + strings.Join(e.Names, ", ") +
		". Restore what is missing from the latest backup of the database, then start the sidecar again. " +
		"It is not made again, because what it held would be missing from the books."
}

// CheckSchema tells whether every table and column of this version is there; a
// *MissingError says which is not. It is one query of some milliseconds: not for
// each request.
func (h *Handle) CheckSchema(ctx context.Context) error {
	var found []struct {
		Table  string `db:"t"`
		Column string `db:"c"`
	}
	err := h.Select(ctx, &found, `/* db.CheckSchema */
		SELECT table_name AS t, column_name AS c FROM information_schema.columns
		WHERE table_schema = DATABASE() AND table_name LIKE ?`, likeLiteral(h.Prefix()+ownTables)+"%")
	if err != nil {
		return err
	}
	has := map[string]bool{}
	for _, f := range found {
		has[strings.ToLower(f.Table)] = true // some servers keep names in lower case
		has[strings.ToLower(f.Table+"."+f.Column)] = true
	}
	lacks := func(name string) bool { return !has[strings.ToLower(name)] }
	wanted := schema()
	var missing []string
	for _, short := range slices.Sorted(maps.Keys(wanted)) {
		table := h.Prefix() + ownTables + short
		if lacks(table) {
			missing = append(missing, "the table "+table)
			continue
		}
		for _, column := range wanted[short] {
			if lacks(table + "." + column) {
				missing = append(missing, "the column "+table+"."+column)
			}
		}
	}
	if len(missing) > 0 {
		return &MissingError{missing}
	}
	return nil
}

// ownTables begins the names of our tables, behind the site's prefix.
const ownTables = "partner_center_"

func likeLiteral(text string) string {
	return strings.NewReplacer(`\`, `\\`, `_`, `\_`, `%`, `\%`).Replace(text)
}

// schema is the columns of each table, by its name behind ownTables, as the
// migrations make them.
var schema = sync.OnceValue(func() map[string][]string {
	files, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		panic(err) // of the pattern
	}
	tables := map[string][]string{"leases": {"name", "holder", "expires_at"}}
	for _, name := range files {
		text, err := fs.ReadFile(migrations.Files, name)
		if err != nil {
			panic(err) // they are part of the program
		}
		if !readDDL(tables, string(text)) {
			panic(fmt.Sprintf("migration %s makes no change that CheckSchema understands", name))
		}
	}
	return tables
})

var (
	createTable = regexp.MustCompile(`(?s)CREATE TABLE (?:IF NOT EXISTS )?\{wp\}partner_center_(\w+) \((.*)\n\)`)
	columnLine  = regexp.MustCompile(`(?m)^\s+([a-z]\w*) `) // keys and constraints begin in capitals
	alterTable  = regexp.MustCompile(
		`ALTER TABLE \{wp\}partner_center_(\w+)\s+(ADD|DROP|MODIFY|RENAME)\s+` +
			`(COLUMN|UNIQUE|KEY|INDEX|CONSTRAINT)\s+(\w+)`)
	dropTable = regexp.MustCompile(`DROP TABLE (?:IF EXISTS )?\{wp\}partner_center_(\w+)`)
	anyIndex  = regexp.MustCompile(`(?m)^(?:CREATE (?:UNIQUE )?|DROP )INDEX `)
	fillsRows = regexp.MustCompile(`(?m)^(?:UPDATE|INSERT IGNORE INTO) \{wp\}partner_center_`) // leaves the schema as it is
)

// readDDL takes the change of one migration over.
func readDDL(tables map[string][]string, ddl string) (understood bool) {
	if m := createTable.FindStringSubmatch(ddl); m != nil {
		for _, column := range columnLine.FindAllStringSubmatch(m[2], -1) {
			tables[m[1]] = append(tables[m[1]], column[1])
		}
		return true
	}
	if m := alterTable.FindStringSubmatch(ddl); m != nil {
		switch m[2] + " " + m[3] {
		case "ADD COLUMN":
			tables[m[1]] = append(tables[m[1]], m[4])
		case "DROP COLUMN":
			tables[m[1]] = slices.DeleteFunc(tables[m[1]], func(c string) bool { return c == m[4] })
		case "RENAME COLUMN":
			return false // the program one release older reads the old name
		}
		return true
	}
	if m := dropTable.FindStringSubmatch(ddl); m != nil {
		delete(tables, m[1])
		return true
	}
	return anyIndex.MatchString(ddl) || fillsRows.MatchString(ddl)
}
