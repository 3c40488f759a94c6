package payout_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// payee is a partner with so much payable in USD, a multiple of 0.10.
func (s *site) payee(name, amount string) affiliate.Partner {
	s.Helper()
	p := s.ByPayPal(s.Partner(name))
	shoptest.Must(s.Adjust(s.Context(), shoptest.Anna, shoptest.EntryOf(p, amount, "Bonus")))(s)
	return p
}

// wantLines checks a batch: partner:state:amount.
func (s *site) wantLines(b payout.Batch, wanted ...string) {
	s.Helper()
	got := []string{}
	for _, l := range shoptest.Must(s.Batch(s.Context(), b.ID))(s).Lines {
		got = append(got, fmt.Sprintf("%s:%s:%s", l.PartnerID, l.State, l.Amount))
	}
	if strings.Join(got, " ") != strings.Join(wanted, " ") {
		s.Errorf("the batch is %v, want %v", got, wanted)
	}
}

func lineFor(p affiliate.Partner, state payout.PayoutState, amount string) string {
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
	b := shoptest.Must(ledger.LoadBalance(s.Context(), s.DB, p.ID, "USD"))(s)
	if got, want := [3]money.Amount{b.Payable, b.InPayout, b.Paid}, [3]money.Amount{shoptest.USD(payable),
		shoptest.USD(inPayout), shoptest.USD(paid)}; got != want {
		s.Errorf("payable, in a payout and paid are %v, want %v", got, want)
	}
}

// Each step does what it says and no more: the file pays nobody, and until a
// line is settled every step can be taken back.
//
// Spec: S38 S76.1 D19.2 D19.3 B16.1 B16.2 B16.3
func TestABatchGoesFromDraftToSettled(t *testing.T) {
	s := newSite(t)
	p := s.ByPayPal(s.Partner("pia"))
	c := s.Earn(p, "100")
	s.ApproveAll(c)
	shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "5", "Bonus")))(s)
	b := s.Draft()
	s.wantLines(b, lineFor(p, payout.Draft, "15"))
	s.wantOwed(p, "15", "0", "0") // a draft takes nothing
	s.FileBatch(b)
	s.wantOwed(p, "0", "15", "0")
	if owed := shoptest.Must(shoptest.Must(ledger.LoadBalance(t.Context(), s.DB, p.ID,
		"USD"))(s).Owed())(s); owed != shoptest.USD("15") {
		t.Errorf("owed is %s", owed)
	}
	if got := s.Now(c)[0].Status; got != ledger.InPayout {
		t.Errorf("in the file, the commission is %s", got)
	}
	s.WantClean()
	s.OK(s.Send(t.Context(), shoptest.Anna, b.ID))
	s.OK(s.Undo(t.Context(), shoptest.Anna, b.ID, "")) // to filed
	s.wantLines(b, lineFor(p, payout.Filed, "15"))
	s.OK(s.Undo(t.Context(), shoptest.Anna, b.ID, "")) // to a draft
	s.wantLines(b, lineFor(p, payout.Draft, "15"))
	s.wantOwed(p, "15", "0", "0")
	if got := s.Now(c)[0].Status; got != ledger.Approved {
		t.Errorf("undone, the commission is %s", got)
	}
	s.WantClean()
	s.FileBatch(b)
	if _, err := s.Settle(t.Context(), shoptest.Anna, b.ID); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("settled before it was sent: %v", err)
	}
	s.OK(s.Send(t.Context(), shoptest.Anna, b.ID))
	if n := shoptest.Must(s.Settle(t.Context(), shoptest.Anna, b.ID))(s); n != 1 {
		t.Errorf("%d lines were settled", n)
	}
	s.wantOwed(p, "0", "0", "15")
	s.wantLines(b, lineFor(p, payout.Settled, "15"))
	_, err := s.Settle(t.Context(), shoptest.Anna, b.ID)
	s.wantConflict("settled twice", err)
	s.wantConflict("undone after it was settled", s.Undo(t.Context(), shoptest.Anna, b.ID, ""))
	for _, action := range []string{"make", "make file", "send", "undo"} {
		if n := s.Number(
			`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'payout' AND object_id = ? AND action = ?`,
			b.ID, action); n == 0 {
			t.Errorf("%s is not audited", action)
		}
	}
	s.WantClean()
}

