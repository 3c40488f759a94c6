// Package affiliate holds the nouns that everything else is about: partners,
// programs, commissionable products and their terms, contacts, memberships,
// the global settings, and the audit of who changed them.
//
// Each noun's file holds its type, its rules and its SQL. Tables of this
// package: settings, versions, programs, policies, products, terms,
// term_flats, contacts, contact_fields, contact_values, partners, partner_states,
// paypal_changes, partner_mails, memberships, rolls, audit, audit_values,
// screens, partner_notes.
package affiliate

import (
	"context"
	"strings"

	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/locale"
)

// Registry keeps the nouns of this package. Its exported methods open their
// own transactions; those that take a Queryer are steps of a larger one.
type Registry struct {
	db  *db.Handle
	now clock.Clock
}

// NewRegistry works on the site's database with the given clock.
func NewRegistry(h *db.Handle, now clock.Clock) *Registry { return &Registry{db: h, now: now} }

// Actor says who did something, for the audit and the ledger: "anna (user 7)",
// "system", "demo".
type Actor string

// Same tells whether two actors are one person: by the WordPress user, whatever
// name they have given themselves.
func (a Actor) Same(b Actor) bool { return a.user() == b.user() }

// user is the part that nobody can choose, or all of it.
func (a Actor) user() Actor {
	if at := strings.LastIndex(string(a), "(user "); at >= 0 {
		return a[at:]
	}
	return a
}

// Text is the actor as people read it.
func (a Actor) Text() locale.Text {
	switch a {
	case System:
		return locale.T("Automatic")
	case Visitor:
		return locale.T("Visitor")
	}
	return locale.Data(string(a))
}

// System is the actor of what the program does by itself.
const System Actor = "system"

// Visitor is the actor of public forms whose sender was not logged in.
const Visitor Actor = "visitor"

// Changed tells every sidecar that cached data of this name is out of date,
// as part of the change's own transaction.
func Changed(ctx context.Context, q db.Queryer, name string) error {
	_, err := q.Exec(ctx, `/* affiliate.Changed */
		INSERT INTO {wp}partner_center_versions (name, version) VALUES (?, 1)
		ON DUPLICATE KEY UPDATE version = version + 1`, name)
	return err
}
