package affiliate_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ensure makes or finds a contact in a transaction of its own.
func ensure(t testing.TB, h *db.Handle, p affiliate.Person, origin affiliate.Origin, at time.Time) (c affiliate.Contact,
	created bool) {
	t.Helper()
	err := h.Tx(t.Context(), func(tx *db.Tx) (err error) {
		c, created, err = affiliate.EnsureContact(t.Context(), tx, p, origin, at)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, created
}

func newContact(t testing.TB, h *db.Handle, email string) affiliate.Contact {
	t.Helper()
	c, _ := ensure(t, h, affiliate.Person{Email: email}, affiliate.ByForm, noon)
	return c
}

// Spec: D34.1
func TestFoldEmail(t *testing.T) {
	for text, want := range map[string]string{
		"anna@example.com":           "anna@example.com",
		"  Anna@Example.COM\r\n":     "anna@example.com",
		"ÄNNA@Übung.Example":         "änna@übung.example",
		"o'neil+tag@mail.example.co": "o'neil+tag@mail.example.co",
		strings.Repeat("a", 64) + "@" + strings.Repeat("b.", 59) + "example": strings.Repeat("a", 64) + "@" +
			strings.Repeat("b.", 59) + "example",
		"":                                     "",
		"anna":                                 "",
		"anna@":                                "",
		"@example.com":                         "",
		"anna@localhost":                       "",
		"anna@[127.0.0.1]":                     "",
		"anna@@example.com":                    "",
		"anna@example..com":                    "",
		"anna b@example.com":                   "",
		`"anna b"@example.com`:                 "",
		"Anna <anna@example.com>":              "",
		"anna@example.com, bob@example.com":    "",
		"anna@example.com\nBcc: b@example.com": "",
		"anna@exam\x00ple.com":                 "",
		strings.Repeat("a", 64) + "@" + strings.Repeat("b.", 59) + "example2": "",
	} {
		got, err := affiliate.FoldEmail(text)
		if got != want || (want == "") != (affiliate.KindOf(err) == affiliate.KindInvalid) {
			t.Errorf("%q became %q, %v; want %q", text, got, err, want)
		}
	}
}

// Spec: D34.1
func TestFoldedEmailStaysAsItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		folded, err := affiliate.FoldEmail(
			rapid.StringMatching(`[a-zA-ZÀ-žİΑ-ω0-9._+'-]{1,12}@[a-zA-Zß0-9-]{1,9}\.[a-zA-Z]{2,5}`).Draw(t, "email"))
		if err != nil {
			return
		}
		if again, err := affiliate.FoldEmail(folded); err != nil || again != folded {
			t.Fatalf("%q became %q, %v", folded, again, err)
		}
	})
}

// Spec: S103 D34.1
func TestContactIsKnownByEmail(t *testing.T) {
	r, h, _ := newRegistry(t)
	made, created := ensure(t, h, affiliate.Person{Email: "Anna@Example.com", FirstName: " Anna ", UserID: 5},
		affiliate.ByForm, noon)
	if !created || made.Email != "anna@example.com" || made.FirstName != "Anna" || made.Origin != affiliate.ByForm ||
		made.WPUserID != 5 {
		t.Errorf("made %+v", made)
	}
	if made.First.PartnerID != 0 || made.Last.PartnerID != 0 || made.First.At != nil {
		t.Errorf("a new contact has referrers: %+v", made)
	}
	found, created := ensure(t, h, affiliate.Person{Email: "ANNA@example.com "}, affiliate.ByOrder, noon.Add(time.Hour))
	if created || !cmp.Equal(found, made) {
		t.Errorf("found again, created %v: %s", created, cmp.Diff(made, found))
	}
	if got, err := affiliate.LoadContactByEmail(t.Context(), h, "aNNa@example.com"); err != nil || got.ID != made.ID {
		t.Errorf("by address: %+v, %v", got, err)
	}
	if _, err := r.Contact(t.Context(), made.ID+1); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("another: %v", err)
	}
	if other, created := ensure(t, h, affiliate.Person{Email: "ännä@example.com"}, affiliate.ByForm, noon); !created ||
		other.ID == made.ID {
		t.Error("accents are no difference")
	}
}

// A form in somebody's name fills in what is blank and overwrites nothing.
func TestFormFillsOnlyBlankFields(t *testing.T) {
	_, h, _ := newRegistry(t)
	ensure(t, h, affiliate.Person{Email: "anna@example.com", FirstName: "Anna", UserID: 5}, affiliate.ByForm, noon)
	later := noon.Add(time.Hour)
	got, _ := ensure(t, h, affiliate.Person{Email: "anna@example.com", FirstName: "Eve", LastName: "Berg\x00\u2028",
		Company: strings.Repeat("ü", 300), UserID: 6}, affiliate.ByForm, later)
	if got.FirstName != "Anna" || got.LastName != "Berg" || got.Company != strings.Repeat("ü", 190) ||
		got.WPUserID != 5 || !got.UpdatedAt.Equal(later) {
		t.Errorf("got %+v", got)
	}
	if stored, err := affiliate.LoadContact(t.Context(), h, got.ID); err != nil || !cmp.Equal(stored, got) {
		t.Errorf("%v: %s", err, cmp.Diff(got, stored))
	}
}

// Spec: S103
func TestFormsOfOnePersonAtOnceMakeOneContact(t *testing.T) {
	_, h, _ := newRegistry(t)
	var wg sync.WaitGroup
	made := make([]bool, 16)
	for i := range made {
		wg.Go(func() { _, made[i] = ensure(t, h, affiliate.Person{Email: "anna@example.com"}, affiliate.ByForm, noon) })
	}
	wg.Wait()
	n := 0
	for _, created := range made {
		if created {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d forms think they made the contact", n)
	}
}

// Spec: D31.1
func TestReferrersAreStoredWithTheirClick(t *testing.T) {
	_, h, _ := newRegistry(t)
	c := newContact(t, h, "buyer@example.com")
	at := noon.Add(time.Hour)
	first := affiliate.Referrer{PartnerID: 1, ToolID: 2, SubID: "Mail-1", VisitID: 1 << 60, At: &noon}
	last := affiliate.Referrer{PartnerID: 3, At: &at}
	if err := affiliate.SetReferrers(t.Context(), h, c.ID, first, last, at); err != nil {
		t.Fatal(err)
	}
	got, err := affiliate.LoadContact(t.Context(), h, c.ID)
	if err != nil || !cmp.Equal(got.First, first) || !cmp.Equal(got.Last, last) {
		t.Errorf("%v: %s %s", err, cmp.Diff(first, got.First), cmp.Diff(last, got.Last))
	}
	if err := affiliate.SetReferrers(t.Context(), h, c.ID, affiliate.Referrer{}, affiliate.Referrer{}, at); err != nil {
		t.Fatal(err)
	}
	if got, _ := affiliate.LoadContact(t.Context(), h, c.ID); got.First != (affiliate.Referrer{}) ||
		got.Last != (affiliate.Referrer{}) {
		t.Errorf("taken away, there is %+v", got)
	}
}

func TestNameOfAContact(t *testing.T) {
	for want, c := range map[string]affiliate.Contact{
		"Anna Berg": {FirstName: "Anna", LastName: "Berg", Company: "X"},
		"Berg":      {LastName: "Berg"},
		"X Inc.":    {Company: "X Inc.", Email: "x@example.com"},
		"x@y.com":   {Email: "x@y.com"},
	} {
		if c.Name() != want {
			t.Errorf("%+v is called %q", c, c.Name())
		}
	}
}
