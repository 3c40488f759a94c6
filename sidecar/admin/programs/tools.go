package programs

import (
	"errors"
	"strconv"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

var toolKinds = []tracking.ToolKind{tracking.StandardLink, tracking.DirectLink, tracking.Banner, tracking.Lightbox,
	tracking.EmailCopy}

type toolsPage struct {
	programTop
	Uncounted []tracking.Uncounted // in the last 30 days, on the shown tools
	Tools     []tracking.Tool
	Kinds     []tracking.ToolKind
	Groups    map[tracking.GroupID]string
	Options   []web.Option // of the group filter
	Archived  bool
}

// Tools lists a program's promo tools (S43, S46).
func (p *Pages) Tools(r *web.Request) error {
	top, err := p.program(r, "tools")
	if err != nil {
		return err
	}
	groups, err := p.Tracker.Groups(r.Ctx())
	if err != nil {
		return err
	}
	group, _ := strconv.ParseInt(r.Query("group"), 10, 64) // nonsense is no filter
	page := toolsPage{programTop: top, Kinds: toolKinds, Groups: map[tracking.GroupID]string{},
		Archived: r.Query("archived") != ""}
	page.Options = []web.Option{{Value: "", Label: locale.T("All product groups")}}
	for _, g := range groups {
		page.Groups[g.ID] = g.Name
		page.Options = append(page.Options, web.Option{Value: g.ID.String(), Label: locale.Data(g.Name),
			Chosen: int64(g.ID) == group})
	}
	page.Tools, err = p.Tracker.Tools(r.Ctx(), tracking.ToolFilter{ProgramID: top.Program.ID,
		GroupID: tracking.GroupID(group), Archived: page.Archived})
	if err != nil {
		return err
	}
	ids := []affiliate.ToolID{}
	for _, tool := range page.Tools {
		ids = append(ids, tool.ID)
	}
	since := affiliate.DayOf(r.Site.Now(), r.Site.Zone()).AddDays(-29)
	if page.Uncounted, err = p.Tracker.Uncounted(r.Ctx(), since, ids...); err != nil {
		return err
	}
	return r.Page(pages, "tools.html", locale.Data(top.Program.Name), page)
}

// toolForm is a promo tool's form with its fields as typed.
type toolForm struct {
	Tool     tracking.Tool
	Group    string // chosen
	NewGroup string
	Groups   []web.Option
	Images   []wpbridge.Image
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
	Image *wpbridge.Image // of an existing banner or lightbox
	Code  string          // of an existing tool: what a partner pastes, with PARTNER for their code
}

var newToolTitle = locale.T("New promo tool")

// NewTool shows the form of a new tool of the kind that the query names (S42).
func (p *Pages) NewTool(r *web.Request) error {
	top, err := p.program(r, "tools")
	if err != nil {
		return err
	}
	kind := tracking.ToolKind(r.DefaultQuery("kind", string(tracking.StandardLink)))
	form, err := p.withToolChoices(r, toolForm{Tool: tracking.Tool{Kind: kind, ProgramID: top.Program.ID}})
	if err != nil {
		return err
	}
	return r.Page(pages, "tool_new.html", newToolTitle, toolPage{programTop: top, toolForm: form})
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
		media, err := p.Media(r.Ctx())
		if err != nil {
			return f, err
		}
		f.Images, err = media.Newest(r.Ctx(), 60, "")
		return f, err
	}
	return f, nil
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
	return r.Done(web.Flash{Text: locale.T("“%s” is ready. Partners of this program can see it now.", made.Name)},
		toolPath(made))
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
	page := toolForm{Group: f.Raw("group_id"), NewGroup: f.Text("new_group", 100)}
	page.Tool = tracking.Tool{
		Name: f.Text("name", 190), TargetURL: f.Text("target_url", 2000), GroupID: web.FormID[tracking.GroupID](f,
			"group_id"),
		Campaign: f.Text("campaign", 100), Ad: f.Text("ad", 100), ImageID: web.FormID[int64](f, "image_id"),
		Subject: f.Text("subject", 255), BodyHTML: f.LongText("body_html", 1_000_000), BodyText: f.LongText("body_text",
			1_000_000),
	}
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
	form, err := p.withToolChoices(r, toolForm{Tool: tool, Group: idText(tool.GroupID)})
	if err != nil {
		return err
	}
	return p.showTool(r, top, form, false)
}

func idText(id tracking.GroupID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

// samplePartner stands for a partner's code in the codes an admin is shown.
const samplePartner = "PARTNER"

func (p *Pages) showTool(r *web.Request, top programTop, form toolForm, invalid bool) error {
	page := toolPage{programTop: top, toolForm: form}
	if form.HasImage() && form.Tool.ImageID != 0 {
		media, err := p.Media(r.Ctx())
		if err != nil {
			return err
		}
		image, err := media.ByID(r.Ctx(), form.Tool.ImageID)
		if err != nil && !errors.Is(err, wpbridge.ErrNoImage) {
			return err
		}
		if err == nil {
			page.Image = &image
		}
	}
	page.Code = sampleCode(r.Site.Links(), form.Tool, page.Image)
	if invalid {
		return r.Invalid(pages, "tool.html", locale.Data(form.Tool.Name), page)
	}
	return r.Page(pages, "tool.html", locale.Data(form.Tool.Name), page)
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
	var warning locale.Text
	err = form.Err()
	if err == nil {
		err = p.chooseGroup(r, &page)
	}
	if err == nil {
		_, warning, err = p.Tracker.EditTool(r.Ctx(), r.Who.Actor(), page.Tool)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		if page, err = p.withToolChoices(r, page); err != nil {
			return err
		}
		return p.showTool(r, top, page, true)
	}
	return r.Done(web.Flash{Text: locale.Join(locale.T("Promo tool saved."), warning)},
		toolPath(tool))
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
