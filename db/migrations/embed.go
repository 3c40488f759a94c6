// Package migrations holds the schema: numbered, forward-only SQL files.
//
// Rules, most of which tests hold:
//
//   - One DDL statement per file (MySQL commits each DDL by itself, so a file
//     that failed at its second one could never be finished), and one change in
//     each ALTER: never a column and its index at once, and a primary key is
//     never dropped. Other engines of the family refuse these.
//   - Tables, keys and constraints carry {wp}; engine, charset and collation are
//     named.
//   - Only additions, and indexes that no query needs may go, so that the program one release
//     older keeps running.
//   - The comment says what the table is for, as it is now. docs/schema.sql
//     shows it beside the table: `go test ./docs -update` after each change.
//   - A name, an address or a cookie of a person stands in a column that can be
//     emptied without touching the books (docs/architecture.md, "Persons").
package migrations

import "embed"

// Files are the migrations in order of their names.
//
//go:embed *.sql
var Files embed.FS
