package affiliate

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"time"

	"partnercenter/db"
)

// PayPalChange is a PayPal address that waits until both mailboxes, the old one
// and the new one, have confirmed it: whoever has got hold of a login cannot turn
// payments to themselves (S145). The old one of a first address is that of the
// partner's contact. Meanwhile payouts skip the partner.
type PayPalChange struct {
	ID             int64      `db:"id"`
	PartnerID      PartnerID  `db:"partner_id"`
	First          bool       `db:"first"` // while it waits: there is no address to replace
	OldEmail       string     `db:"old_email"`
	NewEmail       string     `db:"new_email"`
	OldConfirmedAt *time.Time `db:"old_confirmed_at"`
	NewConfirmedAt *time.Time `db:"new_confirmed_at"`
	ExpiresAt      time.Time  `db:"expires_at"`
	DoneAt         *time.Time `db:"done_at"` // when the new address took effect
	// OldToken and NewToken are for the two mails; they are known only when the
	// change is asked for. One mailbox has one token.
	OldToken, NewToken string `db:"-" json:"-"`
	// Confirmed tells whether the mailbox whose token was asked by has confirmed.
	Confirmed bool `db:"confirmed" json:"-"`
}

// confirmWithin is how long a change waits; then the old address is paid again.
const confirmWithin = 7 * 24 * time.Hour

const changeColumns = `id, partner_id, old_email, new_email, old_confirmed_at, new_confirmed_at, expires_at, done_at,
	COALESCE((SELECT p.payment_unconfirmed OR p.paypal_email <> old_email FROM {wp}partner_center_partners p
		WHERE p.id = partner_id), 0) AS first`

// OwnerProof is how somebody who is logged in as a partner has shown that they are no
// one who has got hold of the login.
type OwnerProof string

// The proofs.
const (
	NoProof    OwnerProof = ""
	ByPassword OwnerProof = "password" // they gave it with the change
	ByMail     OwnerProof = "mail"     // nothing yet: the mailboxes are asked
)

// UnprovenError refuses to set where money goes for whoever is merely logged in.
type UnprovenError struct {
	Mailable bool // ByMail is proof enough
}

func (*UnprovenError) Error() string {
	return "unproven"
}

// ChangePayment sets how the partner wants to be paid, as a step of a
// transaction. Another PayPal address in place of one there is waits for both
// mailboxes: it is the change returned, whose tokens have to be mailed (S145). So
// does a first address, unless the password was given with it; a check's payee and
// address, and another method, need the password. Asking again replaces what
// waits; naming the present address takes it back.
//
// Errors: an UnprovenError, and those of SetPayment.
func ChangePayment(ctx context.Context, q db.Queryer, actor Actor, id PartnerID, pay Payment, proof OwnerProof,
	at time.Time) (before, p Partner, change *PayPalChange, err error) {
	if before, err = LockPartner(ctx, q, id); err != nil {
		return before, before, nil, err
	}
	if p, err = before.withPayment(ctx, q, pay); err != nil {
		return before, before, nil, err
	}
	present, asked := before.confirmedPayPal(), p.PayPalEmail
	if proof != ByPassword && p.paidElsewhere(before) {
		return before, before, nil, &UnprovenError{}
	}
	first := present == "" && asked != ""
	switch {
	case first && proof == NoProof:
		return before, before, nil, &UnprovenError{Mailable: true}
	case first && proof == ByMail: // nothing of it counts yet
		p.PayPalEmail, p.PaymentUnconfirmed = before.PayPalEmail, before.PaymentUnconfirmed
	case present != "": // nor is it removed, or the next one would be the first
		p.PayPalEmail = present
	}
	if err := savePayment(ctx, q, actor, before, &p, at); err != nil {
		return before, p, nil, err
	}
	waits := asked != "" && asked != present && (!first || proof == ByMail)
	change, err = waitInstead(ctx, q, actor, p, asked, waits, at)
	return before, p, change, err
}

// confirmedPayPal is the address that payments go to, "" for none: one that a
// stranger may have typed is nobody's (D42).
func (p Partner) confirmedPayPal() string {
	if p.PaymentUnconfirmed {
		return ""
	}
	return p.PayPalEmail
}

