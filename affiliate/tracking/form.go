package tracking

import (
	"context"
	"errors"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// FormKind is what a contact submitted.
type FormKind string

// The kinds of forms. Each is an opt-in or order form in the sense of S35 and
// S66; placing an order is one even if its payment fails later.
const (
	OptIn  FormKind = "optin"
	Order  FormKind = "order"
	SignUp FormKind = "signup" // to a partner program (D5)
)

// Form is the fact that a contact submitted a form. (Source, Kind, ExternalID)
// names it: applying it again changes nothing.
type Form struct {
	Kind       FormKind
	Source     string // the system it came from: "wordpress", "woocommerce", "manual"
	ExternalID string // its id there, at most 190 bytes
	Email      string
	FirstName  string // "" keeps what is known of the contact
	LastName   string
	Company    string
	UserID     affiliate.UserID // WordPress user who submitted it, 0 for a guest
	Page       string           // where the form stands; cut to 255 characters
	Click      string           // the raw pc_click cookie of the request, "" without
	At         time.Time        // when it was submitted, not when it is processed
	// Origin is who reported it: ByForm and ByOrder are the visitor's own
	// requests, ByAdmin, ByAPI and ByImport are not. A contact that the form
	// creates gets this origin, and only the first two give a first referrer
	// (S69). What an admin or an import enters is no lead (S35).
	Origin affiliate.Origin
}

// CookieState is what a form's click cookie was worth at that moment.
type CookieState string

// The states of a form's cookie. Only Valid makes a referrer.
const (
	NoCookie CookieState = "none"
	Valid    CookieState = "valid"
	Expired  CookieState = "expired"  // genuine, but the lifetime was over (S9)
	Forged   CookieState = "forged"   // not made by this site, or damaged
	Unknown  CookieState = "unknown"  // genuine, but its visit was never stored
	Inactive CookieState = "inactive" // its partner could not earn at that time (S141)
)

// Touch is the click that a form carried. The visit's fields are known for the
// states Valid, Expired and Inactive.
type Touch struct {
	State     CookieState         `db:"cookie"`
	PartnerID affiliate.PartnerID `db:"touch_partner_id"`
	ToolID    affiliate.ToolID    `db:"touch_tool_id"`
	SubID     string              `db:"touch_subid"`
	VisitID   affiliate.VisitID   `db:"touch_visit_id"`
	ClickedAt *time.Time          `db:"touched_at"`
}

// Applied is what became of a form. First, Last and Lead are as of just after
// this form in the order of time: those by which an order is credited (S66),
// whatever has happened since. Contact carries the present referrers.
type Applied struct {
	Contact affiliate.Contact
	Created bool // the contact exists because of this form
	Again   bool // the form was known before; nothing was written
	Touch   Touch
	First   affiliate.Referrer
	Last    affiliate.Referrer
	Lead    affiliate.Referrer // who got the lead (S35); zero: nobody
	// Late tells that forms of this contact which happened after this one had
	// been applied before it: orders placed at or after Form.At may have other
	// referrers now (D18). Apply their forms again to learn which.
	Late bool
}

// ApplyForm records a form, creates or updates its contact, and sets the
// contact's referrers and leads anew (S59, S64-S70, S135, D18). It is a step of
// the caller's transaction q and locks the contact row until its end.
//
// Errors: affiliate.KindInvalid by the fields "email", "at", "source".
func (t *Tracker) ApplyForm(ctx context.Context, q db.Queryer, f Form) (Applied, error) {
	return Applied{}, errors.New("tracking: ApplyForm is not there yet")
}
