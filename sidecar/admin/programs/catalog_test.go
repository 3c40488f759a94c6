package programs_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// A product is made, found, changed, put into a program, archived and brought
// back, all from the list of products.
//
// Spec: S152.1 S147.4 S27.2
func TestProductsHaveAListOfTheirOwn(t *testing.T) {
	w := sidecartest.NewShop(t)
	made := w.Follow(w.Send("admin/products", url.Values{"name": {"Pot <b> 🫖"}, "price": {"12.50"},
		"currency": {"usd"}}))
	if made.One("h1") != "Pot <b> 🫖" || !strings.Contains(made.Text, "it is in no program") {
		t.Error(made.Text)
	}
	if rows := w.Open("admin/products?q=pot").Rows(); len(rows) != 1 ||
		rows[0] != "Pot <b> 🫖 | $12.50 | Made here | For sale" {
		t.Errorf("%q", rows)
	}
	path := "admin/products/" + productID(w, "Pot%")
	form := termsForm("percent", "7.5", "")
	form.Set("program", w.Gold.ID.String())
	earning := w.Follow(w.Send(path+"/programs", form))
	if rows := earning.Rows(); len(rows) != 1 || rows[0] != "Gold | Percentage | 7.5% | 0% | Change: Gold" {
		t.Errorf("%q", rows)
	}
	edit := url.Values{"name": {"Tea pot"}, "price": {""}, "currency": {"USD"}, "seen_name": {"Pot <b> 🫖"},
		"seen_price": {"12.50"}, "seen_currency": {"USD"}}
	w.Send(path, edit).Want(http.StatusSeeOther)
	if text := w.Open("admin/products?program=" + w.Gold.ID.String()).Rows(); len(text) != 2 ||
		text[0] != "Tea pot | Gold | Made here | For sale" {
		t.Errorf("%q", text)
	}
	w.Send(path, edit).Want(http.StatusSeeOther) // sent twice, it is saved once
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'product'
		AND action = 'edit'`); n != 1 {
		t.Errorf("%d edits in the audit", n)
	}

	archived := w.Follow(w.Send(path+"/archive", nil))
	if rows := w.Open("admin/products?status=archived").Rows(); len(rows) != 1 ||
		!strings.Contains(rows[0], "Archived") {
		t.Errorf("%q", rows)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_terms WHERE current = 1`); n != 1 {
		t.Errorf("%d terms in force: only the cup's are", n)
	}
	refused := w.Send(path+"/programs", form).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(refused.Text, "is archived: bring it back first") {
		t.Error(refused.Text)
	}
	back := pc(t, archived.Find(".pc-flash form").AttrOr("action", ""))
	w.Send(back, nil).Want(http.StatusSeeOther)
	w.Send(back, nil).Want(http.StatusSeeOther)
	if rows := w.Open("admin/products?status=for_sale").Rows(); len(rows) != 2 {
		t.Errorf("%q", rows)
	}
}

// productID is the id of the product of that name.
func productID(w *sidecartest.Shop, name string) string {
	w.Helper()
	var id affiliate.ProductID
	w.Must(w.DB.Get(w.Context(), &id, `SELECT id FROM {wp}partner_center_products WHERE name LIKE ?`, name))
	return id.String()
}