// paidElsewhere tells whether money would go where no mailbox can be asked: by
// another method, or to whom and where a check goes from now on.
func (p Partner) paidElsewhere(before Partner) bool {
	return p.PaymentMethod != before.PaymentMethod && (p.PaymentMethod == Check || before.Address != "") ||
		p.Payee != before.Payee || p.Address != before.Address
}

// waitInstead puts the address asked for in the place of what waits; nil where
// nothing waits from now on, or that address did already.
func waitInstead(ctx context.Context, q db.Queryer, actor Actor, p Partner, asked string, waits bool,
	at time.Time) (*PayPalChange, error) {
	waiting, err := WaitingPayPalChanges(ctx, q, at, p.ID)
	if err != nil || waits && waiting[p.ID].NewEmail == asked {
		return nil, err // asked for already
	}
	if err := endChanges(ctx, q, p.ID, "replaced"); err != nil || !waits {
		return nil, err
	}
	c, err := askChange(ctx, q, p, asked, at)
	if err != nil {
		return nil, err
	}
	return &c, Audit(ctx, q, at, AuditEntry{Actor: actor, Action: "ask for PayPal address", Object: "partner",
		ObjectID: int64(p.ID), Before: p.confirmedPayPal(), After: asked})
}

// mayAsk is a problem where the partner has asked as often as the settings allow
// in a day: each change mails two people. The partner is locked.
func mayAsk(ctx context.Context, q db.Queryer, id PartnerID, at time.Time) error {
	settings, err := LoadSettings(ctx, q)
	if err != nil {
		return err
	}
	var asked int
	err = q.Get(ctx, &asked, `/* affiliate.mayAsk */
		SELECT COUNT(*) FROM {wp}partner_center_paypal_changes WHERE partner_id = ? AND asked_at > ?`,
		id, at.Add(-24*time.Hour))
	if err == nil && asked >= settings.Limits.PaymentChanges {
		err = Invalid("paypal_email",
			"You have changed this address %d times in a day. Please try again tomorrow.", asked)
	}
	return err
}

