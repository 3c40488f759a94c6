package ledger

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/paypal"
)

const bob affiliate.Actor = "bob (user 2)"

// paidBy says how a partner is paid, by an admin's word.
func (s *site) paidBy(p affiliate.Partner, pay affiliate.Payment) {
	s.Helper()
	must(s.registry.UpdatePayment(s.Context(), anna, p.ID, pay))(s)
}

func (s *site) byPayPal(p affiliate.Partner) affiliate.Partner {
	s.Helper()
	s.paidBy(p, affiliate.Payment{Method: affiliate.PayPal, PayPalEmail: fmt.Sprintf("p%s@pay.example", p.ID)})
	return p
}

// payee is a partner with so much payable in USD, a multiple of 0.10.
func (s *site) payee(name, amount string) affiliate.Partner {
	s.Helper()
	p := s.byPayPal(s.partner(name))
	must(s.Adjust(s.Context(), anna, entryOf(p, amount, "Bonus")))(s)
	return p
}

func (s *site) draft(change ...func(*BatchSpec)) Batch {
	s.Helper()
	spec := BatchSpec{Currency: "USD"}
	for _, c := range change {
		c(&spec)
	}
	return must(s.MakeBatch(s.Context(), anna, spec))(s)
}

func (s *site) file(b Batch) Batch {
	s.Helper()
	b = must(s.Batch(s.Context(), b.ID))(s)
	return must(s.MakeFile(s.Context(), bob, b.ID, must(b.Total())(s), paypal.Current))(s)
}

// wantLines checks a batch: partner:state:amount.
func (s *site) wantLines(b Batch, wanted ...string) {
	s.Helper()
	got := []string{}
	for _, l := range must(s.Batch(s.Context(), b.ID))(s).Lines {
		got = append(got, fmt.Sprintf("%s:%s:%s", l.PartnerID, l.State, l.Amount))
	}
	if strings.Join(got, " ") != strings.Join(wanted, " ") {
		s.Errorf("the batch is %v, want %v", got, wanted)
	}
}

func lineFor(p affiliate.Partner, state PayoutState, amount string) string {
	return fmt.Sprintf("%s:%s:%s", p.ID, state, amount)
}

func (s *site) wantConflict(what string, err error) {
	s.Helper()
	if affiliate.KindOf(err) != affiliate.KindConflict {
		s.Errorf("%s: %v, want a conflict", what, err)
	}
}

// wantOwed checks payable, in a payout and paid of a partner in USD.
func (s *site) wantOwed(p affiliate.Partner, payable, inPayout, paid string) {
	s.Helper()
	b := must(loadBalance(s.Context(), s.db, p.ID, "USD", false))(s)
	if got, want := [3]money.Amount{b.Payable, b.InPayout, b.Paid}, [3]money.Amount{usd(payable), usd(inPayout), usd(paid)}; got != want {
		s.Errorf("payable, in a payout and paid are %v, want %v", got, want)
	}
}

