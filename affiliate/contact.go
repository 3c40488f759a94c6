package affiliate

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"partnercenter/db"
)

// Contact is a person known by e-mail: buyer, lead or partner.
type Contact struct {
	ID        ContactID  `db:"id"`
	Email     string     `db:"email"` // case-folded (D34)
	FirstName string     `db:"first_name"`
	LastName  string     `db:"last_name"`
	Company   string     `db:"company"`
	Origin    Origin     `db:"origin"`
	WPUserID  UserID     `db:"wp_user_id"`
	CreatedAt time.Time  `db:"created_at"`
	UpdatedAt time.Time  `db:"updated_at"`
	DeletedAt *time.Time `db:"deleted_at"` // the record was deleted (S102)
	First     Referrer   `db:"first"`
	Last      Referrer   `db:"last"`
}

// Name is first and last name, and the company or the e-mail address where neither
// is known, or a number of whom was erased. Whatever writes one of them writes the
// column listed_as as well, by which lists stand.
func (c Contact) Name() string {
	for _, name := range []string{strings.TrimSpace(c.FirstName + " " + c.LastName), c.Company} {
		if name != "" {
			return name
		}
	}
	if StandsForNone(c.Email) {
		return "#" + c.ID.String()
	}
	return c.Email
}

// Origin is how a contact came in; only those made by a form can get a first
// referrer (S64, S69).
type Origin string

// The origins.
const (
	ByForm   Origin = "form"
	ByOrder  Origin = "order"
	ByImport Origin = "import"
	ByAdmin  Origin = "admin"
	ByAPI    Origin = "api"
	BySignUp Origin = "signup" // by signing up as a partner: a form like any other
)

// Referrer is a partner who brought a contact, with the click that did it
// (D31). The zero Referrer is "none".
type Referrer struct {
	PartnerID PartnerID  `db:"partner_id"`
	ToolID    ToolID     `db:"tool_id"`
	SubID     string     `db:"subid"`
	Page      string     `db:"page"` // where the click arrived; see tracking.PageText
	VisitID   VisitID    `db:"visit_id"`
	At        *time.Time `db:"at"` // of the form that set it
	Proof     Proof      `db:"proof"`
}

// Person is what a form tells about the person behind an e-mail address;
// blank fields tell nothing.
type Person struct {
	Email     string
	FirstName string
	LastName  string
	Company   string
	UserID    UserID // WordPress user, 0 unknown
}

// The lengths of the columns of a person's names, in characters.
const (
	maxPersonName = 100
	maxCompany    = maxName
)

// Check folds the e-mail address, cleans the names, and notes what is wrong
// under the fields email, first_name, last_name and company.
func (p Person) Check(problems Problems) Person {
	email, err := FoldEmail(p.Email)
	problems.Check(err == nil, "email", "Please enter an email address, such as anna@example.com.")
	p = p.checkNames(problems)
	p.Email = email
	return p
}

func (p Person) checkNames(problems Problems) Person {
	p = p.clean()
	tooLong := func(field, text string, most int) {
		problems.Check(utf8.RuneCountInString(text) <= most, field, "Please use at most %d characters.", most)
	}
	tooLong("first_name", p.FirstName, maxPersonName)
	tooLong("last_name", p.LastName, maxPersonName)
	tooLong("company", p.Company, maxCompany)
	return p
}

func (p Person) clean() Person {
	p.FirstName, p.LastName, p.Company = Line(p.FirstName), Line(p.LastName), Line(p.Company)
	return p
}

// HasAddress tells whether a name of a person holds a web address: mails greet by
// name, and such a one would advertise to whomever its giver likes.
func HasAddress(name string) bool {
	return strings.Contains(name, "://") || strings.Contains(strings.ToLower(name), "www.")
}