// Two admins at one product: whoever saves what they did not see is told, and
// nothing they typed is lost.
//
// Spec: S152 S30
func TestTwoAdminsAtOneProduct(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/products/" + w.Cup.ID.String()
	first := url.Values{"name": {"Mug"}, "seen_name": {"Cup"}}
	w.Send(path, first).Want(http.StatusSeeOther)
	late := w.Send(path, url.Values{"name": {"Beaker"}, "seen_name": {"Cup"}}).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(late.One(".pc-problems"), "Someone else changed this product") ||
		late.Find("#pc-name").AttrOr("value", "") != "Beaker" ||
		late.Find("input[name=seen_name]").AttrOr("value", "") != "Mug" {
		t.Error(late.Text)
	}
	terms := "admin/programs/" + w.Gold.ID.String() + "/products/" + w.Cup.ID.String()
	seen := w.Open(terms).Find("input[name=seen]").AttrOr("value", "")
	form := termsForm("percent", "20", "5")
	form.Set("seen", seen)
	w.Send(terms, form).Want(http.StatusSeeOther)
	w.Clock.Advance(time.Second)
	form.Set("level1", "30")
	if again := w.Send(terms, form).Want(http.StatusUnprocessableEntity); !strings.Contains(again.One(".pc-problems"),
		"Someone else changed what this product earns") ||
		again.Find("input[name=level1]").AttrOr("value", "") != "30" {
		t.Error(again.Text)
	}
}