// Each step does what it says and no more: the file pays nobody, and until a
// line is settled every step can be taken back.
//
// Spec: B16, D19, S38, S76
func TestABatchGoesFromDraftToSettled(t *testing.T) {
	s := newSite(t)
	p := s.byPayPal(s.partner("pia"))
	c := s.earn(p, "100")
	s.approve(c)
	must(s.Adjust(t.Context(), anna, entryOf(p, "5", "Bonus")))(s)
	b := s.draft()
	s.wantLines(b, lineFor(p, Draft, "15"))
	s.wantOwed(p, "15", "0", "0") // a draft takes nothing
	s.file(b)
	s.wantOwed(p, "0", "15", "0")
	if owed := must(must(loadBalance(t.Context(), s.db, p.ID, "USD", false))(s).Owed())(s); owed != usd("15") {
		t.Errorf("owed is %s", owed)
	}
	if got := s.now(c)[0].Status; got != InPayout {
		t.Errorf("in the file, the commission is %s", got)
	}
	s.wantClean()
	s.ok(s.Send(t.Context(), anna, b.ID))
	s.ok(s.Undo(t.Context(), anna, b.ID)) // to filed
	s.wantLines(b, lineFor(p, Filed, "15"))
	s.ok(s.Undo(t.Context(), anna, b.ID)) // to a draft
	s.wantLines(b, lineFor(p, Draft, "15"))
	s.wantOwed(p, "15", "0", "0")
	if got := s.now(c)[0].Status; got != Approved {
		t.Errorf("undone, the commission is %s", got)
	}
	s.wantClean()
	s.file(b)
	if _, err := s.Settle(t.Context(), anna, b.ID); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("settled before it was sent: %v", err)
	}
	s.ok(s.Send(t.Context(), anna, b.ID))
	if n := must(s.Settle(t.Context(), anna, b.ID))(s); n != 1 {
		t.Errorf("%d lines were settled", n)
	}
	s.wantOwed(p, "0", "0", "15")
	s.wantLines(b, lineFor(p, Settled, "15"))
	_, err := s.Settle(t.Context(), anna, b.ID)
	s.wantConflict("settled twice", err)
	s.wantConflict("undone after it was settled", s.Undo(t.Context(), anna, b.ID))
	for _, action := range []string{"make", "make file", "send", "undo"} {
		if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'payout' AND object_id = ? AND action = ?`, b.ID, action); n == 0 {
			t.Errorf("%s is not audited", action)
		}
	}
	s.wantClean()
}

// A draft that is given up leaves nothing behind.
//
// Spec: B16
func TestADraftCanBeDiscarded(t *testing.T) {
	s := newSite(t)
	p := s.payee("pia", "15")
	b := s.draft()
	s.ok(s.Undo(t.Context(), anna, b.ID))
	s.wantLines(b)
	s.wantConflict("undone twice", s.Undo(t.Context(), anna, b.ID))
	_, err := s.MakeFile(t.Context(), bob, b.ID, usd("0"), paypal.Current)
	s.wantConflict("filed after it was discarded", err)
	s.wantOwed(p, "15", "0", "0")
	s.wantClean()
}

// A draft follows the books; a line whose amount is another than the one shown
// is not filed.
//
// Spec: D20, B16
func TestADraftIsRecomputed(t *testing.T) {
	s := newSite(t)
	s.threshold("5")
	p, q := s.byPayPal(s.partner("pia")), s.payee("quin", "20")
	o := s.sale("bob@example.com", s.click(p))
	s.approve(s.converge(o).Commissions...)
	b := s.draft()
	s.wantLines(b, lineFor(p, Draft, "10"), lineFor(q, Draft, "20"))
	o = o.refunded("40")
	s.converge(o)
	s.wantLines(b, lineFor(p, Draft, "6"), lineFor(q, Draft, "20"))
	o = o.refunded("50.10")
	s.converge(o)
	_, err := s.MakeFile(t.Context(), bob, b.ID, usd("26"), paypal.Current)
	s.wantConflict("another total than the one shown", err)
	s.wantLines(b, lineFor(q, Draft, "20")) // 4.99 is below the threshold
	s.file(b)
	s.wantOwed(p, "4.99", "0", "0")
	s.wantOwed(q, "0", "20", "0")
	s.wantClean()
}

// Clawbacks are taken with what they come off, the cut-off takes sales before
// it, and a sum of 0 or less takes nothing.
//
// Spec: D20, S93, B4
func TestWhatALineTakes(t *testing.T) {
	s := newSite(t)
	p, debtor := s.byPayPal(s.partner("pia")), s.payee("dan", "-3")
	early := s.earn(p, "100")
	s.clock.Advance(time.Hour)
	cutOff := s.clock.Now()
	late := s.earn(p, "200")
	s.approve(early, late)
	must(s.Adjust(t.Context(), anna, entryOf(p, "-4", "Correction")))(s)
	b := s.draft(func(spec *BatchSpec) { spec.CutOff = &cutOff })
	s.wantLines(b, lineFor(p, Draft, "6"))
	if len(b.Excluded) != 1 || b.Excluded[0].PartnerID != debtor.ID || b.Excluded[0].Reason != NothingToPay {
		t.Errorf("excluded are %+v", b.Excluded)
	}
	s.file(b)
	s.wantOwed(p, "20", "6", "0")
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_payout_items WHERE manual_id > 0 AND amount = -4`); n != 1 {
		t.Errorf("%d items are the correction", n)
	}
	eur := s.draft(func(spec *BatchSpec) { spec.Currency = "EUR" })
	s.wantLines(eur)
	s.wantClean()
}

