package center

import (
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// subIDHint tells how SubIDs are used, by the partner's own link (S123).
type subIDHint struct {
	Link, Example string // Link is "" while there is none to share
}

func (p *Pages) subIDHint(r *web.Request) (*subIDHint, error) {
	hint := &subIDHint{Example: r.Language().Text(locale.T("my-first-post"))}
	program, member, err := p.Registry.ProgramOf(r.Ctx(), r.Who.Partner.ID)
	if err != nil || !member {
		return hint, err
	}
	tools, err := p.linkTools(r, program)
	if err != nil || len(tools) == 0 {
		return hint, err
	}
	subID, _ := tracking.NormalSubID(hint.Example)
	hint.Link = r.Site.Links().For(tools[0], r.Who.Partner.Code, tracking.SubIDText(subID))
	return hint, nil
}
