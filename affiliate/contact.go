package affiliate

import "time"

// Contact is a person known by e-mail: buyer, lead or partner.
type Contact struct {
	ID        ContactID `db:"id"`
	Email     string    `db:"email"` // case-folded (D34)
	FirstName string    `db:"first_name"`
	LastName  string    `db:"last_name"`
	Company   string    `db:"company"`
	Origin    Origin    `db:"origin"`
	WPUserID  UserID    `db:"wp_user_id"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
	First     Referrer  `db:"first"`
	Last      Referrer  `db:"last"`
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
)

// Referrer is a partner who brought a contact, with the click that did it
// (D31). The zero Referrer is "none".
type Referrer struct {
	PartnerID PartnerID  `db:"partner_id"`
	ToolID    ToolID     `db:"tool_id"`
	SubID     string     `db:"subid"`
	VisitID   VisitID    `db:"visit_id"`
	At        *time.Time `db:"at"` // of the form that set it
}
