package center

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// questions are the fields of what a program asks, in its order, with what was typed.
func questions(r *web.Request, asked []signup.Question, form *web.Form) []web.Field {
	fields, own := []web.Field{}, r.OwnFields(ownFields(asked), nil, form)
	for _, q := range asked {
		if q.Own == nil {
			fields = append(fields, question(r, q, form))
			continue
		}
		f := own[0]
		own = own[1:]
		f.Help = optional(r, q)
		fields = append(fields, f)
	}
	return fields
}

// question is one that every site has.
func question(r *web.Request, q signup.Question, form *web.Form) web.Field {
	f := web.Field{Name: q.Field, Value: form.Raw(q.Field), Kind: "text", Problem: r.Say(form.Problems[q.Field]),
		Help: optional(r, q)}
	switch q.Field {
	case signup.Company:
		f.Label, f.Auto = r.Say(locale.T("Company")), "organization"
	case signup.Website:
		f.Label, f.Auto = r.Say(locale.T("Your website or profile")), "url"
	case signup.Promotion:
		f.Label, f.Kind = r.Say(locale.T("How will you promote us?")), "area"
	}
	return f
}

func optional(r *web.Request, q signup.Question) string {
	if q.Ask == signup.AskRequired {
		return ""
	}
	return r.Say(locale.T("Optional"))
}

// ownFields are the site's own fields among what is asked, required as the program
// wants them.
func ownFields(asked []signup.Question) []affiliate.ContactField {
	fields := []affiliate.ContactField{}
	for _, q := range asked {
		if q.Own != nil {
			f := *q.Own
			f.Required = q.Ask == signup.AskRequired
			fields = append(fields, f)
		}
	}
	return fields
}
