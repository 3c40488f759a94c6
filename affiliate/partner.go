package affiliate

import "time"

// Partner is a contact who promotes.
type Partner struct {
	ID            PartnerID     `db:"id"`
	Code          string        `db:"code"` // public name, in links
	ContactID     ContactID     `db:"contact_id"`
	WPUserID      UserID        `db:"wp_user_id"` // 0: the account is not made yet
	State         PartnerState  `db:"state"`
	PaymentMethod PaymentPolicy `db:"payment_method"` // paypal or check
	PayPalEmail   string        `db:"paypal_email"`
	CreatedAt     time.Time     `db:"created_at"`
	UpdatedAt     time.Time     `db:"updated_at"`
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

// Membership is a stretch of time in which a partner belonged to a program.
// At most one is running (D2); RecruiterID earns the second tier (D5).
type Membership struct {
	ID          MembershipID `db:"id"`
	PartnerID   PartnerID    `db:"partner_id"`
	ProgramID   ProgramID    `db:"program_id"`
	RecruiterID PartnerID    `db:"recruiter_id"`
	SignupAt    time.Time    `db:"signup_at"` // of the unbroken stay, across moves (S39)
	StartedAt   time.Time    `db:"started_at"`
	EndedAt     *time.Time   `db:"ended_at"`
}
