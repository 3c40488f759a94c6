package tracking

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/db"
	"partnercenter/locale"
)

// Tool is a promo tool of a program (S42, S43).
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
	Subject    string              `db:"subject"`  // this and the bodies: e-mail copy only (S52)
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

// HasImage tells whether tools of this kind show an image (S54).
func (k ToolKind) HasImage() bool { return k == Banner || k == Lightbox }

// NeedsCenter tells whether partners get tools of this kind in the partner center
// alone; links also come by mail (S56).
func (k ToolKind) NeedsCenter() bool { return k.HasImage() || k == EmailCopy }

// The lengths of a tool's columns, in characters.
const (
	maxToolName = 190
	maxLabel    = 100 // campaign, ad and group
	maxSubject  = 255
	maxBody     = 1_000_000 // far below the column's, but no mail is longer
)

func (t Tool) clean() Tool {
	t.Name, t.Campaign, t.Ad, t.Subject = affiliate.Line(t.Name), affiliate.Line(t.Campaign), affiliate.Line(t.Ad),
		affiliate.Line(t.Subject)
	t.TargetURL = strings.TrimSpace(t.TargetURL)
	return t
}

// check notes what is wrong under the names of the columns.
func (t Tool) check() affiliate.Problems {
	p := affiliate.Problems{}
	p.Check(t.ProgramID != 0, "program_id", "Please choose a program.")
	p.Check(t.Name != "", "name", "Please enter a name.")
	if wrong := checkTarget(t.TargetURL); !wrong.IsZero() {
		p.Say("target_url", wrong)
	}
	for field, text := range map[string]string{"campaign": t.Campaign, "ad": t.Ad} {
		p.Check(utf8.RuneCountInString(text) <= maxLabel, field, "Please use at most %d characters.", maxLabel)
	}
	p.Check(utf8.RuneCountInString(t.Name) <= maxToolName, "name", "Please use at most %d characters.", maxToolName)
	switch t.Kind {
	case StandardLink, DirectLink, EmailCopy:
		p.Check(t.ImageID == 0, "image_id", "Only banners and lightboxes have an image.")
	case Banner, Lightbox:
		p.Check(t.ImageID > 0, "image_id", "Please choose an image.")
	default:
		p.Add("kind", "Please choose a kind of promo tool.")
	}
	t.checkCopy(p)
	return p
}

// checkCopy is check for the fields of e-mail copy.
func (t Tool) checkCopy(p affiliate.Problems) {
	if t.Kind != EmailCopy {
		p.Check(t.Subject == "" && t.BodyHTML == "" && t.BodyText == "", "kind",
			"Only email messages have a subject and a text.")
		return
	}
	p.Check(t.Subject != "", "subject", "Please enter a subject.")
	p.Check(utf8.RuneCountInString(t.Subject) <= maxSubject, "subject", "Please use at most %d characters.", maxSubject)
	p.Check(strings.TrimSpace(t.BodyHTML+t.BodyText) != "", "body_html",
		"Please enter the message, as HTML, as plain text or both.")
	for field, text := range map[string]string{"body_html": t.BodyHTML, "body_text": t.BodyText} {
		p.Check(len(text) <= maxBody, field, "Please use at most %d characters.", maxBody)
		p.Check(utf8.ValidString(text), field, "The text holds characters that cannot be read. Please enter it again.")
	}
}

const toolColumns = `id, code, program_id, kind, name, target_url, group_id, campaign,
	ad, COALESCE(image_id, 0) AS image_id,
	subject, COALESCE(body_html, '') AS body_html, COALESCE(body_text, '') AS body_text, created_at,
	updated_at, archived_at`

func oneTool(ctx context.Context, q db.Queryer, where string, arg any) (Tool, error) {
	var t Tool
	err := q.Get(ctx, &t, `/* tracking.LoadTool */ SELECT `+toolColumns+` FROM {wp}partner_center_tools WHERE `+
		where, arg)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such promo tool.")
	}
	return t, err
}

