package contacts

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/imports"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// importPage takes a file of contacts as text (S151).
type importPage struct {
	Text     string
	Latest   []imports.Import
	Problems affiliate.Problems
}

// Most is how many bytes the form may have.
func (importPage) Most() int { return parts.ImportBytes }

// AskImport asks for the file.
func (p *Pages) AskImport(r *web.Request) error { return p.showImport(r, importPage{}, r.Form()) }

func (p *Pages) showImport(r *web.Request, page importPage, form *web.Form) (err error) {
	if page.Latest, err = p.Imports.Latest(r.Ctx(), imports.Contacts); err != nil {
		return err
	}
	if page.Problems = form.Problems; len(page.Problems) > 0 {
		return r.Invalid(pages, "import.html", locale.T("Import contacts"), page)
	}
	return r.Page(pages, "import.html", locale.T("Import contacts"), page)
}

// CheckImport reads a file and leads to its dry run. Nothing is imported before that
// is confirmed.
func (p *Pages) CheckImport(r *web.Request) error {
	form := r.Form()
	page := importPage{Text: form.Raw("file")}
	i, err := p.Imports.Check(r.Ctx(), r.Who.Actor(), imports.File{Kind: imports.Contacts, Text: page.Text})
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		return p.showImport(r, page, form)
	}
	return r.Done(web.Flash{}, parts.ImportPath(i))
}
