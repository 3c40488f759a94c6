package center

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// linkBox makes a partner's link: of a promo tool, to a page of the shop, with
// a SubID, as text and as a QR code (S48, S122, D36). Without JavaScript it is a
// form that shows its page again; app.js asks for that page as somebody types.
type linkBox struct {
	Path     string       // of the page that holds it
	Kept     []web.Hidden // what else the URL of that page says
	Tools    []web.Option // to choose from; none while the program has no link
	SubIDs   bool         // whether the partner has any (S123)
	SubID    string       // as it counts: cut to what can be stored
	Cut      bool         // the SubID was longer
	Address  string       // that somebody pasted
	Link     string       // "" while the address is not one of the program's
	Target   string       // where it leads, as people say it
	QR       *qrCode
	Files    []string // query of the QR code's files
	Renews   string   // ids of further elements whose links keep the box as it is
	Problems affiliate.Problems
}

// The fields of the box. None is a name that WordPress reacts to.
const (
	toolField    = "tool"
	subIDField   = "subid"
	addressField = "address"
)

// linkQuery is what the URL says of the box, for links to the same page.
func linkQuery(r *web.Request) []string { return given(r, toolField, subIDField, addressField) }

// maxAddress is how much of a pasted address is looked at, in bytes.
const maxAddress = 2000

// linkBox is the box for the page at path, as the URL fills it in.
func (p *Pages) linkBox(r *web.Request, path string, kept ...web.Hidden) (*linkBox, error) {
	box := &linkBox{Path: path, Kept: kept, Problems: affiliate.Problems{},
		Address: affiliate.Cut(affiliate.Line(r.Query(addressField)), maxAddress+1)}
	var err error
	if box.SubIDs, err = p.Registry.HasSubIDs(r.Ctx(), r.Who.Partner.ID); err != nil {
		return box, err
	}
	if box.SubIDs {
		box.SubID, box.Cut = tracking.WholeSubID(affiliate.Line(r.Query(subIDField)))
	}
	program, member, err := p.Registry.ProgramOf(r.Ctx(), r.Who.Partner.ID)
	if err != nil || !member {
		return box, err
	}
	tools, err := p.linkTools(r, program)
	if err != nil || len(tools) == 0 {
		return box, err
	}
	box.make(r, tools)
	return box, nil
}

// linkTools are the tools whose links are for sharing, the program's main one
// first: links, and where there are none banners and lightboxes.
func (p *Pages) linkTools(r *web.Request, program affiliate.Program) ([]tracking.Tool, error) {
	all, err := p.Tracker.Tools(r.Ctx(), tracking.ToolFilter{ProgramID: program.ID})
	if err != nil {
		return nil, err
	}
	main, _, err := p.Tracker.MainTool(r.Ctx(), program)
	if err != nil {
		return nil, err
	}
	first := func(t tracking.Tool) bool { return t.ID == main.ID }
	isLink := func(t tracking.Tool) bool {
		return t.Kind == tracking.StandardLink || t.Kind == tracking.DirectLink || first(t)
	}
	links := slices.DeleteFunc(slices.Clone(all), func(t tracking.Tool) bool { return !isLink(t) })
	if len(links) == 0 {
		links = slices.DeleteFunc(all, func(t tracking.Tool) bool { return t.Kind == tracking.EmailCopy })
	}
	slices.SortStableFunc(links, func(a, b tracking.Tool) int {
		switch {
		case first(a) == first(b):
			return 0
		case first(a):
			return -1
		}
		return 1
	})
	return links, nil
}

// make writes the link of the chosen tool, or of the one that leads to the host
// of the pasted address.
func (b *linkBox) make(r *web.Request, tools []tracking.Tool) {
	chosen := max(0, slices.IndexFunc(tools, func(t tracking.Tool) bool { return t.Code == r.Query(toolField) }))
	tool, links, partner := tools[chosen], r.Site.Links(), r.Who.Partner.Code
	if b.Address == "" {
		b.Link, b.Target = links.For(tool, partner, b.SubID), readable(tool.TargetURL)
	}
	if b.Address != "" && !b.isOurs(r) {
		for i := range tools {
			t := tools[(chosen+i)%len(tools)]
			page := wholeAddress(b.Address, t.TargetURL)
			if link, ok := links.To(t, partner, b.SubID, page); ok {
				tool, b.Link, b.Target = t, link, readable(page)
				break
			}
		}
		if b.Link == "" {
			b.Problems.Say(addressField, locale.T("This page isn't part of the program. Use an address on %s.",
				hostsOf(tools)))
		}
	}
	for _, t := range tools {
		b.Tools = append(b.Tools, web.Option{Value: t.Code, Label: locale.Data(t.Name), Chosen: t.ID == tool.ID})
	}
	if b.Link != "" {
		b.draw(tool)
	}
}

// isOurs notes a problem where somebody pastes a link that is a partner's already.
func (b *linkBox) isOurs(r *web.Request) bool {
	u, err := url.Parse(b.Address)
	if err != nil {
		return false
	}
	_, ours := r.Site.Inside(u.Path)
	if q := u.Query(); ours && strings.Contains(u.Path, "/go/") || q.Has("orid") || strings.HasPrefix(
		q.Get("partner-center"), "/go/") {
		b.Problems.Add(addressField, "This is a partner link already. Paste the address of the page itself.")
		return true
	}
	return false
}

// draw makes the QR code. A link that is too long for one has none.
func (b *linkBox) draw(tool tracking.Tool) {
	b.Files = []string{toolField, tool.Code}
	for name, value := range map[string]string{subIDField: b.SubID, addressField: b.Address} {
		if value != "" {
			b.Files = append(b.Files, name, value)
		}
	}
	if code, err := newQR(b.Link); err == nil {
		b.QR = &code
	}
}

// wholeAddress is what somebody typed as the address of a page, whose scheme
// and host people leave out.
func wholeAddress(typed, target string) string {
	if strings.Contains(typed, "://") {
		return typed
	}
	base, err := url.Parse(target)
	if err != nil {
		return typed
	}
	if strings.HasPrefix(typed, "/") && !strings.HasPrefix(typed, "//") {
		return base.Scheme + "://" + base.Host + typed
	}
	return base.Scheme + "://" + typed
}

// hostsOf are the hosts that tools lead to, as many as a sentence bears.
func hostsOf(tools []tracking.Tool) string {
	hosts := []string{}
	for _, t := range tools {
		if u, err := url.Parse(t.TargetURL); err == nil && !slices.Contains(hosts, u.Host) && len(hosts) < 3 {
			hosts = append(hosts, u.Host)
		}
	}
	return strings.Join(hosts, ", ")
}

// QRFile is the QR code of a link as a file: link/qr.svg or link/qr.png.
func (p *Pages) QRFile(r *web.Request) error {
	name := r.Param("file")
	if name != "qr.svg" && name != "qr.png" {
		return affiliate.Missing("There is no such file.")
	}
	box, err := p.linkBox(r, "")
	if err != nil {
		return err
	}
	if box.QR == nil {
		return affiliate.Missing("There is no such link.")
	}
	content, kind := box.QR.SVG(), "image/svg+xml"
	if name == "qr.png" {
		if content, err = box.QR.PNG(); err != nil {
			return err
		}
		kind = "image/png"
	}
	r.Attach("partner-link"+name[len("qr"):], kind)
	r.Data(http.StatusOK, kind, content)
	return nil
}