// cut is for what carts, other forms and WordPress' profiles report, which is never
// refused for a name: what is too long is cut, one with a web address is none.
func (p Person) cut() Person {
	p = p.clean()
	for _, name := range []*string{&p.FirstName, &p.LastName} {
		if HasAddress(*name) {
			*name = ""
		}
	}
	p.FirstName, p.LastName = Cut(p.FirstName, maxPersonName), Cut(p.LastName, maxPersonName)
	p.Company = Cut(p.Company, maxCompany)
	return p
}

// EnsureContact finds the contact of p's e-mail address or makes it with this
// origin, and locks its row until the end of the transaction, so that two
// forms of one person follow one another. Of a known contact only blank fields
// are filled in: anybody can submit a form in the name of somebody else.
func EnsureContact(ctx context.Context, q db.Queryer, p Person, origin Origin, at time.Time) (c Contact, created bool,
	err error) {
	email, err := FoldEmail(p.Email)
	if err != nil {
		return Contact{}, false, err
	}
	p = p.cut()
	p.Email = email
	c, err = lockContact(ctx, q, email)
	if KindOf(err) == KindNotFound {
		created, err = insertContact(ctx, q, p, origin, at)
		if err == nil {
			c, err = lockContact(ctx, q, email)
		}
	}
	if err != nil || created {
		return c, created, err
	}
	return fillContact(ctx, q, c, p, at)
}

