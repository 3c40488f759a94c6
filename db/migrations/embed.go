// Package migrations holds the schema: numbered, forward-only SQL files.
//
// Rules: one DDL statement per file (MySQL commits each DDL by itself, so a
// file that failed at its second one could never be finished); tables, keys
// and constraints carry {wp}; engine, charset and collation are named; only
// additions, so that the program one release older keeps running.
package migrations

import "embed"

// Files are the migrations in order of their names.
//
//go:embed *.sql
var Files embed.FS