// LoadTool is the tool of this id.
func LoadTool(ctx context.Context, q db.Queryer, id affiliate.ToolID) (Tool, error) {
	return oneTool(ctx, q, "id = ?", id)
}

// LoadToolByCode is the tool that a link names.
func LoadToolByCode(ctx context.Context, q db.Queryer, code string) (Tool, error) {
	return oneTool(ctx, q, "code = ?", cleanCode(code))
}

// Tool is the tool of this id.
func (t *Tracker) Tool(ctx context.Context, id affiliate.ToolID) (Tool, error) {
	return LoadTool(ctx, t.db, id)
}

// ToolFilter picks tools; zero fields pick all.
type ToolFilter struct {
	ProgramID affiliate.ProgramID
	Kind      ToolKind
	GroupID   GroupID
	Campaign  string
	Ad        string
	Archived  bool // the archived ones, else the others
}

// Tools lists tools by name (S43, S46, S53).
func (t *Tracker) Tools(ctx context.Context, f ToolFilter) ([]Tool, error) {
	return loadTools(ctx, t.db, f)
}

func loadTools(ctx context.Context, q db.Queryer, f ToolFilter) ([]Tool, error) {
	tools := []Tool{}
	err := q.Select(ctx, &tools, `/* tracking.Tools */
		SELECT `+toolColumns+` FROM {wp}partner_center_tools
		WHERE (? IS NULL OR program_id = ?) AND (? = '' OR kind = ?) AND (? IS NULL OR group_id = ?)
			AND (? = '' OR campaign = ?) AND (? = '' OR ad = ?) AND (archived_at IS NOT NULL) = ?
		ORDER BY name, id`,
		f.ProgramID, f.ProgramID, f.Kind, f.Kind, f.GroupID, f.GroupID, f.Campaign, f.Campaign, f.Ad, f.Ad, f.Archived)
	return tools, err
}

// ToolCounts are how many promo tools of a program are in use and archived.
func (t *Tracker) ToolCounts(ctx context.Context, program affiliate.ProgramID) (used, archived int64, err error) {
	var found struct {
		Used     int64 `db:"used"`
		Archived int64 `db:"archived"`
	}
	err = t.db.Get(ctx, &found, `/* tracking.ToolCounts */ SELECT COUNT(*) - COUNT(archived_at) AS used,
		COUNT(archived_at) AS archived FROM {wp}partner_center_tools WHERE program_id = ?`, program)
	return found.Used, found.Archived, err
}

// MainTool is the promo tool whose link partners of a program are given first:
// the one that the program names, else its first link; false while it has none.
func (t *Tracker) MainTool(ctx context.Context, p affiliate.Program) (Tool, bool, error) {
	return LoadMainTool(ctx, t.db, p)
}

// LoadMainTool is MainTool as a step of a transaction.
func LoadMainTool(ctx context.Context, q db.Queryer, p affiliate.Program) (Tool, bool, error) {
	if p.WelcomeToolID != 0 {
		tool, err := LoadTool(ctx, q, p.WelcomeToolID)
		if err != nil || tool.ArchivedAt == nil {
			return tool, err == nil, err
		}
	}
	for _, kind := range []ToolKind{StandardLink, DirectLink} {
		tools, err := loadTools(ctx, q, ToolFilter{ProgramID: p.ID, Kind: kind})
		if err != nil {
			return Tool{}, false, err
		}
		if len(tools) > 0 {
			return tools[0], true, nil
		}
	}
	return Tool{}, false, nil
}

// CreateTool makes a tool of the fields that an admin fills in: all but id,
// code and times.
func (t *Tracker) CreateTool(ctx context.Context, actor affiliate.Actor, tool Tool) (Tool, error) {
	tool = tool.clean()
	if err := tool.check().Err(); err != nil {
		return Tool{}, err
	}
	tool.Code, tool.CreatedAt, tool.ArchivedAt = affiliate.NewCode(), t.now(), nil
	tool.UpdatedAt = tool.CreatedAt
	err := t.db.Tx(ctx, func(tx *db.Tx) (err error) {
		tool, err = insertTool(ctx, tx, actor, tool)
		return err
	})
	return tool, err
}

