package affiliate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"partnercenter/db"
	"partnercenter/locale"
)

// Partner is a contact who promotes.
type Partner struct {
	ID            PartnerID     `db:"id"`
	Code          string        `db:"code"` // public name, in links
	ContactID     ContactID     `db:"contact_id"`
	WPUserID      UserID        `db:"wp_user_id"` // 0: the account is not made yet
	State         PartnerState  `db:"state"`
	PaymentMethod PaymentPolicy `db:"payment_method"` // paypal or check; see Settings.MethodOf
	PayPalEmail   string        `db:"paypal_email"`
	Payee         string        `db:"payee"`   // whom checks are made out to (S136)
	Address       string        `db:"address"` // where they go, lines and all
	// PaymentUnconfirmed: the PayPal address came by a form of somebody who was
	// not logged in. It is never paid, and the partner replaces it alone (D42).
	PaymentUnconfirmed bool `db:"payment_unconfirmed"`
	// ClaimedAt is when the partner was first seen logged in; nil: never. Until
	// then all that is known of them may have been typed by a stranger.
	ClaimedAt *time.Time `db:"claimed_at"`
	// AddressLimit is how many distinct addresses one click of the partner, or one
	// network on a day, may name before they are to be checked; 0: the settings
	// say so (D41).
	AddressLimit int         `db:"address_limit"`
	SubIDs       SubIDAccess `db:"subids"` // see HasSubIDs
	CreatedAt    time.Time   `db:"created_at"`
	UpdatedAt    time.Time   `db:"updated_at"`
}

// PartnerState is where a partner stands (S141).
type PartnerState string

// The states of S141.
const (
	Applied   PartnerState = "applied"
	Active    PartnerState = "active"
	Suspended PartnerState = "suspended" // links redirect, nothing is earned
	Rejected  PartnerState = "rejected"
	Removed   PartnerState = "removed"
)

// rights says what a state means. Links of all partners redirect, whatever
// their state, and what an order has earned stays owed.
var rights = map[PartnerState]struct{ linksCount, earns, logsIn, isPaid bool }{
	Applied:   {},
	Active:    {linksCount: true, earns: true, logsIn: true, isPaid: true},
	Suspended: {logsIn: true}, // payments wait until the matter is settled
	Rejected:  {},
	Removed:   {isPaid: true}, // the history is kept and paid out (S101)
}

// LinksCount tells whether clicks are counted and set the cookie.
func (s PartnerState) LinksCount() bool { return rights[s].linksCount }

// MayEarn tells whether new sales and renewals give a commission.
func (s PartnerState) MayEarn() bool { return rights[s].earns }

// MayLogIn tells whether the partner center opens.
func (s PartnerState) MayLogIn() bool { return rights[s].logsIn }

// MayBePaid tells whether what is owed is paid out.
func (s PartnerState) MayBePaid() bool { return rights[s].isPaid }

// word is the state within a sentence, "this one is suspended".
func (s PartnerState) word() locale.Text {
	switch s {
	case Applied:
		return locale.T("waiting for approval")
	case Active:
		return locale.T("active")
	case Suspended:
		return locale.T("suspended")
	case Rejected:
		return locale.T("rejected")
	case Removed:
		return locale.T("removed")
	}
	return locale.Data(string(s))
}

const partnerColumns = `id, code, contact_id, wp_user_id, state, payment_method, paypal_email, payee, address,
	payment_unconfirmed, claimed_at, address_limit, subids, created_at, updated_at`

func onePartner(ctx context.Context, q db.Queryer, where string, arg any) (Partner, error) {
	var p Partner
	err := q.Get(ctx, &p, `/* affiliate.LoadPartner */ SELECT `+partnerColumns+
		` FROM {wp}partner_center_partners WHERE `+where, arg)
	if db.NoRows(err) {
		err = Missing("There is no such partner.")
	}
	return p, err
}

// LoadPartner is the partner of this id.
func LoadPartner(ctx context.Context, q db.Queryer, id PartnerID) (Partner, error) {
	return onePartner(ctx, q, "id = ?", id)
}

