package sale

import (
	"context"
	"slices"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/db"
)

// MissingSale is a sale that a partner misses (B13).
type MissingSale struct {
	ID         MissingSaleID       `db:"id"`
	PartnerID  affiliate.PartnerID `db:"partner_id"`
	Number     string              `db:"number"` // of the order, or Email
	Email      string              `db:"email"`  // of the buyer
	Day        affiliate.Day       `db:"day"`    // about when it was
	Note       string              `db:"note"`
	OrderID    *affiliate.OrderID  `db:"order_id"` // that it may be; nil: none is known. Not for the partner
	AskedAt    time.Time           `db:"asked_at"`
	Answer     string              `db:"answer"` // in an admin's words
	Actor      affiliate.Actor     `db:"actor"`
	AnsweredAt *time.Time          `db:"answered_at"`
}

// MissingSaleID is the row of a MissingSale.
type MissingSaleID = affiliate.ID[MissingSale]

const missingColumns = `id, partner_id, number, email, day, note, order_id, asked_at, answer, actor, answered_at`

const (
	missingAround  = 14 // days before and after the day that a partner remembers
	maxMissingNote = 1000
	missingPerDay  = 10 // that one partner may ask for
	missingShown   = 100
)

// Knows says what a partner's program lets them learn of a sale that is asked for.
type Knows struct {
	Numbers bool // of orders
	Emails  bool // of buyers
	Pending bool // commissions that are not approved
	History bool // sales of their customers that earn them nothing
}

// AskMissing answers a partner who misses a sale. Where the order is theirs, or is
// nobody's and its buyer came by them, it is found, as far as they may know; all else
// becomes a claim that admins answer. Both an order of others and one that does not
// exist are claims alike, so that the answer tells nothing about others' customers.
//
// Errors: KindInvalid by the fields number, email, day, note.
func (sv *Service) AskMissing(ctx context.Context, m MissingSale, knows Knows) (found *OrderView, err error) {
	if m, err = m.checked(sv.now()); err != nil {
		return nil, err
	}
	err = sv.db.Tx(ctx, func(tx *db.Tx) error {
		found = nil
		if err := mayAskMissing(ctx, tx, m.PartnerID, sv.now()); err != nil {
			return err
		}
		order, err := findMissing(ctx, tx, m)
		if err != nil {
			return err
		}
		if order != nil {
			m.OrderID = &order.ID
		}
		m.AskedAt = sv.now()
		if err := insertMissing(ctx, tx, &m); err != nil || order == nil {
			return err
		}
		views, err := loadViews(ctx, tx, []Order{*order})
		if err != nil {
			return err
		}
		mine, err := views[0].openTo(ctx, tx, m, knows)
		if err != nil || !mine {
			return err
		}
		found = &views[0]
		_, err = tx.Exec(ctx, `/* sale.AskMissing */
			UPDATE {wp}partner_center_missing_sales SET answered_at = ?, actor = ? WHERE id = ?`, m.AskedAt,
			affiliate.System, m.ID)
		return err
	})
	return found, err
}

func (m MissingSale) checked(now time.Time) (MissingSale, error) {
	p := affiliate.Problems{}
	m.Number = strings.TrimPrefix(affiliate.Line(m.Number), "#") // as shops print it
	m.Note = strings.TrimSpace(m.Note)
	if m.Email = strings.TrimSpace(m.Email); m.Email != "" {
		folded, err := affiliate.FoldEmail(m.Email)
		p.Check(err == nil, "email", "Please enter an email address such as anna@example.com.")
		m.Email = folded
	}
	p.Check(m.Number != "" || m.Email != "", "number", "Please enter the order's number or the buyer's email address.")
	p.Check(m.Number == affiliate.Cut(m.Number, 190), "number", "Please use at most %d characters.", 190)
	p.Check(m.Note == affiliate.Cut(m.Note, maxMissingNote), "note", "Please use at most %d characters.",
		maxMissingNote)
	p.Check(!m.Day.IsZero(), "day", "Please enter about when the sale was.")
	p.Check(m.Day.IsZero() || !affiliate.DayOf(now, time.UTC).AddDays(1).Before(m.Day), "day",
		"This day is still to come.")
	return m, p.Err()
}

// mayAskMissing keeps a partner from trying one number after the other.
func mayAskMissing(ctx context.Context, q db.Queryer, partner affiliate.PartnerID, now time.Time) error {
	if _, err := affiliate.LockPartner(ctx, q, partner); err != nil {
		return err
	}
	var asked int
	err := q.Get(ctx, &asked, `/* sale.mayAskMissing */
		SELECT COUNT(*) FROM {wp}partner_center_missing_sales WHERE partner_id = ? AND asked_at > ?`, partner,
		now.Add(-24*time.Hour))
	if err == nil && asked >= missingPerDay {
		err = affiliate.Invalid("", "You have asked for %d sales in a day. Please try again tomorrow.", asked)
	}
	return err
}

// findMissing is the order that may be meant, nil for none: of that number, or of the
// buyer in the days around.
func findMissing(ctx context.Context, q db.Queryer, m MissingSale) (*Order, error) {
	orders := []Order{}
	err := q.Select(ctx, &orders, `/* sale.findMissing */ SELECT `+OrderColumns+` FROM {wp}partner_center_orders
		WHERE version > 0 AND number = ? AND ? <> '' OR version > 0 AND ? = '' AND day >= ? AND day < ?
			AND contact_id = (SELECT k.id FROM {wp}partner_center_contacts k WHERE k.email = ? AND k.deleted_at IS NULL)
		ORDER BY id DESC LIMIT 1`, m.Number, m.Number, m.Number, m.Day.AddDays(-missingAround),
		m.Day.AddDays(missingAround+1), m.Email)
	if err != nil || len(orders) == 0 {
		return nil, err
	}
	return &orders[0], nil
}

