package tracking

import (
	"context"
	"time"

	"partnercenter/affiliate"
)

// PagesToCheck are promo tools in use whose target pages nobody has looked at since,
// the longest time ago first, at most so many (D13).
func (t *Tracker) PagesToCheck(ctx context.Context, since time.Time, most int) ([]Tool, error) {
	tools := []Tool{}
	err := t.db.Select(ctx, &tools, `/* tracking.PagesToCheck */ SELECT `+toolColumns+` FROM {wp}partner_center_tools
		WHERE archived_at IS NULL AND (page_checked_at IS NULL OR page_checked_at < ?)
		ORDER BY page_checked_at, id LIMIT ?`, since, most)
	return tools, err
}

// NotePage keeps what was found on the page that a promo tool leads to, unless it
// leads elsewhere by now. Nobody did it, so nobody is told of it in the audit.
func (t *Tracker) NotePage(ctx context.Context, tool Tool, lacks bool) error {
	_, err := t.db.Exec(ctx, `/* tracking.NotePage */ UPDATE {wp}partner_center_tools
		SET page_checked_at = ?, page_lacks_script = ? WHERE id = ? AND target_url = ?`, t.now(), lacks, tool.ID,
		tool.TargetURL)
	return err
}

// LackingScript is how many promo tools of a program lead to pages of this site that
// had no tracking script when they were last looked at.
type LackingScript struct {
	ProgramID affiliate.ProgramID `db:"program_id"`
	Count     int64               `db:"n"`
}

// PagesWithoutScript are those of each program that has some.
func (t *Tracker) PagesWithoutScript(ctx context.Context) ([]LackingScript, error) {
	found := []LackingScript{}
	err := t.db.Select(ctx, &found, `/* tracking.PagesWithoutScript */ SELECT t.program_id, COUNT(*) AS n
		FROM {wp}partner_center_tools t JOIN {wp}partner_center_programs g ON g.id = t.program_id
		WHERE t.archived_at IS NULL AND t.page_lacks_script = 1 AND g.archived_at IS NULL
		GROUP BY t.program_id ORDER BY t.program_id`)
	return found, err
}
