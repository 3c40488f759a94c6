package contacts_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

const fieldsPath = "admin/contacts/fields"

// addField adds one of the site's own fields by the page.
func addField(w *sidecartest.Shop, name, kind string, more ...string) affiliate.ContactField {
	w.Helper()
	form := url.Values{"name": {name}, "kind": {kind}}
	for _, set := range more {
		field, value, _ := strings.Cut(set, "=")
		form.Set(field, value)
	}
	w.Flash(w.Send(fieldsPath, form))
	fields, err := affiliate.LoadContactFields(w.Context(), w.DB)
	w.Must(err)
	at := slices.IndexFunc(fields, func(f affiliate.ContactField) bool { return f.Name == name })
	if at < 0 {
		w.Fatalf("there is no field %q", name)
	}
	return fields[at]
}

// A field that the site adds stands on contacts, partners, in the column editor of
// the partners list and in its files; the partner changes what is theirs.
//
// Spec: S32.1 S32.2
func TestOwnFieldsStandEverywhere(t *testing.T) {
	w := sidecartest.NewShop(t)
	size := addField(w, "Audience size", "number", "in_profile=1", "required=1")
	shirt := addField(w, "T-shirt", "choice", "choices=S\nM\nL")
	edit := "admin/contacts/" + w.Anna.ContactID.String() + "/edit"
	form := hidden(w.Open(edit).Want(http.StatusOK), "form[method=post]")
	form.Set("email", "anna@mail.test")
	form.Set(size.FormName(), "many")
	form.Set(shirt.FormName(), "XXL")
	refused := w.Send(edit, form).Want(http.StatusUnprocessableEntity)
	for _, f := range []affiliate.ContactField{size, shirt} {
		if refused.Find("#pc-"+f.FormName()+"[aria-invalid=true]").Length() != 1 {
			t.Errorf("%s: no word beside the field", f.Name)
		}
	}
	if typed := refused.Find("#pc-"+size.FormName()).AttrOr("value", ""); typed != "many" {
		t.Errorf("%q is what was typed", typed)
	}
	form.Set(size.FormName(), "12000.50")
	form.Set(shirt.FormName(), "M")
	w.Flash(w.Send(edit, form))
	for _, path := range []string{"admin/contacts/" + w.Anna.ContactID.String(), "admin/partners/" +
		w.Anna.ID.String()} {
		if facts := strings.Join(w.Open(path).Texts(".pc-facts"), " "); !strings.Contains(facts, "12000.5") ||
			!strings.Contains(facts, "T-shirt") {
			t.Errorf("%s: %s", path, facts)
		}
	}
	if w.Open("admin/partners").Find(`input[name=column][value=`+shirt.FormName()+`]`).Length() != 1 {
		t.Error("the column editor doesn't offer the field")
	}
	w.Flash(w.Send("admin/screens/partners", url.Values{"back": {"admin/partners"}, "rows": {"20"},
		"column": {"partner", shirt.FormName()}}))
	if heads := w.Open("admin/partners").Texts("thead th"); !slices.ContainsFunc(heads, func(head string) bool {
		return strings.Contains(head, "T-shirt")
	}) {
		t.Errorf("the list has %q", heads)
	}
	if file := w.Open("admin/reports/partners.csv").Text; !strings.Contains(file, "T-shirt") ||
		!strings.Contains(file, ",M") {
		t.Errorf("the file has %s", file)
	}
}

// Spec: S32
func TestPartnersChangeTheirOwnFields(t *testing.T) {
	w := sidecartest.NewShop(t)
	size := addField(w, "Audience size", "number", "in_profile=1", "required=1")
	addField(w, "Secret rating", "text")
	anna := w.LogIn(w.Anna)
	profile := w.Get("profile", web.Standalone, anna).Want(http.StatusOK)
	if profile.Find("#pc-"+size.FormName()).Length() != 1 || strings.Contains(profile.One("main"), "Secret rating") {
		t.Error(profile.One("main"))
	}
	for _, bad := range []string{"", "<script>alert(1)</script>", "😀", strings.Repeat("9", 1<<15)} {
		a := w.Post("profile/details", web.Standalone, url.Values{size.FormName(): {bad}}, anna)
		if field := a.Want(http.StatusUnprocessableEntity).Find("#pc-" + size.FormName() +
			"[aria-invalid=true]"); field.AttrOr("value", "-") != bad {
			t.Errorf("%.20q: no word about it, or it is gone", bad)
		}
	}
	w.Post("profile/details", web.Standalone, url.Values{size.FormName(): {"300"}}, anna).Want(http.StatusSeeOther)
	values, err := affiliate.LoadFieldValues(w.Context(), w.DB, w.Anna.ContactID)
	w.Must(err)
	if values[w.Anna.ContactID][size.ID] != "300" {
		t.Errorf("%v", values)
	}
}

// Spec: S32
func TestBadOwnFieldsAreRefused(t *testing.T) {
	w := sidecartest.NewShop(t)
	f := addField(w, "T-shirt", "choice", "choices=S\nM", "on_signup=1", "required=1")
	page := fieldsPath + "/" + f.ID.String()
	for _, bad := range []struct{ field, name, kind, choices string }{
		{"name", "", "text", ""}, {"name", strings.Repeat("x", 1<<20), "text", ""}, {"name", "Email", "text", ""},
		{"kind", "A", "image", ""}, {"choices", "B", "choice", "<script>"}, {"choices", "C", "choice", ""},
	} {
		form := url.Values{"name": {bad.name}, "kind": {bad.kind}, "choices": {bad.choices}}
		for _, path := range []string{fieldsPath, page} {
			form.Set("seen", hidden(w.Open(page), "form[method=post]").Get("seen"))
			a := w.Send(path, form).Want(http.StatusUnprocessableEntity)
			if a.Find("#pc-"+bad.field+"[aria-invalid=true]").Length() != 1 {
				t.Errorf("%s %.20q: no word beside %s", path, bad.name, bad.field)
			}
			if typed := a.Find("#pc-name").AttrOr("value", ""); typed != bad.name {
				t.Errorf("%s: %.20q became %.20q", path, bad.name, typed)
			}
		}
	}
	w.Send(page, url.Values{"name": {"X"}, "kind": {"text"}}).Want(http.StatusUnprocessableEntity) // without seen
	w.Flash(w.Send(page, url.Values{"name": {"Shirt"}, "kind": {"text"},
		"seen": {hidden(w.Open(page), "form[method=post]").Get("seen")}}))
	second := addField(w, "Second 😀", "yesno")
	w.Flash(w.Send(fieldsPath+"/"+second.ID.String()+"/raise", nil))
	if rows := w.Open(fieldsPath).Rows(); len(rows) != 2 || !strings.Contains(rows[0], "Second") {
		t.Errorf("%q", rows)
	}
	w.Flash(w.Send(fieldsPath+"/"+f.ID.String()+"/delete", nil))
	w.Open(page).Want(http.StatusNotFound)
}
