package payout_test

import (
	"context"
	"testing"
	"time"

	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/affiliate/reason"
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

// A batch is sent once: a second click neither moves its date nor writes to its
// partners once more.
//
// Spec: B16.1
func TestABatchIsSentOnce(t *testing.T) {
	s := newSite(t)
	s.payee("p", "10")
	b := s.FileBatch(s.Draft())
	s.OK(s.Send(t.Context(), shoptest.Anna, b.ID))
	sent := shoptest.Must(s.Batch(t.Context(), b.ID))(s).SentAt
	s.Clock.Advance(time.Hour)
	s.wantConflict("sent twice", s.Send(t.Context(), shoptest.Anna, b.ID))
	if now := shoptest.Must(s.Batch(t.Context(), b.ID))(s).SentAt; !now.Equal(*sent) {
		t.Errorf("sent at %s, now at %s", sent, now)
	}
}

// What is in a payout can neither be canceled nor be pending again; the next
// payment after it would pay less than was filed.
//
// Spec: S76.1
func TestWhatIsInAPayoutIsNotCanceled(t *testing.T) {
	s := newSite(t)
	p := s.ByPayPal(s.Partner("pia"))
	c := s.Earn(p, "100")
	s.ApproveAll(c)
	s.FileBatch(s.Draft())
	filed := shoptest.Picks(s.Now(c)...)
	for what, report := range map[string]ledger.Report{
		"canceled":   shoptest.Must(s.Cancel(t.Context(), shoptest.Anna, filed, "not a customer"))(s),
		"unapproved": shoptest.Must(s.Unapprove(t.Context(), shoptest.Anna, filed))(s),
	} {
		if len(report.Done) != 0 || len(report.Skipped) != 1 || report.Skipped[0].Reason != reason.SkipInPayout {
			t.Errorf("%s: %+v", what, report)
		}
	}
	s.wantOwed(p, "0", "10", "0")
	s.WantClean()
}

// Of a filing that was interrupted, each line is filed at the amount that was
// shown, or left out: what came in between is for the next batch.
//
// Spec: D19.4 D20.3
func TestWhatChangesWhileABatchIsFiledIsLeftOut(t *testing.T) {
	s := newSite(t)
	p, q := s.payee("p", "10"), s.payee("q", "20")
	b := s.Draft()
	file := func(ctx context.Context) error {
		_, err := s.MakeFile(ctx, shoptest.Anna, b.ID, shoptest.USD("30"), paypal.Current)
		return err
	}
	s.interrupted(2, file) // before the first line
	if now := shoptest.Must(s.Batch(t.Context(), b.ID))(s).State; now != payout.Filing {
		t.Fatalf("the batch is %s", now)
	}
	shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "5", "Bonus")))(s)
	filed := shoptest.Must(s.MakeFile(t.Context(), shoptest.Anna, b.ID, shoptest.USD("30"), paypal.Current))(s)
	if len(filed.Excluded) != 1 || filed.Excluded[0].PartnerID != p.ID ||
		filed.Excluded[0].Reason != reason.SkipChanged {
		t.Errorf("left out are %+v", filed.Excluded)
	}
	s.wantLines(b, lineFor(q, payout.Filed, "20"))
	s.wantOwed(p, "15", "0", "0")
	s.WantClean()
}
