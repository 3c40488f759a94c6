package center

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// toolsPage lists what the partner can promote with (S42, S43, S120).
type toolsPage struct {
	Box       *linkBox
	Tools     []offer
	Search    string
	Kind      string
	Group     string
	Campaign  string
	Kinds     []web.Option
	Groups    []web.Option
	Campaigns []web.Option
	Kept      []web.Hidden // what the filters leave as it is
	Chosen    []locale.Text
	All       []string // query of the page without filters
	More      []string // query of the tools behind the shown ones; nil where there are none
	Earlier   []string // query of those before them
	Filtered  bool
	Paused    bool // their links are not counted at present
	Program   string
	Coupon    *couponCard         // nil: none
	Card      *affiliate.RuleCard // nil: in no program
}

var toolsTitle = locale.T("Promo tools")

// offer is a promo tool as one partner uses it.
type offer struct {
	Tool    tracking.Tool
	Target  string // where visitors arrive, without what machines need
	Image   *tracking.Image
	Link    string              // of tools that are links
	Mail    *tracking.EmailText // of e-mail copy
	Excerpt string              // how the mail begins
	Codes   []code
}

// Size is that of the image, "" where it is not known.
func (o offer) Size() string {
	if o.Image == nil || o.Image.Width == 0 || o.Image.Height == 0 {
		return ""
	}
	return fmt.Sprintf("%d × %d", o.Image.Width, o.Image.Height)
}

// code is a text to copy, never formatted: it has to arrive byte by byte.
type code struct {
	ID    string // of the element that holds it
	Label locale.Text
	Text  string
	Copy  locale.Text // what the button that copies it says
	Help  locale.Text
}

// Tools shows the promo tools of the partner's program with their own links.
func (p *Pages) Tools(r *web.Request) error {
	page, err := p.toolsPage(r)
	if err != nil {
		return err
	}
	return r.Page(pages, "tools.html", toolsTitle, page)
}

// The parameters that narrow the page down.
var toolFilters = []string{"q", "kind", "group", "campaign"}

func (p *Pages) toolsPage(r *web.Request) (page toolsPage, err error) {
	program, member, err := p.Registry.ProgramOf(r.Ctx(), r.Who.Partner.ID)
	if err != nil {
		return page, err
	}
	page = toolsPage{
		Search: affiliate.Cut(affiliate.Line(r.Query("q")), 100), Kind: r.Query("kind"), Group: r.Query("group"),
		Campaign: r.Query("campaign"), Paused: !r.Who.Partner.State.LinksCount(), Program: program.Name,
		All: linkQuery(r),
	}
	page.Filtered = page.Search+page.Kind+page.Group+page.Campaign != ""
	page.Kept = hidden(page.All)
	if page.Box, err = p.linkBox(r, "tools", hidden(given(r, toolFilters...))...); err != nil {
		return page, err
	}
	page.Box.Renews = "pc-tools"
	if page.Coupon, err = p.couponCard(r); err == nil && member {
		if err = p.fillTools(r, &page, program); err == nil {
			card, failed := p.Registry.RuleCard(r.Ctx(), program, r.Site.Zone())
			page.Card, err = &card, failed
		}
	}
	return page, err
}

// given are those of the parameters that the URL has.
func given(r *web.Request, names ...string) (query []string) {
	for _, name := range names {
		if value := r.Query(name); value != "" {
			query = append(query, name, value)
		}
	}
	return query
}

// hidden are parameters as fields of a form.
func hidden(query []string) (fields []web.Hidden) {
	for i := 0; i+1 < len(query); i += 2 {
		fields = append(fields, web.Hidden{Name: query[i], Value: query[i+1]})
	}
	return fields
}

// toolsShown is how many tools a page has.
const toolsShown = 24

func (p *Pages) fillTools(r *web.Request, page *toolsPage, program affiliate.Program) error {
	all, err := p.Tracker.Tools(r.Ctx(), tracking.ToolFilter{ProgramID: program.ID})
	if err != nil {
		return err
	}
	groups, err := p.Tracker.Groups(r.Ctx())
	if err != nil {
		return err
	}
	page.choices(all, groups)
	all = slices.DeleteFunc(all, func(t tracking.Tool) bool { return !page.wants(t) })
	first := min(r.Offset(), len(all))
	shown := all[first:min(first+toolsShown, len(all))]
	query := append(slices.Clone(page.All), given(r, toolFilters...)...)
	if first > 0 {
		page.Earlier = append(slices.Clone(query), "from", fmt.Sprint(max(0, first-toolsShown)))
	}
	if first+toolsShown < len(all) {
		page.More = append(query, "from", fmt.Sprint(first+toolsShown))
	}
	library := p.library(r, program.ID, page.Box.SubID)
	for _, tool := range shown {
		o, err := library.offer(r.Ctx(), tool)
		if err != nil {
			return err
		}
		if page.Coupon.carries() {
			o.withCoupon(library.link(tool))
		}
		page.Tools = append(page.Tools, o)
	}
	return nil
}

func (page toolsPage) wants(t tracking.Tool) bool {
	return (page.Kind == "" || page.Kind == string(t.Kind)) && (page.Group == "" || page.Group == t.GroupID.String()) &&
		(page.Campaign == "" || page.Campaign == t.Campaign) &&
		strings.Contains(strings.ToLower(t.Name+" "+t.Ad), strings.ToLower(page.Search))
}

