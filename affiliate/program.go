package affiliate

import "time"

// Program is a partner program (S11-S22).
type Program struct {
	ID            ProgramID  `db:"id"`
	Code          string     `db:"code"` // public name, in sign-up URLs (S4)
	Name          string     `db:"name"`
	Tiers         int        `db:"tiers"`      // 1 or 2 (S12)
	Visibility    Visibility `db:"visibility"` // what partners see of their customers (S17)
	Signup        SignupMode `db:"signup"`
	ShowPending   bool       `db:"show_pending"` // partners may see pending commissions (S89)
	WelcomeToolID ToolID     `db:"welcome_tool_id"`
	CreatedAt     time.Time  `db:"created_at"`
	UpdatedAt     time.Time  `db:"updated_at"`
	ArchivedAt    *time.Time `db:"archived_at"` // S147: kept for history, earns no more
}

// Visibility is how much partners see of the people they referred (S17).
type Visibility string

// The levels of S17, most to least.
const (
	SeeNameAndEmail Visibility = "email"
	SeeName         Visibility = "name"
	SeeFirstName    Visibility = "first" // first name and initial
	SeeNobody       Visibility = "anonymous"
)

// SignupMode is what happens to an application (S104).
type SignupMode string

// The modes of sign-up.
const (
	SignupOpen     SignupMode = "open"     // a partner at once
	SignupApproval SignupMode = "approval" // waits for an admin
	SignupClosed   SignupMode = "closed"   // only admins add partners
)
