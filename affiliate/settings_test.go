package affiliate_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// saveSettings saves the defaults after change, over whatever is in force.
func saveSettings(t testing.TB, r *affiliate.Registry, change func(*affiliate.Settings)) affiliate.Settings {
	t.Helper()
	s, err := r.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&s)
	}
	if s, err = r.SaveSettings(t.Context(), anna, s); err != nil {
		t.Fatal(err)
	}
	return s
}

// problem is the sentence about a field, "" without.
func problem(err error, field string) string {
	if e, ok := err.(*affiliate.Error); ok {
		return e.Fields[field].String()
	}
	return ""
}

// Spec: S3 S10.1
func TestSettingsAreInForceOnceSaved(t *testing.T) {
	r, _, c := newRegistry(t)
	s, err := r.Settings(t.Context())
	if err != nil || s.Version != 0 || s.Credit != affiliate.LastReferrer {
		t.Fatalf("before the first save: %+v, %v", s, err)
	}
	s.PaymentMethod, s.Credit, s.CookieDays, s.Currency, s.LegacyParams = affiliate.Choice, affiliate.FirstReferrer, 30,
		"JPY", true
	s.Thresholds = map[money.Currency]money.Amount{"USD": money.MustParse("50"), "JPY": money.MustParse("7000")}
	if again, _ := r.Settings(t.Context()); again.Version != 0 || again.CookieDays == 30 {
		t.Errorf("settings not saved are in force: %+v", again)
	}
	saved, err := r.SaveSettings(t.Context(), anna, s)
	if err != nil || saved.Version != 1 {
		t.Fatalf("saved %+v, %v", saved, err)
	}
	c.Advance(time.Hour)
	got, err := r.Settings(t.Context())
	if err != nil || !cmp.Equal(got, saved) || !got.SavedAt.Equal(noon) {
		t.Errorf("%v: %s", err, cmp.Diff(saved, got))
	}
	if got.Threshold("USD") != money.MustParse("50") || !got.Threshold("EUR").IsZero() {
		t.Errorf("thresholds %v", got.Thresholds)
	}
}

// Spec: S5 S6 S7 S8 D12 D35
func TestSettingsAreChecked(t *testing.T) {
	r, _, _ := newRegistry(t)
	threshold := func(cur money.Currency, amount string) func(*affiliate.Settings) {
		return func(s *affiliate.Settings) {
			s.Thresholds = map[money.Currency]money.Amount{cur: money.MustParse(amount)}
		}
	}
	for name, test := range map[string]struct {
		change func(*affiliate.Settings)
		field  string // "" when it is right
	}{
		"paypal":            {func(s *affiliate.Settings) { s.PaymentMethod = affiliate.PayPal }, ""},
		"check":             {func(s *affiliate.Settings) { s.PaymentMethod = affiliate.Check }, ""},
		"their choice":      {func(s *affiliate.Settings) { s.PaymentMethod = affiliate.Choice }, ""},
		"a fourth method":   {func(s *affiliate.Settings) { s.PaymentMethod = "wire" }, "payment_method"},
		"no method":         {func(s *affiliate.Settings) { s.PaymentMethod = "" }, "payment_method"},
		"first referrer":    {func(s *affiliate.Settings) { s.Credit = affiliate.FirstReferrer }, ""},
		"a third referrer":  {func(s *affiliate.Settings) { s.Credit = "middle" }, "credit"},
		"one day":           {func(s *affiliate.Settings) { s.CookieDays = 1 }, ""},
		"400 days":          {func(s *affiliate.Settings) { s.CookieDays = 400 }, ""},
		"no day":            {func(s *affiliate.Settings) { s.CookieDays = 0 }, "cookie_days"},
		"401 days":          {func(s *affiliate.Settings) { s.CookieDays = 401 }, "cookie_days"},
		"threshold":         {threshold("USD", "50.01"), ""},
		"no threshold":      {threshold("USD", "0"), ""},
		"whole yen":         {threshold("JPY", "5000"), ""},
		"fils":              {threshold("KWD", "5.001"), ""},
		"negative":          {threshold("USD", "-0.01"), "thresholds"},
		"half a cent":       {threshold("USD", "50.005"), "thresholds"},
		"half a yen":        {threshold("JPY", "0.5"), "thresholds"},
		"unknown threshold": {threshold("XXQ", "1"), "thresholds"},
		"unknown currency":  {func(s *affiliate.Settings) { s.Currency = "usd" }, "currency"},
	} {
		s, err := r.Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		test.change(&s)
		_, err = r.SaveSettings(t.Context(), anna, s)
		if wrong := affiliate.KindOf(err) == affiliate.KindInvalid; wrong != (test.field != "") ||
			(wrong && problem(err, test.field) == "") {
			t.Errorf("%s: %v, want a problem with %q", name, err, test.field)
		}
	}
}

func TestSaveSettingsUndoesNoChangeOfAnother(t *testing.T) {
	r, h, _ := newRegistry(t)
	seen := saveSettings(t, r, nil)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			s := seen
			s.CookieDays = 10 + i
			_, errs[i] = r.SaveSettings(t.Context(), anna, s)
		})
	}
	wg.Wait()
	saved := 0
	for _, err := range errs {
		if err == nil {
			saved++
		} else if affiliate.KindOf(err) != affiliate.KindConflict {
			t.Error(err)
		}
	}
	got, err := r.Settings(t.Context())
	if saved != 1 || err != nil || got.Version != 2 {
		t.Errorf("%d of 8 saved over version 1; now it is %d, %v", saved, got.Version, err)
	}
	if n := version(t, h, "settings"); n != 2 {
		t.Errorf("sidecars were told %d times of 2 saves", n)
	}
}

// version is how often sidecars were told that the data of this name changed.
func version(t testing.TB, h *db.Handle, name string) (n int) {
	t.Helper()
	if err := h.Get(t.Context(), &n, `SELECT COALESCE(MAX(version), 0) FROM {wp}partner_center_versions WHERE name = ?`,
		name); err != nil {
		t.Fatal(err)
	}
	return n
}

// Spec: S5
func TestPolicyDecidesThePaymentMethod(t *testing.T) {
	chooses := affiliate.Partner{PaymentMethod: affiliate.Check}
	for policy, want := range map[affiliate.PaymentPolicy]affiliate.PaymentPolicy{
		affiliate.PayPal: affiliate.PayPal, affiliate.Check: affiliate.Check, affiliate.Choice: affiliate.Check,
	} {
		if got := (affiliate.Settings{PaymentMethod: policy}).MethodOf(chooses); got != want {
			t.Errorf("policy %s pays by %s, want %s", policy, got, want)
		}
	}
}

// The pay day is the same day of each month, and the last day of shorter ones.
//
// Spec: S143.2
func TestTheNextPaymentHasADate(t *testing.T) {
	for _, test := range []struct {
		payDay      int
		today, want string
	}{
		{0, "2026-05-04", ""}, {15, "2026-05-04", "2026-05-15"}, {15, "2026-05-15", "2026-05-15"},
		{15, "2026-05-16", "2026-06-15"},
		{31, "2026-02-03", "2026-02-28"}, {31, "2028-02-03", "2028-02-29"}, {31, "2026-04-30", "2026-04-30"},
		{1, "2026-12-02", "2027-01-01"},
	} {
		today, err := affiliate.ParseDay(test.today)
		if err != nil {
			t.Fatal(err)
		}
		if got := (affiliate.Settings{PayDay: test.payDay}).NextPayment(today).String(); got != test.want {
			t.Errorf("paid on the %d., the next payment after %s is %q, want %q", test.payDay, test.today, got,
				test.want)
		}
	}
}
