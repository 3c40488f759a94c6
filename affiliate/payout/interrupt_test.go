package payout_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/affiliate/shoptest"
	"partnercenter/db"
)

// A process may die between any two transactions of MakeFile and of Undo: the
// books agree, and either can be called next, whichever was interrupted.
//
// Spec: B16, D19, B1
func TestABatchCanBeInterruptedAnywhere(t *testing.T) {
	s := newSite(t)
	s.payees(30) // lines for two transactions
	b, total := s.Draft(), shoptest.USD("300")
	file := func(ctx context.Context) error {
		_, err := s.MakeFile(ctx, shoptest.Bob, b.ID, total, paypal.Current)
		return err
	}
	undo := func(ctx context.Context) error { return s.Undo(ctx, shoptest.Anna, b.ID, "") }
	for n, finished := 1, false; !finished; n++ {
		filed := s.interrupted(n, file)
		s.finish(b, payout.Filed, file)
		s.OK(undo(t.Context()))
		s.interrupted(n, file)
		s.finish(b, payout.Draft, undo)
		s.OK(file(t.Context()))
		undone := s.interrupted(n, undo)
		s.finish(b, payout.Draft, undo)
		s.OK(file(t.Context()))
		s.interrupted(n, undo)
		s.finish(b, payout.Filed, file)
		s.OK(undo(t.Context()))
		finished = filed && undone
	}
}

// interrupted does something that stops after its nth transaction, and tells
// whether it came to its end before.
func (s *site) interrupted(n int, do func(context.Context) error) (finished bool) {
	s.Helper()
	ctx, cancel := context.WithCancel(s.Context())
	defer cancel()
	var commits atomic.Int64
	s.DB.Watch(func(_ *db.Tx, query string) {
		if query == "COMMIT" && commits.Add(1) == int64(n) {
			cancel()
		}
	})
	defer s.DB.Watch(nil)
	err := do(ctx)
	if err != nil && ctx.Err() == nil {
		s.Error(err)
	}
	s.WantClean()
	return err == nil
}

// finish brings an interrupted batch of 300 to a state, if it is not there yet.
func (s *site) finish(b payout.Batch, state payout.PayoutState, do func(context.Context) error) {
	s.Helper()
	now := shoptest.Must(s.Batch(s.Context(), b.ID))(s)
	if now.State == payout.Filing {
		_, err := s.MakeFile(s.Context(), shoptest.Bob, b.ID, shoptest.USD("299"), paypal.Current)
		s.wantConflict("filed with another total than the one shown", err)
		if _, err := s.PayPalFiles(s.Context(), b.ID); affiliate.KindOf(err) != affiliate.KindConflict {
			s.Errorf("the file of a batch that is being filed: %v", err)
		}
	}
	if now.State != state {
		s.OK(do(s.Context()))
	}
	now = shoptest.Must(s.Batch(s.Context(), b.ID))(s)
	if now.State != state || len(now.Lines) != 30 || shoptest.Must(now.Total())(s) != shoptest.USD("300") {
		s.Errorf("the batch is %s with %d lines, want %s with 30", now.State, len(now.Lines), state)
	}
	if state == payout.Filed {
		if f := shoptest.Must(s.PayPalFiles(s.Context(), b.ID))(s); len(f) != 1 || f[0].Rows != 30 {
			s.Errorf("the files are %+v", f)
		}
	}
	s.WantClean()
}

// Two admins settle a batch at once, each with the same list of lines before
// them: every line is settled once.
//
// Spec: B16, B1
func TestTwoSettlesAtOnce(t *testing.T) {
	s := newSite(t)
	p, q := s.payee("pia", "10"), s.payee("quin", "20")
	b := s.FileBatch(s.Draft())
	s.OK(s.Send(t.Context(), shoptest.Bob, b.ID))
	second := 0
	s.beforeLock(func() { second = shoptest.Must(s.Settle(t.Context(), shoptest.Bob, b.ID))(s) })
	first, err := s.Settle(t.Context(), shoptest.Anna, b.ID)
	if err != nil || first != 0 || second != 2 {
		t.Errorf("%d and %d lines are settled, %v; want 0 and 2", first, second, err)
	}
	s.wantOwed(p, "0", "0", "10")
	s.wantOwed(q, "0", "0", "20")
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'settle'`); n != 2 {
		t.Errorf("%d settlements are audited", n)
	}
	s.WantClean()
}

// beforeLock does something when the next transaction is about to lock a batch.
func (s *site) beforeLock(do func()) {
	var met atomic.Bool
	s.DB.Watch(func(_ *db.Tx, query string) {
		if named(query, "payout.lockPayout") && met.CompareAndSwap(false, true) {
			done := make(chan struct{})
			go func() { defer close(done); do() }() // not by whoever holds a transaction
			<-done
		}
	})
	s.Cleanup(func() { s.DB.Watch(nil) })
}

// The steps of a batch wait for each other, and see what the one before has done.
//
// Spec: B16
func TestStepsOfABatchFollowOneAnother(t *testing.T) {
	s := newSite(t)
	p := s.payee("pia", "10")
	b := s.FileBatch(s.Draft())
	sent := make(chan error)
	s.OK(s.DB.Tx(t.Context(), func(tx *db.Tx) error { // a step that is not done yet
		if _, err := tx.Exec(t.Context(), `UPDATE {wp}partner_center_payouts SET state = 'filing' WHERE id = ?`,
			b.ID); err != nil {
			return err
		}
		go func() { sent <- s.Send(t.Context(), shoptest.Anna, b.ID) }()
		return s.untilWaiting(tx)
	}))
	s.wantConflict("sent while it was being undone", <-sent)
	s.Exec(`UPDATE {wp}partner_center_payouts SET state = 'filed' WHERE id = ?`, b.ID)
	s.wantLines(b, lineFor(p, payout.Filed, "10"))
}

// untilWaiting returns when somebody waits for a lock that tx holds. The server
// renews what it tells of that only when it was not asked for a tenth of a second.
func (s *site) untilWaiting(tx *db.Tx) error {
	for {
		var n int
		err := tx.Get(s.Context(), &n, `SELECT COUNT(*) FROM information_schema.innodb_trx t
			JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
			WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()`)
		if err != nil || n > 0 {
			return err
		}
		<-time.After(150 * time.Millisecond)
	}
}

// PayPal pays in two dozen currencies: a batch in another one says so.
//
// Spec: S85, D12
func TestPayPalDoesNotPayEveryCurrency(t *testing.T) {
	s := newSite(t)
	p := s.ByPayPal(s.Partner("pia"))
	e := shoptest.EntryOf(p, "15", "Bonus")
	e.Currency = "KWD"
	shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, e))(s)
	b := s.Draft(func(spec *payout.BatchSpec) { spec.Currency = money.Currency("KWD") })
	if len(b.Lines) != 0 || len(b.Excluded) != 1 ||
		b.Excluded[0].Sentence().String() != "PayPal's file can't hold this payment. PayPal doesn't pay out in KWD." {
		t.Errorf("%+v is paid, excluded are %+v", b.Lines, b.Excluded)
	}
}
