package coupon

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Push is what the shop is to make of one code.
type Push struct {
	Coupon
	On       bool     // the code works; false: it is switched off
	Template Template // with On
}

// pushesAtOnce is how many codes one sidecar takes on at a time.
const pushesAtOnce = 20

// claimTime is how long a sidecar has for what it took on: longer than the calls
// to the shop may take that it makes for them, one by one.
const claimTime = 2 * time.Minute

// restTime is how long nothing is looked for unless something changed: for what
// becomes due by itself, and what was claimed by a process that died.
const restTime = time.Minute

// Due makes codes for partners who should have one and have none, and takes on
// codes that are not in the shop as they should be: because they are new, their
// template changed, or their partner came or went. Each is then to be reported by
// Pushed or Refused. None: nothing is left to do for now.
//
// It compares what should be with what the shop is known to have, so that whatever
// changed a partner or a program is followed, and nothing is lost while the shop
// is away.
func (s *Service) Due(ctx context.Context) ([]Push, error) {
	versions, resting, err := s.resting(ctx)
	if err != nil || resting {
		return nil, err
	}
	if err := s.makeMissing(ctx); err != nil {
		return nil, err
	}
	found, err := s.differing(ctx)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		s.mu.Lock()
		s.known, s.rest = versions, s.now().Add(restTime)
		s.mu.Unlock()
		return nil, nil
	}
	pushes := []Push{}
	for _, p := range found {
		ours, err := s.claim(ctx, p)
		if err != nil {
			return pushes, err
		}
		if ours {
			pushes = append(pushes, p)
		}
	}
	return pushes, nil
}

// resting tells whether nothing can have become due since nothing was.
func (s *Service) resting(ctx context.Context) (map[string]int64, bool, error) {
	rows := []struct {
		Name    string `db:"name"`
		Version int64  `db:"version"`
	}{}
	err := s.db.Select(ctx, &rows, `/* coupon.resting */ SELECT name, version FROM {wp}partner_center_versions
		WHERE name IN ('partners', 'programs', 'coupons')`)
	versions := map[string]int64{}
	for _, r := range rows {
		versions[r.Name] = r.Version
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return versions, s.known != nil && maps.Equal(s.known, versions) && s.now().Before(s.rest), err
}

// makeMissing makes codes for the active partners of programs that have coupons.
func (s *Service) makeMissing(ctx context.Context) error {
	missing := []struct {
		PartnerID affiliate.PartnerID `db:"partner_id"`
		Partner   string              `db:"partner_code"`
		FirstName string              `db:"first_name"`
		Template
	}{}
	err := s.db.Select(ctx, &missing, `/* coupon.makeMissing */
		SELECT p.id AS partner_id, p.code AS partner_code, k.first_name, `+templateColumns+`
		FROM {wp}partner_center_coupon_templates t
		JOIN {wp}partner_center_programs g ON g.id = t.program_id AND g.archived_at IS NULL
		JOIN {wp}partner_center_memberships m ON m.program_id = t.program_id AND m.active = 1
		JOIN {wp}partner_center_partners p ON p.id = m.partner_id AND p.state = 'active'
		JOIN {wp}partner_center_contacts k ON k.id = p.contact_id
		LEFT JOIN {wp}partner_center_coupons c ON c.partner_id = p.id AND c.shop = t.shop AND c.main = 1
		WHERE t.active = 1 AND c.id IS NULL ORDER BY p.id LIMIT 200`)
	if err != nil {
		return err
	}
	for _, one := range missing {
		c := Coupon{PartnerID: one.PartnerID, Shop: one.Shop, Made: true, StartsAt: s.now(), NextAt: s.now()}
		if err := s.makeFor(ctx, c, one.code(one.FirstName, one.Partner), one.Partner); err != nil {
			return err
		}
	}
	return nil
}

// makeFor gives a partner the code, or the first that is free of those that follow
// it: ANNA10, ANNA10-2, …; after those, one with the partner's own code.
func (s *Service) makeFor(ctx context.Context, c Coupon, code, partner string) error {
	for n := 1; n <= 30; n++ {
		switch c.Code = code; {
		case n > 20:
			c.Code = letters(partner) + strings.Repeat("0", n-21)
		case n > 1:
			c.Code = fmt.Sprintf("%s-%d", code, n)
		}
		made, err := s.makeOne(ctx, c)
		if err != nil || made {
			return err
		}
	}
	return fmt.Errorf("no code is free for partner %s, not even %s", c.PartnerID, c.Code)
}

// makeOne is false where the code is taken. That another sidecar was faster is as
// good as made.
func (s *Service) makeOne(ctx context.Context, c Coupon) (made bool, err error) {
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		made = false
		if _, has, err := mainOf(ctx, tx, c.PartnerID, c.Shop); err != nil || has {
			made = has
			return err
		}
		if was, err := wasAnothers(ctx, tx, c); err != nil || was {
			return err
		}
		err := insert(ctx, tx, &c, true)
		if db.Duplicate(err) {
			return nil
		}
		made = err == nil
		if err == nil {
			err = affiliate.Changed(ctx, tx, "coupons")
		}
		return err
	})
	return made, err
}

