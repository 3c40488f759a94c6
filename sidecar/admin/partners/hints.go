package partners

import (
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// fillHints adds what is worth a look about the partner.
func (p *Pages) fillHints(r *web.Request, page *partnerPage) (err error) {
	page.Hints, err = parts.Hints(r.Ctx(), p.Tracker, p.Coupons, page.Partner.ID, r.Site.Now(), r.Site.Zone(),
		parts.Latest)
	return err
}