func askChange(ctx context.Context, q db.Queryer, p Partner, email string, at time.Time) (PayPalChange, error) {
	if err := mayAsk(ctx, q, p.ID, at); err != nil {
		return PayPalChange{}, err
	}
	c := PayPalChange{PartnerID: p.ID, OldEmail: p.confirmedPayPal(), NewEmail: email,
		ExpiresAt: at.Add(confirmWithin), OldToken: rand.Text(), NewToken: rand.Text()}
	if c.OldEmail == "" {
		contact, err := LoadContact(ctx, q, p.ContactID)
		if err != nil {
			return c, err
		}
		c.First, c.OldEmail = true, contact.Email
	}
	if c.OldEmail == c.NewEmail {
		c.NewToken = c.OldToken
	}
	res, err := q.Exec(ctx, `/* affiliate.ChangePayment */
		INSERT INTO {wp}partner_center_paypal_changes (partner_id, old_email, new_email, old_token,
		new_token, asked_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		p.ID, c.OldEmail, c.NewEmail, tokenHash(c.OldToken), tokenHash(c.NewToken), at, c.ExpiresAt)
	if err != nil {
		return c, err
	}
	c.ID, err = res.LastInsertId()
	return c, err
}

// endChanges takes what waits out of the way.
func endChanges(ctx context.Context, q db.Queryer, partner PartnerID, outcome string) error {
	_, err := q.Exec(ctx, `/* affiliate.endChanges */
		UPDATE {wp}partner_center_paypal_changes SET waiting = NULL, outcome = ? WHERE partner_id = ? AND waiting = 1`,
		outcome, partner)
	return err
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

var errNoChange = Missing(
	"This link no longer works: the change was replaced, taken back, already confirmed, or is too old.")

// PayPalChangeOf is the waiting change that a mailed token belongs to.
func (r *Registry) PayPalChangeOf(ctx context.Context, token string) (PayPalChange, error) {
	return changeOf(ctx, r.db, token, r.now(), "")
}

func changeOf(ctx context.Context, q db.Queryer, token string, at time.Time, lock string) (PayPalChange, error) {
	var c PayPalChange
	hash := tokenHash(token)
	err := q.Get(ctx, &c, `/* affiliate.PayPalChange */ SELECT `+changeColumns+`,
			IF(old_token = ?, old_confirmed_at, new_confirmed_at) IS NOT NULL AS confirmed
		FROM {wp}partner_center_paypal_changes
		WHERE (old_token = ? OR new_token = ?) AND waiting = 1 AND expires_at > ?`+lock, hash, hash, hash, at)
	if db.NoRows(err) {
		err = errNoChange
	}
	return c, err
}

// ConfirmPayPal notes that one of the two mailboxes has confirmed. When both
// have, the new address takes effect, which DoneAt tells.
func (r *Registry) ConfirmPayPal(ctx context.Context, token string) (PayPalChange, error) {
	var c PayPalChange
	err := r.db.Tx(ctx, func(tx *db.Tx) error {
		at := r.now()
		found, err := changeOf(ctx, tx, token, at, "")
		if err != nil {
			return err
		}
		p, err := LockPartner(ctx, tx, found.PartnerID) // before the change, as ChangePayment does
		if err != nil {
			return err
		}
		if c, err = changeOf(ctx, tx, token, at, " FOR UPDATE"); err != nil {
			return err
		}
		return confirm(ctx, tx, p, &c, token, at)
	})
	return c, err
}

func confirm(ctx context.Context, q db.Queryer, p Partner, c *PayPalChange, token string, at time.Time) error {
	hash := tokenHash(token)
	_, err := q.Exec(ctx, `/* affiliate.ConfirmPayPal */ UPDATE {wp}partner_center_paypal_changes SET
		old_confirmed_at = IF(old_token = ?, COALESCE(old_confirmed_at, ?), old_confirmed_at),
		new_confirmed_at = IF(new_token = ?, COALESCE(new_confirmed_at, ?), new_confirmed_at) WHERE id = ?`, hash, at,
		hash, at, c.ID)
	if err != nil {
		return err
	}
	if err := q.Get(ctx, c, `/* affiliate.ConfirmPayPal */ SELECT `+changeColumns+
		` FROM {wp}partner_center_paypal_changes WHERE id = ?`, c.ID); err != nil {
		return err
	}
	if c.OldConfirmedAt == nil || c.NewConfirmedAt == nil {
		return nil
	}
	c.DoneAt = &at
	_, err = q.Exec(ctx, `/* affiliate.ConfirmPayPal */
		UPDATE {wp}partner_center_paypal_changes SET waiting = NULL, outcome = 'confirmed', done_at = ? WHERE id = ?`,
		at, c.ID)
	if err != nil {
		return err
	}
	before := p
	p.PayPalEmail, p.PaymentUnconfirmed = c.NewEmail, false
	if err := updatePartner(ctx, q, &p, at); err != nil {
		return err
	}
	return Audit(ctx, q, at, AuditEntry{Actor: System, Action: "confirm PayPal address", Object: "partner",
		ObjectID: int64(p.ID), Before: before, After: p})
}

// WaitingPayPal is the change that waits for a partner's confirmation; nil without one.
func (r *Registry) WaitingPayPal(ctx context.Context, partner PartnerID) (*PayPalChange, error) {
	changes, err := WaitingPayPalChanges(ctx, r.db, r.now(), partner)
	if c, waits := changes[partner]; waits {
		return &c, err
	}
	return nil, err
}

// WaitingPayPalChanges are the changes of some partners that wait, by partner.
func WaitingPayPalChanges(ctx context.Context, q db.Queryer, at time.Time,
	partners ...PartnerID) (map[PartnerID]PayPalChange, error) {
	waiting := map[PartnerID]PayPalChange{}
	if len(partners) == 0 {
		return waiting, nil
	}
	query, args, err := db.In(`/* affiliate.WaitingPayPalChanges */ SELECT `+changeColumns+
		` FROM {wp}partner_center_paypal_changes
		WHERE partner_id IN (?) AND waiting = 1 AND expires_at > ?`, partners, at)
	if err != nil {
		return nil, err
	}
	changes := []PayPalChange{}
	err = q.Select(ctx, &changes, query, args...)
	for _, c := range changes {
		waiting[c.PartnerID] = c
	}
	return waiting, err
}
