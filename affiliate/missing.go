package affiliate

import (
	"fmt"

	"partnercenter/db"
)

// MissingRow is Missing when a query found nothing; any other error is one of
// ours, and says what was asked for.
func MissingRow(err error, noun string) error {
	if db.NoRows(err) {
		return Missing("There is no such %s.", noun)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", noun, err)
	}
	return nil
}
