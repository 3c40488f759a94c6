package mariadb

import (
	"context"
	"fmt"
	"strings"
)

// CreateDatabase creates an empty database unless there is one of that name.
func (s *Server) CreateDatabase(ctx context.Context, name string) error {
	return s.exec(ctx, "CREATE DATABASE IF NOT EXISTS "+quoteName(name)+
		" CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
}

// DropDatabase removes a database and all in it; a missing one is no error.
func (s *Server) DropDatabase(ctx context.Context, name string) error {
	return s.exec(ctx, "DROP DATABASE IF EXISTS "+quoteName(name))
}

// GrantUser lets a user with a password into one database, with all rights
// there and none elsewhere: the account a site's wp-config.php has. An existing
// user gets the new password.
func (s *Server) GrantUser(ctx context.Context, user, password, database string) error {
	account := quoteText(user) + "@'127.0.0.1'"
	for _, statement := range []string{
		"CREATE USER IF NOT EXISTS " + account,
		"ALTER USER " + account + " IDENTIFIED BY " + quoteText(password),
		// In a grant, _ and % of a database's name are wildcards.
		"GRANT ALL ON " + strings.NewReplacer("_", `\_`, "%", `\%`).Replace(quoteName(database)) + ".* TO " + account,
	} {
		if err := s.exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) exec(ctx context.Context, statement string) error {
	if _, err := s.admin.ExecContext(ctx, statement); err != nil {
		verb, _, _ := strings.Cut(statement, " ") // the rest may hold a password
		return fmt.Errorf("%s: %w", verb, err)
	}
	return nil
}

func quoteName(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

func quoteText(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(text) + "'"
}
