package center

import "partnercenter/sidecar/web"

// Dashboard is the partner's first page.
func (p *Pages) Dashboard(r *web.Request) error {
	return r.Page(pages, "dashboard.html", "Dashboard", nil)
}
