package sale

import (
	"fmt"
	"math/big"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
)

// Target is what the commissions of an order line and level must sum to.
type Target struct {
	LineID          affiliate.LineID
	Level           int
	DecisionVersion int
	partnerID       affiliate.PartnerID
	productID       affiliate.ProductID
	Base            money.Amount // what is left of the line's base
	amount          money.Amount
}

// Targets calculates what each line of an order earns for each partner credited,
// with the reasoning (S13, S14, S23, S28, D8, D9, D25, D27). It is pure. Of an
// order that is not paid every target is 0, the reasoning shows what it would
// earn.
func Targets(o Order, lines []Line, d Decision, terms map[affiliate.ProductID]affiliate.Terms) ([]Target, []LineTrace,
	error) {
	all := []Target{}
	traces := make([]LineTrace, len(lines))
	for i, l := range lines {
		earned, left, err := earnLine(l, d, terms[l.ProductID], o.Currency)
		if err != nil {
			return nil, nil, fmt.Errorf("order %s of %s, line %s: %w", o.ExternalID, o.Source, l.Line, err)
		}
		traces[i] = LineTrace{Line: l.Line, Name: l.Name, ProductID: l.ProductID, TermsID: terms[l.ProductID].ID,
			Quantity: l.Quantity, Base: l.Base, Refunded: l.Refunded, Spread: l.Spread, Levels: earned}
		traces[i].showBase(l.Parts, d.Base)
		for _, e := range earned {
			t := Target{LineID: l.ID, Level: e.Level, DecisionVersion: d.DecisionVersion, partnerID: e.PartnerID,
				productID: l.ProductID, Base: left}
			if o.Status == OrderPaid {
				t.amount = e.Amount
			}
			all = append(all, t)
		}
	}
	return all, traces, nil
}

// earnLine calculates both levels, as far as somebody is credited on them, on what
// is left of the line's base.
func earnLine(l Line, d Decision, terms affiliate.Terms, cur money.Currency) ([]LevelTrace, money.Amount, error) {
	earned := []LevelTrace{}
	left, err := remaining(l)
	if err != nil {
		return nil, left, err
	}
	for i, partner := range []affiliate.PartnerID{d.PartnerID, d.RecruiterID} {
		if partner == 0 {
			continue
		}
		e, err := earn(l.countedBy(d.FlatPer), left, terms, i+1, cur)
		if err != nil {
			return nil, left, err
		}
		e.PartnerID = partner
		earned = append(earned, e)
	}
	return earned, left, nil
}

// countedBy is the line as flat commissions count it: for each unit, or as one
// whatever its quantity (D9).
func (l Line) countedBy(per affiliate.FlatPer) Line {
	if per == affiliate.FlatPerOrder {
		l.Quantity = one
	}
	return l
}

var one = money.Quantity(money.MustParse("1"))

// remaining is the base that still earns. A refund above the line, which is on
// review, leaves nothing rather than a debt.
func remaining(l Line) (money.Amount, error) {
	left, err := l.Base.Sub(l.Refunded)
	if left.Sign() < 0 {
		return money.Amount{}, err
	}
	return left, err
}

// earn calculates one level of one line: rounded once, half away from zero, to the
// currency's minor unit.
func earn(l Line, left money.Amount, terms affiliate.Terms, level int, cur money.Currency) (LevelTrace, error) {
	t := LevelTrace{Level: level, Code: reason.Earned}
	switch {
	case l.ProductID == 0:
		t.Code = reason.ProductUnknown
	case terms.ID == 0:
		t.Code = reason.ProductNotInProgram
	case left.IsZero() || terms.Kind == affiliate.FlatAmount && l.Net.IsZero():
		t.Code = reason.LineNetZero // a free line earns no flat commission either (D27)
	case terms.Kind == affiliate.FlatAmount:
		return earnFlat(t, l, left, terms, cur)
	default:
		return earnPercent(t, left, terms, cur)
	}
	return t, nil
}

func earnPercent(t LevelTrace, left money.Amount, terms affiliate.Terms, cur money.Currency) (LevelTrace, error) {
	rate := terms.Level1
	if t.Level == 2 {
		rate = terms.Level2
	}
	var err error
	t.Amount, err = rate.Of(left, cur)
	exact := new(big.Rat).Mul(big.NewRat(left.Units(), 10_000), big.NewRat(int64(rate), 1_000_000))
	t.Formula = fmt.Sprintf("%s × %s %% = %s", left, rate, decimal(exact))
	if rate == 0 {
		t.Code = reason.RateZero
	}
	return t, err
}

func earnFlat(t LevelTrace, l Line, left money.Amount, terms affiliate.Terms, cur money.Currency) (LevelTrace, error) {
	flat, found := terms.Flat(cur)
	if !found {
		t.Code = reason.FlatNoCurrency
		return t, nil
	}
	each := flat.Level1
	if t.Level == 2 {
		each = flat.Level2
	}
	var err error // what is refunded earns in proportion (D25)
	t.Amount, err = each.TimesPart(l.Quantity, left, l.Base, cur)
	t.Formula = fmt.Sprintf("%s × %s", l.Quantity, each)
	if left != l.Base {
		t.Formula += fmt.Sprintf(" × %s / %s", left, l.Base)
	}
	if each.IsZero() {
		t.Code = reason.RateZero
	}
	return t, err
}

// decimal writes an exact product, at most 10 decimals of which are not 0.
func decimal(r *big.Rat) string {
	return strings.TrimRight(strings.TrimRight(r.FloatString(10), "0"), ".")
}

// statusStep is the reason why an order earns nothing at present, "" when it is paid.
func (s OrderStatus) statusStep() reason.Code {
	switch s {
	case OrderUnpaid:
		return reason.OrderNotPaid
	case OrderFailed:
		return reason.OrderPayFailed
	case OrderVoid:
		return reason.OrderCanceled
	}
	return ""
}