// Everybody who cannot be paid is named with the reason, and the files hold the
// PayPal half of a mixed batch only.
//
// Spec: S85, S136, S141, S145, D12
func TestWhoIsLeftOutOfABatch(t *testing.T) {
	s := newSite(t)
	s.settings(func(g *affiliate.Settings) { g.PaymentMethod = affiliate.Choice })
	s.threshold("10")
	want := map[affiliate.PartnerID]Reason{}
	leave := func(name, amount string, why Reason, pay affiliate.Payment) affiliate.Partner {
		p := s.payee(name, amount)
		s.paidBy(p, pay)
		want[p.ID] = why
		return p
	}
	byPayPal := affiliate.Payment{Method: affiliate.PayPal, PayPalEmail: "x@pay.example"}
	leave("below", "9.99", BelowThreshold, byPayPal)
	leave("debtor", "-1", NothingToPay, byPayPal)
	leave("nowhere", "20", NoPayee, affiliate.Payment{Method: affiliate.Check, Payee: "N. N."})
	blank := leave("blank", "20", NoPayPalAddress, byPayPal)
	s.exec(`UPDATE {wp}partner_center_partners SET paypal_email = '' WHERE id = ?`, blank.ID)
	formula := leave("formula", "20", PayPalRefuses, byPayPal)
	s.exec(`UPDATE {wp}partner_center_partners SET paypal_email = '=x@pay.example' WHERE id = ?`, formula.ID)
	stopped := leave("stopped", "20", PartnerNotPaid, byPayPal)
	s.exec(`UPDATE {wp}partner_center_partners SET state = 'suspended' WHERE id = ?`, stopped.ID)
	changed := leave("changed", "20", PayPalUnconfirmed, byPayPal)
	s.exec(`INSERT INTO {wp}partner_center_paypal_changes (partner_id, old_email, new_email, old_token, new_token, asked_at, expires_at)
		VALUES (?, 'x@pay.example', 'y@pay.example', '1', '2', ?, ?)`, changed.ID, s.clock.Now(), s.clock.Now().Add(time.Hour))
	ann, check := s.payee("ann", "10"), s.payee("check", "30")
	s.paidBy(check, affiliate.Payment{Method: affiliate.Check, Payee: "C. Heck", Address: "1 Main St"})

	b := s.draft()
	s.wantLines(b, lineFor(ann, Draft, "10"), lineFor(check, Draft, "30"))
	for _, out := range b.Excluded {
		if want[out.PartnerID] != out.Reason || out.Sentence() == "" || strings.Contains(out.Sentence(), "{") {
			t.Errorf("%s is excluded for %s: %q; want %s", out.PartnerID, out.Reason, out.Sentence(), want[out.PartnerID])
		}
		delete(want, out.PartnerID)
	}
	if len(want) > 0 {
		t.Errorf("not named: %v", want)
	}
	b = s.file(b)
	files := must(s.PayPalFiles(t.Context(), b.ID))(s)
	if len(files) != 1 || files[0].Rows != 1 || files[0].Total != usd("10") {
		t.Errorf("the files are %+v", files)
	}
	_, err := s.PayPartner(t.Context(), anna, changed.ID, "USD", usd("20"))
	s.wantConflict("paid to an address that is not confirmed", err)
	s.ok(s.Send(t.Context(), anna, b.ID))
	must(s.Settle(t.Context(), anna, b.ID, Settlement{LineID: b.Lines[1].ID, CheckNumber: "0042"}))(s)
	s.ok(s.SetCheckNumber(t.Context(), anna, b.Lines[1].ID, "0043"))
	s.wantConflict("a check number of a PayPal payment", s.SetCheckNumber(t.Context(), anna, b.Lines[0].ID, "1"))
	line := must(s.Batch(t.Context(), b.ID))(s).Lines[1]
	if line.CheckNumber != "0043" || line.Payee != "C. Heck" || line.Address != "1 Main St" || line.PayPalEmail != "" {
		t.Errorf("the check is %+v", line)
	}
	s.wantClean()
}

