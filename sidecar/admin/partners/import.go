package partners

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/imports"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// importForm takes partners from a CSV file (S142), with its fields as typed.
type importForm struct {
	partnerForm
	Text   string
	Latest []imports.Import
}

// ProgramsOrNone are the programs to choose from.
func (f importForm) ProgramsOrNone() []web.Option {
	return append([]web.Option{{Value: "", Label: locale.T("None: each line names its program")}}, f.Programs...)
}

// Most is how many bytes the form may have.
func (importForm) Most() int { return parts.ImportBytes }

var importTitle = locale.T("Import partners")

// NewImport shows the form for a CSV file of partners.
func (p *Pages) NewImport(r *web.Request) error {
	return p.showImport(r, importForm{partnerForm: partnerForm{Program: r.Query("program")}})
}

func (p *Pages) showImport(r *web.Request, page importForm) (err error) {
	if page.partnerForm, err = p.withPartnerChoices(r, page.partnerForm); err != nil {
		return err
	}
	if page.Latest, err = p.Imports.Latest(r.Ctx(), imports.Partners); err != nil {
		return err
	}
	if len(page.Problems) > 0 {
		return r.Invalid(pages, "partner_import.html", importTitle, page)
	}
	return r.Page(pages, "partner_import.html", importTitle, page)
}

// CheckImport reads a file and leads to its dry run. Nobody becomes a partner before
// that is confirmed.
func (p *Pages) CheckImport(r *web.Request) error {
	form := r.Form()
	page := importForm{Text: form.Raw("file"), partnerForm: partnerForm{Program: form.Raw("program")}}
	program := web.FormID[affiliate.ProgramID](form, "program")
	i, err := imports.Import{}, form.Err()
	if err == nil {
		i, err = p.Imports.Check(r.Ctx(), r.Who.Actor(), imports.File{Kind: imports.Partners, Text: page.Text,
			ProgramID: program})
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return p.showImport(r, page)
	}
	return r.Done(web.Flash{}, parts.ImportPath(i))
}