// A draft that is given up leaves nothing behind.
//
// Spec: B16.3
func TestADraftCanBeDiscarded(t *testing.T) {
	s := newSite(t)
	p := s.payee("pia", "15")
	b := s.Draft()
	s.OK(s.Undo(t.Context(), shoptest.Anna, b.ID, ""))
	s.wantLines(b)
	s.wantConflict("undone twice", s.Undo(t.Context(), shoptest.Anna, b.ID, ""))
	_, err := s.MakeFile(t.Context(), shoptest.Bob, b.ID, shoptest.USD("0"), paypal.Current)
	s.wantConflict("filed after it was discarded", err)
	s.wantOwed(p, "15", "0", "0")
	s.WantClean()
}

// A batch that was filed and is given up, or a line of it that fell out, stays
// with its lines: journals name them.
//
// Spec: D19 B16.3
func TestAFiledBatchCanBeDiscarded(t *testing.T) {
	s := newSite(t)
	p, q := s.payee("pia", "15"), s.payee("quin", "20")
	b := s.FileBatch(s.Draft())
	s.OK(s.Undo(t.Context(), shoptest.Anna, b.ID, ""))
	shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "-15", "Correction")))(s)
	s.wantLines(b, lineFor(q, payout.Draft, "20")) // pia's has fallen out
	s.WantClean()
	s.FileBatch(b)
	s.WantClean()
	s.OK(s.Undo(t.Context(), shoptest.Anna, b.ID, ""))
	s.OK(s.Undo(t.Context(), shoptest.Anna, b.ID, ""))
	s.wantLines(b)
	s.wantOwed(q, "20", "0", "0")
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_payout_lines WHERE state = 'closed'`); n != 2 {
		t.Errorf("%d lines are closed, want 2", n)
	}
	s.WantClean()
}

// A draft follows the books; a line whose amount is another than the one shown
// is not filed.
//
// Spec: D20.2 D20.3 B16
func TestADraftIsRecomputed(t *testing.T) {
	s := newSite(t)
	s.threshold("5")
	p, q := s.ByPayPal(s.Partner("pia")), s.payee("quin", "20")
	o := s.Sale("bob@example.com", s.Click(p))
	s.ApproveAll(s.Place(o).Commissions...)
	b := s.Draft()
	s.wantLines(b, lineFor(p, payout.Draft, "10"), lineFor(q, payout.Draft, "20"))
	o = shoptest.Refunded(o, "40")
	s.Place(o)
	s.wantLines(b, lineFor(p, payout.Draft, "6"), lineFor(q, payout.Draft, "20"))
	o = shoptest.Refunded(o, "50.10")
	s.Place(o)
	_, err := s.MakeFile(t.Context(), shoptest.Bob, b.ID, shoptest.USD("26"), paypal.Current)
	s.wantConflict("another total than the one shown", err)
	s.wantLines(b, lineFor(q, payout.Draft, "20")) // 4.99 is below the threshold
	s.FileBatch(b)
	s.wantOwed(p, "4.99", "0", "0")
	s.wantOwed(q, "0", "20", "0")
	s.WantClean()
}

// Clawbacks are taken with what they come off, the cut-off takes sales before
// it, and a sum of 0 or less takes nothing.
//
// Spec: S93.3 D20.1 D20.2 B4.2
func TestWhatALineTakes(t *testing.T) {
	s := newSite(t)
	p, debtor := s.ByPayPal(s.Partner("pia")), s.payee("dan", "-3")
	early := s.Earn(p, "100")
	s.Clock.Advance(time.Hour)
	cutOff := s.Clock.Now()
	late := s.Earn(p, "200")
	s.ApproveAll(early, late)
	shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "-4", "Correction")))(s)
	b := s.Draft(func(spec *payout.BatchSpec) { spec.CutOff = &cutOff })
	s.wantLines(b, lineFor(p, payout.Draft, "6"))
	if len(b.Excluded) != 1 || b.Excluded[0].PartnerID != debtor.ID || b.Excluded[0].Reason != reason.NothingToPay {
		t.Errorf("excluded are %+v", b.Excluded)
	}
	s.FileBatch(b)
	s.wantOwed(p, "20", "6", "0")
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_payout_items WHERE manual_id > 0
		AND amount = -4`); n != 1 {
		t.Errorf("%d items are the correction", n)
	}
	eur := s.Draft(func(spec *payout.BatchSpec) { spec.Currency = "EUR" })
	s.wantLines(eur)
	s.WantClean()
}

