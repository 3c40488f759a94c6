package affiliate

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Policy is how a program decides on sales: who may be credited, on what base,
// and what happens to a commission by itself. It is saved as a whole, each save
// is a new version, and an order is judged by the version that was in force
// when it was placed, so that past sales never move (S30, S129-S133, S148).
type Policy struct {
	ProgramID ProgramID `json:"-"`
	Version   int       `json:"-"` // 0: never saved; DefaultPolicy holds
	SavedAt   time.Time `json:"-"`
	SavedBy   Actor     `json:"-"`
	Tiers     int       `json:"tiers"` // of the program while this version holds; set by EditProgram (S12)

	Credit CreditRule `json:"credit"`
	// N of StoredForDays and LiveClick; 0 with LiveClick: the order's own click
	CreditDays int      `json:"credit_days"`
	Windows    []Window `json:"windows,omitempty"`

	SelfReferral SelfReferral `json:"self_referral"`
	NewOnly      bool         `json:"new_only"`      // only a customer's first sale earns (S148)
	RenewalLimit int          `json:"renewal_limit"` // renewals of a subscription that earn; 0: all (S148)

	Base    Base       `json:"base"`
	FlatPer FlatPer    `json:"flat_per"`
	Hold    int        `json:"hold"`    // days that a commission waits before it is approved (S76)
	Approve bool       `json:"approve"` // approve by itself once Hold is over
	Rules   []AutoRule `json:"rules,omitempty"`
}

// CreditRule says what a referrer needs to be credited with a sale (S129).
type CreditRule string

// The three rules of S129. A referrer who does not meet their program's rule is
// not replaced by another: nobody is credited (D28).
const (
	StoredReferrer CreditRule = "stored"      // being stored on the contact is enough (D1)
	StoredForDays  CreditRule = "stored_days" // their last click or form lies at most N days back
	LiveClick      CreditRule = "live"        // they were clicked within N days, or for this very order
)

