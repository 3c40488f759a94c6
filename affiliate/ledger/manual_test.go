package ledger_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/shoptest"
)

// Spec: S140.1 S140.3 D19
func TestManualEntriesAreBalancedJournalsWithTheirReason(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	bonus := shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "25", "Best partner of May")))(s)
	s.WantBalance(p, "0", "25", "0")
	shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "-5.50", "Counted twice in April")))(s)
	s.WantBalance(p, "0", "19.5", "0")
	before := shoptest.EntryOf(p, "300", "From the old program")
	before.At = time.Date(2025, 12, 31, 12, 0, 0, 0, time.UTC)
	shoptest.Must(s.Open(t.Context(), shoptest.Anna, before, ledger.Paid))(s)
	shoptest.Must(s.Open(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "7", "Approved before"), ledger.Approved))(s)
	waiting := shoptest.Must(s.Open(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "3", "Pending before"),
		ledger.Pending))(s)
	s.WantBalance(p, "3", "26.5", "300")
	if got := shoptest.Must(s.ApproveManual(t.Context(), shoptest.Anna, waiting.ID))(s); got.Status != ledger.Approved {
		t.Errorf("approved, it is %s", got.Status)
	}
	s.WantBalance(p, "0", "29.5", "300")
	if _, err := s.ApproveManual(t.Context(), shoptest.Anna,
		waiting.ID); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("approved twice: %v", err)
	}
	got := shoptest.Must(s.Manuals(t.Context(), p.ID, affiliate.Page{Limit: 10}))(s)
	if len(got) != 5 || got[4].Reason != "Best partner of May" || got[4].ID != bonus.ID ||
		got[2].Day.String() != "2025-12-31" || got[2].Status != ledger.Paid {
		t.Errorf("the entries are %+v", got)
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'manual' AND reason > ''
		AND actor = ?`, shoptest.Anna); n != 5 {
		t.Errorf("%d entries are audited, want 5", n)
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_journals WHERE manual_id = ?
		AND reason = 'Best partner of May'`, bonus.ID); n != 1 {
		t.Errorf("the bonus has %d journals", n)
	}
	s.WantClean()
}

// What is undone stays in the books, and so does its counter entry.
//
// Spec: S140, B1
func TestUndoingAManualEntry(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	for _, stage := range []ledger.Status{ledger.Pending, ledger.Approved, ledger.Paid} {
		m := shoptest.Must(s.Open(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "40", "Wrong"), stage))(s)
		counter := shoptest.Must(s.UndoManual(t.Context(), shoptest.Anna, m.ID, "Typed wrongly"))(s)
		if counter.UndoesID != m.ID || counter.Amount != shoptest.USD("-40") {
			t.Errorf("%s: the counter entry is %+v", stage, counter)
		}
		s.WantBalance(p, "0", "0", "0")
		if _, err := s.UndoManual(t.Context(), shoptest.Anna, m.ID,
			"Again"); affiliate.KindOf(err) != affiliate.KindConflict {
			t.Errorf("undone twice: %v", err)
		}
		if _, err := s.ApproveManual(t.Context(), shoptest.Anna,
			m.ID); affiliate.KindOf(err) != affiliate.KindConflict {
			t.Errorf("approved after it was undone: %v", err)
		}
		if _, err := s.UndoManual(t.Context(), shoptest.Anna, counter.ID,
			"Back"); affiliate.KindOf(err) != affiliate.KindConflict {
			t.Errorf("a counter entry was undone: %v", err)
		}
	}
	s.WantClean()
}

// Spec: S140.1
func TestWritingOffANegativeBalance(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	o := s.Sale("bob@example.com", s.Click(p))
	s.ApproveAll(s.Place(o).Commissions...)
	shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", shoptest.USD("10")))(s)
	if _, err := s.WriteOff(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "0", "Small"),
		shoptest.USD("-4")); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("a balance of 0 was written off: %v", err)
	}
	s.Place(shoptest.Refunded(o, "40"))
	s.WantBalance(p, "0", "-4", "10")
	if _, err := s.WriteOff(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "0", "Small"),
		shoptest.USD("-3")); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("another balance than the one shown was written off: %v", err)
	}
	m := shoptest.Must(s.WriteOff(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "0", "Small"), shoptest.USD("-4")))(s)
	s.WantBalance(p, "0", "0", "10")
	if m.Amount != shoptest.USD("4") || m.Kind != ledger.WriteOff {
		t.Errorf("the write-off is %+v", m)
	}
	s.WantClean()
}

// Spec: S140
func TestManualEntriesAreChecked(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	for _, test := range []struct {
		field  string
		change func(*ledger.ManualEntry)
	}{
		{"reason", func(e *ledger.ManualEntry) { e.Reason = " " }}, {"amount",
			func(e *ledger.ManualEntry) { e.Amount = shoptest.USD("0") }},
		{"amount", func(e *ledger.ManualEntry) { e.Amount = shoptest.USD("0.001") }}, {"currency",
			func(e *ledger.ManualEntry) { e.Currency = "XX" }},
	} {
		e := shoptest.EntryOf(p, "5", "Bonus")
		test.change(&e)
		_, err := s.Adjust(t.Context(), shoptest.Anna, e)
		if fields := shoptest.FieldsOf(err); fields[test.field] == "" {
			t.Errorf("no problem with %s: %v", test.field, err)
		}
	}
	if _, err := s.Open(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "-5", "Debt"),
		ledger.Paid); shoptest.FieldsOf(err)["amount"] == "" {
		t.Errorf("a negative amount was paid before: %v", err)
	}
	stranger := shoptest.EntryOf(affiliate.Partner{ID: 999}, "5", "Bonus")
	if _, err := s.Adjust(t.Context(), shoptest.Anna, stranger); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("a bonus for nobody: %v", err)
	}
	e := shoptest.EntryOf(p, "5", "Bonus")
	e.FormID = "form-1"
	first, second := shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, e))(s), shoptest.Must(s.Adjust(t.Context(),
		shoptest.Anna, e))(s)
	if first.ID != second.ID {
		t.Error("a form sent twice gave two bonuses")
	}
	s.WantBalance(p, "0", "5", "0")
	s.WantClean()
}

// Where two people are required, nobody approves what they entered themselves.
//
// Spec: S140
func TestTwoPeopleApproveAnEntry(t *testing.T) {
	s := shoptest.New(t)
	s.Settings(func(g *affiliate.Settings) { g.TwoPeople = true })
	p := s.Partner("pia")
	waiting := shoptest.Must(s.Open(t.Context(), "anna (user 7)", shoptest.EntryOf(p, "3", "Before"),
		ledger.Pending))(s)
	for _, same := range []affiliate.Actor{"anna (user 7)", "anna renamed (user 7)"} {
		if _, err := s.ApproveManual(t.Context(), same, waiting.ID); affiliate.KindOf(err) != affiliate.KindForbidden {
			t.Errorf("%s approves what they entered: %v", same, err)
		}
	}
	s.WantBalance(p, "3", "0", "0")
	shoptest.Must(s.ApproveManual(t.Context(), "bert (user 8)", waiting.ID))(s)
	s.WantBalance(p, "0", "3", "0")
}
