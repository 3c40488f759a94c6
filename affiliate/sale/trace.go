package sale

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"maps"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/locale"
)

// traceVersion is raised when stored traces would be read wrongly by new code.
const traceVersion = 1

// Trace is the whole reasoning behind an order's commissions (B2). It holds ids
// and codes, no names of people, so that it survives their erasure; its JSON is
// the third rendering beside AdminLines and PartnerLines.
type Trace struct {
	Version  int            `json:"version"`
	Currency money.Currency `json:"currency"`
	Steps    []Step         `json:"steps"`
	Order    reason.Code    `json:"order,omitempty"` // why the order earns nothing at present
	Lines    []LineTrace    `json:"lines"`
}

// Step is one thing that was considered.
type Step struct {
	Code  reason.Code       `json:"code"`
	Facts map[string]string `json:"facts,omitempty"`
}

// LineTrace is what an order line earns by the latest state of its order.
type LineTrace struct {
	Line      string              `json:"line"`
	Name      string              `json:"name"`
	ProductID affiliate.ProductID `json:"product_id,omitempty"`
	TermsID   affiliate.TermsID   `json:"terms_id,omitempty"`
	Quantity  money.Quantity      `json:"quantity"`
	Base      money.Amount        `json:"base"` // what percentages are taken of (D8)
	// with those that follow what Base sums up, where that is more than Net:
	Net      money.Amount `json:"net,omitzero"`
	Discount money.Amount `json:"discount,omitzero"`
	Tax      money.Amount `json:"tax,omitzero"`
	Shipping money.Amount `json:"shipping,omitzero"`
	Refunded money.Amount `json:"refunded"`        // of the base
	Spread   money.Amount `json:"spread,omitzero"` // of Refunded, by D25
	Levels   []LevelTrace `json:"levels"`
}

// LevelTrace is what one partner earns on a line. Amount is what a paid order
// earns; an unpaid one has a step that says so.
type LevelTrace struct {
	Level     int                 `json:"level"`
	PartnerID affiliate.PartnerID `json:"partner_id"`
	Code      reason.Code         `json:"code"`
	Formula   string              `json:"formula,omitempty"` // "99.99 × 10 % = 9.999"
	Amount    money.Amount        `json:"amount"`
}

// add appends a step; facts are name, value, name, value, …
func (t *Trace) add(code reason.Code, facts ...any) {
	step := Step{Code: code}
	if len(facts) > 0 {
		step.Facts = map[string]string{}
	}
	for i := 0; i+1 < len(facts); i += 2 {
		step.Facts[facts[i].(string)] = fmt.Sprint(facts[i+1])
	}
	t.Steps = append(t.Steps, step)
}

// Reckon fills in what the order's lines earn at present.
func (t *Trace) Reckon(o Order, lines []LineTrace) {
	t.Currency, t.Order, t.Lines = o.Currency, o.Status.statusStep(), lines
}

// partnerFacts are the facts that hold a partner's id.
var partnerFacts = []string{"partner", "proven", "before", "recruiter", "touch", "first", "last", "owner", "referrer"}

// AdminLines is the trace as sentences for admins. name turns a partner's id
// into what they are called.
func (t Trace) AdminLines(name func(affiliate.PartnerID) string) []locale.Text {
	lines := []locale.Text{}
	for _, s := range t.Steps {
		lines = append(lines, s.Code.ForAdmin(reason.Stored(named(s.Facts, name))))
	}
	if t.Order != "" {
		lines = append(lines, t.Order.ForAdmin(nil))
	}
	for _, l := range t.Lines {
		lines = append(lines, t.lineForAdmin(l, name)...)
	}
	return lines
}

func (t Trace) lineForAdmin(l LineTrace, name func(affiliate.PartnerID) string) (said []locale.Text) {
	if l.parted() {
		said = append(said, l.says(reason.BaseParts.ForAdmin(t.baseFacts(l))))
	}
	if !l.Spread.IsZero() {
		said = append(said, l.says(reason.RefundSpread.ForAdmin(reason.Facts{
			"spread": money.Text(l.Spread, t.Currency), "refunded": money.Text(l.Refunded, t.Currency)})))
	}
	for _, level := range l.Levels {
		said = append(said, locale.Join(locale.T("%s, %s, level %d: %s", l.title(), name(level.PartnerID), level.Level,
			level.Code.ForAdmin(t.levelFacts(level))), l.terms()))
	}
	if len(l.Levels) == 0 {
		said = append(said, l.says(locale.T("No one gets credit.")))
	}
	return said
}

