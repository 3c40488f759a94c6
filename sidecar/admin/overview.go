package admin

import "partnercenter/sidecar/web"

type overviewPage struct{ SettingsSaved bool }

// Overview says what needs doing today.
func (p *Pages) Overview(r *web.Request) error {
	s, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	return r.Page(pages, "overview.html", "Partners", overviewPage{SettingsSaved: s.Version > 0})
}
