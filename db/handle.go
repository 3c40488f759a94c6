// Package db is the program's way to the site's MySQL or MariaDB database:
// a handle that knows the site's table names, transactions that are retried
// when the database asks for it, and forward-only migrations.
//
// SQL names tables by tokens, never by their prefixed names:
//
//	{wp}        the site's table prefix, as in {wp}partner_center_partners or {wp}options
//	{base}      the prefix of the network's tables ({wp} on a single site)
//	{users}     the table of users, wherever CUSTOM_USER_TABLE put it
//	{usermeta}  likewise for their meta
//
// Tables of this package: leases, schema.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jmoiron/sqlx"
)

// Queryer is what a query needs; a Handle and a Tx are Queryers. Get answers
// sql.ErrNoRows when there is no row. Errors name the query they come from.
type Queryer interface {
	Get(ctx context.Context, dest any, query string, args ...any) error
	Select(ctx context.Context, dest any, query string, args ...any) error
	Exec(ctx context.Context, query string, args ...any) (sql.Result, error)
	Query(ctx context.Context, query string, args ...any) (*sqlx.Rows, error)
}

// Tables says how the site names its tables.
type Tables struct {
	Prefix   string // "wp_"; letters, digits and _
	Base     string // network prefix; "" = Prefix
	Users    string // full name; "" = Base + "users"
	Usermeta string // full name; "" = Base + "usermeta"
}

// Handle is the open database of one site. It is safe for concurrent use.
type Handle struct {
	conn
	x       *sqlx.DB
	guarded bool
	watcher atomic.Pointer[func(tx *Tx, query string)]
}

// conn runs queries after putting the site's table names in; sqlx's DB and Tx
// share this shape.
type conn struct {
	q     sqlxQueryer
	names *names
}

type sqlxQueryer interface {
	GetContext(ctx context.Context, dest any, query string, args ...any) error
	SelectContext(ctx context.Context, dest any, query string, args ...any) error
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error)
}

// validName keeps the table names, which become part of SQL text, harmless.
var validName = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// Open connects to the database that dsn (in go-sql-driver's form) names and
// checks that it answers. Errors say which setting to mend.
func Open(ctx context.Context, dsn string, tables Tables) (*Handle, error) {
	names, err := newNames(tables)
	if err != nil {
		return nil, err
	}
	cfg, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, fmt.Errorf(
			"the database address (--dsn, PARTNER_CENTER_DSN) cannot be read: %w; it looks like "+
				"user:password@tcp(127.0.0.1:3306)/database", err)
	}
	pool, err := openPool(cfg)
	if err != nil {
		return nil, err
	}
	x := sqlx.NewDb(pool, "mysql")
	h := &Handle{conn: conn{q: x, names: names}, x: x}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := x.PingContext(ctx); err != nil {
		x.Close()
		return nil, explainConnect(cfg, err)
	}
	return h, nil
}

// explainConnect turns the driver's words into what an admin can act on.
func explainConnect(cfg *mysql.Config, err error) error {
	var my *mysql.MySQLError
	switch {
	case errors.As(err, &my) && my.Number == 1045:
		return fmt.Errorf(
			"the database at %s refuses user %q: check user and password (--dsn, or DB_USER and DB_PASSWORD in "+
				"wp-config.php): %w", cfg.Addr, cfg.User, err)
	case errors.As(err, &my) && (my.Number == 1049 || my.Number == 1044):
		return fmt.Errorf(
			"user %q finds no database %q at %s: check its name and rights (--dsn, or DB_NAME in wp-config.php): %w",
			cfg.User, cfg.DBName, cfg.Addr, err)
	}
	return fmt.Errorf("no database answers at %s: check that it runs and that the address is right (--dsn, or "+
		"DB_HOST in wp-config.php): %w", cfg.Addr, err)
}

// Close ends all connections.
func (h *Handle) Close() error { return h.x.Close() }

// SQL gives the pool to tools that speak database/sql, such as the migration runner.
func (h *Handle) SQL() *sql.DB { return h.x.DB }

// Prefix is the site's table prefix.
func (h *Handle) Prefix() string { return h.names.tables.Prefix }

// Text is the query with the site's table names in place.
func (h *Handle) Text(query string) string { return h.names.in(query) }

func (c conn) Get(ctx context.Context, dest any, query string, args ...any) error {
	return at(query, c.q.GetContext(ctx, dest, c.names.in(query), args...))
}

func (c conn) Select(ctx context.Context, dest any, query string, args ...any) error {
	return at(query, c.q.SelectContext(ctx, dest, c.names.in(query), args...))
}

func (c conn) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	res, err := c.q.ExecContext(ctx, c.names.in(query), args...)
	return res, at(query, err)
}

func (c conn) Query(ctx context.Context, query string, args ...any) (*sqlx.Rows, error) {
	rows, err := c.q.QueryxContext(ctx, c.names.in(query), args...)
	return rows, at(query, err)
}

// names puts table names into queries and remembers the result.
type names struct {
	tables   Tables
	replacer *strings.Replacer
	cache    sync.Map // query → query with names
	cached   atomic.Int64
}

// Bounds of the memory that queries built at run time (IN lists, row batches)
// could take; the program's fixed queries are far fewer and shorter.
const (
	maxCached     = 2000
	maxCachedSize = 4000 // bytes
)

func newNames(t Tables) (*names, error) {
	if t.Base == "" {
		t.Base = t.Prefix
	}
	if t.Users == "" {
		t.Users = t.Base + "users"
	}
	if t.Usermeta == "" {
		t.Usermeta = t.Base + "usermeta"
	}
	for _, name := range []string{t.Prefix, t.Base, t.Users, t.Usermeta} {
		if !validName.MatchString(name) {
			return nil, fmt.Errorf(
				"%q is no WordPress table prefix (letters, digits and _): check --prefix, or $table_prefix in "+
					"wp-config.php", name)
		}
	}
	return &names{tables: t, replacer: strings.NewReplacer(
		"{wp}", t.Prefix, "{base}", t.Base, "{users}", t.Users, "{usermeta}", t.Usermeta)}, nil
}

func (n *names) in(query string) string {
	if text, ok := n.cache.Load(query); ok {
		return text.(string)
	}
	text := n.replacer.Replace(query)
	if len(query) <= maxCachedSize && n.cached.Add(1) <= maxCached {
		n.cache.Store(query, text)
	}
	return text
}
