package center

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// toolsPage lists what the partner can promote with (S42, S43, S120).
type toolsPage struct {
	Tools    []offer
	Search   string
	Kind     string
	Group    string
	Kinds    []web.Option
	Groups   []web.Option
	Filtered bool
	Paused   bool // their links are not counted at present
	Program  string
	Coupon   *couponCard         // nil: none
	Card     *affiliate.RuleCard // nil: in no program
}

var toolsTitle = locale.T("Promo tools")

// offer is a promo tool as one partner uses it.
type offer struct {
	Tool   tracking.Tool
	Target string // where visitors arrive, without what machines need
	Image  *tracking.Image
	Codes  []code
}

// code is a text to copy, never formatted: it has to arrive byte by byte.
type code struct {
	ID    string // of the element that holds it
	Label locale.Text
	Text  string
}

// Tools shows the promo tools of the partner's program with their own links.
func (p *Pages) Tools(r *web.Request) error {
	page, err := p.toolsPage(r)
	if err != nil {
		return err
	}
	return r.Page(pages, "tools.html", toolsTitle, page)
}

func (p *Pages) toolsPage(r *web.Request) (page toolsPage, err error) {
	program, member, err := p.Registry.ProgramOf(r.Ctx(), r.Who.Partner.ID)
	if err != nil {
		return page, err
	}
	page = toolsPage{
		Search: affiliate.Cut(affiliate.Line(r.Query("q")), 100), Kind: r.Query("kind"), Group: r.Query("group"),
		Paused: !r.Who.Partner.State.LinksCount(), Program: program.Name,
	}
	page.Filtered = page.Search != "" || page.Kind != "" || page.Group != ""
	if page.Coupon, err = p.couponCard(r); err == nil && member {
		if err = p.fillTools(r, &page, program); err == nil {
			card, failed := p.Registry.RuleCard(r.Ctx(), program, r.Site.Zone())
			page.Card, err = &card, failed
		}
	}
	return page, err
}

func (p *Pages) fillTools(r *web.Request, page *toolsPage, program affiliate.Program) error {
	all, err := p.Tracker.Tools(r.Ctx(), tracking.ToolFilter{ProgramID: program.ID})
	if err != nil {
		return err
	}
	groups, err := p.Tracker.Groups(r.Ctx())
	if err != nil {
		return err
	}
	page.Kinds, page.Groups = kindsOf(all, page.Kind), groupsOf(all, groups, page.Group)
	library := p.library(r, program.ID)
	for _, tool := range all {
		if !page.wants(tool) {
			continue
		}
		o, err := library.offer(r.Ctx(), tool)
		if err != nil {
			return err
		}
		if page.Coupon.carries() {
			o.withCoupon(library.links.For(tool, library.partner, ""))
		}
		page.Tools = append(page.Tools, o)
	}
	return nil
}

func (page toolsPage) wants(t tracking.Tool) bool {
	return (page.Kind == "" || page.Kind == string(t.Kind)) && (page.Group == "" || page.Group == t.GroupID.String()) &&
		strings.Contains(strings.ToLower(t.Name), strings.ToLower(page.Search))
}

// kindsOf are the kinds to choose from: those there are.
func kindsOf(tools []tracking.Tool, chosen string) []web.Option {
	kinds := []tracking.ToolKind{}
	for _, kind := range []tracking.ToolKind{tracking.StandardLink, tracking.DirectLink, tracking.Banner,
		tracking.Lightbox, tracking.EmailCopy} {
		for _, t := range tools {
			if t.Kind == kind {
				kinds = append(kinds, kind)
				break
			}
		}
	}
	return web.Options(kinds, chosen)
}

// groupsOf are the product groups that have tools here (S46).
func groupsOf(tools []tracking.Tool, groups []tracking.Group, chosen string) (options []web.Option) {
	used := map[tracking.GroupID]bool{}
	for _, t := range tools {
		used[t.GroupID] = true
	}
	for _, g := range groups {
		if used[g.ID] {
			options = append(options, web.Option{Value: g.ID.String(), Label: locale.Data(g.Name),
				Chosen: g.ID.String() == chosen})
		}
	}
	return options
}

// library makes the codes of one partner. Images and the links that e-mail copy
// holds are looked up when the first tool needs them.
type library struct {
	pages   *Pages
	program affiliate.ProgramID
	links   tracking.Links
	partner string // code
	media   *wpbridge.Media
	byCode  map[string]tracking.Tool
}

func (p *Pages) library(r *web.Request, program affiliate.ProgramID) *library {
	return &library{pages: p, program: program, links: linksOf(r), partner: r.Who.Partner.Code}
}

func linksOf(r *web.Request) tracking.Links { return r.Site.Links() }

func (l *library) offer(ctx context.Context, t tracking.Tool) (offer, error) {
	link := l.links.For(t, l.partner, "")
	o := offer{Tool: t, Target: readable(t.TargetURL)}
	add := func(label locale.Text, text string) {
		o.Codes = append(o.Codes, code{ID: fmt.Sprintf("pc-code-%s-%d", t.Code, len(o.Codes)+1), Label: label,
			Text: text})
	}
	if t.Kind == tracking.EmailCopy {
		mail, err := l.email(ctx, t)
		add(locale.T("Subject"), mail.Subject)
		if mail.HTML != "" {
			add(locale.T("HTML"), mail.HTML)
		}
		if mail.Text != "" {
			add(locale.T("Plain text"), mail.Text)
		}
		return o, err
	}
	add(locale.T("Link"), link)
	if !t.Kind.HasImage() {
		return o, nil
	}
	image, err := l.image(ctx, t)
	if errors.Is(err, wpbridge.ErrNoImage) {
		return o, nil // deleted from the media library: the link is still good
	}
	o.Image = &image
	if t.Kind == tracking.Banner {
		add(locale.T("HTML for your page"), tracking.BannerCode(link, image))
	} else {
		add(locale.T("HTML for your page"), tracking.LightboxCode(link, image))
	}
	return o, err
}

func (l *library) image(ctx context.Context, t tracking.Tool) (tracking.Image, error) {
	if l.media == nil {
		media, err := l.pages.Media(ctx)
		if err != nil {
			return tracking.Image{}, err
		}
		l.media = media
	}
	found, err := l.media.ByID(ctx, t.ImageID)
	image := tracking.Image{URL: found.URL, Width: found.Width, Height: found.Height, Alt: found.Alt}
	if image.Alt == "" {
		image.Alt = t.Name
	}
	return image, err
}

// email is the copy with the partner's links (S52). It may name tools that were
// archived meanwhile: their links still work.
func (l *library) email(ctx context.Context, t tracking.Tool) (tracking.EmailText, error) {
	if l.byCode == nil {
		l.byCode = map[string]tracking.Tool{}
		for _, archived := range []bool{false, true} {
			tools, err := l.pages.Tracker.Tools(ctx, tracking.ToolFilter{ProgramID: l.program, Archived: archived})
			if err != nil {
				return tracking.EmailText{}, err
			}
			for _, tool := range tools {
				l.byCode[tool.Code] = tool
			}
		}
	}
	return t.Email(func(code string) string {
		if tool, ok := l.byCode[code]; ok {
			return l.links.For(tool, l.partner, "")
		}
		return l.links.Standard(code, l.partner, "")
	}), nil
}

// readable is an address as people say it: without scheme and query.
func readable(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.TrimSuffix(u.Host+u.Path, "/")
}
