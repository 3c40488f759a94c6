package programs

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// toolForm is a promo tool's form with its fields as typed.
type toolForm struct {
	Tool     tracking.Tool
	Seen     string // when it was last changed as the form was filled in; "" of a new one
	Group    string // chosen
	NewGroup string
	Groups   []web.Option
	Find     string // the images are narrowed to
	Images   []wpbridge.Image
	Upload   string // where WordPress goes back to after an upload
	Problems affiliate.Problems
}

// HasImage tells whether the kind shows an image (S54).
func (f toolForm) HasImage() bool {
	return f.Tool.Kind == tracking.Banner || f.Tool.Kind == tracking.Lightbox
}

// IsCopy tells whether the kind is e-mail copy (S52).
func (f toolForm) IsCopy() bool { return f.Tool.Kind == tracking.EmailCopy }

// IsDirect tells whether links of the tool are the target's own address (S47).
func (f toolForm) IsDirect() bool { return f.Tool.Kind == tracking.DirectLink }

type toolPage struct {
	programTop
	toolForm
	Image    *wpbridge.Image // of an existing banner or lightbox
	Code     string          // of an existing tool: what a partner pastes, with PARTNER for their code
	Link     string          // the same, the link alone
	Copy     tracking.EmailText
	RawLinks []string // of e-mail copy: to own pages, without a partner's code (S52)
	Row      toolRow
}

// previewLeast and previewMost are the bounds of a preview in pixels; a higher image scrolls.
const previewLeast, previewMost = 60, 480

// PreviewHeight is how high the frame around a banner is, in pixels: the image and the
// margin of its page. 0 where the style sheet says it: a lightbox has a page of its own,
// and of some images nobody knows the height.
func (p toolPage) PreviewHeight() int {
	if p.Image == nil || p.Image.Height == 0 || p.Tool.Kind != tracking.Banner {
		return 0
	}
	return min(max(p.Image.Height+24, previewLeast), previewMost)
}

var newToolTitle = locale.T("New promo tool")

// NewTool shows the form of a new tool of the kind that the query names (S42).
func (p *Pages) NewTool(r *web.Request) error {
	top, err := p.program(r, "tools")
	if err != nil {
		return err
	}
	kind := tracking.ToolKind(r.DefaultQuery("kind", string(tracking.StandardLink)))
	form := carried(r, toolForm{Tool: tracking.Tool{Kind: kind, ProgramID: top.Program.ID}})
	if form, err = p.withToolChoices(r, form); err != nil {
		return err
	}
	return r.Page(pages, "tool_new.html", newToolTitle, toolPage{programTop: top, toolForm: form})
}

// carried is the form with what the URL brings: what was typed before an image was
// uploaded, and that image.
func carried(r *web.Request, f toolForm) toolForm {
	for name, to := range map[string]*string{"name": &f.Tool.Name, "target_url": &f.Tool.TargetURL,
		"group_id": &f.Group, "new_group": &f.NewGroup, "campaign": &f.Tool.Campaign, "ad": &f.Tool.Ad} {
		if text, has := r.GetQuery(name); has {
			*to = affiliate.Cut(affiliate.Line(text), 2000)
		}
	}
	if id, err := strconv.ParseInt(r.Query("image"), 10, 64); err == nil && f.HasImage() {
		f.Tool.ImageID = id
	}
	return f
}

// withToolChoices adds groups and, for kinds that show one, images to choose.
func (p *Pages) withToolChoices(r *web.Request, f toolForm) (toolForm, error) {
	groups, err := p.Tracker.Groups(r.Ctx())
	if err != nil {
		return f, err
	}
	f.Groups = []web.Option{{Value: "", Label: locale.T("No product group")}}
	for _, g := range groups {
		f.Groups = append(f.Groups, web.Option{Value: g.ID.String(), Label: locale.Data(g.Name)})
	}
	if f.HasImage() {
		f.Images, err = p.imagesFor(r, f)
	}
	f.Upload = toolPath(f.Tool)
	if f.Tool.ID == 0 {
		f.Upload = parts.ProgramPath(f.Tool.ProgramID, "tools") + "/new?kind=" + url.QueryEscape(string(f.Tool.Kind))
	}
	return f, err
}

// imagesShown is how many images there are to choose from at once.
const imagesShown = 40

// imagesFor are the newest images, or those whose name has what is looked for in
// it; the chosen one is always among them.
func (p *Pages) imagesFor(r *web.Request, f toolForm) ([]wpbridge.Image, error) {
	media, err := p.Media(r.Ctx())
	if err != nil {
		return nil, err
	}
	images, err := media.Newest(r.Ctx(), imagesShown, strings.TrimSpace(f.Find))
	chosen := slices.ContainsFunc(images, func(i wpbridge.Image) bool { return i.ID == f.Tool.ImageID })
	if err != nil || f.Tool.ImageID == 0 || chosen {
		return images, err
	}
	image, err := media.ByID(r.Ctx(), f.Tool.ImageID)
	if errors.Is(err, wpbridge.ErrNoImage) {
		return images, nil
	}
	return append([]wpbridge.Image{image}, images...), err
}

