package sale

import (
	"cmp"
	"slices"

	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
)

// adopt takes what the decision's own partners earned by an earlier decision
// over into its decision: it stays as approved or paid as it is, and where the
// terms are others only the difference is posted (D46). Where an admin canceled something, what is still pending beside
// it is not: it becomes part of what takes the canceled one's place (S82).
// Returned are those that it changed.
func (d Decision) adopt(existing []*ledger.Commission) []*ledger.Commission {
	reinstated := map[ledger.Slot]bool{}
	for _, c := range existing {
		if c.DecisionVersion == d.DecisionVersion-1 && c.Stage == ledger.Canceled {
			reinstated[c.Slot()] = true
		}
	}
	adopted := []*ledger.Commission{}
	for _, c := range existing {
		pendingBeside := c.Stage == ledger.Pending && reinstated[c.Slot()]
		if c.DecisionVersion < d.DecisionVersion && c.Stage != ledger.Canceled && !pendingBeside && d.owns(*c) {
			c.DecisionVersion, c.ProgramID, c.ToolID = d.DecisionVersion, d.ProgramID, d.ToolID
			c.SubID, c.Page = d.SubID, d.Page
			adopted = append(adopted, c)
		}
	}
	return adopted
}

// owns tells whether the commission is of the partner whom the decision credits on its level.
func (d Decision) owns(c ledger.Commission) bool {
	partner := d.PartnerID
	if c.Level == 2 {
		partner = d.RecruiterID
	}
	return partner != 0 && c.PartnerID == partner
}

// rebase splits what is left of each line's base over the commissions of the
// line and level, approved ones first and up to what they were approved on.
// Where an admin canceled one, its part is nobody's. It is pure; returned are
// those that it changed.
func rebase(wanted []Target, existing []*ledger.Commission) []*ledger.Commission {
	changed := []*ledger.Commission{}
	for _, t := range wanted {
		rest := t.Base
		live, capped := t.Live(existing)
		for i, c := range live {
			base := rest
			if c.Stage != ledger.Pending && (capped || i < len(live)-1) {
				base = money.Min(rest, c.GrantedBase)
			}
			if t.productID != 0 && c.ProductID != t.productID { // the line is of another product by now
				c.ProductID = t.productID
				changed = append(changed, c)
			}
			if c.Base != base {
				c.Rebase(base)
				changed = append(changed, c)
			}
			rest, _ = rest.Sub(base) // never below 0
		}
	}
	return changed
}

// Live are the commissions of the target that no admin canceled, those that
// were granted first; capped tells that one was.
func (t Target) Live(existing []*ledger.Commission) (live []*ledger.Commission, capped bool) {
	for _, c := range existing {
		if c.LineID != t.LineID || c.Level != t.Level || c.DecisionVersion != t.DecisionVersion {
			continue
		}
		if c.Stage == ledger.Canceled {
			capped = true
		} else {
			live = append(live, c)
		}
	}
	slices.SortFunc(live, func(a, b *ledger.Commission) int {
		return cmp.Or(stages[b.Stage]-stages[a.Stage], a.Sequence-b.Sequence)
	})
	return live, capped
}

// unposted are the known commissions among touched that no posting saves.
func unposted(touched []*ledger.Commission, postings []ledger.Posting) []*ledger.Commission {
	saved := map[*ledger.Commission]bool{}
	for _, p := range postings {
		saved[p.Commission] = true
	}
	left := []*ledger.Commission{}
	for _, c := range touched {
		if c.ID != 0 && !saved[c] {
			saved[c] = true
			left = append(left, c)
		}
	}
	return left
}