// Everybody who cannot be paid is named with the reason, and the files hold the
// PayPal half of a mixed batch only.
//
// Spec: S85.2 S136.1 S136.2 S136.3 S141 S145.1 D12
func TestWhoIsLeftOutOfABatch(t *testing.T) {
	s := newSite(t)
	s.Settings(func(g *affiliate.Settings) { g.PaymentMethod = affiliate.Choice })
	s.threshold("10")
	want := map[affiliate.PartnerID]reason.Code{}
	leave := func(name, amount string, why reason.Code, pay affiliate.Payment) affiliate.Partner {
		p := s.payee(name, amount)
		s.PaidBy(p, pay)
		want[p.ID] = why
		return p
	}
	byPayPal := affiliate.Payment{Method: affiliate.PayPal, PayPalEmail: "x@pay.example"}
	leave("below", "9.99", reason.BelowThreshold, byPayPal)
	leave("debtor", "-1", reason.NothingToPay, byPayPal)
	leave("nowhere", "20", reason.NoPayee, affiliate.Payment{Method: affiliate.Check, Payee: "N. N."})
	blank := leave("blank", "20", reason.NoPayPalAddress, byPayPal)
	s.Exec(`UPDATE {wp}partner_center_partners SET paypal_email = '' WHERE id = ?`, blank.ID)
	formula := leave("formula", "20", reason.PayPalRefuses, byPayPal)
	s.Exec(`UPDATE {wp}partner_center_partners SET paypal_email = '=x@pay.example' WHERE id = ?`, formula.ID)
	stopped := leave("stopped", "20", reason.PartnerNotPaid, byPayPal)
	shoptest.Must(s.Registry.SuspendPartner(t.Context(), shoptest.Anna, stopped.ID, "looked into"))(s)
	changed := leave("changed", "20", reason.PayPalUnconfirmed, byPayPal)
	s.Exec(`INSERT INTO {wp}partner_center_paypal_changes (partner_id, old_email, new_email, old_token,
		new_token, asked_at, expires_at)
		VALUES (?, 'x@pay.example', 'y@pay.example', '1', '2', ?, ?)`, changed.ID, s.Clock.Now(),
		s.Clock.Now().Add(time.Hour))
	ann, check := s.payee("ann", "10"), s.payee("check", "30")
	s.PaidBy(check, affiliate.Payment{Method: affiliate.Check, Payee: "C. Heck", Address: "1 Main St"})

	b := s.Draft()
	s.wantLines(b, lineFor(ann, payout.Draft, "10"), lineFor(check, payout.Draft, "30"))
	for _, out := range b.Excluded {
		if want[out.PartnerID] != out.Reason || out.Sentence().IsZero() ||
			strings.Contains(out.Sentence().String(), "none") {
			t.Errorf("%s is excluded for %s: %q; want %s", out.PartnerID, out.Reason, out.Sentence(),
				want[out.PartnerID])
		}
		delete(want, out.PartnerID)
	}
	if len(want) > 0 {
		t.Errorf("not named: %v", want)
	}
	b = s.FileBatch(b)
	files := shoptest.Must(s.PayPalFiles(t.Context(), b.ID))(s)
	if len(files) != 1 || files[0].Rows != 1 || files[0].Total != shoptest.USD("10") {
		t.Errorf("the files are %+v", files)
	}
	_, err := s.PayPartner(t.Context(), shoptest.Anna, changed.ID, "USD", shoptest.USD("20"))
	s.wantConflict("paid to an address that is not confirmed", err)
	s.OK(s.Send(t.Context(), shoptest.Anna, b.ID))
	shoptest.Must(s.Settle(t.Context(), shoptest.Anna, b.ID,
		payout.Settlement{LineID: b.Lines[1].ID, CheckNumber: "0042"}))(s)
	s.OK(s.SetCheckNumber(t.Context(), shoptest.Anna, b.Lines[1].ID, "0043"))
	s.wantConflict("a check number of a PayPal payment", s.SetCheckNumber(t.Context(), shoptest.Anna, b.Lines[0].ID,
		"1"))
	line := shoptest.Must(s.Batch(t.Context(), b.ID))(s).Lines[1]
	if line.CheckNumber != "0043" || line.Payee != "C. Heck" || line.Address != "1 Main St" || line.PayPalEmail != "" {
		t.Errorf("the check is %+v", line)
	}
	s.WantClean()
}