// The file is the same to the byte whenever it is made, whatever has become of
// its lines, addresses and settings; damage is noticed.
//
// Spec: S85, B16
func TestThePayPalFileCanBeReproduced(t *testing.T) {
	s := newSite(t)
	s.settings(func(g *affiliate.Settings) { g.PayPalComma = true })
	p := s.payee("pia", "12.50")
	b := s.draft()
	if _, err := s.PayPalFiles(t.Context(), b.ID); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("the file of a draft: %v", err)
	}
	b = s.file(b)
	first := must(s.PayPalFiles(t.Context(), b.ID))(s)
	want := fmt.Sprintf("p%s@pay.example,\"12,50\",USD,PL%s,Partner commission,PAYPAL\r\n", p.ID, b.Lines[0].ID)
	if string(first[0].Data) != want {
		t.Errorf("the file is %q, want %q", first[0].Data, want)
	}
	s.ok(s.Send(t.Context(), anna, b.ID))
	must(s.Settle(t.Context(), anna, b.ID))(s)
	must(s.ReturnPayment(t.Context(), anna, b.Lines[0].ID, "Account closed"))(s)
	s.paidBy(p, affiliate.Payment{Method: affiliate.PayPal, PayPalEmail: "new@pay.example"})
	s.settings(func(g *affiliate.Settings) { g.PayPalComma = false })
	again := must(s.PayPalFiles(t.Context(), b.ID))(s)
	if !bytes.Equal(first[0].Data, again[0].Data) || again[0].SHA256 != first[0].SHA256 || again[0].Name != first[0].Name {
		t.Errorf("made again, the file is %q", again[0].Data)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_payout_files WHERE sha256 = ?`, first[0].SHA256); n != 1 {
		t.Error("its sum is not kept")
	}
	s.exec(`UPDATE {wp}partner_center_payout_lines SET paypal_email = 'thief@pay.example' WHERE id = ?`, b.Lines[0].ID)
	if _, err := s.PayPalFiles(t.Context(), b.ID); err == nil {
		t.Error("another file is taken for the one that was made")
	}
}

// Spec: D21, S76, S38
func TestAReturnedPaymentIsPayableAgain(t *testing.T) {
	s := newSite(t)
	p := s.byPayPal(s.partner("pia"))
	o := s.sale("bob@example.com", s.click(p))
	c := s.converge(o).Commissions[0]
	s.approve(c)
	b := s.file(s.draft())
	s.ok(s.Send(t.Context(), anna, b.ID))
	must(s.Settle(t.Context(), anna, b.ID))(s)
	s.converge(o.refunded("40"))
	s.wantOwed(p, "-4", "0", "10")
	must(s.ReturnPayment(t.Context(), anna, b.Lines[0].ID, "Account closed"))(s)
	s.wantOwed(p, "6", "0", "0") // the clawback stays and nets out
	if got := s.now(c)[0]; got.Status != Approved || got.Amount != usd("6") {
		t.Errorf("the commission is %+v", got)
	}
	_, err := s.ReturnPayment(t.Context(), anna, b.Lines[0].ID, "Again")
	s.wantConflict("returned twice", err)
	if _, err := s.ReturnPayment(t.Context(), anna, b.Lines[0].ID, ""); fieldsOf(err)["reason"] == "" {
		t.Errorf("returned without a reason: %v", err)
	}
	must(s.PayPartner(t.Context(), anna, p.ID, "USD", usd("6")))(s)
	s.wantOwed(p, "0", "0", "6")
	s.wantClean()
}

// A batch may settle in parts; what PayPal could not deliver comes back alone.
//
// Spec: B16, D20, D21
func TestABatchSettlesInParts(t *testing.T) {
	s := newSite(t)
	p, q, r := s.payee("p", "10"), s.payee("q", "20"), s.payee("r", "30")
	b := s.file(s.draft())
	_, err := s.ReturnPayment(t.Context(), anna, b.Lines[0].ID, "Too early")
	s.wantConflict("returned before it was sent", err)
	s.ok(s.Send(t.Context(), anna, b.ID))
	must(s.Settle(t.Context(), anna, b.ID, Settlement{LineID: b.Lines[0].ID}))(s)
	must(s.ReturnPayment(t.Context(), anna, b.Lines[1].ID, "No such account"))(s)
	s.wantLines(b, lineFor(p, Settled, "10"), lineFor(q, Returned, "20"), lineFor(r, Sent, "30"))
	s.wantOwed(p, "0", "0", "10")
	s.wantOwed(q, "20", "0", "0")
	s.wantOwed(r, "0", "30", "0")
	s.wantConflict("undone after a line was settled", s.Undo(t.Context(), anna, b.ID))
	s.wantClean()
	if n := must(s.Settle(t.Context(), anna, b.ID))(s); n != 1 {
		t.Errorf("%d lines were settled", n)
	}
	if got := must(s.Batch(t.Context(), b.ID))(s).State; got != Settled {
		t.Errorf("the batch is %s", got)
	}
	s.wantClean()
}

// Whoever made the batch may not release it, whatever he calls himself.
//
// Spec: B16
func TestTwoPeopleCanBeRequired(t *testing.T) {
	s := newSite(t)
	p := s.payee("pia", "15")
	s.settings(func(g *affiliate.Settings) { g.TwoPeople = true })
	b := s.draft()
	for _, actor := range []affiliate.Actor{anna, "Anna with another name (user 1)"} {
		if _, err := s.MakeFile(t.Context(), actor, b.ID, usd("15"), paypal.Current); affiliate.KindOf(err) != affiliate.KindForbidden {
			t.Errorf("%s released the batch: %v", actor, err)
		}
	}
	_, err := s.PayPartner(t.Context(), anna, p.ID, "USD", usd("15"))
	s.wantConflict("paid by one person", err)
	must(s.MakeFile(t.Context(), bob, b.ID, usd("15"), paypal.Current))(s)
	s.wantOwed(p, "0", "15", "0")
	s.wantClean()
}

// Spec: S143, S6
func TestPayingBelowTheThresholdByException(t *testing.T) {
	s := newSite(t)
	s.threshold("50")
	p, q := s.payee("pia", "15"), s.payee("quin", "20")
	if _, err := s.PayException(t.Context(), anna, p.ID, "USD", usd("15"), " "); fieldsOf(err)["reason"] == "" {
		t.Errorf("without a reason: %v", err)
	}
	line := must(s.PayException(t.Context(), anna, p.ID, "USD", usd("15"), "Leaves the program"))(s)
	if line.Exception != "Leaves the program" {
		t.Errorf("the payment is %+v", line)
	}
	b := s.file(s.draft(func(spec *BatchSpec) { spec.Exceptions = map[affiliate.PartnerID]string{q.ID: "Leaves, too"} }))
	s.wantLines(b, lineFor(q, Filed, "20"))
	if b.Lines[0].Exception != "Leaves, too" {
		t.Errorf("the payment is %+v", b.Lines[0])
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'pay' AND reason = 'Leaves the program'`); n != 1 {
		t.Error("the exception is not audited")
	}
	s.wantClean()
}