func insertMissing(ctx context.Context, q db.Queryer, m *MissingSale) error {
	res, err := q.Exec(ctx, `/* sale.insertMissing */
		INSERT INTO {wp}partner_center_missing_sales (partner_id, number, email, day, note, order_id, asked_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, m.PartnerID, m.Number, m.Email, m.Day, m.Note, m.OrderID, m.AskedAt)
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	m.ID = MissingSaleID(id)
	return err
}

// openTo tells whether the partner may learn that this is the order they asked for.
func (v OrderView) openTo(ctx context.Context, q db.Queryer, m MissingSale, knows Knows) (bool, error) {
	if len(v.Decisions) == 0 {
		return false, nil
	}
	if shown, err := v.showsLevel2(ctx, q, m, knows); shown || err != nil {
		return shown, err
	}
	if m.Number != "" && !knows.Numbers || m.Number == "" && !knows.Emails {
		return false, nil
	}
	for _, c := range v.Commissions {
		if c.PartnerID == m.PartnerID && c.Level == 1 && (knows.Pending || c.Status != "pending") {
			return true, nil
		}
	}
	if !knows.History || v.Decisions[len(v.Decisions)-1].PartnerID != 0 {
		return false, nil
	}
	var came int
	err := q.Get(ctx, &came, `/* sale.openTo */ SELECT COUNT(*) FROM {wp}partner_center_contacts
		WHERE id = ? AND (first_partner_id = ? OR last_partner_id = ?)`, v.Order.ContactID, m.PartnerID, m.PartnerID)
	return came > 0, err
}

// showsLevel2 tells whether the order earns the partner level 2, and its number stands
// in their list: as far as the seller's program shows customers (D44).
func (v OrderView) showsLevel2(ctx context.Context, q db.Queryer, m MissingSale, knows Knows) (bool, error) {
	i := slices.IndexFunc(v.Commissions, func(c ledger.Commission) bool {
		return c.PartnerID == m.PartnerID && c.Level == 2 && (knows.Pending || c.Status != ledger.Pending)
	})
	if i < 0 || m.Number == "" {
		return false, nil
	}
	var see affiliate.Visibility
	err := q.Get(ctx, &see, `/* sale.showsLevel2 */ SELECT visibility FROM {wp}partner_center_programs WHERE id = ?`,
		v.Commissions[i].ProgramID)
	return see != affiliate.SeeNobody, err
}

// MissingOf are what a partner has asked for, the latest first.
func (sv *Service) MissingOf(ctx context.Context, partner affiliate.PartnerID) ([]MissingSale, error) {
	all := []MissingSale{}
	err := sv.db.Select(ctx, &all, `/* sale.MissingOf */ SELECT `+missingColumns+`
		FROM {wp}partner_center_missing_sales WHERE partner_id = ? ORDER BY asked_at DESC, id DESC LIMIT ?`, partner,
		missingShown)
	return all, err
}

// MissingSales are those that wait for an answer, the oldest first, or those that have
// one, the latest first.
func (sv *Service) MissingSales(ctx context.Context, answered bool) ([]MissingSale, error) {
	all := []MissingSale{}
	query := `WHERE answered_at IS NULL ORDER BY id LIMIT ?`
	if answered {
		query = `WHERE answered_at IS NOT NULL ORDER BY id DESC LIMIT ?`
	}
	err := sv.db.Select(ctx, &all, `/* sale.MissingSales */ SELECT `+missingColumns+`
		FROM {wp}partner_center_missing_sales `+query, missingShown)
	return all, err
}

// OpenMissing is how many wait for an answer.
func (sv *Service) OpenMissing(ctx context.Context) (n int, err error) {
	err = sv.db.Get(ctx, &n, `/* sale.OpenMissing */
		SELECT COUNT(*) FROM {wp}partner_center_missing_sales WHERE answered_at IS NULL`)
	return n, err
}

// AnswerMissing answers a partner in an admin's words. It is a Conflict when somebody
// has answered already.
func (sv *Service) AnswerMissing(ctx context.Context, actor affiliate.Actor, id MissingSaleID, answer string) error {
	answer = strings.TrimSpace(answer)
	p := affiliate.Problems{}
	p.Check(answer != "", "answer", "Please write an answer for the partner.")
	p.Check(answer == affiliate.Cut(answer, maxMissingNote), "answer", "Please use at most %d characters.",
		maxMissingNote)
	if err := p.Err(); err != nil {
		return err
	}
	return sv.db.Tx(ctx, func(tx *db.Tx) error {
		var m MissingSale
		err := tx.Get(ctx, &m, `/* sale.AnswerMissing */ SELECT `+missingColumns+`
			FROM {wp}partner_center_missing_sales WHERE id = ? FOR UPDATE`, id)
		if err != nil {
			return affiliate.MissingRow(err, "claim")
		}
		if m.AnsweredAt != nil {
			return affiliate.Conflict("Someone has answered this already.")
		}
		at := sv.now()
		_, err = tx.Exec(ctx, `/* sale.AnswerMissing */ UPDATE {wp}partner_center_missing_sales
			SET answer = ?, actor = ?, answered_at = ? WHERE id = ?`, answer, actor, at, id)
		if err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, at, affiliate.AuditEntry{Actor: actor, Action: "answer missing sale",
			Object: "partner", ObjectID: int64(m.PartnerID), After: answer})
	})
}