// Window is a promotion: of orders placed in [From, To) only those earn whose
// referrer was clicked since From (S131).
type Window struct {
	Name string    `json:"name"`
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// SelfReferral says what becomes of a partner's sales to themselves (S133).
type SelfReferral string

// What can become of them.
const (
	AllowSelf SelfReferral = "allow"
	HoldSelf  SelfReferral = "hold" // a person decides: it is never approved by itself
	DenySelf  SelfReferral = "deny"
)

// FlatPer says how often a flat commission is earned (D9).
type FlatPer string

// The choices of D9.
const (
	FlatPerUnit  FlatPer = "unit"
	FlatPerOrder FlatPer = "order" // once for each line, whatever its quantity
)

// AutoRule is a rule that decides on sales instead of a person (S133). Of a
// policy's rules the first whose condition holds counts.
type AutoRule struct {
	When     Condition      `json:"when"`
	Days     int            `json:"days,omitempty"` // of NoClickWithin
	Amount   money.Amount   `json:"amount"`         // of OrderFrom
	Currency money.Currency `json:"currency,omitempty"`
	Then     Verdict        `json:"then"`
	Hold     int            `json:"hold,omitempty"` // days, of HoldSale; 0: until a person decides
	Reason   string         `json:"reason"`         // as partners and admins read it
}

// Condition is what a rule looks at.
type Condition string

// The conditions.
const (
	EverySale         Condition = "always"
	NoLiveClick       Condition = "no_live_click"      // the order came without a click of the credited partner
	NoClickWithin     Condition = "no_click_within"    // none of their clicks lies within Days before the order
	OwnPurchase       Condition = "self_referral"      // the buyer is the partner, or who recruited them
	ReturningCustomer Condition = "returning_customer" // the buyer had paid for an order before
	OrderFrom         Condition = "order_from"         // the order's total is Amount or more, in Currency
)

// Verdict is what a rule does.
type Verdict string

// The verdicts.
const (
	ApproveSale Verdict = "approve" // by itself, once the policy's hold is over
	HoldSale    Verdict = "hold"
	DeclineSale Verdict = "decline" // nobody is credited
)

// The most days that a rule can look back or hold.
const maxDays = 3650

// DefaultPolicy is what holds for a program whose policy was never saved.
func DefaultPolicy(program ProgramID, tiers int) Policy {
	return Policy{ProgramID: program, Tiers: tiers, Credit: StoredReferrer, SelfReferral: HoldSelf,
		FlatPer: FlatPerUnit}
}

// WindowAt is the promotion that an order placed at that time belongs to;
// false without one.
func (p Policy) WindowAt(at time.Time) (Window, bool) {
	for _, w := range p.Windows {
		if !at.Before(w.From) && at.Before(w.To) {
			return w, true
		}
	}
	return Window{}, false
}

// Validate notes what is wrong with the policy, by field.
func (p Policy) Validate() error {
	problems := Problems{}
	days := func(field string, n, least int) {
		problems.Check(least <= n && n <= maxDays, field, "Please enter %d to %d days.", least, maxDays)
	}
	switch p.Credit {
	case StoredReferrer:
	case StoredForDays:
		days("credit_days", p.CreditDays, 1)
	case LiveClick:
		days("credit_days", p.CreditDays, 0)
	default:
		problems.Add("credit", "Please choose what a partner needs to get credit.")
	}
	problems.Check(p.SelfReferral == AllowSelf || p.SelfReferral == HoldSelf || p.SelfReferral == DenySelf,
		"self_referral", "Please choose whether partners earn on what they buy themselves.")
	problems.Check(p.FlatPer == FlatPerUnit || p.FlatPer == FlatPerOrder, "flat_per",
		"Please choose whether flat amounts count for each unit or each order.")
	problems.Check(p.RenewalLimit >= 0, "renewal_limit", "Please enter 0 (no limit) or more.")
	days("hold", p.Hold, 0)
	p.checkWindows(problems)
	for i, rule := range p.Rules {
		rule.check(problems, fmt.Sprintf("rules.%d", i+1))
	}
	return problems.Err()
}

// checkWindows refuses those that overlap: an order belongs to one promotion.
func (p Policy) checkWindows(problems Problems) {
	for i, w := range p.Windows {
		field := fmt.Sprintf("windows.%d", i+1)
		problems.Check(w.Name != "" && Cut(w.Name, maxName) == w.Name, field,
			"Please give the promotion a name of at most %d characters.", maxName)
		problems.Check(w.From.Before(w.To), field, "The promotion must end after it begins.")
		for _, other := range p.Windows[:i] {
			problems.Check(!w.From.Before(other.To) || !other.From.Before(w.To), field,
				"The promotion overlaps with %s.", other.Name)
		}
	}
}

func (r AutoRule) check(problems Problems, field string) {
	switch r.When {
	case EverySale, NoLiveClick, OwnPurchase, ReturningCustomer:
	case NoClickWithin:
		problems.Check(1 <= r.Days && r.Days <= maxDays, field, "Please enter 1 to %d days.", maxDays)
	case OrderFrom:
		_, err := money.ParseCurrency(string(r.Currency))
		problems.Check(err == nil, field, "Please choose the currency of the amount.")
		problems.Check(r.Amount.Sign() > 0, field, "Please enter an amount above 0.")
	default:
		problems.Add(field, "Please choose when the rule applies.")
	}
	problems.Check(r.Then == ApproveSale || r.Then == HoldSale || r.Then == DeclineSale, field,
		"Please choose what the rule does.")
	problems.Check(0 <= r.Hold && r.Hold <= maxDays, field, "Please enter 0 to %d days.", maxDays)
	problems.Check(r.Reason != "" && Cut(r.Reason, maxReason) == r.Reason, field,
		"Please give the rule's reason, in at most %d characters.", maxReason)
}

// clean brings text and times into the form in which they are stored.
func (p Policy) clean() Policy {
	p.Windows, p.Rules = append([]Window(nil), p.Windows...), append([]AutoRule(nil), p.Rules...)
	for i, w := range p.Windows {
		p.Windows[i] = Window{Line(w.Name), w.From.UTC(), w.To.UTC()}
	}
	for i := range p.Rules {
		p.Rules[i].Reason = Line(p.Rules[i].Reason)
	}
	return p
}

// Policy is the program's policy in force.
func (r *Registry) Policy(ctx context.Context, program ProgramID) (Policy, error) {
	return PolicyAt(ctx, r.db, program, r.now())
}

// Policies are the versions of a program's policy, the latest first, at most limit.
func (r *Registry) Policies(ctx context.Context, program ProgramID, limit int) ([]Policy, error) {
	all, err := policiesWhere(ctx, r.db, []ProgramID{program}, `p.version > (SELECT MAX(v.version)
		FROM {wp}partner_center_policies v WHERE v.program_id = g.id) - ?`, limit)
	versions := []Policy{}
	for _, s := range slices.Backward(all[program].saves) {
		versions = append(versions, s.value)
	}
	return versions, err
}

// SavePolicy puts p in force for orders placed from now on, as a new version.
// p.Version is the one that the admin saw: when another has been saved
// meanwhile, it is a Conflict. It switches no field of any contact (S130).
//
// Errors: KindInvalid by the fields credit, credit_days, self_referral,
// flat_per, renewal_limit, hold, windows.N and rules.N.
func (r *Registry) SavePolicy(ctx context.Context, actor Actor, p Policy) (Policy, error) {
	p = p.clean()
	if err := p.Validate(); err != nil {
		return Policy{}, err
	}
	saved := p
	err := r.db.Tx(ctx, func(tx *db.Tx) error {
		program, err := lockProgram(ctx, tx, p.ProgramID)
		if err != nil {
			return err
		}
		before, err := latestPolicy(ctx, tx, program)
		if err != nil {
			return err
		}
		if before.Version != p.Version {
			return Conflict(
				"Someone else changed these rules while you were editing. Review the current rules and save again.")
		}
		saved.Tiers, saved.SavedAt, saved.SavedBy = program.Tiers, r.now(), actor
		if err := savePolicy(ctx, tx, actor, before, &saved); err != nil {
			return err
		}
		return Audit(ctx, tx, saved.SavedAt, AuditEntry{Actor: actor, Action: "save policy", Object: "program",
			ObjectID: int64(p.ProgramID), Before: before, After: saved})
	})
	return saved, err
}

// savePolicy writes the next version, under the program's lock, and always
// after the one before: two within a microsecond still follow one another.
func savePolicy(ctx context.Context, q db.Queryer, actor Actor, before Policy, p *Policy) error {
	p.Version = before.Version + 1
	if !p.SavedAt.After(before.SavedAt) {
		p.SavedAt = before.SavedAt.Add(time.Microsecond)
	}
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `/* affiliate.SavePolicy */
		INSERT INTO {wp}partner_center_policies (program_id, version, data, saved_at, actor) VALUES (?, ?, ?, ?, ?)`,
		p.ProgramID, p.Version, string(data), p.SavedAt, actor)
	return err
}

