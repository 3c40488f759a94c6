package affiliate

import (
	"fmt"

	"partnercenter/db"
)

// MissingRow is Missing when a query found nothing; any other error is one of
// ours, and says what was asked for.
func MissingRow(err error, noun string) error {
	if db.NoRows(err) {
		return missing(noun)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", noun, err)
	}
	return nil
}

// missing says it in a whole sentence for each noun: in other languages its
// words depend on it.
func missing(noun string) error {
	switch noun {
	case "claim":
		return Missing("There is no such claim.")
	case "commission":
		return Missing("There is no such commission.")
	case "manual entry":
		return Missing("There is no such entry.")
	case "order":
		return Missing("There is no such order.")
	case "payment", "payout":
		return Missing("There is no such payment.")
	}
	return Missing("There is nothing here.")
}
