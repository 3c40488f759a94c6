package track

import (
	"net/http"
	"strings"

	"partnercenter/sidecar/web"
)

// Link answers a standard link, go/{tool}?p={partner} or go/{tool}/{partner}:
// it records the click and sends the visitor to the tool's target (S48, S57).
// The redirect is temporary and never stored, so that a tool's new target, and
// every click, is seen.
func (p *Pages) Link(r *web.Request) error {
	click := p.clickRequest(r)
	click.ParseStandard(strings.TrimPrefix(r.Param("link"), "/"), r.Context.Request.URL.RawQuery)
	// A link put on a page as a picture would be "clicked" by all its visitors.
	dest := r.GetHeader("Sec-Fetch-Dest")
	click.Embedded = dest != "" && dest != "document"
	out, err := p.Clicks.Click(r.Ctx(), click)
	if err != nil {
		return err
	}
	keep(r, out)
	r.Redirect(http.StatusFound, out.Target)
	return nil
}
