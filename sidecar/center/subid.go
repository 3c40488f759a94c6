package center

import (
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

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