// firstPolicy begins the history of a new program.
func firstPolicy(ctx context.Context, q db.Queryer, actor Actor, p Program) error {
	policy := DefaultPolicy(p.ID, p.Tiers)
	policy.SavedAt = p.CreatedAt
	return savePolicy(ctx, q, actor, Policy{}, &policy)
}

// tiersChanged writes a version of the policy when the program's tiers changed:
// orders placed before keep theirs (S15, S30).
func tiersChanged(ctx context.Context, q db.Queryer, actor Actor, p Program, at time.Time) error {
	before, err := latestPolicy(ctx, q, p)
	if err != nil || before.Tiers == p.Tiers {
		return err
	}
	after := before
	after.Tiers, after.SavedAt = p.Tiers, at
	return savePolicy(ctx, q, actor, before, &after)
}

// PolicyAt is the policy that was in force at that time. Before the first save
// it is the default.
func PolicyAt(ctx context.Context, q db.Queryer, program ProgramID, at time.Time) (Policy, error) {
	all, err := PoliciesBetween(ctx, q, []ProgramID{program}, at, at)
	return all[program].At(at), err
}

// PoliciesBetween are the policies of programs that were in force in [from, to].
// It is KindNotFound when one of the programs does not exist.
func PoliciesBetween(ctx context.Context, q db.Queryer, programs []ProgramID,
	from, to time.Time) (map[ProgramID]Timeline[Policy], error) {
	return policiesWhere(ctx, q, programs, `p.saved_at <= ? AND p.version >= COALESCE((SELECT MAX(v.version)
		FROM {wp}partner_center_policies v WHERE v.program_id = g.id AND v.saved_at <= ?), 0)`, to, from)
}

func latestPolicy(ctx context.Context, q db.Queryer, p Program) (Policy, error) {
	all, err := policiesWhere(ctx, q, []ProgramID{p.ID}, `p.version = (SELECT MAX(v.version)
		FROM {wp}partner_center_policies v WHERE v.program_id = g.id)`)
	return all[p.ID].latest(), err
}

func policiesWhere(ctx context.Context, q db.Queryer, programs []ProgramID, which string,
	args ...any) (map[ProgramID]Timeline[Policy], error) {
	all := map[ProgramID]Timeline[Policy]{}
	if len(programs) == 0 {
		return all, nil
	}
	query, args, err := db.In(`/* affiliate.Policies */
		SELECT g.id AS program_id, g.tiers, COALESCE(p.version, 0) AS version, p.data, p.saved_at,
			COALESCE(p.actor, '') AS actor
		FROM {wp}partner_center_programs g
		LEFT JOIN {wp}partner_center_policies p ON p.program_id = g.id AND `+which+`
		WHERE g.id IN (?) ORDER BY g.id, p.version`, append(args, programs)...)
	if err != nil {
		return nil, err
	}
	rows := []policyRow{}
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	for _, row := range rows {
		l, known := all[row.ProgramID]
		if !known {
			l.before = DefaultPolicy(row.ProgramID, row.Tiers)
		}
		if row.Version > 0 {
			p, err := row.policy()
			if err != nil {
				return nil, err
			}
			l.saves = append(l.saves, save[Policy]{p.SavedAt, p})
		}
		all[row.ProgramID] = l
	}
	for _, id := range programs {
		if _, known := all[id]; !known {
			return nil, Missing("There is no such partner program.")
		}
	}
	return all, nil
}

// policyRow is a version of a program's policy; Version 0: there is none.
type policyRow struct {
	ProgramID ProgramID  `db:"program_id"`
	Tiers     int        `db:"tiers"`
	Version   int        `db:"version"`
	Data      []byte     `db:"data"`
	SavedAt   *time.Time `db:"saved_at"`
	Actor     Actor      `db:"actor"`
}

func (row policyRow) policy() (Policy, error) {
	p := DefaultPolicy(row.ProgramID, 0)
	if err := json.Unmarshal(row.Data, &p); err != nil {
		return p, fmt.Errorf("policy %d of program %s cannot be read: %w", row.Version, row.ProgramID, err)
	}
	p.Version, p.SavedAt, p.SavedBy = row.Version, *row.SavedAt, row.Actor
	return p, nil
}