// The file is the same to the byte whenever it is made, whatever has become of
// its lines, addresses and settings; damage is noticed.
//
// Spec: S85.3 B16
func TestThePayPalFileCanBeReproduced(t *testing.T) {
	s := newSite(t)
	s.Settings(func(g *affiliate.Settings) { g.PayPalComma = true })
	p := s.payee("pia", "12.50")
	b := s.Draft()
	if _, err := s.PayPalFiles(t.Context(), b.ID); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("the file of a draft: %v", err)
	}
	b = s.FileBatch(b)
	first := shoptest.Must(s.PayPalFiles(t.Context(), b.ID))(s)
	want := fmt.Sprintf("p%s@pay.example,\"12,50\",USD,PL%s,Partner commission,PAYPAL\r\n", p.ID, b.Lines[0].ID)
	if string(first[0].Data) != want {
		t.Errorf("the file is %q, want %q", first[0].Data, want)
	}
	s.OK(s.Send(t.Context(), shoptest.Anna, b.ID))
	shoptest.Must(s.Settle(t.Context(), shoptest.Anna, b.ID))(s)
	shoptest.Must(s.ReturnPayment(t.Context(), shoptest.Anna, b.Lines[0].ID, "Account closed"))(s)
	s.PaidBy(p, affiliate.Payment{Method: affiliate.PayPal, PayPalEmail: "new@pay.example"})
	s.Settings(func(g *affiliate.Settings) { g.PayPalComma = false })
	again := shoptest.Must(s.PayPalFiles(t.Context(), b.ID))(s)
	if !bytes.Equal(first[0].Data, again[0].Data) || again[0].SHA256 != first[0].SHA256 ||
		again[0].Name != first[0].Name {
		t.Errorf("made again, the file is %q", again[0].Data)
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_payout_files WHERE sha256 = ?`, first[0].SHA256); n != 1 {
		t.Error("its sum is not kept")
	}
	s.Exec(`UPDATE {wp}partner_center_payout_lines SET paypal_email = 'thief@pay.example' WHERE id = ?`, b.Lines[0].ID)
	if _, err := s.PayPalFiles(t.Context(), b.ID); err == nil {
		t.Error("another file is taken for the one that was made")
	}
}

// Spec: S38 S76.1 D21.1 D21.2
func TestAReturnedPaymentIsPayableAgain(t *testing.T) {
	s := newSite(t)
	p := s.ByPayPal(s.Partner("pia"))
	o := s.Sale("bob@example.com", s.Click(p))
	c := s.Place(o).Commissions[0]
	s.ApproveAll(c)
	b := s.FileBatch(s.Draft())
	s.OK(s.Send(t.Context(), shoptest.Anna, b.ID))
	shoptest.Must(s.Settle(t.Context(), shoptest.Anna, b.ID))(s)
	s.Place(shoptest.Refunded(o, "40"))
	s.wantOwed(p, "-4", "0", "10")
	shoptest.Must(s.ReturnPayment(t.Context(), shoptest.Anna, b.Lines[0].ID, "Account closed"))(s)
	s.wantOwed(p, "6", "0", "0") // the clawback stays and nets out
	if got := s.Now(c)[0]; got.Status != ledger.Approved || got.Amount != shoptest.USD("6") {
		t.Errorf("the commission is %+v", got)
	}
	_, err := s.ReturnPayment(t.Context(), shoptest.Anna, b.Lines[0].ID, "Again")
	s.wantConflict("returned twice", err)
	if _, err := s.ReturnPayment(t.Context(), shoptest.Anna, b.Lines[0].ID,
		""); shoptest.FieldsOf(err)["reason"] == "" {
		t.Errorf("returned without a reason: %v", err)
	}
	shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", shoptest.USD("6")))(s)
	s.wantOwed(p, "0", "0", "6")
	s.WantClean()
}

// A batch may settle in parts; what PayPal could not deliver comes back alone.
//
// Spec: D20.4 D21 B16.1
func TestABatchSettlesInParts(t *testing.T) {
	s := newSite(t)
	p, q, r := s.payee("p", "10"), s.payee("q", "20"), s.payee("r", "30")
	b := s.FileBatch(s.Draft())
	_, err := s.ReturnPayment(t.Context(), shoptest.Anna, b.Lines[0].ID, "Too early")
	s.wantConflict("returned before it was sent", err)
	s.OK(s.Send(t.Context(), shoptest.Anna, b.ID))
	shoptest.Must(s.Settle(t.Context(), shoptest.Anna, b.ID, payout.Settlement{LineID: b.Lines[0].ID}))(s)
	shoptest.Must(s.ReturnPayment(t.Context(), shoptest.Anna, b.Lines[1].ID, "No such account"))(s)
	s.wantLines(b, lineFor(p, payout.Settled, "10"), lineFor(q, payout.Returned, "20"), lineFor(r, payout.Sent, "30"))
	s.wantOwed(p, "0", "0", "10")
	s.wantOwed(q, "20", "0", "0")
	s.wantOwed(r, "0", "30", "0")
	s.wantConflict("undone after a line was settled", s.Undo(t.Context(), shoptest.Anna, b.ID, ""))
	s.WantClean()
	if n := shoptest.Must(s.Settle(t.Context(), shoptest.Anna, b.ID))(s); n != 1 {
		t.Errorf("%d lines were settled", n)
	}
	if got := shoptest.Must(s.Batch(t.Context(), b.ID))(s).State; got != payout.Settled {
		t.Errorf("the batch is %s", got)
	}
	s.WantClean()
}

// Whoever made the batch may not release it, whatever they call themselves.
//
// Spec: B16
func TestTwoPeopleCanBeRequired(t *testing.T) {
	s := newSite(t)
	p := s.payee("pia", "15")
	s.Settings(func(g *affiliate.Settings) { g.TwoPeople = true })
	b := s.Draft()
	for _, actor := range []affiliate.Actor{shoptest.Anna, "Anna with another name (user 1)"} {
		if _, err := s.MakeFile(t.Context(), actor, b.ID, shoptest.USD("15"),
			paypal.Current); affiliate.KindOf(err) != affiliate.KindForbidden {
			t.Errorf("%s released the batch: %v", actor, err)
		}
	}
	_, err := s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", shoptest.USD("15"))
	s.wantConflict("paid by one person", err)
	shoptest.Must(s.MakeFile(t.Context(), shoptest.Bob, b.ID, shoptest.USD("15"), paypal.Current))(s)
	s.wantOwed(p, "0", "15", "0")
	s.WantClean()
}

// Spec: S6 S143.1
func TestPayingBelowTheThresholdByException(t *testing.T) {
	s := newSite(t)
	s.threshold("50")
	p, q := s.payee("pia", "15"), s.payee("quin", "20")
	below := payout.HandPayment{PartnerID: p.ID, Currency: "USD", Amount: shoptest.USD("15"), Exception: " "}
	if _, err := s.Pay(t.Context(), shoptest.Anna, below); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("without a reason: %v", err)
	}
	below.Exception = "Leaves the program"
	line := shoptest.Must(s.Pay(t.Context(), shoptest.Anna, below))(s)
	if line.Exception != "Leaves the program" {
		t.Errorf("the payment is %+v", line)
	}
	b := s.FileBatch(s.Draft(
		func(spec *payout.BatchSpec) { spec.Exceptions = map[affiliate.PartnerID]string{q.ID: "Leaves, too"} }))
	s.wantLines(b, lineFor(q, payout.Filed, "20"))
	if b.Lines[0].Exception != "Leaves, too" {
		t.Errorf("the payment is %+v", b.Lines[0])
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'pay'
		AND reason = 'Leaves the program'`); n != 1 {
		t.Error("the exception is not audited")
	}
	s.WantClean()
}

