package affiliate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

func price(amount string, cur money.Currency) (*money.Amount, *money.Currency) {
	a := money.MustParse(amount)
	return &a, &cur
}

// Spec: S27.1 S27.2
func TestProductIsMadeInPlaceOrPicked(t *testing.T) {
	r, h, _ := newRegistry(t)
	program := newProgram(t, r, "A", 1)
	amount, cur := price("19.90", "EUR")
	made, err := r.CreateProduct(t.Context(), anna, affiliate.Product{Name: " Book  two ", Price: amount,
		Currency: cur})
	if err != nil || made.Name != "Book two" || made.Source != affiliate.OwnProducts || made.ExternalID == "" {
		t.Fatalf("made %+v, %v", made, err)
	}
	picked, err := affiliate.KeepProduct(t.Context(), h, noon, affiliate.Product{Source: "woocommerce",
		ExternalID: "77", Name: "Cup"})
	if err != nil {
		t.Fatal(err)
	}
	choices, err := r.Products(t.Context(), "", program.ID, affiliate.Page{Limit: 10})
	if err != nil || len(choices) != 2 || !cmp.Equal(choices[0], made) || choices[1].ID != picked {
		t.Errorf("to choose from: %+v, %v", choices, err)
	}
	for _, search := range []string{"cup", "77"} { // by name, or by its number in the shop
		if found, err := r.Products(t.Context(), search, program.ID, affiliate.Page{Limit: 10}); err != nil ||
			len(found) != 1 || found[0].ID != picked {
			t.Errorf("%q finds %+v, %v", search, found, err)
		}
	}
	for _, id := range []affiliate.ProductID{made.ID, picked} {
		setTerms(t, r, program.ID, id, percent("10", "0"))
	}
	listed, err := r.ProgramProducts(t.Context(), program.ID, "", affiliate.Page{Limit: 10})
	if err != nil || len(listed) != 2 || listed[0].Name != "Book two" || listed[1].Terms.Level1.String() != "10" {
		t.Errorf("in the program: %+v, %v", listed, err)
	}
	if choices, err := r.Products(t.Context(), "", program.ID, affiliate.Page{Limit: 10}); err != nil ||
		len(choices) != 0 {
		t.Errorf("still to choose from: %+v, %v", choices, err)
	}
	if err := r.RemoveTerms(t.Context(), anna, program.ID, picked); err != nil {
		t.Fatal(err)
	}
	if listed, err := r.ProgramProducts(t.Context(), program.ID, "", affiliate.Page{Limit: 10}); err != nil ||
		len(listed) != 1 {
		t.Errorf("after removal: %+v, %v", listed, err)
	}
}

