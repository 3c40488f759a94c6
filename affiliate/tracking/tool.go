package tracking

import (
	"time"

	"partnercenter/affiliate"
)

// Tool is a promo tool of a program (S42).
type Tool struct {
	ID         affiliate.ToolID    `db:"id"`
	Code       string              `db:"code"` // public name, in links
	ProgramID  affiliate.ProgramID `db:"program_id"`
	Kind       ToolKind            `db:"kind"`
	Name       string              `db:"name"`
	TargetURL  string              `db:"target_url"` // order page or opt-in form (S44)
	GroupID    GroupID             `db:"group_id"`   // 0: none (S46)
	Campaign   string              `db:"campaign"`   // S53
	Ad         string              `db:"ad"`
	ImageID    int64               `db:"image_id"` // attachment of the media library; banner and lightbox only (S54)
	Subject    string              `db:"subject"`  // Subject and Body…: e-mail copy (S52)
	BodyHTML   string              `db:"body_html"`
	BodyText   string              `db:"body_text"`
	CreatedAt  time.Time           `db:"created_at"`
	UpdatedAt  time.Time           `db:"updated_at"`
	ArchivedAt *time.Time          `db:"archived_at"` // redirects all the same (S147)
}

// ToolKind is one of the five kinds of S42.
type ToolKind string

// The kinds of promo tools.
const (
	StandardLink ToolKind = "standard" // through the redirect (S48)
	DirectLink   ToolKind = "direct"   // the target's own URL (S47)
	Banner       ToolKind = "banner"
	Lightbox     ToolKind = "lightbox"
	EmailCopy    ToolKind = "email"
)

// GroupID is the row of a product group.
type GroupID = affiliate.ID[Group]

// Group is a product group of promo tools: a small managed list (S46).
type Group struct {
	ID   GroupID `db:"id"`
	Name string  `db:"name"`
}