// insertContact tells whether it was this transaction that made the contact.
func insertContact(ctx context.Context, q db.Queryer, p Person, origin Origin, at time.Time) (bool, error) {
	_, err := q.Exec(ctx, `/* affiliate.EnsureContact */
		INSERT INTO {wp}partner_center_contacts (email, first_name, last_name, company, listed_as, origin, wp_user_id,
		created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.Email, p.FirstName, p.LastName, p.Company,
		Contact{Email: p.Email, FirstName: p.FirstName, LastName: p.LastName, Company: p.Company}.Name(), origin,
		p.UserID, at, at)
	if db.Duplicate(err) {
		return false, nil
	}
	return err == nil, err
}

func fillContact(ctx context.Context, q db.Queryer, c Contact, p Person, at time.Time) (Contact, bool, error) {
	more := filled(c, p)
	if more == c {
		return c, false, nil
	}
	return more, false, updateContact(ctx, q, &more, at)
}

// filled is the contact with its blanks filled in by what p tells.
func filled(c Contact, p Person) Contact {
	for _, f := range []struct {
		to   *string
		text string
	}{{&c.FirstName, p.FirstName}, {&c.LastName, p.LastName}, {&c.Company, p.Company}} {
		if *f.to == "" {
			*f.to = f.text
		}
	}
	if c.WPUserID == 0 {
		c.WPUserID = p.UserID
	}
	return c
}

func updateContact(ctx context.Context, q db.Queryer, c *Contact, at time.Time) error {
	c.UpdatedAt = at
	_, err := q.Exec(ctx, `/* affiliate.updateContact */
		UPDATE {wp}partner_center_contacts SET first_name = ?, last_name = ?, company = ?, listed_as = ?,
		wp_user_id = ?, updated_at = ? WHERE id = ?`,
		c.FirstName, c.LastName, c.Company, c.Name(), c.WPUserID, at, c.ID)
	if err != nil {
		return err
	}
	return listByName(ctx, q, c.ID)
}

func setUnlessBlank(to *string, text string) {
	if text != "" {
		*to = text
	}
}

// SetReferrers stores both referrers of a contact. Only package tracking does
// so, which folds them from the contact's forms (S64-S70).
func SetReferrers(ctx context.Context, q db.Queryer, id ContactID, first, last Referrer, at time.Time) error {
	_, err := q.Exec(ctx, `/* affiliate.SetReferrers */
		UPDATE {wp}partner_center_contacts SET
			first_partner_id = ?, first_tool_id = ?, first_subid = ?, first_page = ?, first_visit_id = ?,
			first_at = ?, first_proof = ?,
			last_partner_id = ?, last_tool_id = ?, last_subid = ?, last_page = ?, last_visit_id = ?,
			last_at = ?, last_proof = ?,
			updated_at = ? WHERE id = ?`,
		first.PartnerID, first.ToolID, first.SubID, first.Page, first.VisitID, first.At, first.Proof,
		last.PartnerID, last.ToolID, last.SubID, last.Page, last.VisitID, last.At, last.Proof, at, id)
	return err
}

const contactColumns = "id, email, first_name, last_name, company, origin, wp_user_id, created_at, updated_at, " +
	"deleted_at," +
	" first_partner_id AS `first.partner_id`, first_tool_id AS `first.tool_id`, first_subid AS `first.subid`," +
	" first_page AS `first.page`, first_visit_id AS `first.visit_id`, first_at AS `first.at`," +
	" first_proof AS `first.proof`," +
	" last_partner_id AS `last.partner_id`, last_tool_id AS `last.tool_id`, last_subid AS `last.subid`," +
	" last_page AS `last.page`, last_visit_id AS `last.visit_id`, last_at AS `last.at`, last_proof AS `last.proof`"

// ContactsAfter are at most so many contacts after one, by id, tombstones included.
func ContactsAfter(ctx context.Context, q db.Queryer, after ContactID, most int) ([]Contact, error) {
	contacts := []Contact{}
	return contacts, q.Select(ctx, &contacts, `/* affiliate.ContactsAfter */ SELECT `+contactColumns+`
		FROM {wp}partner_center_contacts WHERE id > ? ORDER BY id LIMIT ?`, int64(after), most)
}

func oneContact(ctx context.Context, q db.Queryer, where string, arg any) (Contact, error) {
	var c Contact
	err := q.Get(ctx, &c, `/* affiliate.LoadContact */ SELECT `+contactColumns+
		` FROM {wp}partner_center_contacts WHERE `+where, arg)
	if db.NoRows(err) {
		err = Missing("There is no such contact.")
	}
	return c, err
}

func lockContact(ctx context.Context, q db.Queryer, email string) (Contact, error) {
	return oneContact(ctx, q, "email = ? FOR UPDATE", email)
}

// LoadContact is the contact of this id.
func LoadContact(ctx context.Context, q db.Queryer, id ContactID) (Contact, error) {
	return oneContact(ctx, q, "id = ?", id)
}

// LoadContacts are the contacts of these ids, which need not be sorted; those
// that do not exist are not in the map.
func LoadContacts(ctx context.Context, q db.Queryer, ids []ContactID) (map[ContactID]Contact, error) {
	rows, byID := []Contact{}, map[ContactID]Contact{}
	if len(ids) == 0 {
		return byID, nil
	}
	err := db.SelectIn(ctx, q, &rows, `/* affiliate.LoadContacts */ SELECT `+contactColumns+
		` FROM {wp}partner_center_contacts WHERE id IN (?)`, ids)
	for _, c := range rows {
		byID[c.ID] = c
	}
	return byID, err
}

// LoadContactByEmail is the contact known by an address, however it is written.
func LoadContactByEmail(ctx context.Context, q db.Queryer, email string) (Contact, error) {
	folded, err := FoldEmail(email)
	if err != nil {
		return Contact{}, err
	}
	return oneContact(ctx, q, "email = ?", folded)
}

// Contact is the contact of this id.
func (r *Registry) Contact(ctx context.Context, id ContactID) (Contact, error) {
	return LoadContact(ctx, r.db, id)
}

// ContactsOf are the contacts of these ids, by id, without tombstones.
func (r *Registry) ContactsOf(ctx context.Context, ids []ContactID) ([]Contact, error) {
	contacts := []Contact{}
	if len(ids) == 0 {
		return contacts, nil
	}
	return contacts, db.SelectIn(ctx, r.db, &contacts, `/* affiliate.ContactsOf */ SELECT `+contactColumns+`
		FROM {wp}partner_center_contacts WHERE id IN (?) AND deleted_at IS NULL ORDER BY id`, ids)
}