// Spec: B16
func TestAFormSentTwiceMakesOneBatch(t *testing.T) {
	s := newSite(t)
	s.payee("pia", "15")
	form := func(spec *payout.BatchSpec) { spec.FormID = "form-1" }
	if first, second := s.Draft(form), s.Draft(form); first.ID != second.ID || len(second.Lines) != 1 {
		t.Errorf("two batches: %s and %s", first.ID, second.ID)
	}
	if _, err := s.MakeBatch(t.Context(), shoptest.Anna,
		payout.BatchSpec{Currency: "XX"}); shoptest.FieldsOf(err)["currency"] == "" {
		t.Errorf("a batch in no currency: %v", err)
	}
}

// Admins at work at the same time, while orders are refunded: everybody is paid
// once, and the books agree.
//
// Spec: B1, B16, D20
func TestManyAdminsMakeAndSettleBatchesAtOnce(t *testing.T) {
	s := newSite(t)
	orders, partners := []sale.OrderState{}, []affiliate.Partner{}
	for i := range 6 {
		p := s.ByPayPal(s.Partner(fmt.Sprint("p", i)))
		partners = append(partners, p)
		for j := range 4 {
			o := s.Sale(fmt.Sprintf("buyer%d-%d@example.com", i, j), s.Click(p))
			orders = append(orders, o)
			s.ApproveAll(s.Place(o).Commissions...)
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
				b, err := s.MakeBatch(t.Context(), shoptest.Anna, payout.BatchSpec{Currency: "USD"})
				allowed(err)
				total, _ := b.Total()
				var each sync.WaitGroup
				for range 2 { // both press the button
					each.Go(func() {
						_, err := s.MakeFile(t.Context(), shoptest.Bob, b.ID, total, paypal.Current)
						allowed(err)
						allowed(s.Send(t.Context(), shoptest.Bob, b.ID))
						n, err := s.Settle(t.Context(), shoptest.Bob, b.ID)
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
			if _, err := s.Converge(t.Context(), shoptest.Refunded(o, "30")); err != nil {
				t.Error(err)
			}
		}
	})
	work.Wait()
	s.WantClean()
	for _, p := range partners {
		b := shoptest.Must(ledger.LoadBalance(t.Context(), s.DB, p.ID, "USD"))(s)
		if sum := shoptest.Must(money.Sum(b.Payable, b.InPayout, b.Paid))(t); sum != shoptest.USD("28") {
			t.Errorf("partner %s has %+v, which is %s, want 28", p.ID, b, sum)
		}
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_payout_lines WHERE state = 'settled'`); int64(
		n) != finished.Load() {
		t.Errorf("%d lines are settled, %d were reported", n, finished.Load())
	}
	if b := s.Draft(); len(b.Lines) > 0 { // what the race left over is paid now
		b = s.FileBatch(b)
		s.OK(s.Send(t.Context(), shoptest.Bob, b.ID))
		shoptest.Must(s.Settle(t.Context(), shoptest.Bob, b.ID))(s)
	}
	for _, p := range partners { // paid 28, or 40 before the refunds of 12 came
		b := shoptest.Must(ledger.LoadBalance(t.Context(), s.DB, p.ID, "USD"))(s)
		if !b.InPayout.IsZero() || b.Payable.Sign() > 0 || shoptest.Must(money.Sum(b.Payable,
			b.Paid))(t) != shoptest.USD("28") {
			t.Errorf("in the end partner %s has %+v", p.ID, b)
		}
	}
	s.WantClean()
}
