package db_test

import (
	"regexp"
	"strings"
	"testing"
)

// forbidden is SQL that not every database we are written for takes (MariaDB
// from 10.6, MySQL 8, Galera clusters), or that goes around a rule of the house.
// Since the tests run on MariaDB only, this is what stands in for MySQL.
var forbidden = []struct {
	pattern *regexp.Regexp
	why     string
}{
	{sqlPattern(`->>?\s*['"?]`), "MariaDB has no JSON path operator: JSON_UNQUOTE(JSON_EXTRACT(…))"},
	{sqlPattern(`\bRETURNING\b`), "MySQL has no RETURNING: read by the unique key"},
	{sqlPattern(`\)\s*AS\s+\w+\s+ON\s+DUPLICATE\b`), "MariaDB has no row alias: VALUES(column)"},
	{sqlPattern(`[^.\w]VALUE\s*\(`), "MySQL has no VALUE(): VALUES(column)"},
	{sqlPattern(`\bINTERSECT\b|\bEXCEPT\b`), "MySQL has it only from 8.0.31: EXISTS or NOT EXISTS"},
	{sqlPattern(`\bLATERAL\b|\bMEMBER\s+OF\b|\bVALUES\s+ROW\b`), "MariaDB does not have it"},
	{sqlPattern(`\bFOR\s+SHARE\b|\bFOR\s+UPDATE\s+OF\b`), "MariaDB does not have it: LOCK IN SHARE MODE, FOR UPDATE"},
	{sqlPattern(`\bNEXT(VAL\s*\(|\s+VALUE\s+FOR\b)|\bCREATE\s+SEQUENCE\b|\bPERCENTILE_|\bMEDIAN\s*\(`),
		"MySQL does not have it"},
	{sqlPattern(`\b(REGEXP_LIKE|ANY_VALUE|GROUPING|UUID_TO_BIN|BIN_TO_UUID|JSON_STORAGE_SIZE)\s*\(`),
		"MariaDB does not have it"},
	{sqlPattern(`\b(NOW|SYSDATE|CURDATE|CURTIME|UTC_\w+|LOCALTIME\w*)\s*\(|\bUNIX_TIMESTAMP\s*\(\s*\)|\bCURRENT_(TIMESTAMP|DATE|TIME)\b`),
		"the time is an argument, so that tests and replays can set it"},
	{sqlPattern(`\bCONVERT_TZ\s*\(`), "days are made in Go: the database may have no time zones"},
	{sqlPattern(`\b(GET|RELEASE|IS_FREE|IS_USED)_(ALL_)?LOCKS?\s*\(`), "it does not hold across a cluster: a lease"},
	{sqlPattern(`\b(ADD|DROP|MODIFY|CHANGE)\s+(COLUMN\s+)?IF\s+(NOT\s+)?EXISTS\b|\b(INDEX|KEY)\s+IF\s+(NOT\s+)?EXISTS\b|\bOR\s+REPLACE\s+TABLE\b`), "MySQL does not have it"},
	{sqlPattern(`\bALTER\s+TABLE\s+\{wp\}[^;]*,\s*(ADD|DROP|MODIFY|CHANGE|ALTER|RENAME|ENGINE|ORDER)\b`),
		"some engines take one change for each ALTER"},
	{sqlPattern(`\bADD\s+COLUMN\b[^;]*\b(UNIQUE|PRIMARY|KEY|INDEX)\b`),
		"some engines take no column and its index at once: two files"},
	{sqlPattern(`\b(DROP|ADD)\s+PRIMARY\s+KEY\b`), "some engines cannot change a primary key: a new table"},
	{sqlPattern(`\bKEY\s+\S+\s*\(([^()]*,)?\s*\(|\bINVISIBLE\b|\bIGNORED\b`),
		"indexes of expressions and hidden ones differ"},
	{sqlPattern(`_0900_|_uca1400_`), "only one of the two databases has this collation"},
	{sqlPattern(`(?m)^\s*\w+\s+(INET[46]|UUID|VECTOR|FLOAT|DOUBLE|REAL)\b`),
		"a type that one of the two lacks, or that is no exact number"},
	{sqlPattern(`(?m)\bAS\s+(lead|lag|rank|ranks|groups|system|window|row_number|rows|recursive|of|empty|function|cube|over)\b|^\s*(lead|lag|rank|groups|system|window|row_number|rows|recursive|of|empty|function|cube|over)\s+(?-i:[A-Z]+)[ (,]`),
		"a word that MySQL 8 reserves"},
}

func sqlPattern(p string) *regexp.Regexp { return regexp.MustCompile(`(?i)` + p) }