// LoadPartners are those of the ids that there are.
func LoadPartners(ctx context.Context, q db.Queryer, ids ...PartnerID) (map[PartnerID]Partner, error) {
	all := map[PartnerID]Partner{}
	for part := range slices.Chunk(ids, db.RowsAtOnce) {
		found := []Partner{}
		err := db.SelectIn(ctx, q, &found, `/* affiliate.LoadPartners */
			SELECT `+partnerColumns+` FROM {wp}partner_center_partners WHERE id IN (?)`, part)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			all[p.ID] = p
		}
	}
	return all, nil
}

// LoadPartnerByCode is the partner that a link names; codes are lower case,
// links may have been typed otherwise.
func LoadPartnerByCode(ctx context.Context, q db.Queryer, code string) (Partner, error) {
	if !plainCode(code) {
		return Partner{}, Missing("There is no such partner.")
	}
	return onePartner(ctx, q, "code = ?", strings.ToLower(code))
}

// LoadPartnerByUser is the partner with this WordPress account.
func LoadPartnerByUser(ctx context.Context, q db.Queryer, user UserID) (Partner, error) {
	return onePartner(ctx, q, "wp_user_id = ?", user)
}

// LoadPartnerByContact is the partner that a contact has become.
func LoadPartnerByContact(ctx context.Context, q db.Queryer, contact ContactID) (Partner, error) {
	return onePartner(ctx, q, "contact_id = ?", contact)
}

// LockPartner is LoadPartner, and lets changes of one partner follow one another.
func LockPartner(ctx context.Context, q db.Queryer, id PartnerID) (Partner, error) {
	return onePartner(ctx, q, "id = ? FOR UPDATE", id)
}

// Partner is the partner of this id.
func (r *Registry) Partner(ctx context.Context, id PartnerID) (Partner, error) {
	return LoadPartner(ctx, r.db, id)
}

// PartnerByCode is the partner of a public code; Missing when there is none.
func (r *Registry) PartnerByCode(ctx context.Context, code string) (Partner, error) {
	return LoadPartnerByCode(ctx, r.db, code)
}

// PartnerByEmail is the partner whose contact has this address.
func (r *Registry) PartnerByEmail(ctx context.Context, email string) (Partner, error) {
	c, err := LoadContactByEmail(ctx, r.db, email)
	if err != nil {
		return Partner{}, err
	}
	return LoadPartnerByContact(ctx, r.db, c.ID)
}

// PartnerByUser is the partner with this WordPress account.
func (r *Registry) PartnerByUser(ctx context.Context, user UserID) (Partner, error) {
	return LoadPartnerByUser(ctx, r.db, user)
}

func updatePartner(ctx context.Context, q db.Queryer, p *Partner, at time.Time) error {
	p.UpdatedAt = at
	_, err := q.Exec(ctx, `/* affiliate.updatePartner */
		UPDATE {wp}partner_center_partners SET wp_user_id = ?, state = ?, payment_method = ?, paypal_email = ?,
		payee = ?, address = ?,
			payment_unconfirmed = ?, claimed_at = ?, address_limit = ?, subids = ?, updated_at = ?
		WHERE id = ?`, p.WPUserID, p.State, p.PaymentMethod, p.PayPalEmail, p.Payee, p.Address, p.PaymentUnconfirmed,
		p.ClaimedAt, p.AddressLimit, p.SubIDs, at, p.ID)
	if err != nil {
		return err
	}
	return Changed(ctx, q, "partners")
}

// LinkUser ties the partner to the WordPress account they log in with (S107).
// It is a Conflict when another partner has that account, or this one another.
func LinkUser(ctx context.Context, q db.Queryer, id PartnerID, user UserID, at time.Time) (Partner, error) {
	p, err := LockPartner(ctx, q, id)
	if err != nil || p.WPUserID == user {
		return p, err
	}
	if p.WPUserID != 0 {
		return p, Conflict("The partner already logs in with another account (user %d).", p.WPUserID)
	}
	p.WPUserID = user
	err = updatePartner(ctx, q, &p, at)
	if db.Duplicate(err) {
		return p, Conflict("User %d already belongs to another partner.", user)
	}
	if err != nil {
		return p, err
	}
	_, err = q.Exec(ctx, `/* affiliate.LinkUser */ UPDATE {wp}partner_center_contacts SET wp_user_id = ?, updated_at = ?
		WHERE id = ?`, user, at, p.ContactID)
	return p, err
}