// AdminLinesOf are the steps of the trace, and what one line and level of the order
// earns, as sentences for admins.
func (t Trace) AdminLinesOf(line string, level int, name func(affiliate.PartnerID) string) []locale.Text {
	own := t
	own.Lines = nil
	for _, l := range t.Lines {
		if l.Line != line {
			continue
		}
		one := l
		one.Levels = nil
		for _, earns := range l.Levels {
			if earns.Level == level {
				one.Levels = append(one.Levels, earns)
			}
		}
		own.Lines = append(own.Lines, one)
	}
	return own.AdminLines(name)
}

// PartnerLines is the trace as sentences for one partner: only what they earn
// and why, nothing of the buyer and of other partners (S17, S19).
func (t Trace) PartnerLines(viewer affiliate.PartnerID) []locale.Text {
	return t.partnerLines(viewer, func(LineTrace, LevelTrace) bool { return true })
}

// CommissionLines is PartnerLines of one commission: of its line and level alone,
// and without what Formula says.
func (t Trace) CommissionLines(viewer affiliate.PartnerID, line string, level int) []locale.Text {
	return t.partnerLines(viewer, func(l LineTrace, e LevelTrace) bool {
		return l.Line == line && e.Level == level && e.Code != reason.Earned
	})
}

func (t Trace) partnerLines(viewer affiliate.PartnerID, of func(LineTrace, LevelTrace) bool) []locale.Text {
	lines := []locale.Text{}
	for _, s := range t.Steps {
		if sentence := s.Code.ForPartner(s.harmless()); !sentence.IsZero() && s.concerns(viewer) {
			lines = append(lines, sentence)
		}
	}
	if t.Order != "" {
		lines = append(lines, t.Order.ForPartner(nil))
	}
	for _, l := range t.Lines {
		for _, level := range l.Levels {
			if level.PartnerID == viewer && of(l, level) {
				lines = append(lines, l.says(level.Code.ForPartner(t.levelFacts(level))))
			}
		}
	}
	return lines
}

// concerns tells whether a step is about this partner: each step whose sentence
// speaks to "you" names them.
func (s Step) concerns(viewer affiliate.PartnerID) bool {
	you := s.Facts["partner"]
	if s.Code == reason.Level2Credited {
		you = s.Facts["recruiter"]
	}
	return you == "" || you == viewer.String()
}

// harmless are the facts of a step that say nothing of people.
func (s Step) harmless() reason.Facts {
	return reason.Facts{"reason": s.Facts["reason"], "promotion": s.Facts["promotion"],
		"coupon": s.Facts["coupon"]}
}

func (t Trace) levelFacts(l LevelTrace) reason.Facts {
	facts := reason.Facts{"formula": l.formula(t.Currency)}
	for _, s := range t.Steps {
		if program := s.Facts["program"]; program != "" {
			facts["program"] = program
		}
	}
	return facts
}

// terms names the version of the terms by which the line earns, for admins.
func (l LineTrace) terms() locale.Text {
	if l.TermsID == 0 {
		return locale.Text{}
	}
	return locale.T("(Terms version %s.)", l.TermsID.String())
}

// says puts the line before what is said of it.
func (l LineTrace) says(sentence locale.Text) locale.Text {
	return locale.Layout("%s: %s", l.title(), sentence)
}

func (l LineTrace) title() locale.Text {
	if l.Name == "" {
		return locale.T("Line %s", l.Line)
	}
	return locale.Data(l.Name)
}

func named(facts map[string]string, name func(affiliate.PartnerID) string) map[string]string {
	facts = maps.Clone(facts)
	for _, key := range partnerFacts {
		if id, err := affiliate.ParseID[affiliate.Partner](facts[key]); err == nil {
			facts[key] = name(id)
		}
	}
	return facts
}

// Value writes the trace as JSON.
func (t Trace) Value() (driver.Value, error) {
	data, err := json.Marshal(t)
	return string(data), err
}

// Scan reads the JSON of Value.
func (t *Trace) Scan(src any) error {
	text, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("trace: cannot be read from %T", src)
	}
	return json.Unmarshal(text, t)
}
