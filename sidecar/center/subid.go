package center

import (
	"slices"

	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// offered is the area with the reports that the partner has: where SubIDs are
// switched off, theirs is not among them (S123).
func (p *Pages) offered(r *web.Request, a area) (area, error) {
	if !slices.Contains(a.names, "subids") {
		return a, nil
	}
	has, err := p.Registry.HasSubIDs(r.Ctx(), r.Who.Partner.ID)
	if err == nil && !has {
		a.names = slices.DeleteFunc(slices.Clone(a.names), func(name string) bool { return name == "subids" })
	}
	return a, err
}

// subIDHint tells how SubIDs are used, by the partner's own link (S123).
type subIDHint struct{ Link string } // "" while there is none to share

func (p *Pages) subIDHint(r *web.Request) (*subIDHint, error) {
	hint := &subIDHint{}
	program, member, err := p.Registry.ProgramOf(r.Ctx(), r.Who.Partner.ID)
	if err != nil || !member {
		return hint, err
	}
	tools, err := p.linkTools(r, program)
	if err != nil || len(tools) == 0 {
		return hint, err
	}
	example := r.Language().Text(locale.T("my-first-post"))
	hint.Link = r.Site.Links().For(tools[0], r.Who.Partner.Code, example)
	return hint, nil
}
