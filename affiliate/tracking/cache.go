package tracking

import (
	"context"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// cache keeps the tools and partners that are clicked, and the settings, in
// memory. Whoever changes one raises a row of versions in the same transaction;
// poll notices and starts again. Codes that are not found are not
// kept, so made-up ones take no memory and new ones work at once.
type cache struct {
	db      db.Queryer
	present atomic.Pointer[generation]
	domain  atomic.Pointer[string] // of links, as last read
}

// generation is what was read since a state of the versions. What is read for
// an old generation goes into that one, so a row that was read before a change
// can never be taken for the row after it.
type generation struct {
	versions map[string]int64
	tools    sync.Map // code → clickedTool
	partners sync.Map // code → clickedPartner
	settings atomic.Pointer[affiliate.Settings]
}

type clickedTool struct {
	ID     affiliate.ToolID `db:"id"`
	Target string           `db:"target_url"`
}

type clickedPartner struct {
	ID        affiliate.PartnerID    `db:"id"`
	UserID    affiliate.UserID       `db:"wp_user_id"`
	State     affiliate.PartnerState `db:"state"`
	InProgram bool                   `db:"in_program"` // of an active membership in a program not archived
	SubIDs    bool                   `db:"has_subids"` // S123
	Coupon    string                 `db:"coupon"`     // the partner's code that works in the shop; "" for none
}

func newCache(q db.Queryer) *cache {
	c := &cache{db: q}
	c.present.Store(&generation{})
	return c
}

// poll forgets everything when a version changed.
func (c *cache) poll(ctx context.Context) error {
	var rows []struct {
		Name    string `db:"name"`
		Version int64  `db:"version"`
	}
	err := c.db.Select(ctx, &rows, `/* tracking.cache.poll */ SELECT name, version FROM {wp}partner_center_versions`)
	if err != nil {
		return err
	}
	versions := map[string]int64{}
	for _, r := range rows {
		versions[r.Name] = r.Version
	}
	if now := c.present.Load(); now.versions == nil || !maps.Equal(now.versions, versions) {
		c.present.Store(&generation{versions: versions})
		_, err = c.settings(ctx) // the domain of links is asked for where there is no time to read it
	}
	return err
}

// tool is the promo tool of a code, archived or not (S147).
func (c *cache) tool(ctx context.Context, code string) (clickedTool, bool, error) {
	return lookUp[clickedTool](ctx, c.db, &c.present.Load().tools, code, `/* tracking.cache.tool */
		SELECT id, target_url FROM {wp}partner_center_tools WHERE code = ?`)
}

// partner is the partner of a code, whatever their state.
func (c *cache) partner(ctx context.Context, code string) (clickedPartner, bool, error) {
	return lookUp[clickedPartner](ctx, c.db, &c.present.Load().partners, code, `/* tracking.cache.partner */
		SELECT p.id, p.wp_user_id, p.state, EXISTS (
			SELECT 1 FROM {wp}partner_center_memberships m JOIN {wp}partner_center_programs g ON g.id = m.program_id
			WHERE m.partner_id = p.id AND m.active = 1 AND g.archived_at IS NULL) AS in_program,
			`+affiliate.HasSubIDsSQL+` AS has_subids,
			COALESCE((SELECT c.code FROM {wp}partner_center_coupons c WHERE c.partner_id = p.id AND c.active = 1
				AND (c.made = 0 OR c.pushed_on = 1) ORDER BY COALESCE(c.main, 0) DESC, c.id LIMIT 1), '') AS coupon
		FROM {wp}partner_center_partners p WHERE p.code = ?`)
}

// notInCode are characters that no code has; the ASCII columns would not
// compare them, but fail.
func notInCode(c rune) bool { return c > unicode.MaxASCII }

func lookUp[T any](ctx context.Context, q db.Queryer, known *sync.Map, code, query string) (found T, ok bool,
	err error) {
	if len(code) == 0 || len(code) > maxCode || strings.ContainsFunc(code, notInCode) {
		return found, false, nil
	}
	if v, ok := known.Load(code); ok {
		return v.(T), true, nil
	}
	err = q.Get(ctx, &found, query, code)
	if db.NoRows(err) {
		return found, false, nil
	}
	if err != nil {
		return found, false, err
	}
	known.Store(code, found)
	return found, true, nil
}

func (c *cache) settings(ctx context.Context) (affiliate.Settings, error) {
	g := c.present.Load()
	if s := g.settings.Load(); s != nil {
		return *s, nil
	}
	s, err := affiliate.LoadSettings(ctx, c.db)
	if err == nil {
		g.settings.Store(&s)
		c.domain.Store(&s.LinkDomain)
	}
	return s, err
}
