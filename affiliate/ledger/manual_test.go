package ledger

import (
	"testing"
	"time"

	"partnercenter/affiliate"
)

func entryOf(p affiliate.Partner, amount, reason string) ManualEntry {
	return ManualEntry{PartnerID: p.ID, Currency: "USD", Amount: usd(amount), Reason: reason}
}

// Spec: S140, D19
func TestManualEntriesAreBalancedJournalsWithTheirReason(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	bonus := must(s.Adjust(t.Context(), anna, entryOf(p, "25", "Best partner of May")))(s)
	s.wantBalance(p, "0", "25", "0")
	must(s.Adjust(t.Context(), anna, entryOf(p, "-5.50", "Counted twice in April")))(s)
	s.wantBalance(p, "0", "19.5", "0")
	before := entryOf(p, "300", "From the old program")
	before.At = time.Date(2025, 12, 31, 12, 0, 0, 0, time.UTC)
	must(s.Open(t.Context(), anna, before, Paid))(s)
	must(s.Open(t.Context(), anna, entryOf(p, "7", "Approved before"), Approved))(s)
	waiting := must(s.Open(t.Context(), anna, entryOf(p, "3", "Pending before"), Pending))(s)
	s.wantBalance(p, "3", "26.5", "300")
	if got := must(s.ApproveManual(t.Context(), anna, waiting.ID))(s); got.Status != Approved {
		t.Errorf("approved, it is %s", got.Status)
	}
	s.wantBalance(p, "0", "29.5", "300")
	if _, err := s.ApproveManual(t.Context(), anna, waiting.ID); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("approved twice: %v", err)
	}
	got := must(s.Manuals(t.Context(), p.ID, affiliate.Page{Limit: 10}))(s)
	if len(got) != 5 || got[4].Reason != "Best partner of May" || got[4].ID != bonus.ID || got[2].Day.String() != "2025-12-31" || got[2].Status != Paid {
		t.Errorf("the entries are %+v", got)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'manual' AND reason > '' AND actor = ?`, anna); n != 5 {
		t.Errorf("%d entries are audited, want 5", n)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_journals WHERE manual_id = ? AND reason = 'Best partner of May'`, bonus.ID); n != 1 {
		t.Errorf("the bonus has %d journals", n)
	}
	s.wantClean()
}

// What is undone stays in the books, and so does its counter entry.
//
// Spec: S140, B1
func TestUndoingAManualEntry(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	for _, stage := range []Status{Pending, Approved, Paid} {
		m := must(s.Open(t.Context(), anna, entryOf(p, "40", "Wrong"), stage))(s)
		counter := must(s.UndoManual(t.Context(), anna, m.ID, "Typed wrongly"))(s)
		if counter.UndoesID != m.ID || counter.Amount != usd("-40") {
			t.Errorf("%s: the counter entry is %+v", stage, counter)
		}
		s.wantBalance(p, "0", "0", "0")
		if _, err := s.UndoManual(t.Context(), anna, m.ID, "Again"); affiliate.KindOf(err) != affiliate.KindConflict {
			t.Errorf("undone twice: %v", err)
		}
		if _, err := s.ApproveManual(t.Context(), anna, m.ID); affiliate.KindOf(err) != affiliate.KindConflict {
			t.Errorf("approved after it was undone: %v", err)
		}
		if _, err := s.UndoManual(t.Context(), anna, counter.ID, "Back"); affiliate.KindOf(err) != affiliate.KindConflict {
			t.Errorf("a counter entry was undone: %v", err)
		}
	}
	s.wantClean()
}

// Spec: S140
func TestWritingOffANegativeBalance(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	o := s.sale("bob@example.com", s.click(p))
	s.approve(s.converge(o).Commissions...)
	must(s.PayPartner(t.Context(), anna, p.ID, "USD", usd("10")))(s)
	if _, err := s.WriteOff(t.Context(), anna, entryOf(p, "0", "Small"), usd("-4")); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("a balance of 0 was written off: %v", err)
	}
	s.converge(o.refunded("40"))
	s.wantBalance(p, "0", "-4", "10")
	if _, err := s.WriteOff(t.Context(), anna, entryOf(p, "0", "Small"), usd("-3")); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("another balance than the one shown was written off: %v", err)
	}
	m := must(s.WriteOff(t.Context(), anna, entryOf(p, "0", "Small"), usd("-4")))(s)
	s.wantBalance(p, "0", "0", "10")
	if m.Amount != usd("4") || m.Kind != WriteOff {
		t.Errorf("the write-off is %+v", m)
	}
	s.wantClean()
}

// Spec: S140
func TestManualEntriesAreChecked(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	for _, test := range []struct {
		field  string
		change func(*ManualEntry)
	}{
		{"reason", func(e *ManualEntry) { e.Reason = " " }}, {"amount", func(e *ManualEntry) { e.Amount = usd("0") }},
		{"amount", func(e *ManualEntry) { e.Amount = usd("0.001") }}, {"currency", func(e *ManualEntry) { e.Currency = "XX" }},
	} {
		e := entryOf(p, "5", "Bonus")
		test.change(&e)
		_, err := s.Adjust(t.Context(), anna, e)
		if fields := fieldsOf(err); fields[test.field] == "" {
			t.Errorf("no problem with %s: %v", test.field, err)
		}
	}
	if _, err := s.Open(t.Context(), anna, entryOf(p, "-5", "Debt"), Paid); fieldsOf(err)["amount"] == "" {
		t.Errorf("a negative amount was paid before: %v", err)
	}
	stranger := entryOf(affiliate.Partner{ID: 999}, "5", "Bonus")
	if _, err := s.Adjust(t.Context(), anna, stranger); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("a bonus for nobody: %v", err)
	}
	e := entryOf(p, "5", "Bonus")
	e.FormID = "form-1"
	first, second := must(s.Adjust(t.Context(), anna, e))(s), must(s.Adjust(t.Context(), anna, e))(s)
	if first.ID != second.ID {
		t.Error("a form sent twice gave two bonuses")
	}
	s.wantBalance(p, "0", "5", "0")
	s.wantClean()
}

func fieldsOf(err error) map[string]string {
	fields := map[string]string{}
	if e, ok := err.(*affiliate.Error); ok {
		for field, problem := range e.Fields {
			fields[field] = problem.String()
		}
	}
	return fields
}