// insertTool makes a tool that was checked, with the code and times it has.
func insertTool(ctx context.Context, q db.Queryer, actor affiliate.Actor, tool Tool) (Tool, error) {
	if err := checkRefs(ctx, q, tool); err != nil {
		return tool, err
	}
	res, err := q.Exec(ctx, `/* tracking.CreateTool */
		INSERT INTO {wp}partner_center_tools (code, program_id, kind, name, target_url, group_id,
		campaign, ad, image_id,
			subject, body_html, body_text, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, 0), ?, ?, ?, ?, ?)`,
		tool.Code, tool.ProgramID, tool.Kind, tool.Name, tool.TargetURL, tool.GroupID, tool.Campaign, tool.Ad,
		tool.ImageID, tool.Subject, tool.BodyHTML, tool.BodyText, tool.CreatedAt, tool.UpdatedAt)
	if err != nil {
		return tool, err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return tool, err
	}
	tool.ID = affiliate.ToolID(id)
	return tool, toolChanged(ctx, q, actor, "create", nil, tool)
}

// sameText tells whether both have the same in all that an admin fills in.
func (t Tool) sameText(other Tool) bool {
	fields := func(t Tool) Tool {
		return Tool{Name: t.Name, TargetURL: t.TargetURL, GroupID: t.GroupID, Campaign: t.Campaign, Ad: t.Ad,
			ImageID: t.ImageID, Subject: t.Subject, BodyHTML: t.BodyHTML, BodyText: t.BodyText}
	}
	return fields(t) == fields(other)
}

var directMoved = locale.T("Direct links that partners have already published still lead to the old address. " +
	"A standard link would follow the change by itself: prefer one if the address may change again.")

// EditTool changes the fields that an admin fills in; program, kind, code and
// archive stay. Where tool has the time of its last change, it is a Conflict when
// somebody has changed it since. The warning, for the admin, is about a direct link whose target
// changes all the same (S47).
func (t *Tracker) EditTool(ctx context.Context, actor affiliate.Actor, tool Tool) (Tool, locale.Text, error) {
	tool = tool.clean()
	edited, warning := tool, locale.Text{}
	err := t.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := oneTool(ctx, tx, "id = ? FOR UPDATE", tool.ID)
		if err != nil {
			return err
		}
		edited, warning = before, locale.Text{}
		if tool.sameText(before) {
			return nil
		}
		if seen := tool.UpdatedAt; !seen.IsZero() && !seen.Equal(before.UpdatedAt) {
			return affiliate.Conflict("Someone else changed this promo tool while you were editing. " +
				"Review it and save again.")
		}
		edited, err = t.editTool(ctx, tx, actor, before, tool)
		if edited.Kind == DirectLink && edited.TargetURL != before.TargetURL {
			warning = directMoved
		}
		return err
	})
	return edited, warning, err
}

// editTool gives a locked tool the fields of another.
func (t *Tracker) editTool(ctx context.Context, q db.Queryer, actor affiliate.Actor, before, tool Tool) (Tool, error) {
	tool.Code, tool.ProgramID, tool.Kind = before.Code, before.ProgramID, before.Kind
	tool.CreatedAt, tool.ArchivedAt, tool.UpdatedAt = before.CreatedAt, before.ArchivedAt, t.now()
	if err := tool.check().Err(); err != nil {
		return tool, err
	}
	if err := checkRefs(ctx, q, tool); err != nil {
		return tool, err
	}
	return tool, updateTool(ctx, q, actor, "edit", before, tool)
}

