package affiliate_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// A change that nobody confirms is over after a week, another one replaces it,
// and an admin's word counts at once.
//
// Spec: S145.1
func TestWaitingPayPalChangesEnd(t *testing.T) {
	r, h, clock := newRegistry(t)
	saveSettings(t, r, nil)
	p := newPartner(t, h, newProgram(t, r, "A", 1).ID, "paul@example.com")
	change := func(email string) (c *affiliate.PayPalChange) {
		t.Helper()
		err := h.Tx(t.Context(), func(tx *db.Tx) (err error) {
			_, _, c, err = affiliate.ChangePayment(t.Context(), tx, anna, p.ID, affiliate.Payment{
				Method: affiliate.PayPal, PayPalEmail: email}, affiliate.NoProof, clock.Now())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	waiting := func() string {
		t.Helper()
		c, err := r.WaitingPayPal(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if c == nil {
			return ""
		}
		return c.NewEmail
	}
	if _, err := r.UpdatePayment(t.Context(), anna, p.ID, affiliate.Payment{Method: affiliate.PayPal,
		PayPalEmail: "old@pay.test"}); err != nil {
		t.Fatal(err)
	}
	first := change("one@pay.test")
	second := change("two@pay.test")
	if waiting() != "two@pay.test" {
		t.Errorf("%q waits", waiting())
	}
	if _, err := r.ConfirmPayPal(t.Context(), first.OldToken); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("a replaced change was confirmed: %v", err)
	}
	if change("old@pay.test") != nil || waiting() != "" {
		t.Errorf("taken back, %q waits", waiting())
	}
	third := change("three@pay.test")
	clock.Advance(7*24*time.Hour + time.Second)
	if _, err := r.ConfirmPayPal(t.Context(), third.OldToken); affiliate.KindOf(err) != affiliate.KindNotFound ||
		waiting() != "" {
		t.Errorf("a change of last week was confirmed: %v", err)
	}
	change("four@pay.test")
	got, err := r.UpdatePayment(t.Context(), anna, p.ID, affiliate.Payment{Method: affiliate.PayPal,
		PayPalEmail: "admin@pay.test"})
	if err != nil || got.PayPalEmail != "admin@pay.test" || waiting() != "" {
		t.Errorf("an admin's change: %+v, %v, %q waits", got, err, waiting())
	}
	if second.OldToken == second.NewToken {
		t.Error("both mailboxes have one token")
	}
}

func TestActorsAreTheSamePersonByTheirUser(t *testing.T) {
	for _, test := range []struct {
		a, b affiliate.Actor
		same bool
	}{
		{"anna (user 7)", "Anna B. (user 7)", true}, {"anna (user 7)", "anna (user 8)", false},
		{"x (user 8) (user 7)", "anna (user 7)", true}, {"demo", "demo", true}, {"demo", "system", false},
	} {
		if test.a.Same(test.b) != test.same {
			t.Errorf("%q and %q: %v", test.a, test.b, !test.same)
		}
	}
}
