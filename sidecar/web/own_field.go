package web

import (
	"partnercenter/affiliate"
	"partnercenter/locale"
)

// OwnValues reads the site's own fields from a form, as affiliate.CheckFieldValues
// takes them. Fields that the form doesn't have are not among them.
func (f *Form) OwnValues(fields []affiliate.ContactField) affiliate.FieldValues {
	values := affiliate.FieldValues{}
	for _, own := range fields {
		name := own.FormName()
		if !f.Sent(name) {
			continue
		}
		text := f.Raw(name)
		if own.Kind == affiliate.FieldNumber {
			plain, sure := f.r.Language().Plain(text)
			f.Problems.Check(sure, name, "Please write numbers like %s.", f.r.Language().Typed("1250.5"))
			text = plain
		}
		values[own.ID] = text
	}
	return values
}

// OwnFields are the site's own fields for the template "own-field", with a contact's
// values, or what was typed where the form was sent.
func (r *Request) OwnFields(fields []affiliate.ContactField, values affiliate.FieldValues, form *Form) []Field {
	l, shown := r.Language(), []Field{}
	for _, own := range fields {
		f := Field{Name: own.FormName(), Label: own.Name, Value: values[own.ID], Kind: "text",
			Problem: l.Text(form.Problems[own.FormName()]), Auto: "off"}
		if own.Kind == affiliate.FieldNumber {
			f.Value, f.Class = l.Typed(f.Value), "small-text pc-short"
		}
		if form.Sent(f.Name) {
			f.Value = form.Raw(f.Name)
		}
		switch own.Kind {
		case affiliate.FieldDate:
			f.Kind, f.Class = "date", "pc-short"
		case affiliate.FieldChoice:
			f.Options = said(l, ownOptions(own.ChoiceList(), f.Value))
		case affiliate.FieldYesNo:
			f.Options = said(l, Options([]Option{{Value: "", Label: locale.T("Not answered")},
				{Value: affiliate.FieldYes, Label: locale.T("Yes")},
				{Value: affiliate.FieldNo, Label: locale.T("No")}}, f.Value))
		}
		shown = append(shown, f)
	}
	return shown
}

func ownOptions(choices []string, chosen string) []Option {
	options := []Option{{Value: "", Label: locale.T("Not chosen"), Chosen: chosen == ""}}
	for _, choice := range choices {
		options = append(options, Option{Value: choice, Label: locale.Data(choice), Chosen: choice == chosen})
	}
	return options
}

// OwnShown is one of the site's own fields with a value, as pages show it.
type OwnShown struct{ Name, Value string }

// OwnShown are the fields in which a contact has a value.
func (r *Request) OwnShown(fields []affiliate.ContactField, values affiliate.FieldValues) []OwnShown {
	shown := []OwnShown{}
	for _, f := range fields {
		if value := f.Shown(r.Language(), values[f.ID]); value != "" {
			shown = append(shown, OwnShown{f.Name, value})
		}
	}
	return shown
}
