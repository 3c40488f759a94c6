package affiliate_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/db"
)

func newField(t *testing.T, r *affiliate.Registry, f affiliate.ContactField) affiliate.ContactField {
	t.Helper()
	f, err := r.AddContactField(t.Context(), anna, f)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Spec: S32
func TestOwnFieldsAreAddedChangedAndDeleted(t *testing.T) {
	r, h, _ := newRegistry(t)
	size := newField(t, r, affiliate.ContactField{Name: " Audience  size ", Kind: affiliate.FieldNumber, Required: true})
	if size.Name != "Audience size" || size.Required {
		t.Errorf("stored as %+v; what nobody is asked for can't be required", size)
	}
	shirt := newField(t, r, affiliate.ContactField{Name: "T-shirt", Kind: affiliate.FieldChoice,
		Choices: "S\r\n M \n\nM\nL\n", OnSignup: true, Required: true})
	if diff := cmp.Diff([]string{"S", "M", "L"}, shirt.ChoiceList()); diff != "" {
		t.Error(diff)
	}
	for field, bad := range map[string]affiliate.ContactField{
		"name":    {Name: "t-SHIRT", Kind: affiliate.FieldText},
		"name ":   {Name: "Last name", Kind: affiliate.FieldText},
		"name  ":  {Name: " \n ", Kind: affiliate.FieldText},
		"name   ": {Name: strings.Repeat("x", 61), Kind: affiliate.FieldText},
		"kind":    {Name: "A", Kind: "color"},
		"choices": {Name: "B", Kind: affiliate.FieldChoice, Choices: "only one"},
	} {
		if _, err := r.AddContactField(t.Context(), anna, bad); problem(err, strings.TrimSpace(field)) == "" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	bob := newContact(t, h, "bob@example.com")
	setFields(t, r, bob.ID, affiliate.FieldValues{shirt.ID: "m"})
	changed := shirt
	changed.Choices = "S\nL"
	if err := r.EditContactField(t.Context(), anna, shirt.UpdatedAt, changed); problem(err, "choices") == "" {
		t.Errorf("a choice in use: %v", err)
	}
	changed.Choices, changed.Kind = shirt.Choices, affiliate.FieldText
	if err := r.EditContactField(t.Context(), anna, shirt.UpdatedAt, changed); problem(err, "kind") == "" {
		t.Errorf("the kind of values: %v", err)
	}
	changed.Kind, changed.Name = affiliate.FieldChoice, "Shirt"
	if err := r.EditContactField(t.Context(), anna, shirt.UpdatedAt.AddDate(0, 0, -1),
		changed); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("seen long ago: %v", err)
	}
	if err := r.EditContactField(t.Context(), anna, shirt.UpdatedAt, changed); err != nil {
		t.Error(err)
	}
	if err := r.RaiseContactField(t.Context(), anna, shirt.ID); err != nil {
		t.Error(err)
	}
	fields, err := r.ContactFields(t.Context())
	if err != nil || len(fields) != 2 || fields[0].Name != "Shirt" || fields[1].ID != size.ID {
		t.Errorf("%+v, %v", fields, err)
	}
	for range 2 {
		if err := r.DeleteContactField(t.Context(), anna, shirt.ID); err != nil {
			t.Error(err)
		}
	}
	if values, err := r.FieldValues(t.Context(), bob.ID); err != nil || len(values) != 0 {
		t.Errorf("left behind: %v, %v", values, err)
	}
	if history, err := r.History(t.Context(), "contact field", int64(shirt.ID), 0, 9); err != nil || len(history) != 4 {
		t.Errorf("audit %+v, %v", history, err)
	}
}

// setFields sets values as an admin types them.
func setFields(t *testing.T, r *affiliate.Registry, id affiliate.ContactID, typed affiliate.FieldValues) {
	t.Helper()
	fields, err := r.ContactFields(t.Context())
	if err == nil {
		err = r.UpdateFields(t.Context(), anna, id, fields, typed, false)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestValuesOfOwnFieldsAreChecked(t *testing.T) {
	fields := map[affiliate.FieldKind]affiliate.ContactField{}
	for i, kind := range affiliate.FieldKinds {
		fields[kind] = affiliate.ContactField{ID: affiliate.FieldID(i + 1), Kind: kind, Choices: "Ärzte\nTons"}
	}
	for _, c := range []struct {
		kind        affiliate.FieldKind
		typed, want string // "-": refused
	}{
		{affiliate.FieldText, " <b>a\u0000b</b>\n😀 ", "<b>a b</b> 😀"},
		{affiliate.FieldText, strings.Repeat("é", 500), strings.Repeat("é", 500)},
		{affiliate.FieldText, strings.Repeat("é", 501), "-"}, {affiliate.FieldText, "  ", ""},
		{affiliate.FieldNumber, "1250.50", "1250.5"}, {affiliate.FieldNumber, "-3.000", "-3"},
		{affiliate.FieldNumber, "100", "100"}, {affiliate.FieldNumber, "1e9", "-"},
		{affiliate.FieldNumber, "12 apples", "-"}, {affiliate.FieldNumber, strings.Repeat("9", 13), "-"},
		{affiliate.FieldDate, "2026-02-28", "2026-02-28"}, {affiliate.FieldDate, "2026-02-30", "-"},
		{affiliate.FieldDate, "yesterday", "-"}, {affiliate.FieldChoice, "ärzte", "Ärzte"},
		{affiliate.FieldChoice, "Other", "-"}, {affiliate.FieldYesNo, "Y", "yes"},
		{affiliate.FieldYesNo, "no", "no"}, {affiliate.FieldYesNo, "perhaps", "-"},
	} {
		f, problems := fields[c.kind], affiliate.Problems{}
		values := affiliate.CheckFieldValues(problems, []affiliate.ContactField{f},
			affiliate.FieldValues{f.ID: c.typed, 99: "of no field"}, false)
		_, refused := problems[f.FormName()]
		if refused != (c.want == "-") || !refused && values[f.ID] != c.want || len(values) != 1 {
			t.Errorf("%s %.30q became %.30q, %v; want %.30q", c.kind, c.typed, values[f.ID], problems, c.want)
		}
	}
	f, problems := affiliate.ContactField{ID: 7, Kind: affiliate.FieldText, Required: true}, affiliate.Problems{}
	affiliate.CheckFieldValues(problems, []affiliate.ContactField{f}, nil, true)
	if len(problems) != 1 {
		t.Error("a partner left a required field blank")
	}
}

// Who fills a form in somebody's name replaces nothing; two contacts that are one
// keep what either had.
//
// Spec: S32
func TestValuesOfOwnFieldsAreFilledAndMerged(t *testing.T) {
	r, h, _ := newRegistry(t)
	one := newField(t, r, affiliate.ContactField{Name: "One", Kind: affiliate.FieldText})
	two := newField(t, r, affiliate.ContactField{Name: "Two", Kind: affiliate.FieldText})
	bob, eve := newContact(t, h, "bob@example.com"), newContact(t, h, "eve@example.com")
	setFields(t, r, bob.ID, affiliate.FieldValues{one.ID: "bob's"})
	setFields(t, r, eve.ID, affiliate.FieldValues{one.ID: "eve's", two.ID: "hers"})
	step := func(do func(ctx context.Context, q db.Queryer) error) {
		t.Helper()
		if err := h.Tx(t.Context(), func(tx *db.Tx) error { return do(t.Context(), tx) }); err != nil {
			t.Fatal(err)
		}
	}
	step(func(ctx context.Context, q db.Queryer) error {
		return affiliate.FillContactFields(ctx, q, affiliate.Visitor, eve.ID, affiliate.FieldValues{one.ID: "mallory's",
			two.ID: ""}, noon)
	})
	step(func(ctx context.Context, q db.Queryer) error {
		_, _, err := affiliate.MergeContacts(ctx, q, bob.ID, eve.ID, noon)
		return err
	})
	values, err := r.FieldValues(t.Context(), bob.ID)
	if diff := cmp.Diff(affiliate.FieldValues{one.ID: "bob's", two.ID: "hers"}, values); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if values, err := r.FieldValues(t.Context(), eve.ID); err != nil || len(values) != 0 {
		t.Errorf("left behind: %v, %v", values, err)
	}
	setFields(t, r, bob.ID, affiliate.FieldValues{one.ID: ""})
	history, err := r.History(t.Context(), "contact", int64(bob.ID), 0, 9)
	if err != nil || len(history) != 2 || string(history[0].Before) != `{"One":"bob's"}` {
		t.Errorf("audit %+v, %v", history, err)
	}
}