// Spec: B16
func TestAFormSentTwiceMakesOneBatch(t *testing.T) {
	s := newSite(t)
	s.payee("pia", "15")
	form := func(spec *BatchSpec) { spec.FormID = "form-1" }
	if first, second := s.draft(form), s.draft(form); first.ID != second.ID || len(second.Lines) != 1 {
		t.Errorf("two batches: %s and %s", first.ID, second.ID)
	}
	if _, err := s.MakeBatch(t.Context(), anna, BatchSpec{Currency: "XX"}); fieldsOf(err)["currency"] == "" {
		t.Errorf("a batch in no currency: %v", err)
	}
}

// Admins at work at the same time, while orders are refunded: everybody is paid
// once, and the books agree.
//
// Spec: B1, B16, D20
func TestManyAdminsMakeAndSettleBatchesAtOnce(t *testing.T) {
	s := newSite(t)
	orders, partners := []OrderState{}, []affiliate.Partner{}
	for i := range 6 {
		p := s.byPayPal(s.partner(fmt.Sprint("p", i)))
		partners = append(partners, p)
		for j := range 4 {
			o := s.sale(fmt.Sprintf("buyer%d-%d@example.com", i, j), s.click(p))
			orders = append(orders, o)
			s.approve(s.converge(o).Commissions...)
		}
	}
	finished := atomic.Int64{}
	allowed := func(err error) {
		if err != nil && affiliate.KindOf(err) != affiliate.KindConflict {
			t.Error(err)
		}
	}
	var work sync.WaitGroup
	for range 3 {
		work.Go(func() {
			for range 3 {
				b, err := s.MakeBatch(t.Context(), anna, BatchSpec{Currency: "USD"})
				allowed(err)
				total, _ := b.Total()
				var each sync.WaitGroup
				for range 2 { // both press the button
					each.Go(func() {
						_, err := s.MakeFile(t.Context(), bob, b.ID, total, paypal.Current)
						allowed(err)
						allowed(s.Send(t.Context(), bob, b.ID))
						n, err := s.Settle(t.Context(), bob, b.ID)
						allowed(err)
						finished.Add(int64(n))
					})
				}
				each.Wait()
			}
		})
	}
	work.Go(func() {
		for _, o := range orders {
			if _, err := s.Converge(t.Context(), o.refunded("30")); err != nil {
				t.Error(err)
			}
		}
	})
	work.Wait()
	s.wantClean()
	for _, p := range partners {
		b := must(loadBalance(t.Context(), s.db, p.ID, "USD", false))(s)
		if sum := mustSum(t, b.Payable, b.InPayout, b.Paid); sum != usd("28") {
			t.Errorf("partner %s has %+v, which is %s, want 28", p.ID, b, sum)
		}
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_payout_lines WHERE state = 'settled'`); int64(n) != finished.Load() {
		t.Errorf("%d lines are settled, %d were reported", n, finished.Load())
	}
	if b := s.draft(); len(b.Lines) > 0 { // what the race left over is paid now
		b = s.file(b)
		s.ok(s.Send(t.Context(), bob, b.ID))
		must(s.Settle(t.Context(), bob, b.ID))(s)
	}
	for _, p := range partners { // paid 28, or 40 before the refunds of 12 came
		b := must(loadBalance(t.Context(), s.db, p.ID, "USD", false))(s)
		if !b.InPayout.IsZero() || b.Payable.Sign() > 0 || mustSum(t, b.Payable, b.Paid) != usd("28") {
			t.Errorf("in the end partner %s has %+v", p.ID, b)
		}
	}
	s.wantClean()
}
