package sidecartest

import (
	"net/http"
	"net/url"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/web"
)

// ClickOf is what a new browser holds after a click on the partner's link.
func (s *Shop) ClickOf(p affiliate.Partner) []*http.Cookie {
	s.Helper()
	s.Settle() // notice new partners and tools
	a := s.Get("go/"+s.Link.Code+"?p="+p.Code, web.Standalone).Want(http.StatusFound)
	return []*http.Cookie{a.Cookie("pc_click"), a.Cookie("pc_visitor")}
}

// Lead sends an opt-in form from a browser, by the tracking script.
func (s *Shop) Lead(email string, cookies []*http.Cookie) {
	s.Helper()
	s.Post("t/lead", web.Standalone, url.Values{"email": {email}}, cookies...).Want(http.StatusNoContent)
	s.Clock.Advance(10 * time.Second)
}
