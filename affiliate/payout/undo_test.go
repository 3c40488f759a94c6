package payout_test

import (
	"testing"

	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/shoptest"
)

// A payment that came back was under way, so its batch has been sent in earnest:
// nothing of it is undone, though no line is settled yet.
//
// Spec: B16.3
func TestABatchOfWhichAPaymentCameBackIsNotUndone(t *testing.T) {
	s := newSite(t)
	p, q := s.payee("p", "10"), s.payee("q", "20")
	b := s.FileBatch(s.Draft())
	s.OK(s.Send(t.Context(), shoptest.Anna, b.ID))
	shoptest.Must(s.ReturnPayment(t.Context(), shoptest.Anna, b.Lines[0].ID, "No such account"))(s)
	s.wantConflict("undone after a payment came back", s.Undo(t.Context(), shoptest.Anna, b.ID))
	s.wantLines(b, lineFor(p, payout.Returned, "10"), lineFor(q, payout.Sent, "20"))
	s.wantOwed(p, "10", "0", "0")
	s.wantOwed(q, "0", "20", "0")
	s.WantClean()
}
