package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/go-sql-driver/mysql"
)

// strictMode is what every connection works in, whatever the server or
// WordPress prefer: a value that does not fit is an error, never cut silently.
const strictMode = "'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY'"

// openPool makes the connection pool. Settings are the program's, so that
// behaviour does not depend on the server's configuration:
// UTC, strict mode, READ COMMITTED, rows found (not changed) counted by
// UPDATE, so that a compare-and-set which changes nothing still matches.
func openPool(cfg *mysql.Config) (*sql.DB, error) {
	cfg.ParseTime = true
	cfg.Loc = time.UTC
	cfg.ClientFoundRows = true
	cfg.InterpolateParams = true
	cfg.MultiStatements = false
	cfg.Collation = "utf8mb4_unicode_ci"
	cfg.Timeout = 5 * time.Second
	if cfg.Params == nil {
		cfg.Params = map[string]string{}
	}
	cfg.Params["time_zone"] = "'+00:00'"
	cfg.Params["sql_mode"] = strictMode
	cfg.Params["innodb_lock_wait_timeout"] = "5"
	inner, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("the database address (--dsn, PARTNER_CENTER_DSN) does not fit together: %w", err)
	}
	pool := sql.OpenDB(connector{inner})
	pool.SetMaxOpenConns(24)
	pool.SetMaxIdleConns(24)
	// Shorter than the servers' and firewalls' habit of dropping idle connections.
	pool.SetConnMaxIdleTime(90 * time.Second)
	return pool, nil
}

// connector sets the isolation level, whose variable MySQL and MariaDB name
// differently, by the statement both know.
type connector struct{ driver.Connector }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	dc, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	_, err = dc.(driver.ExecerContext).ExecContext(ctx, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", nil)
	if err != nil {
		dc.Close()
		return nil, err
	}
	return dc, nil
}