// ArchiveTool takes a tool out of the lists; its links redirect and earn all
// the same (S147). UnarchiveTool brings it back. Doing so twice changes nothing.
func (t *Tracker) ArchiveTool(ctx context.Context, actor affiliate.Actor, id affiliate.ToolID) error {
	at := t.now()
	return t.setArchived(ctx, actor, "archive", id, &at)
}

// UnarchiveTool brings an archived tool back into the lists.
func (t *Tracker) UnarchiveTool(ctx context.Context, actor affiliate.Actor, id affiliate.ToolID) error {
	return t.setArchived(ctx, actor, "unarchive", id, nil)
}

func (t *Tracker) setArchived(ctx context.Context, actor affiliate.Actor, action string, id affiliate.ToolID,
	at *time.Time) error {
	return t.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := oneTool(ctx, tx, "id = ? FOR UPDATE", id)
		if err != nil || (before.ArchivedAt == nil) == (at == nil) {
			return err
		}
		tool := before
		tool.ArchivedAt, tool.UpdatedAt = at, t.now()
		return updateTool(ctx, tx, actor, action, before, tool)
	})
}

func updateTool(ctx context.Context, q db.Queryer, actor affiliate.Actor, action string, before, tool Tool) error {
	_, err := q.Exec(ctx, `/* tracking.updateTool */
		UPDATE {wp}partner_center_tools SET page_checked_at = IF(target_url = ?, page_checked_at, NULL),
		page_lacks_script = IF(target_url = ?, page_lacks_script, 0), name = ?, target_url = ?, group_id = ?,
		campaign = ?, ad = ?, image_id = NULLIF(?, 0),
			subject = ?, body_html = ?, body_text = ?, updated_at = ?, archived_at = ? WHERE id = ?`,
		tool.TargetURL, tool.TargetURL, tool.Name, tool.TargetURL, tool.GroupID, tool.Campaign, tool.Ad, tool.ImageID,
		tool.Subject, tool.BodyHTML, tool.BodyText, tool.UpdatedAt, tool.ArchivedAt, tool.ID)
	if err != nil {
		return err
	}
	return toolChanged(ctx, q, actor, action, before, tool)
}

func toolChanged(ctx context.Context, q db.Queryer, actor affiliate.Actor, action string, before any, tool Tool) error {
	entry := affiliate.AuditEntry{Actor: actor, Action: action, Object: "tool", ObjectID: int64(tool.ID),
		Before: before, After: tool}
	if err := affiliate.Audit(ctx, q, tool.UpdatedAt, entry); err != nil {
		return err
	}
	return affiliate.Changed(ctx, q, "tools")
}

// checkRefs refuses programs, groups and linked tools that do not exist.
func checkRefs(ctx context.Context, q db.Queryer, tool Tool) error {
	var there struct {
		Program bool `db:"program"`
		Group   bool `db:"product_group"`
	}
	err := q.Get(ctx, &there, `/* tracking.checkRefs */
		SELECT EXISTS (SELECT 1 FROM {wp}partner_center_programs WHERE id = ?) AS program,
			? IS NULL OR EXISTS (SELECT 1 FROM {wp}partner_center_tool_groups WHERE id = ?) AS product_group`,
		tool.ProgramID, tool.GroupID, tool.GroupID)
	if err != nil {
		return err
	}
	p := affiliate.Problems{}
	p.Check(there.Program, "program_id", "This program no longer exists.")
	p.Check(there.Group, "group_id", "This group no longer exists.")
	for field, body := range map[string]string{"body_html": tool.BodyHTML, "body_text": tool.BodyText} {
		for _, code := range linkedTools(body) {
			linked, err := LoadToolByCode(ctx, q, code)
			if err != nil && affiliate.KindOf(err) != affiliate.KindNotFound {
				return err
			}
			p.Check(err == nil && linked.ProgramID == tool.ProgramID, field,
				"There is no promo tool %q in this program to link to.", code)
		}
	}
	return p.Err()
}
