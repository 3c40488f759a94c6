package tracking

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
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

// The kinds of what admins enter among the forms: it stands there so that
// folding them again keeps it (see AssignReferrer). The contact submitted none.
const (
	SetFirst FormKind = "first"
	SetLast  FormKind = "last"
)

// assigns tells whether it is an admin's doing.
func (k FormKind) assigns() bool { return k == SetFirst || k == SetLast }

// Touchpoint is the fact that a contact submitted a form. (Source, Kind, ExternalID)
// names it: applying it again changes nothing.
type Touchpoint struct {
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
	Token      string           // in its place, the pct of a form of a page on another host (D35)
	Visitor    string           // the raw pc_visitor cookie of the request, "" without
	// tells the visitor's network apart from others, "" unknown; kept as a keyed hash of the day
	Network   string
	LoggedIn  bool      // the visitor was logged in with Email as the account's address
	Confirmed bool      // Email's mailbox has confirmed the form
	At        time.Time // when it was submitted, not when it is processed
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
	Assigned CookieState = "assigned" // no cookie: an admin named the partner
)

// Touch is the click that a form carried. The visit's fields are known for the
// states Valid, Expired and Inactive.
type Touch struct {
	State     CookieState         `db:"cookie"`
	PartnerID affiliate.PartnerID `db:"touch_partner_id"`
	ToolID    affiliate.ToolID    `db:"touch_tool_id"`
	SubID     string              `db:"touch_subid"`
	Page      string              `db:"touch_page"` // where it arrived; see PageText
	VisitID   affiliate.VisitID   `db:"touch_visit_id"`
	ClickedAt *time.Time          `db:"touched_at"`
}

// Effect is what became of a form. First, Last and Lead are as of just after
// this form in the order of time: those by which an order is credited (S66),
// whatever has happened since. Contact carries the present referrers.
type Effect struct {
	Contact affiliate.Contact
	Created bool // the contact exists because of this form
	Again   bool // the form was known before; nothing was written
	Touch   Touch
	First   affiliate.Referrer
	Last    affiliate.Referrer
	Lead    affiliate.Referrer // who got the lead (S35); zero: nobody
	Proven  affiliate.Referrer // see Referrers.Proven
	// Late tells that forms of this contact which happened after this one had
	// been applied before it: orders placed at or after Touchpoint.At may have other
	// referrers now (D18). Apply their forms again to learn which.
	Late bool
	// Past are the contact's forms up to this one, in the order of time: what the
	// credit rule of a program looks at (S129).
	Past []FoldTouchpoint
}

// makes is how a contact came in that the form makes.
func (f Touchpoint) makes() affiliate.Origin {
	if f.Kind == SignUp && f.Origin == affiliate.ByForm {
		return affiliate.BySignUp
	}
	return f.Origin
}

// ApplyTouchpoint records a form, creates or updates its contact, and sets the
// contact's referrers and leads again (S59, S64-S70, S135, D18). It is a step of
// the caller's transaction q and locks the contact row until its end. A form
// that is known already changes nothing, and answers as it did then.
//
// Errors: KindInvalid by the fields email, at, source and external_id.
func (t *Tracker) ApplyTouchpoint(ctx context.Context, q db.Queryer, f Touchpoint) (Effect, error) {
	f.Page, f.At = affiliate.Cut(affiliate.Line(f.Page), maxPage), clock.Cut(f.At)
	if err := f.check(); err != nil {
		return Effect{}, err
	}
	if known, err := contactOfForm(ctx, q, f); err != nil || known != 0 {
		return t.appliedBefore(ctx, q, known, f, err)
	}
	contact, created, err := affiliate.EnsureContact(ctx, q, affiliate.Person{Email: f.Email,
		FirstName: f.FirstName, LastName: f.LastName, Company: f.Company, UserID: f.UserID}, f.makes(), f.At)
	if err != nil {
		return Effect{}, err
	}
	touch, err := t.touchOf(ctx, q, f)
	if err != nil {
		return Effect{}, err
	}
	err = t.insertClaim(ctx, q, formRow{Touchpoint: f, contact: contact.ID, created: created, touch: touch})
	if db.Duplicate(err) { // the same form was applied while we waited for the contact
		known, err := contactOfForm(ctx, q, f)
		return t.appliedBefore(ctx, q, known, f, err)
	}
	if err != nil {
		return Effect{}, err
	}
	return t.refold(ctx, q, contact, f)
}

const maxPage = 255 // characters of the column

func (f Touchpoint) check() error {
	p := affiliate.Problems{}
	p.Check(!f.At.IsZero(), "at", "The time of the form is missing.")
	p.Check(f.Source != "" && len(f.Source) <= 32, "source", "The source needs a name of at most 32 characters.")
	p.Check(f.ExternalID != "" && len(f.ExternalID) <= 190, "external_id", "The form needs an id of at most 190 bytes.")
	return p.Err()
}