// choices are what the filters offer, and what of it is chosen.
func (page *toolsPage) choices(all []tracking.Tool, groups []tracking.Group) {
	page.Kinds, page.Groups = kindsOf(all, page.Kind), groupsOf(all, groups, page.Group)
	page.Campaigns = campaignsOf(all, page.Campaign)
	if page.Search != "" {
		page.Chosen = append(page.Chosen, locale.T("name has “%s”", page.Search))
	}
	for _, o := range slices.Concat(page.Kinds, page.Groups, page.Campaigns) {
		if o.Chosen {
			page.Chosen = append(page.Chosen, o.Label)
		}
	}
}

// campaignsOf are the campaigns to choose from (S53).
func campaignsOf(tools []tracking.Tool, chosen string) (options []web.Option) {
	for _, t := range tools {
		known := func(o web.Option) bool { return o.Value == t.Campaign }
		if t.Campaign != "" && !slices.ContainsFunc(options, known) {
			options = append(options, web.Option{Value: t.Campaign, Label: locale.Data(t.Campaign),
				Chosen: t.Campaign == chosen})
		}
	}
	slices.SortFunc(options, func(a, b web.Option) int { return strings.Compare(a.Value, b.Value) })
	return options
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

// library makes the codes of one partner, with one SubID in all of them. Images
// and the links that e-mail copy holds are looked up when the first tool needs
// them.
type library struct {
	pages   *Pages
	program affiliate.ProgramID
	links   tracking.Links
	partner string // code
	subID   string
	close   string // what the button is called that closes a lightbox
	script  string // URL of the lightbox' file
	media   *wpbridge.Media
	byCode  map[string]tracking.Tool
}

func (p *Pages) library(r *web.Request, program affiliate.ProgramID, subID string) *library {
	// Visitors of partners' pages are spoken to in the site's language.
	site := locale.For(r.Site.Handover().Locale)
	return &library{pages: p, program: program, links: r.Site.Links(), partner: r.Who.Partner.Code, subID: subID,
		close: site.T("Close"), script: strings.TrimRight(r.Site.Handover().PublicURL, "/") + "/lightbox.js"}
}

func (l *library) link(t tracking.Tool) string { return l.links.For(t, l.partner, l.subID) }

// add gives the offer a text to copy.
func (o *offer) add(c code) {
	if c.Text == "" {
		return
	}
	c.ID = fmt.Sprintf("pc-code-%s-%d", o.Tool.Code, len(o.Codes)+1)
	o.Codes = append(o.Codes, c)
}

func (l *library) offer(ctx context.Context, t tracking.Tool) (offer, error) {
	o := offer{Tool: t, Target: readable(t.TargetURL)}
	if t.Kind == tracking.EmailCopy {
		return o, l.mail(ctx, &o)
	}
	link := l.link(t)
	if !t.Kind.HasImage() {
		o.Link = link
	}
	if t.Kind.HasImage() {
		image, err := l.image(ctx, t)
		switch {
		case errors.Is(err, wpbridge.ErrNoImage): // deleted from the media library: the link is still good
		case err != nil:
			return o, err
		default:
			o.Image = &image
			l.embed(&o, link, image)
		}
	}
	o.add(code{Label: locale.T("Link"), Text: link, Copy: locale.T("Copy link")})
	if !t.Kind.HasImage() {
		o.add(code{Label: locale.T("HTML for your page"), Text: tracking.TextCode(link, t.Name),
			Copy: locale.T("Copy HTML")})
	}
	return o, nil
}

// embed adds the codes that show an image.
func (l *library) embed(o *offer, link string, image tracking.Image) {
	page, html := locale.T("HTML for your page"), locale.T("Copy HTML")
	if o.Tool.Kind == tracking.Banner {
		o.add(code{Label: page, Text: tracking.BannerCode(link, image), Copy: html})
		return
	}
	o.add(code{Label: page, Text: tracking.LightboxCode(link, image, l.close), Copy: html})
	o.add(code{Label: locale.T("For a page with a content security policy"),
		Text: tracking.LightboxTag(l.script, link, image, l.close), Copy: locale.T("Copy strict HTML"),
		Help: locale.T("The policy has to allow scripts and images of %s.", hostOf(l.script))})
}

// mail adds the parts of e-mail copy.
func (l *library) mail(ctx context.Context, o *offer) error {
	mail, err := l.email(ctx, o.Tool)
	if err != nil {
		return err
	}
	o.Mail, o.Excerpt = &mail, excerpt(mail)
	o.add(code{Label: locale.T("Subject"), Text: mail.Subject, Copy: locale.T("Copy subject")})
	o.add(code{Label: locale.T("HTML"), Text: mail.HTML, Copy: locale.T("Copy HTML")})
	o.add(code{Label: locale.T("Plain text"), Text: mail.Text, Copy: locale.T("Copy text")})
	return nil
}

// excerpt is how a mail begins.
func excerpt(mail tracking.EmailText) string {
	text := mail.Text
	if strings.TrimSpace(text) == "" {
		text = tracking.PlainText(mail.HTML)
	}
	text = strings.Join(strings.Fields(text), " ")
	if cut := affiliate.Cut(text, 160); cut != text {
		return cut + " …"
	}
	return text
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
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
			return l.link(tool)
		}
		return l.links.Standard(code, l.partner, l.subID)
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
