package sale

import (
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/locale"
)

// formula is how the amount came about, in one format everywhere: "12% of $58.00 =
// $6.96". Traces store it as target.go wrote it, "58 × 12 % = 6.96" or "2 × 15",
// also those of years ago, so it is read from there.
func (l LevelTrace) formula(cur money.Currency) locale.Text {
	amount := money.Text(l.Amount, cur)
	if left, rest, is := strings.Cut(l.Formula, " × "); is && strings.Contains(rest, " %") {
		rate, _, _ := strings.Cut(rest, " %")
		if of, err := money.Parse(left); err == nil {
			return locale.T("%s%% of %s = %s", rate, money.Text(of, cur), amount)
		}
	} else if each, share, is := strings.Cut(rest, " × "); left != "" {
		flat, err := money.Parse(each)
		if err == nil && !is {
			return locale.Layout("%s × %s = %s", left, money.Text(flat, cur), amount)
		}
		part, of, _ := strings.Cut(share, " / ")
		still, err1 := money.Parse(part)
		whole, err2 := money.Parse(of)
		if err == nil && err1 == nil && err2 == nil {
			return locale.T("%s × %s for the %s left of %s = %s", left, money.Text(flat, cur), money.Text(still, cur),
				money.Text(whole, cur), amount)
		}
	}
	return locale.Data(l.Formula)
}

// Formula is how the amount of one partner on one line and level came about; none
// where it earns nothing at present.
func (t Trace) Formula(viewer affiliate.PartnerID, line string, level int) locale.Text {
	for _, l := range t.Lines {
		for _, e := range l.Levels {
			if l.Line == line && e.Level == level && e.PartnerID == viewer && e.Code == reason.Earned {
				return e.formula(t.Currency)
			}
		}
	}
	return locale.Text{}
}

// CameBy is when and how the buyer came by the partner: by a click on their link
// with this order (link), or as their referrer since then. It is zero where that is
// another's, an admin's or a coupon's doing.
func (t Trace) CameBy(viewer affiliate.PartnerID) (at time.Time, link bool) {
	for _, s := range t.Steps {
		if s.Facts["partner"] != viewer.String() {
			continue
		}
		switch s.Code {
		case reason.ViaLink:
			return t.clicked(viewer), true
		case reason.ViaStored:
			since, _ := time.Parse(time.RFC3339, s.Facts["since"])
			return since, false
		}
	}
	return time.Time{}, false
}

// clicked is when the click that came with the order was made, if it was on the
// viewer's link.
func (t Trace) clicked(viewer affiliate.PartnerID) time.Time {
	for _, s := range t.Steps {
		if s.Code == reason.TouchValid && s.Facts["touch"] == viewer.String() {
			at, _ := time.Parse(time.RFC3339, s.Facts["clicked"])
			return at
		}
	}
	return time.Time{}
}
