package affiliate_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

func newProduct(t testing.TB, r *affiliate.Registry, name string) affiliate.Product {
	t.Helper()
	p, err := r.CreateProduct(t.Context(), anna, affiliate.Product{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// newTool stands in for package tracking, which makes them.
func newTool(t testing.TB, h *db.Handle, program affiliate.ProgramID) affiliate.ToolID {
	t.Helper()
	res, err := h.Exec(t.Context(),
		`INSERT INTO {wp}partner_center_tools (code, program_id, kind, name, target_url, created_at, updated_at)
		VALUES (?, ?, 'standard', 'Tool', 'https://example.com/', ?, ?)`, affiliate.NewCode(), program, noon, noon)
	if err != nil {
		t.Fatal(err)
	}
	id, _ := res.LastInsertId()
	return affiliate.ToolID(id)
}

// percent is terms of percentages for both levels.
func percent(level1, level2 string) affiliate.Terms {
	one, err1 := money.ParsePercent(level1)
	two, err2 := money.ParsePercent(level2)
	if err1 != nil || err2 != nil {
		panic(fmt.Sprint(err1, err2))
	}
	return affiliate.Terms{Kind: affiliate.Percent, Level1: one, Level2: two}
}

// flats is terms of flat amounts: currency, level 1, level 2, and so on.
func flats(values ...string) affiliate.Terms {
	t := affiliate.Terms{Kind: affiliate.FlatAmount}
	for v := range slices.Chunk(values, 3) {
		t.Flats = append(t.Flats, affiliate.Flat{Currency: money.Currency(v[0]), Level1: money.MustParse(v[1]),
			Level2: money.MustParse(v[2])})
	}
	return t
}

func setTerms(t testing.TB, r *affiliate.Registry, program affiliate.ProgramID, product affiliate.ProductID,
	terms affiliate.Terms) affiliate.Terms {
	t.Helper()
	got, err := r.SetTerms(t.Context(), anna, program, product, terms)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// termsAt is what the product earns for a sale at that time; false: nothing.
func termsAt(t testing.TB, h *db.Handle, program affiliate.ProgramID, product affiliate.ProductID,
	at time.Time) (affiliate.Terms, bool) {
	t.Helper()
	all, err := affiliate.TermsAt(t.Context(), h, program, []affiliate.ProductID{product}, at)
	if err != nil {
		t.Fatal(err)
	}
	terms, ok := all[product]
	return terms, ok
}

// Spec: S28 S29.1 D27
func TestTermsAreStoredAsEntered(t *testing.T) {
	r, h, _ := newRegistry(t)
	program, product := newProgram(t, r, "A", 1), newProduct(t, r, "Book")
	for _, want := range []affiliate.Terms{
		percent("10", "2.5"), percent("0", "0"), percent("100", "0.0001"),
		flats("USD", "5", "1.25", "JPY", "500", "0"), flats("KWD", "0.001", "0"),
	} {
		set := setTerms(t, r, program.ID, product.ID, want)
		got, ok := termsAt(t, h, program.ID, product.ID, set.ValidFrom)
		if !ok || !cmp.Equal(got, set) {
			t.Errorf("stored differently: %s", cmp.Diff(set, got))
		}
		for _, f := range want.Flats {
			if stored, ok := got.Flat(f.Currency); !ok || stored != f {
				t.Errorf("%s: stored %v, entered %v", f.Currency, stored, f)
			}
		}
		if got.Kind != want.Kind || got.Level1 != want.Level1 || got.Level2 != want.Level2 {
			t.Errorf("stored %+v, entered %+v", got, want)
		}
		if _, ok := got.Flat("EUR"); ok {
			t.Error("there is a flat amount in a currency without one")
		}
	}
}

// Spec: S28 S29
func TestTermsAreChecked(t *testing.T) {
	r, _, _ := newRegistry(t)
	program, product := newProgram(t, r, "A", 1), newProduct(t, r, "Book")
	for field, wrong := range map[string][]affiliate.Terms{
		"kind":   {{}, {Kind: "both"}},
		"level1": {percent("100.0001", "0"), percent("-1", "0")},
		"level2": {percent("0", "101")},
		"flats": {flats(), flats("USD", "-1", "0"), flats("USD", "1", "-1"), flats("USD", "1.005", "0"),
			flats("USD", "1", "0.001"),
			flats("JPY", "1.5", "0"), flats("XXQ", "1", "0"), flats("USD", "1", "0", "EUR", "1", "0", "USD", "2", "0")},
	} {
		for _, terms := range wrong {
			if _, err := r.SetTerms(t.Context(), anna, program.ID, product.ID, terms); problem(err, field) == "" {
				t.Errorf("%+v: %v, want a problem with %s", terms, err, field)
			}
		}
	}
	for _, missing := range []func() (affiliate.Terms, error){
		func() (affiliate.Terms, error) {
			return r.SetTerms(t.Context(), anna, 99, product.ID, percent("1", "0"))
		},
		func() (affiliate.Terms, error) {
			return r.SetTerms(t.Context(), anna, program.ID, 99, percent("1", "0"))
		},
	} {
		if _, err := missing(); affiliate.KindOf(err) != affiliate.KindNotFound {
			t.Error(err)
		}
	}
}

// Of an order's products only those that are in the program earn.
// Spec: S23 S24
func TestUnlistedProductHasNoTerms(t *testing.T) {
	r, h, _ := newRegistry(t)
	program, listed, unlisted := newProgram(t, r, "A", 1), newProduct(t, r, "Book"), newProduct(t, r, "Cup")
	setTerms(t, r, program.ID, listed.ID, percent("10", "0"))
	got, err := affiliate.TermsAt(t.Context(), h, program.ID, []affiliate.ProductID{unlisted.ID, listed.ID, 9999}, noon)
	if _, ok := got[listed.ID]; err != nil || len(got) != 1 || !ok {
		t.Errorf("terms of %v, %v; want those of %v only", got, err, listed.ID)
	}
	if none, err := affiliate.TermsAt(t.Context(), h, program.ID, nil, noon); err != nil || len(none) != 0 {
		t.Errorf("of an order without products: %v, %v", none, err)
	}
}

// Each sale keeps the terms that were in force when it was placed.
// Spec: S23 S30.1 S30.2
func TestEditAffectsLaterSalesOnly(t *testing.T) {
	r, h, c := newRegistry(t)
	program, product := newProgram(t, r, "A", 2), newProduct(t, r, "Book")
	at := func(hour int) time.Time { return noon.Add(time.Duration(hour) * time.Hour) }

	c.Set(at(1))
	setTerms(t, r, program.ID, product.ID, percent("10", "1"))
	c.Set(at(2))
	setTerms(t, r, program.ID, product.ID, percent("20", "2"))
	c.Set(at(3))
	if err := r.RemoveTerms(t.Context(), anna, program.ID, product.ID); err != nil {
		t.Fatal(err)
	}
	c.Set(at(4))
	setTerms(t, r, program.ID, product.ID, flats("USD", "3", "0"))

	for _, test := range []struct {
		at   time.Time
		want string // level 1
	}{
		{at(1).Add(-time.Microsecond), "none"}, {at(1), "10"}, {at(2).Add(-time.Microsecond), "10"},
		{at(2), "20"}, {at(3).Add(-time.Microsecond), "20"}, {at(3), "none"}, {at(4), "0"}, {at(400), "0"},
	} {
		got := "none"
		if terms, ok := termsAt(t, h, program.ID, product.ID, test.at); ok {
			got = terms.Level1.String()
		}
		if got != test.want {
			t.Errorf("a sale at %v earns %s %%, want %s", test.at, got, test.want)
		}
	}
	if history, err := r.History(t.Context(), "program", int64(program.ID), 0, 10); err != nil || len(history) != 5 {
		t.Errorf("the program's history has %d entries, %v; want its creation and 4 changes", len(history), err)
	}
}

// Two edits in one moment, or by a sidecar whose clock is behind, still follow
// one another, and the last one stays.
// Spec: S30
func TestEditsInOneMomentFollowOneAnother(t *testing.T) {
	r, h, c := newRegistry(t)
	program, product := newProgram(t, r, "A", 1), newProduct(t, r, "Book")
	first := setTerms(t, r, program.ID, product.ID, percent("1", "0"))
	second := setTerms(t, r, program.ID, product.ID, percent("2", "0"))
	c.Advance(-time.Second)
	if err := r.RemoveTerms(t.Context(), anna, program.ID, product.ID); err != nil {
		t.Fatal(err)
	}
	last := setTerms(t, r, program.ID, product.ID, percent("3", "0"))
	if !second.ValidFrom.After(first.ValidFrom) || !last.ValidFrom.After(second.ValidFrom) {
		t.Errorf("valid from %v, %v, %v", first.ValidFrom, second.ValidFrom, last.ValidFrom)
	}
	for terms, want := range map[affiliate.TermsID]time.Time{first.ID: first.ValidFrom, second.ID: second.ValidFrom,
		last.ID: noon.Add(time.Hour)} {
		if got, ok := termsAt(t, h, program.ID, product.ID, want); !ok || got.ID != terms {
			t.Errorf("at %v: %+v", want, got)
		}
	}
}

func TestSettingTheSameTermsChangesNothing(t *testing.T) {
	r, _, c := newRegistry(t)
	program, product := newProgram(t, r, "A", 1), newProduct(t, r, "Book")
	first := setTerms(t, r, program.ID, product.ID, flats("USD", "2", "1", "EUR", "2", "1"))
	c.Advance(time.Hour)
	again := setTerms(t, r, program.ID, product.ID, flats("EUR", "2", "1", "USD", "2", "1"))
	if !cmp.Equal(first, again) {
		t.Error(cmp.Diff(first, again))
	}
}

func TestManyAdminsSetTermsAtOnce(t *testing.T) {
	r, h, _ := newRegistry(t)
	program, product := newProgram(t, r, "A", 1), newProduct(t, r, "Book")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if _, err := r.SetTerms(t.Context(), anna, program.ID, product.ID,
				percent(fmt.Sprint(i), "0")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var rows struct {
		All     int `db:"n"`
		Running int `db:"running"`
	}
	h.Get(t.Context(), &rows, `SELECT COUNT(*) AS n, COUNT(current) AS running FROM {wp}partner_center_terms`)
	if rows.All != 8 || rows.Running != 1 {
		t.Errorf("%+v, want 8 of which 1 is in force", rows)
	}
}

// Spec: S3.2 S21.1 S26.1
func TestProductHasTermsOfItsOwnInEachProgram(t *testing.T) {
	r, h, _ := newRegistry(t)
	product := newProduct(t, r, "Book")
	rates := map[affiliate.ProgramID]string{}
	for _, rate := range []string{"10", "20", "30"} {
		program := newProgram(t, r, "Program "+rate, 1)
		rates[program.ID] = rate
		setTerms(t, r, program.ID, product.ID, percent(rate, "0"))
	}
	for program, rate := range rates {
		if got, ok := termsAt(t, h, program, product.ID, noon); !ok || got.Level1.String() != rate {
			t.Errorf("program %v earns %v, want %s", program, got.Level1, rate)
		}
	}
	without := newProgram(t, r, "Without", 1)
	if _, ok := termsAt(t, h, without.ID, product.ID, noon); ok {
		t.Error("the product earns in a program it is not in")
	}
}

// Spec: S15 S29.1
func TestSecondLevelSurvivesChangeOfTiers(t *testing.T) {
	r, h, _ := newRegistry(t)
	program, product := newProgram(t, r, "A", 2), newProduct(t, r, "Book")
	setTerms(t, r, program.ID, product.ID, percent("10", "5"))
	for _, tiers := range []int{1, 2} {
		program.Tiers = tiers
		if _, err := r.EditProgram(t.Context(), anna, program); err != nil {
			t.Fatal(err)
		}
		if got, ok := termsAt(t, h, program.ID, product.ID, noon); !ok || got.Level2.String() != "5" {
			t.Errorf("with %d tiers: level 2 is %v", tiers, got.Level2)
		}
	}
}
