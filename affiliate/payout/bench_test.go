package payout_test

import (
	"fmt"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/shoptest"
	"partnercenter/db"
)

// How long each step of a large batch takes for each line: five times the lines
// should take five times as long.
func BenchmarkBatch(b *testing.B) {
	for _, n := range []int{1000, 5000} {
		b.Run(fmt.Sprintf("lines=%d", n), func(b *testing.B) {
			for range b.N {
				newSite(b).takeBatchThrough(b, n)
			}
		})
	}
}

// takeBatchThrough makes a batch of n lines, files, undoes, files, sends and
// settles it, and reports the time of each step.
func (s *site) takeBatchThrough(b *testing.B, n int) {
	s.payees(n)
	step := func(name string, do func()) {
		started := time.Now()
		do()
		b.ReportMetric(time.Since(started).Seconds(), "s-"+name)
	}
	batch := s.Draft()
	step("make", func() {
		s.OK(s.Undo(b.Context(), shoptest.Anna, batch.ID, ""))
		batch = s.Draft()
	})
	if len(batch.Lines) != n {
		b.Fatalf("%d lines, excluded %+v", len(batch.Lines), batch.Excluded[:min(3, len(batch.Excluded))])
	}
	step("file", func() { s.FileBatch(batch) })
	step("undo", func() { s.OK(s.Undo(b.Context(), shoptest.Anna, batch.ID, "")) })
	s.FileBatch(batch)
	step("send", func() { s.OK(s.Send(b.Context(), shoptest.Anna, batch.ID)) })
	step("settle", func() { shoptest.Must(s.Settle(b.Context(), shoptest.Anna, batch.ID))(s) })
	s.WantClean()
}

// payees makes n partners with 10 USD payable each.
func (s *site) payees(n int) {
	s.Helper()
	for i := range n {
		var p affiliate.Partner
		s.OK(s.DB.Tx(s.Context(), func(tx *db.Tx) error {
			c, _, err := affiliate.EnsureContact(s.Context(), tx,
				affiliate.Person{Email: fmt.Sprintf("p%d@partners.example", i)}, affiliate.ByAdmin, s.Clock.Now())
			if err != nil {
				return err
			}
			p, _, _, err = affiliate.Enrol(s.Context(), tx, affiliate.Enrolment{ContactID: c.ID,
				ProgramID: s.Program.ID, State: affiliate.Active,
				PaymentMethod: affiliate.PayPal, PayPalEmail: fmt.Sprintf("p%d@pay.example", i), At: s.Clock.Now()})
			return err
		}))
		shoptest.Must(s.Adjust(s.Context(), shoptest.Anna, ledger.ManualEntry{PartnerID: p.ID, Currency: "USD",
			Amount: shoptest.USD("10"), Reason: "Bonus"}))(s)
	}
}