// UnlinkUser forgets the WordPress account of a partner, which is gone, so that
// another can be made. It is a Conflict when they have another one by now.
func UnlinkUser(ctx context.Context, q db.Queryer, id PartnerID, gone UserID, at time.Time) (Partner, error) {
	p, err := LockPartner(ctx, q, id)
	if err != nil {
		return p, err
	}
	if gone == 0 || p.WPUserID != gone {
		return p, Conflict("This partner has a different account now.")
	}
	p.WPUserID = 0
	if err := updatePartner(ctx, q, &p, at); err != nil {
		return p, err
	}
	_, err = q.Exec(ctx, `/* affiliate.UnlinkUser */ UPDATE {wp}partner_center_contacts SET wp_user_id = NULL,
		updated_at = ? WHERE id = ? AND wp_user_id = ?`, at, p.ContactID, gone)
	return p, err
}

// Payment is how a partner is paid.
type Payment struct {
	Method      PaymentPolicy // PayPal or Check; counts while the settings leave it to partners
	PayPalEmail string
	Payee       string // for checks, at most 190 characters
	Address     string // for checks, lines and all, at most 500 characters
	// Seen is the PaymentMark that was shown to whoever changes it; "" where nothing was.
	Seen string
}

// PaymentMark is the same as long as nobody changes how the partner is paid.
func (p Partner) PaymentMark() string {
	digest := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %t", p.PaymentMethod, p.PayPalEmail, p.Payee, p.Address,
		p.PaymentUnconfirmed))
	return hex.EncodeToString(digest[:8])
}

// UpdatePayment is SetPayment in a transaction of its own; nobody is told.
func (r *Registry) UpdatePayment(ctx context.Context, actor Actor, id PartnerID, pay Payment) (p Partner, err error) {
	err = r.db.Tx(ctx, func(tx *db.Tx) error {
		_, p, err = SetPayment(ctx, tx, actor, id, pay, r.now())
		return err
	})
	return p, err
}

// SetPayment sets how the partner is paid, as an admin does: it takes effect at
// once, and a change that the partner has asked for is over. The method must be
// the settings' one unless they leave it to partners (S5); PayPal needs an
// address. A partner's own changes go through ChangePayment. It is a step of a
// transaction.
//
// Errors: KindInvalid by the fields payment_method, paypal_email, payee, address;
// KindConflict where somebody else changed it since pay.Seen.
func SetPayment(ctx context.Context, q db.Queryer, actor Actor, id PartnerID, pay Payment,
	at time.Time) (before, p Partner, err error) {
	if before, err = LockPartner(ctx, q, id); err != nil {
		return before, before, err
	}
	if p, err = before.withPayment(ctx, q, pay); err != nil {
		return before, before, err
	}
	if p != before && pay.Seen != "" && pay.Seen != before.PaymentMark() {
		return before, before, Conflict(
			"Someone else changed this while you were editing. Review the current values and save again.")
	}
	if err := savePayment(ctx, q, actor, before, &p, at); err != nil {
		return before, before, err
	}
	return before, p, endChanges(ctx, q, id, "overruled")
}

