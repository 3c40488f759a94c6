package affiliate_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// A variation that a program lists earns by its own terms there; in a program
// that lists its product alone it earns as the product.
//
// Spec: S23, S26
func TestVariationEarnsAsItsProductInProgramsThatDoNotListIt(t *testing.T) {
	r, h, _ := newRegistry(t)
	gold, silver, none := newProgram(t, r, "Gold", 1), newProgram(t, r, "Silver", 1), newProgram(t, r, "None", 1)
	product := keep(t, h, affiliate.Product{Source: "woocommerce", ExternalID: "10", Name: "Shirt"})
	red := keep(t, h, affiliate.Product{Source: "woocommerce", ExternalID: "11", Name: "Shirt, red",
		ParentID: &product})
	setTerms(t, r, gold.ID, red, percent("20", "0"))
	setTerms(t, r, gold.ID, product, percent("10", "0"))
	setTerms(t, r, silver.ID, product, percent("5", "0"))
	sold := []affiliate.Sold{
		{Product: "10", Name: "Shirt", Variation: "11", VariationName: "Shirt, red"},
		{Product: "10", Name: "Shirt", Variation: "12", VariationName: "Shirt, blue"},
		{Product: "10", Name: "Shirt"},
	}
	var ids []affiliate.ProductID
	err := h.Tx(t.Context(), func(tx *db.Tx) (err error) {
		ids, err = affiliate.SoldAs(t.Context(), tx, "woocommerce", sold, noon.Add(time.Hour), noon.Add(time.Hour))
		return err
	})
	if err != nil || ids[0] != red || ids[1] != product || ids[2] != product {
		t.Fatalf("sold as %v, %v; want %v, %v, %[4]v", ids, err, red, product)
	}
	for program, want := range map[affiliate.ProgramID][2]string{gold.ID: {"20", "10"}, silver.ID: {"5", "5"},
		none.ID: {"", ""}} {
		terms, err := affiliate.TermsAt(t.Context(), h, program, []affiliate.ProductID{red, product},
			noon.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		for i, id := range []affiliate.ProductID{red, product} {
			got := ""
			if t, found := terms[id]; found {
				got = t.Level1.String()
			}
			if got != want[i] {
				t.Errorf("program %d, product %d: %q, want %q", program, id, got, want[i])
			}
		}
	}
	// What an order tells of a variation is kept of it.
	known, err := affiliate.ProductsOf(t.Context(), h, "woocommerce", []string{"12"})
	if err != nil || known["12"].ParentID == nil || *known["12"].ParentID != product {
		t.Errorf("%+v, %v", known, err)
	}
}

// What a cart renames or ceases to sell is told, and no longer offered.
func TestCartsRenameAndEndProducts(t *testing.T) {
	r, h, _ := newRegistry(t)
	id := keep(t, h, affiliate.Product{Source: "edd", ExternalID: "5", Name: "Font"})
	keep(t, h, affiliate.Product{Source: "edd", ExternalID: "5", Name: "Typeface"})
	later := noon.Add(time.Hour)
	for _, step := range []struct {
		gone    bool
		at      time.Time
		want    *time.Time
		offered int
	}{{true, noon, &noon, 0}, {true, later, &noon, 0}, {false, later, nil, 1}} {
		if err := affiliate.SetProductGone(t.Context(), h, id, step.gone, step.at); err != nil {
			t.Fatal(err)
		}
		p, err := affiliate.LoadProduct(t.Context(), h, id)
		if err != nil || p.FormerName != "Font" || p.Name != "Typeface" || p.RenamedAt == nil ||
			(p.GoneAt == nil) != (step.want == nil) || p.GoneAt != nil && !p.GoneAt.Equal(*step.want) {
			t.Errorf("%+v: %+v, %v", step, p, err)
		}
		offered, err := r.Products(t.Context(), "", 0, affiliate.Page{Limit: 9})
		if err != nil || len(offered) != step.offered {
			t.Errorf("offered: %+v, %v", offered, err)
		}
	}
}

func keep(t *testing.T, h *db.Handle, p affiliate.Product) affiliate.ProductID {
	t.Helper()
	id, err := affiliate.KeepProduct(t.Context(), h, noon, p)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