// CreateTool makes a promo tool (S42-S44).
func (p *Pages) CreateTool(r *web.Request) error {
	top, err := p.program(r, "tools")
	if err != nil {
		return err
	}
	form := r.Form()
	page := postedTool(form)
	page.Tool.ProgramID, page.Tool.Kind = top.Program.ID, tracking.ToolKind(form.Raw("kind"))
	if form.Bool("find") { // an image: nothing is made yet
		if page, err = p.withToolChoices(r, page); err != nil {
			return err
		}
		return r.Page(pages, "tool_new.html", newToolTitle, toolPage{programTop: top, toolForm: page})
	}
	made, err := page.Tool, form.Err()
	if err == nil {
		err = p.chooseGroup(r, &page)
	}
	if err == nil {
		made, err = p.Tracker.CreateTool(r.Ctx(), r.Who.Actor(), page.Tool)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		if page, err = p.withToolChoices(r, page); err != nil {
			return err
		}
		return r.Invalid(pages, "tool_new.html", newToolTitle, toolPage{programTop: top, toolForm: page})
	}
	ready := locale.T("“%s” is ready. Partners of this program can see it now.", made.Name)
	return r.Done(web.Flash{Text: locale.Join(ready, p.lacksScript(r, made))}, toolPath(made))
}

// chooseGroup finds or makes the group that the form names.
func (p *Pages) chooseGroup(r *web.Request, f *toolForm) error {
	if f.NewGroup == "" {
		return nil
	}
	group, err := p.Tracker.EnsureGroup(r.Ctx(), r.Who.Actor(), f.NewGroup)
	f.Tool.GroupID = group.ID
	return err
}

func postedTool(f *web.Form) toolForm {
	page := toolForm{Group: f.Raw("group_id"), NewGroup: f.Text("new_group", 100), Seen: f.Raw("seen"),
		Find: affiliate.Cut(f.Raw("image_q"), 100)}
	page.Tool = tracking.Tool{
		Name: f.Text("name", 190), TargetURL: f.Text("target_url", 2000), GroupID: web.FormID[tracking.GroupID](f,
			"group_id"),
		Campaign: f.Text("campaign", 100), Ad: f.Text("ad", 100), ImageID: web.FormID[int64](f, "image_id"),
		Subject: f.Text("subject", 255), BodyHTML: f.LongText("body_html", 1_000_000), BodyText: f.LongText("body_text",
			1_000_000),
	}
	page.Tool.UpdatedAt, _ = time.Parse(time.RFC3339Nano, page.Seen) // none: whatever it was
	return page
}

func toolPath(t tracking.Tool) string {
	return parts.ProgramPath(t.ProgramID, "tools") + "/" + t.ID.String()
}

// tool loads the tool that the path names, with its program.
func (p *Pages) tool(r *web.Request) (programTop, tracking.Tool, error) {
	top, err := p.program(r, "tools")
	if err != nil {
		return top, tracking.Tool{}, err
	}
	id, err := affiliate.ParseID[affiliate.ToolNoun](r.Param("tool"))
	if err != nil {
		return top, tracking.Tool{}, err
	}
	tool, err := p.Tracker.Tool(r.Ctx(), id)
	if err == nil && tool.ProgramID != top.Program.ID {
		err = affiliate.Missing("This program has no such promo tool.")
	}
	return top, tool, err
}

// Tool shows a promo tool, to change it, with what partners get to paste.
func (p *Pages) Tool(r *web.Request) error {
	top, tool, err := p.tool(r)
	if err != nil {
		return err
	}
	form := carried(r, toolForm{Tool: tool, Group: idText(tool.GroupID), Seen: seenAt(tool)})
	if form, err = p.withToolChoices(r, form); err != nil {
		return err
	}
	return p.showTool(r, top, tool, form)
}

// seenAt names the state in which the tool was when a form was filled in.
func seenAt(t tracking.Tool) string { return t.UpdatedAt.UTC().Format(time.RFC3339Nano) }