// withPayment is the partner paid in another way, if that is in order. Whoever
// may change it, the owner of the account or an admin, confirms it thereby (D42).
func (p Partner) withPayment(ctx context.Context, q db.Queryer, pay Payment) (Partner, error) {
	settings, err := LoadSettings(ctx, q)
	if err != nil {
		return p, err
	}
	problems := Problems{}
	p.PaymentMethod, p.PayPalEmail = settings.CheckPayment(problems, pay.Method, pay.PayPalEmail)
	problems.Check(p.PaymentMethod != PayPal || p.PayPalEmail != "", "paypal_email",
		"Please enter the email address of your PayPal account.")
	p.Payee, p.Address = Line(pay.Payee), strings.TrimSpace(pay.Address)
	p.PaymentUnconfirmed = false
	problems.Check(p.Payee == Cut(p.Payee, 190), "payee", "Please use at most 190 characters.")
	problems.Check(p.Address == Cut(p.Address, 500), "address", "Please use at most 500 characters.")
	return p, problems.Err()
}

// savePayment saves what withPayment has made, audited.
func savePayment(ctx context.Context, q db.Queryer, actor Actor, before Partner, p *Partner, at time.Time) error {
	if *p == before {
		return nil
	}
	if err := updatePartner(ctx, q, p, at); err != nil {
		return err
	}
	return Audit(ctx, q, at, AuditEntry{Actor: actor, Action: "edit payment", Object: "partner", ObjectID: int64(p.ID),
		Before: before, After: *p})
}

// CheckPayment notes what is wrong with a partner's payment details, under
// payment_method and paypal_email, and returns them as they are stored. A
// blank method is the settings' one, PayPal where partners have the choice; a
// blank PayPal address may be given later.
func (s Settings) CheckPayment(problems Problems, method PaymentPolicy, payPalEmail string) (PaymentPolicy, string) {
	if method == "" {
		method = s.MethodOf(Partner{PaymentMethod: PayPal})
	}
	problems.Check(method == PayPal || method == Check, "payment_method", "Please choose PayPal or check.")
	problems.Check(method == s.MethodOf(Partner{PaymentMethod: method}), "payment_method",
		"This site pays its partners another way. Please choose that one.")
	if payPalEmail = strings.TrimSpace(payPalEmail); payPalEmail != "" {
		folded, err := FoldEmail(payPalEmail)
		problems.Check(err == nil, "paypal_email",
			"Please enter the email address of the PayPal account, such as anna@example.com.")
		payPalEmail = folded
	}
	return method, payPalEmail
}

// ClaimPartner notes that the partner was seen logged in for the first time:
// from now on the recruiter of a sign-up form counts (D42). Later calls change
// nothing.
func (r *Registry) ClaimPartner(ctx context.Context, id PartnerID) (Partner, error) {
	var p Partner
	err := r.db.Tx(ctx, func(tx *db.Tx) error {
		var err error
		if p, err = LockPartner(ctx, tx, id); err != nil || p.ClaimedAt != nil {
			return err
		}
		at := r.now()
		p.ClaimedAt = &at
		if err := updatePartner(ctx, tx, &p, at); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `/* affiliate.ClaimPartner */
			UPDATE {wp}partner_center_memberships SET recruiter_from = ? WHERE partner_id = ? AND active = 1
			AND recruiter_from IS NULL`, at, id)
		return err
	})
	return p, err
}

// SetAddressLimit grants a partner a limit of their own on how many addresses one
// click, or one network on a day, may name: say for a tablet at a fair (D41). 0
// takes it back; what was named before stays as it is.
//
// Errors: KindInvalid by the fields address_limit and reason.
func (r *Registry) SetAddressLimit(ctx context.Context, actor Actor, id PartnerID, limit int, reason string) (p Partner,
	err error) {
	if reason, err = CheckReason(reason); err != nil {
		return p, err
	}
	if limit < 0 || limit > maxAddresses {
		return p, Invalid("address_limit", "Please enter a number of addresses, or 0 for the limit of the settings.")
	}
	err = r.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := LockPartner(ctx, tx, id)
		if p = before; err != nil || p.AddressLimit == limit {
			return err
		}
		p.AddressLimit = limit
		if err := updatePartner(ctx, tx, &p, r.now()); err != nil {
			return err
		}
		return Audit(ctx, tx, p.UpdatedAt, AuditEntry{Actor: actor, Action: "limit addresses", Object: "partner",
			ObjectID: int64(id),
			Before:   before, After: p, Reason: reason})
	})
	return p, err
}