// touchOf judges the click that the form carried, as of the form's time.
func (t *Tracker) touchOf(ctx context.Context, q db.Queryer, f Touchpoint) (Touch, error) {
	c, state, err := t.readCookie(ctx, q, f.Click, f.At)
	if f.Click == "" && f.Token != "" {
		c, state, err = t.readToken(ctx, q, f.Token, f.At)
	}
	if err != nil || state == NoCookie || state == Forged {
		return Touch{State: state}, err
	}
	touch := Touch{State: state}
	err = q.Get(ctx, &touch, `/* tracking.touchOf */
		SELECT ? AS cookie, partner_id AS touch_partner_id, tool_id AS touch_tool_id,
		subid AS touch_subid, page AS touch_page, id AS touch_visit_id
		FROM {wp}partner_center_visits WHERE id = ?`, state, c.Visit)
	if db.NoRows(err) {
		return Touch{State: Unknown}, nil
	}
	if err != nil {
		return Touch{}, err
	}
	at := VisitTime(c.Visit)
	touch.ClickedAt = &at
	if state == Valid {
		earns, err := mayEarn(ctx, q, touch.PartnerID, f.At)
		if err != nil {
			return Touch{}, err
		}
		if !earns {
			touch.State = Inactive
		}
	}
	return touch, nil
}

// mayEarn tells whether the partner could earn at that time: their state allowed
// it, and they were a member of a program that was not archived (S141).
func mayEarn(ctx context.Context, q db.Queryer, partner affiliate.PartnerID, at time.Time) (bool, error) {
	state, err := affiliate.StateAt(ctx, q, partner, at)
	if err != nil || !state.MayEarn() {
		return false, err
	}
	var programs int
	err = q.Get(ctx, &programs, `/* tracking.mayEarn */
		SELECT COUNT(*) FROM {wp}partner_center_memberships m
		JOIN {wp}partner_center_programs g ON g.id = m.program_id AND (g.archived_at IS NULL OR g.archived_at > ?)
		WHERE m.partner_id = ? AND m.started_at <= ? AND (m.ended_at IS NULL OR m.ended_at > ?)`, at, partner, at, at)
	return programs > 0, err
}

// contactOfForm is the contact whom a form was applied to before, 0 for none.
func contactOfForm(ctx context.Context, q db.Queryer, f Touchpoint) (affiliate.ContactID, error) {
	var id affiliate.ContactID
	err := q.Get(ctx, &id, `/* tracking.contactOfForm */
		SELECT contact_id FROM {wp}partner_center_touchpoints WHERE source = ? AND kind = ? AND external_id = ?`,
		f.Source, f.Kind, f.ExternalID)
	if db.NoRows(err) {
		return 0, nil
	}
	return id, err
}

// formRow is a form as it is stored.
type formRow struct {
	Touchpoint
	contact affiliate.ContactID
	created bool // the contact, because of it
	touch   Touch
	claims  claimed // that it belongs to
}

// insertClaim stores a form, with the claims that it belongs to.
func (t *Tracker) insertClaim(ctx context.Context, q db.Queryer, f formRow) error {
	if !isClaim(f.Touchpoint, f.touch) {
		return t.insertForm(ctx, q, f)
	}
	l, err := limitsOf(ctx, q, f.Touchpoint, f.touch.PartnerID)
	if err != nil {
		return err
	}
	if f.claims, err = t.claim(ctx, q, f.Touchpoint, f.touch, l); err != nil {
		return err
	}
	if err := t.insertForm(ctx, q, f); err != nil {
		return err
	}
	return f.claims.weigh(ctx, q, l)
}

func (t *Tracker) insertForm(ctx context.Context, q db.Queryer, f formRow) error {
	browser, err := t.browserOf(ctx, q, f.contact, f.Visitor)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `/* tracking.insertForm */
		INSERT INTO {wp}partner_center_touchpoints (contact_id, kind, source, external_id, origin, page, occurred_at,
		day, recorded_at, created_contact,
			cookie, touch_partner_id, touch_tool_id, touch_subid, touch_page, touch_visit_id, touched_at,
			browser, logged_in, confirmed, click_claim_id, network_claim_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		f.contact, f.Kind, f.Source, f.ExternalID, f.Origin, f.Page, f.At, affiliate.DayOf(f.At, t.zone()), t.now(),
		f.created, f.touch.State, f.touch.PartnerID, f.touch.ToolID, f.touch.SubID, f.touch.Page, f.touch.VisitID,
		f.touch.ClickedAt,
		[]byte(browser), f.LoggedIn, f.Confirmed, f.claims.click, f.claims.network)
	return err
}