func idText(id tracking.GroupID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

// samplePartner stands for a partner's code in the codes an admin is shown.
const samplePartner = "PARTNER"

// showTool shows the stored tool as it is, and its form as typed.
func (p *Pages) showTool(r *web.Request, top programTop, tool tracking.Tool, form toolForm) error {
	page := toolPage{programTop: top, toolForm: form, Link: r.Site.Links().For(tool, samplePartner, "")}
	if tool.Kind.HasImage() {
		media, err := p.Media(r.Ctx())
		if err != nil {
			return err
		}
		image, err := media.ByID(r.Ctx(), tool.ImageID)
		if err != nil && !errors.Is(err, wpbridge.ErrNoImage) {
			return err
		}
		if err == nil {
			page.Image = &image
		}
	}
	page.Code = sampleCode(r.Site.Links(), tool, page.Image)
	page.RawLinks = tool.RawLinks(ownHost(r))
	page.Copy = tool.Email(func(code string) string { return r.Site.Links().Standard(code, samplePartner, "") })
	rows, _, err := p.toolRows(r, []tracking.Tool{tool}, nil)
	if err != nil {
		return err
	}
	page.Row = rows[0]
	if len(form.Problems) > 0 {
		return r.Invalid(pages, "tool.html", locale.Data(tool.Name), page)
	}
	return r.Page(pages, "tool.html", locale.Data(tool.Name), page)
}

// ownHost is the site's own.
func ownHost(r *web.Request) string {
	home, err := url.Parse(r.Site.Handover().Home)
	if err != nil {
		return ""
	}
	return home.Hostname()
}

// sampleCode is what a partner pastes, with samplePartner for their own code.
func sampleCode(links tracking.Links, t tracking.Tool, image *wpbridge.Image) string {
	link := links.For(t, samplePartner, "")
	if image == nil {
		return link
	}
	shown := tracking.Image{URL: image.URL, Width: image.Width, Height: image.Height, Alt: image.Alt}
	if t.Kind == tracking.Lightbox {
		return tracking.LightboxCode(link, shown, locale.T("Close").String())
	}
	return tracking.BannerCode(link, shown)
}

// SaveTool changes a promo tool.
func (p *Pages) SaveTool(r *web.Request) error {
	top, tool, err := p.tool(r)
	if err != nil {
		return err
	}
	form := r.Form()
	page := postedTool(form)
	page.Tool.ID, page.Tool.ProgramID, page.Tool.Kind, page.Tool.Code = tool.ID, tool.ProgramID, tool.Kind, tool.Code
	if form.Bool("find") { // an image: nothing is saved yet
		if page, err = p.withToolChoices(r, page); err != nil {
			return err
		}
		return p.showTool(r, top, tool, page)
	}
	var warning locale.Text
	saved, err := page.Tool, form.Err()
	if err == nil {
		err = p.chooseGroup(r, &page)
	}
	if err == nil {
		saved, warning, err = p.Tracker.EditTool(r.Ctx(), r.Who.Actor(), page.Tool)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		if tool, err = p.Tracker.Tool(r.Ctx(), tool.ID); err != nil {
			return err
		}
		page.Seen = seenAt(tool)
		if page, err = p.withToolChoices(r, page); err != nil {
			return err
		}
		return p.showTool(r, top, tool, page)
	}
	return r.Done(web.Flash{Text: locale.Join(locale.T("Promo tool saved."), warning, p.lacksScript(r, saved))},
		toolPath(tool))
}

// TrackLink makes a raw link to an own page in e-mail copy the partner's own (S52).
func (p *Pages) TrackLink(r *web.Request) error {
	_, tool, err := p.tool(r)
	if err != nil {
		return err
	}
	_, by, err := p.Tracker.TrackLink(r.Ctx(), r.Who.Actor(), tool.ID, r.PostForm("link"), ownHost(r))
	if err != nil {
		return err
	}
	text := locale.T("The copy no longer has that link. Nothing was changed.")
	switch by.ID {
	case 0:
	case tool.ID:
		text = locale.T("Each partner's copy has their own link there now.")
	default:
		text = locale.T("Each partner's copy has their own link there now, by the promo tool “%s”.", by.Name)
	}
	return r.Done(web.Flash{Text: text}, toolPath(tool))
}

// ArchiveTool takes a tool out of the partners' list; its links keep working (S147).
func (p *Pages) ArchiveTool(r *web.Request) error {
	top, tool, err := p.tool(r)
	if err != nil {
		return err
	}
	if err := p.Tracker.ArchiveTool(r.Ctx(), r.Who.Actor(), tool.ID); err != nil {
		return err
	}
	flash := web.Flash{Text: locale.T("“%s” is archived. Links already published keep working.", tool.Name),
		Undo: toolPath(tool) + "/unarchive"}
	return r.Done(flash, parts.ProgramPath(top.Program.ID, "tools"))
}

// UnarchiveTool takes an archived tool back into the list.
func (p *Pages) UnarchiveTool(r *web.Request) error {
	_, tool, err := p.tool(r)
	if err != nil {
		return err
	}
	if err := p.Tracker.UnarchiveTool(r.Ctx(), r.Who.Actor(), tool.ID); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("“%s” is back in the list.", tool.Name)}, toolPath(tool))
}
