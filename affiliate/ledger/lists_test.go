package ledger_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/shoptest"
)

// What waits for approval, and what is due, is counted and summed as it stands.
//
// Spec: S83.2
func TestWhatWaitsAndWhatIsDue(t *testing.T) {
	s := newSite(t)
	p := s.Partner("paul")
	cookie := s.Click(p)
	first := shoptest.Must(s.Converge(t.Context(), s.Sale("carl@example.com", cookie)))(s)
	shoptest.Must(s.Converge(t.Context(), s.Sale("carl@example.com", cookie)))(s)
	shoptest.Must(s.Approve(t.Context(), shoptest.Anna, []ledger.Pick{{ID: first.Commissions[0].ID}}))(s)
	n, sums, err := s.Waiting(t.Context())
	if err != nil || n != 1 || len(sums) != 1 || sums[0] != (ledger.Waiting{"USD", money.MustParse("10")}) {
		t.Errorf("%d, %+v, %v", n, sums, err)
	}
	s.ApproveAll(s.Earn(s.Partner("paula"), "70")) // another's
	due, err := s.Due(t.Context(), p.ID, "USD")
	if err != nil || len(due.Commissions) != 1 || due.Commissions[0].ID != first.Commissions[0].ID ||
		due.Sum != money.MustParse("10") || due.Left != 0 {
		t.Errorf("%+v, %v", due, err)
	}
	other := s.Partner("oda")
	shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, shoptest.EntryOf(other, "7", "Bonus")))(s)
	s.ApproveAll(s.Earn(other, "50"))
	due, err = s.Due(t.Context(), p.ID, "USD")
	if err != nil || len(due.Commissions) != 1 || len(due.Manuals) != 0 || due.Left != 0 ||
		due.Sum != money.MustParse("10") {
		t.Errorf("with what another partner is due: %+v, %v", due, err)
	}
	orders, err := s.OrdersOf(t.Context(), shoptest.Must(s.Order(t.Context(), first.OrderID))(s).Order.ContactID,
		affiliate.Page{Limit: 10})
	if err != nil || len(orders) != 2 || orders[1].Order.ID != first.OrderID || len(orders[0].Commissions) != 1 {
		t.Errorf("%+v, %v", orders, err)
	}
}

// A partner may have any number of entries: the lists are bounded and say how
// many are left, and sums count all of them.
//
// Spec: S83, B11
func TestLongListsAreBounded(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "1", "Bonus")))(s)
	s.Exec(`INSERT INTO {wp}partner_center_manuals (partner_id, currency, kind, amount, reason,
		occurred_at, day, actor, created_at,
			updated_at, journals, status, stage, pending, payable, in_payout, paid)
		SELECT partner_id, currency, kind, amount, reason, occurred_at, day, actor, created_at, updated_at,
		journals, status, stage,
			pending, payable, in_payout, paid FROM {wp}partner_center_manuals, seq_1_to_600`)
	s.Exec(`INSERT INTO {wp}partner_center_journals (partner_id, currency, manual_id, seq, kind,
		occurred_at, day, recorded_at, actor)
		SELECT partner_id, currency, manual_id, 1 + n.seq, kind, occurred_at, day, recorded_at, actor
		FROM {wp}partner_center_journals j, seq_1_to_5100 n`)
	s.Exec(`INSERT INTO {wp}partner_center_entries (journal_id, account, amount)
		SELECT id, 'payable', 1 FROM {wp}partner_center_journals WHERE seq > 1`)
	due := shoptest.Must(s.Due(t.Context(), p.ID, "USD"))(s)
	if len(due.Manuals) != ledger.DueAtMost || due.Left != 601-ledger.DueAtMost || due.Sum != shoptest.USD("1") {
		t.Errorf("%d entries are listed, %d left, of %s", len(due.Manuals), due.Left, due.Sum)
	}
	now := s.Clock.Now()
	st := shoptest.Must(s.Statements(t.Context(), p.ID, now.Add(-time.Hour), now.Add(time.Hour)))(s)[0]
	if len(st.Rows) != ledger.StatementAtMost || st.Left != 101 || st.Closing.Payable != shoptest.USD("5101") {
		t.Errorf("%d rows are listed, %d left, of %s", len(st.Rows), st.Left, st.Closing.Payable)
	}
}