// misuse names what of a statement is forbidden, and why. Its comments are prose.
func misuse(sql string) []string {
	sql = comment.ReplaceAllString(sql, "")
	var all []string
	for _, f := range forbidden {
		if found := f.pattern.FindString(sql); found != "" {
			all = append(all, strings.TrimSpace(found)+": "+f.why)
		}
	}
	return all
}

var comment = regexp.MustCompile(`(?s)/\*.*?\*/`)

func TestSQLRunsOnMariaDBAndMySQL(t *testing.T) {
	for _, s := range statements(t) {
		for _, m := range misuse(s.sql) {
			t.Errorf("%s: %s", s.at, m)
		}
	}
}

func TestMisuseIsFound(t *testing.T) {
	for _, sql := range []string{
		"SELECT data->>'$.a' FROM x", "SELECT data->'$.a' FROM x",
		"INSERT INTO x VALUES (?) RETURNING id",
		"INSERT INTO x (a) VALUES (?) AS new ON DUPLICATE KEY UPDATE a = new.a",
		"INSERT INTO x (a) VALUES (?) ON DUPLICATE KEY UPDATE a = VALUE(a)",
		"SELECT 1 EXCEPT SELECT 2", "SELECT 1 INTERSECT SELECT 2",
		"SELECT * FROM x, LATERAL (SELECT 1) y", "SELECT * FROM x FOR SHARE", "SELECT * FROM x FOR UPDATE OF x",
		"SELECT NEXTVAL(s)", "SELECT NEXT VALUE FOR s", "SELECT ANY_VALUE(a) FROM x",
		"SELECT NOW(6)", "select now()", "SELECT UNIX_TIMESTAMP()", "at DATETIME DEFAULT CURRENT_TIMESTAMP",
		"SELECT UTC_TIMESTAMP()",
		"SELECT CONVERT_TZ(a, 'UTC', 'Asia/Tokyo')", "SELECT GET_LOCK('a', 1)", "SELECT RELEASE_ALL_LOCKS()",
		"ALTER TABLE x ADD COLUMN IF NOT EXISTS a INT", "CREATE OR REPLACE TABLE x (a INT)",
		"CREATE INDEX IF NOT EXISTS a ON x (a)",
		"ALTER TABLE {wp}x ADD COLUMN a INT NULL, ADD KEY a (a)", "ALTER TABLE {wp}x DROP COLUMN a, DROP COLUMN b",
		"ALTER TABLE x ADD COLUMN a INT NULL UNIQUE", "ALTER TABLE x DROP PRIMARY KEY",
		"ALTER TABLE x ADD PRIMARY KEY (a, b)",
		"KEY a ((LOWER(a)))", "KEY a (b, (LOWER(a)))", "KEY a (a) INVISIBLE", "COLLATE utf8mb4_0900_ai_ci",
		"COLLATE utf8mb4_uca1400_ai_ci",
		"CREATE TABLE x (\n\tamount DOUBLE NOT NULL", "CREATE TABLE x (\n\tid UUID",
		"SELECT COUNT(*) AS rank FROM x", "CREATE TABLE x (\n\tgroups INT NOT NULL",
	} {
		if len(misuse(sql)) == 0 {
			t.Errorf("nothing is found in %q", sql)
		}
	}
	for _, sql := range []string{
		"SELECT a FROM {wp}partner_center_x WHERE at < ? FOR UPDATE SKIP LOCKED",
		"INSERT INTO {wp}partner_center_x (a) VALUES (?) ON DUPLICATE KEY UPDATE a = VALUES(a)",
		"SELECT option_value, meta_value, m.value FROM {wp}options WHERE name IN (?) AND UNIX_TIMESTAMP(at) > ?",
		"SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) AS position FROM x",
		"/* all except new ones, returning now() */ SELECT 1 WHERE NOT EXISTS (SELECT 1)",
		"KEY {wp}partner_center_x_a (a, name(20))",
		"ALTER TABLE {wp}partner_center_x ADD COLUMN a DECIMAL(19,4) NULL",
		"ALTER TABLE {wp}partner_center_x ADD UNIQUE KEY {wp}partner_center_x_a (a, b)",
		"CREATE TABLE IF NOT EXISTS {wp}partner_center_x (\n\tamount DECIMAL(19,4) NOT NULL,\n\tKEY " +
			"{wp}partner_center_x_a (a)\n)",
	} {
		if found := misuse(sql); len(found) > 0 {
			t.Errorf("%q is good, but: %s", sql, found)
		}
	}
}