func TestProductIsChecked(t *testing.T) {
	r, _, _ := newRegistry(t)
	amount, cur := price("1.005", "USD")
	minus, _ := price("-1", "USD")
	none, unknown := price("1", "ZZZ")
	for field, p := range map[string]affiliate.Product{
		"name":     {},
		"price":    {Name: "x", Price: amount, Currency: cur},
		"currency": {Name: "x", Price: none, Currency: unknown},
	} {
		if _, err := r.CreateProduct(t.Context(), anna, p); problem(err, field) == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	for field, p := range map[string]affiliate.Product{"price": {Name: "x", Price: minus, Currency: cur},
		"currency": {Name: "x", Price: none}, "name": {Name: strings.Repeat("x", 191)}} {
		if _, err := r.CreateProduct(t.Context(), anna, p); problem(err, field) == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestOnlyOwnProductsAreEditedHere(t *testing.T) {
	r, h, _ := newRegistry(t)
	own := newProduct(t, r, "Bok")
	seen := own
	own.Name = "Book"
	if got, err := r.EditProduct(t.Context(), anna, seen, own); err != nil || got.Name != "Book" || got.ID != own.ID {
		t.Errorf("edited %+v, %v", got, err)
	}
	if got, err := affiliate.LoadProduct(t.Context(), h, own.ID); err != nil || !cmp.Equal(got, own) {
		t.Errorf("%v: %s", err, cmp.Diff(own, got))
	}
	id, _ := affiliate.KeepProduct(t.Context(), h, noon, affiliate.Product{Source: "woocommerce", ExternalID: "1",
		Name: "Cup"})
	if _, err := r.EditProduct(t.Context(), anna, affiliate.Product{Name: "Cup"},
		affiliate.Product{ID: id, Name: "Mug"}); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("a cart's product: %v", err)
	}
}

func TestCartsProductsAreKept(t *testing.T) {
	_, h, _ := newRegistry(t)
	keep := func(p affiliate.Product) affiliate.ProductID {
		id, err := affiliate.KeepProduct(t.Context(), h, noon, p)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	amount, cur := price("1.005", "USD")
	first := keep(affiliate.Product{Source: "woocommerce", ExternalID: "1", Name: strings.Repeat("ü", 300),
		Price: amount, Currency: cur})
	again := keep(affiliate.Product{Source: "woocommerce", ExternalID: "1", Name: "Cup"})
	nameless := keep(affiliate.Product{Source: "woocommerce", ExternalID: "2"})
	other := keep(affiliate.Product{Source: "edd", ExternalID: "1", Name: "Cup"})
	if first != again || other == first {
		t.Errorf("ids %d, %d, %d", first, again, other)
	}
	got, err := affiliate.ProductsOf(t.Context(), h, "woocommerce", []string{"1", "2", "3"})
	if err != nil || len(got) != 2 || got["1"].Name != "Cup" || got["1"].Price != nil || got["2"].ID != nameless ||
		got["2"].Name != "woocommerce 2" {
		t.Errorf("%+v, %v", got, err)
	}
	if none, err := affiliate.ProductsOf(t.Context(), h, "woocommerce", nil); err != nil || len(none) != 0 {
		t.Errorf("of none: %v, %v", none, err)
	}
}

// A program of many products is looked up by key: each page and each order
// reads the rows it needs, not the program.
// Spec: S25.1
func TestProgramHoldsFiveThousandProducts(t *testing.T) {
	r, h, _ := newRegistry(t)
	program := newProgram(t, r, "Big", 1)
	ids := manyProducts(t, h, program.ID, 5000)
	terms, err := affiliate.TermsAt(t.Context(), h, program.ID, ids, noon)
	if err != nil || len(terms) != 5000 {
		t.Fatalf("%d terms, %v", len(terms), err)
	}
	page, err := r.ProgramProducts(t.Context(), program.ID, "", affiliate.Page{Offset: 4990, Limit: 20})
	if err != nil || len(page) != 10 || page[9].Name != "Product 4999" || page[9].Terms.ID == 0 {
		t.Errorf("last page %+v, %v", page, err)
	}
	if found, err := r.ProgramProducts(t.Context(), program.ID, "0042", affiliate.Page{Limit: 20}); err != nil ||
		len(found) != 1 {
		t.Errorf("search %+v, %v", found, err)
	}
	if n := rowsRead(t, h, func(tx *db.Tx) {
		if _, err := affiliate.TermsAt(t.Context(), tx, program.ID, ids[:3], noon); err != nil {
			t.Error(err)
		}
	}); n > 20 {
		t.Errorf("an order of 3 products read %d rows", n)
	}
}

// manyProducts puts n products into the program, at 10 %.
func manyProducts(t testing.TB, h *db.Handle, program affiliate.ProgramID, n int) []affiliate.ProductID {
	t.Helper()
	products, terms := []string{}, []string{}
	for i := range n {
		products = append(products, fmt.Sprintf("(%d, 'own', 'p%d', 'Product %04d', '2026-01-01')", i+1, i, i))
		terms = append(terms, fmt.Sprintf("(%d, %d, 'percent', 100000, '2026-01-01')", program, i+1))
	}
	for _, query := range []string{
		`INSERT INTO {wp}partner_center_products (id, source, external_id, name, created_at) VALUES ` +
			strings.Join(products, ","),
		`INSERT INTO {wp}partner_center_terms (program_id, product_id, kind, level1_ppm, valid_from) VALUES ` +
			strings.Join(terms, ","),
	} {
		if _, err := h.Exec(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	ids := make([]affiliate.ProductID, n)
	for i := range ids {
		ids[i] = affiliate.ProductID(i + 1)
	}
	return ids
}

// rowsRead counts the rows the database touched for do, within one connection.
func rowsRead(t testing.TB, h *db.Handle, do func(*db.Tx)) (rows int) {
	t.Helper()
	err := h.Tx(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec(t.Context(), `FLUSH STATUS`); err != nil {
			return err
		}
		do(tx)
		return tx.Get(t.Context(), &rows,
			`SELECT CAST(SUM(VARIABLE_VALUE) AS SIGNED) FROM information_schema.SESSION_STATUS
			WHERE VARIABLE_NAME IN ('HANDLER_READ_KEY', 'HANDLER_READ_NEXT', 'HANDLER_READ_RND_NEXT')`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// Spec: S147.2
func TestArchivedProductKeepsItsHistory(t *testing.T) {
	r, h, c := newRegistry(t)
	gold, silver := newProgram(t, r, "Gold", 1), newProgram(t, r, "Silver", 1)
	p, err := r.CreateProduct(t.Context(), anna, affiliate.Product{Name: "Book"})
	if err != nil {
		t.Fatal(err)
	}
	terms := affiliate.Terms{Kind: affiliate.Percent, Level1: 100_000}
	for _, program := range []affiliate.Program{gold, silver} {
		if _, err := r.SetTerms(t.Context(), anna, program.ID, p.ID, terms); err != nil {
			t.Fatal(err)
		}
	}
	c.Advance(time.Hour)
	for range 2 {
		if archived, err := r.ArchiveProduct(t.Context(), anna, p.ID); err != nil || archived.ArchivedAt == nil ||
			!archived.ArchivedAt.Equal(noon.Add(time.Hour)) {
			t.Errorf("%+v, %v", archived, err)
		}
	}
	for at, want := range map[time.Time]int{noon.Add(time.Hour - time.Microsecond): 1, noon.Add(time.Hour): 0} {
		if of, err := affiliate.TermsAt(t.Context(), h, gold.ID, []affiliate.ProductID{p.ID}, at); err != nil ||
			len(of) != want {
			t.Errorf("at %s it earns by %+v, %v", at, of, err)
		}
	}
	if got, err := r.Product(t.Context(), p.ID); err != nil || got.Name != "Book" {
		t.Errorf("its name is gone: %+v, %v", got, err)
	}
	if offered, err := r.Products(t.Context(), "", 0, affiliate.Page{Limit: 9}); err != nil || len(offered) != 0 {
		t.Errorf("still offered: %+v, %v", offered, err)
	}
	if _, err := r.SetTerms(t.Context(), anna, gold.ID, p.ID, terms); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("taken into a program: %v", err)
	}
	if back, err := r.UnarchiveProduct(t.Context(), anna, p.ID); err != nil || back.ArchivedAt != nil {
		t.Errorf("%+v, %v", back, err)
	}
	if _, err := r.SetTerms(t.Context(), anna, gold.ID, p.ID, terms); err != nil {
		t.Error(err)
	}
	if _, err := r.ArchiveProduct(t.Context(), anna, 9999); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("%v", err)
	}
}