// Spec: S152
func TestWrongProducts(t *testing.T) {
	w := sidecartest.NewShop(t)
	for field, values := range map[string][]string{
		"name":     {"", "  ", strings.Repeat("😀", 191), "a\nb"},
		"price":    {"ten", "-1", "1.234", strings.Repeat("9", 40)},
		"currency": {"QQQ", "", "<script>"},
	} {
		for _, value := range values {
			form := url.Values{"name": {"Pot 🫖"}, "price": {"5"}, "currency": {"USD"}}
			form.Set(field, value)
			for _, path := range []string{"admin/products", "admin/products/" + w.Cup.ID.String()} {
				form.Set("seen_name", "Cup")
				a := w.Send(path, form).Want(http.StatusUnprocessableEntity)
				if a.Find("#pc-"+field+"[aria-invalid=true]").Length() != 1 || strings.Contains(a.Text, "<script>") {
					t.Errorf("%s: %s %q is not marked: %s", path, field, value, a.Text)
				}
				if field != "name" && a.Find("#pc-name").AttrOr("value", "") != "Pot 🫖" {
					t.Errorf("%s: the name is lost", path)
				}
			}
		}
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_products`); n != 1 {
		t.Errorf("%d products", n)
	}
	w.Open("admin/products/4711").Want(http.StatusNotFound)
}

// A product of the shop is changed there; that it was renamed there, or is gone,
// is told in the list and on its page.
//
// Spec: S152.1
func TestWhatTheShopDidToItsProducts(t *testing.T) {
	w := sidecartest.NewShop(t)
	keep := func(id, name string) (product affiliate.ProductID) {
		w.Must(w.DB.Tx(t.Context(), func(tx *db.Tx) (err error) {
			product, err = affiliate.KeepProduct(t.Context(), tx, w.Clock.Now(),
				affiliate.Product{Source: "woocommerce", ExternalID: id, Name: name})
			return err
		}))
		return product
	}
	pot, jug := keep("7", "Pot"), keep("8", "Jug")
	for _, product := range []affiliate.ProductID{pot, jug} {
		form := termsForm("percent", "10", "")
		form.Set("program", w.Gold.ID.String())
		w.Send("admin/products/"+product.String()+"/programs", form).Want(http.StatusSeeOther)
	}
	if n := w.Open("admin/products").Find("a:contains('Changed in the shop')").Length(); n != 0 {
		t.Error("nothing was changed yet")
	}
	w.Clock.Advance(time.Hour)
	keep("7", "Pan")
	w.Must(w.DB.Tx(t.Context(), func(tx *db.Tx) error {
		return affiliate.SetProductGone(t.Context(), tx, jug, true, w.Clock.Now())
	}))
	rows := strings.Join(w.Open("admin/products?status=changed").Rows(), "\n")
	if want := "Jug Not sold in the shop since 1 Jul 2026. | Gold | WooCommerce | Gone from the shop\n" +
		"Pan Called “Pot” in the shop until 1 Jul 2026. | Gold | WooCommerce | For sale"; rows != want {
		t.Errorf("%s", rows)
	}
	page := w.Open("admin/products/" + pot.String())
	if page.Find("#pc-name").Length() != 0 ||
		!strings.Contains(page.One(".pc-note"), "Your shop called this “Pot” until") {
		t.Error(page.Text)
	}
	w.Send("admin/products/"+pot.String(), url.Values{"name": {"Mine"}}).Want(http.StatusUnprocessableEntity)
}

// Thousands of products are paged, found by a search on the server, and offered
// to a program without being listed all.
//
// Spec: S152.2 S25.1 S27.1
func TestFiveThousandProducts(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Exec(`INSERT INTO {wp}partner_center_products (id, source, external_id, name, created_at)
		SELECT 10000 + seq, 'woocommerce', CONCAT('sku', seq), CONCAT('Product ', LPAD(seq, 4, '0')), ?
		FROM seq_0_to_4999`, w.Clock.Now())
	seen := map[string]bool{}
	page, pages := w.Open("admin/products").Want(http.StatusOK), 1
	for _, row := range page.Rows() {
		seen[row] = true
	}
	next := page.Find("a[rel=next]").AttrOr("href", "")
	for _, row := range w.Open(pc(t, next)).Rows() {
		if seen[row] {
			t.Errorf("%q stands on two pages", row)
		}
		pages++
	}
	if len(seen) != 50 || pages != 51 {
		t.Errorf("%d and %d rows", len(seen), pages-1)
	}
	if rows := w.Open("admin/products?q=4711").Rows(); len(rows) != 1 || !strings.Contains(rows[0], "Product 4711") {
		t.Errorf("found %q", rows)
	}
	picker := "admin/programs/" + w.Gold.ID.String() + "/products"
	if n := w.Open(picker).Find("select[name=product] option").Length(); n > 201 {
		t.Errorf("%d options at once", n)
	}
	found := w.Open(picker + "?find=4711").Find("select[name=product] option")
	if found.Length() != 2 || !strings.Contains(found.Text(), "Product 4711") {
		t.Errorf("the picker finds %s", found.Text())
	}
	csv := w.Open("admin/reports/products.csv").Want(http.StatusOK)
	if n := strings.Count(csv.Text, "\r\n"); n != 5002 {
		t.Errorf("%d lines in the file", n)
	}
}

// Who may only look sees the list and a product, and no button; every change
// needs the right to change settings.
//
// Spec: S146.1 S152
func TestProductsNeedTheirCapability(t *testing.T) {
	w := sidecartest.NewShop(t)
	path := "admin/products/" + w.Cup.ID.String()
	viewer := w.Login(w.User("vera", web.CanView))
	for _, page := range []string{"admin/products", path} {
		shown := w.Get(page, web.Admin, viewer).Want(http.StatusOK)
		if n := shown.Find("form[method=post]:not(.pc-screen), .page-title-action").Length(); n != 0 {
			t.Errorf("%s offers %d changes", page, n)
		}
	}
	if n := w.Get("admin/programs", web.Admin, viewer).Want(http.StatusOK).Find("tbody a").Length(); n != 0 {
		t.Errorf("%d programs are links to pages that are refused", n)
	}
	for say, list := range map[string]*sidecartest.Answer{"Edit": w.Open("admin/products"),
		"Show": w.Get("admin/products", web.Admin, viewer)} {
		if text := list.Find("tbody tr .row-actions").First().Text(); !strings.HasPrefix(text, say) {
			t.Errorf("a row offers %q, want %s", text, say)
		}
	}
	for _, post := range []string{"admin/products", path, path + "/programs", path + "/archive", path + "/unarchive"} {
		w.Post(post, web.Admin, nil, viewer).Want(http.StatusForbidden)
	}
	setter := w.Login(w.User("sam", web.CanSettings))
	w.Post(path+"/archive", web.Admin, nil, setter).Want(http.StatusSeeOther)
}