// differing are codes that the shop is not known to have as they should be.
func (s *Service) differing(ctx context.Context) ([]Push, error) {
	rows := []struct {
		Coupon
		On        bool                `db:"on_now"`
		ProgramID affiliate.ProgramID `db:"program_id"`
	}{}
	err := s.db.Select(ctx, &rows, `/* coupon.differing */
		SELECT `+columns+`, `+onNow+` AS on_now, g.id AS program_id
		FROM {wp}partner_center_coupons c`+standing+`
		WHERE c.made = 1 AND c.next_at <= ? AND IF(`+onNow+`, COALESCE(c.pushed_on, 0) <> 1
			OR c.pushed_program <> g.id OR c.pushed_revision <> t.revision, c.pushed_on > 0)
		ORDER BY c.next_at, c.id LIMIT ?`, s.now(), pushesAtOnce)
	pushes := []Push{}
	for _, r := range rows {
		p := Push{Coupon: r.Coupon, On: r.On}
		if p.On {
			if p.Template, p.On, err = loadTemplate(ctx, s.db, r.ProgramID, ""); err != nil {
				return nil, err
			}
		}
		pushes = append(pushes, p)
	}
	return pushes, err
}

const (
	// standing joins what a coupon c depends on: its partner p, their program g, and
	// that program's template t.
	standing = ` LEFT JOIN {wp}partner_center_partners p ON p.id = c.partner_id
		LEFT JOIN {wp}partner_center_memberships m ON m.partner_id = p.id AND m.active = 1
		LEFT JOIN {wp}partner_center_programs g ON g.id = m.program_id
		LEFT JOIN {wp}partner_center_coupon_templates t ON t.program_id = g.id AND t.shop = c.shop`

	// onNow tells whether a made code should work.
	onNow = `COALESCE(c.active = 1 AND p.state = 'active' AND g.archived_at IS NULL AND t.active = 1, 0)`
)

// claim takes a code on, unless another sidecar does; from then on it is not known
// whether the code works, unless it did and will.
func (s *Service) claim(ctx context.Context, p Push) (bool, error) {
	res, err := s.db.Exec(ctx, `/* coupon.claim */ UPDATE {wp}partner_center_coupons
		SET next_at = ?, attempts = attempts + 1, pushed_on = IF(? AND pushed_on = 1, 1, 2)
		WHERE id = ? AND attempts = ? AND next_at = ?`, s.now().Add(claimTime), p.On, p.ID, p.Attempts, p.NextAt)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Pushed tells that the shop has a code as it was to be. Links carry it from then on.
func (s *Service) Pushed(ctx context.Context, p Push) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `/* coupon.Pushed */ UPDATE {wp}partner_center_coupons
			SET pushed_program = ?, pushed_revision = ?, pushed_on = ?, problem = '', error = '', attempts = 0,
			next_at = ? WHERE id = ?`, p.Template.ProgramID, p.Template.Revision, p.On, s.now(), p.ID)
		if err != nil {
			return err
		}
		return affiliate.Changed(ctx, tx, "coupons")
	})
}

// Gone tells that somebody deleted a coupon in the shop that a template made: it is
// asked for again, as long as its partner should have it. Any other, and one of
// another shop, is left alone. It is a step of the caller's transaction.
func Gone(ctx context.Context, q db.Queryer, shop Shop, id ID, at time.Time) error {
	res, err := q.Exec(ctx, `/* coupon.Gone */ UPDATE {wp}partner_center_coupons
		SET pushed_on = 2, attempts = 0, next_at = ? WHERE id = ? AND shop = ? AND made = 1`, at, id, shop)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return affiliate.Changed(ctx, q, "coupons")
}

// Refused tells why the shop did not take a code. It is tried again after a pause
// that grows to an hour: what stands against it is often mended in the shop.
func (s *Service) Refused(ctx context.Context, p Push, problem Problem, why string) error {
	pause := min(time.Minute<<min(p.Attempts, 6), time.Hour)
	_, err := s.db.Exec(ctx, `/* coupon.Refused */ UPDATE {wp}partner_center_coupons
		SET problem = ?, error = ?, next_at = ?, pushed_on = IF(? = 'taken', 0, pushed_on) WHERE id = ?`, problem,
		affiliate.Cut(why, 255), s.now().Add(pause), problem, p.ID)
	return err
}

// Waits tells that the shop did not answer: the code is asked for again once it
// does, as if it had not been.
func (s *Service) Waits(ctx context.Context, p Push) error {
	_, err := s.db.Exec(ctx, `/* coupon.Waits */ UPDATE {wp}partner_center_coupons
		SET attempts = ?, next_at = ? WHERE id = ?`, p.Attempts, s.now(), p.ID)
	return err
}

// Failures are how many codes the shop did not take, and what it said of one.
func (s *Service) Failures(ctx context.Context) (n int, why string, err error) {
	row := struct {
		N   int    `db:"n"`
		Why string `db:"why"`
	}{}
	err = s.db.Get(ctx, &row, `/* coupon.Failures */
		SELECT COUNT(*) AS n, COALESCE(MAX(CONCAT(code, ': ', error)), '') AS why
		FROM {wp}partner_center_coupons WHERE problem <> ''`)
	return row.N, row.Why, err
}

// TryAgain has the shop asked for a code at once.
func (s *Service) TryAgain(ctx context.Context, actor affiliate.Actor, id ID) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		c, err := load(ctx, tx, id, " FOR UPDATE")
		if err != nil {
			return err
		}
		if !c.Made {
			return affiliate.Conflict("This coupon is the shop's own.")
		}
		now := s.now()
		_, err = tx.Exec(ctx, `/* coupon.TryAgain */ UPDATE {wp}partner_center_coupons
			SET pushed_on = 2, attempts = 0, next_at = ? WHERE id = ?`, now, id)
		if err != nil {
			return err
		}
		return changed(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: "try again", Object: "coupon",
			ObjectID: int64(id)})
	})
}
