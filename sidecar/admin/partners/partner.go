package partners

import (
	"cmp"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

type partnerPage struct {
	top
	Hints        []parts.Hint
	Method       affiliate.PaymentPolicy
	Memberships  []membership
	Account      account
	Held         map[money.Currency]money.Amount // of what is pending, what can't be approved yet
	Figures      []figure
	Months       web.ReportPage
	Payments     web.ReportPage
	Recruits     []recruit
	RecruitCount int64
	Story        []happening
	Tools        []partnerTool
	Clicks       []tracking.RecentClick
	ToolNames    map[affiliate.ToolID]string // of Clicks
	Pending      web.ReportPage              // the latest commissions that wait for approval
	History      web.ReportPage              // the latest of what was approved, paid and taken back
	Chart        *web.Chart                  // of the months, by what Charts says is shown; nil: nothing happened yet
	Charts       []web.Tab
	Leads        []lead
	Notes        []affiliate.Note
	Note, FormID string          // of a new note: as typed, and the form's name
	Answers      []signup.Answer // to the questions of the sign-up form
	Terms        signup.Standing
	Reason       string       // of turning the applicant down, as typed
	Limit, Why   string       // the partner's own limit of addresses and its reason, as typed
	SubIDs       []web.Option // whether they have any: choices
	SubIDsOwn    string       // the choice, as typed
	SubIDsWhy    string       // its reason, as typed
	HasSubIDs    bool
	Own          []web.OwnShown // the site's own fields that hold something (S32)
	NextPay      affiliate.Day  // when they are paid next, as the settings say; zero: no day is set
}

// membership is a partner's stay in a program. Whose name is not known is nobody.
type membership struct {
	affiliate.Membership
	Program   string
	Recruiter affiliate.Contact
}

// account is how far WordPress is with the partner's account (S107).
type account struct {
	UserID affiliate.UserID // 0: not made yet
	Job    messages.Job     // what WordPress was asked for; ID 0: nothing
	Failed bool             // given up: somebody has to look
	Gone   bool             // it was deleted in WordPress
}

// partnerTool is a promo tool with the partner's own link.
type partnerTool struct {
	tracking.Tool
	ElementID string // of the element that holds the link, for copying
	Link      string
	Test      string // the link of a fresh visitor (S63)
}

// InProgram tells whether a membership is running, so that they can be moved.
func (p partnerPage) InProgram() bool {
	return p.Partner.State != affiliate.Applied && slices.ContainsFunc(p.Memberships,
		func(m membership) bool { return m.EndedAt == nil })
}

// Partner shows all that is known of one partner.
func (p *Pages) Partner(r *web.Request) error {
	return p.showPartner(r, "", nil)
}

func (p *Pages) showPartner(r *web.Request, reason string, problems affiliate.Problems) error {
	page, err := p.loadPartner(r)
	if err != nil {
		return err
	}
	form := r.Form()
	page.Reason, page.Problems, page.Note, page.FormID = reason, problems, form.Raw("note"), rand.Text()
	page.Limit, page.Why = strconv.Itoa(page.Partner.AddressLimit), form.Raw("limit_reason")
	if form.Sent("address_limit") {
		page.Limit = form.Raw("address_limit")
	}
	if len(problems) > 0 {
		return r.Invalid(pages, "partner.html", locale.Data(page.Contact.Name()), page)
	}
	return r.Page(pages, "partner.html", locale.Data(page.Contact.Name()), page)
}

func (p *Pages) loadPartner(r *web.Request) (page partnerPage, err error) {
	if page.top, err = p.loadTop(r); err != nil {
		return page, err
	}
	for _, part := range []func(*web.Request, *partnerPage) error{
		p.fillMethod, p.fillMemberships, p.fillAccount, p.fillTools, p.fillClicks,
		p.fillCommissions, p.fillFigures, p.fillMonths, p.fillChart, p.fillLeads, p.fillNotes, p.fillPayments,
		p.fillRecruits, p.fillStory, p.fillHints, p.fillOwn, p.fillSignup, p.fillSubIDs,
	} {
		if err := part(r, &page); err != nil {
			return page, err
		}
	}
	return page, nil
}

// fillOwn reads what the site's own fields say about them.
func (p *Pages) fillOwn(r *web.Request, page *partnerPage) error {
	fields, err := p.Registry.ContactFields(r.Ctx())
	if err != nil || len(fields) == 0 {
		return err
	}
	values, err := p.Registry.FieldValues(r.Ctx(), page.Contact.ID)
	page.Own = r.OwnShown(fields, values)
	return err
}

func (p *Pages) fillMethod(r *web.Request, page *partnerPage) error {
	settings, err := p.Registry.Settings(r.Ctx())
	page.Method, page.NextPay = settings.MethodOf(page.Partner), settings.NextPayment(p.Reports.Today())
	return err
}

func (p *Pages) fillMemberships(r *web.Request, page *partnerPage) error {
	stays, err := p.Registry.Memberships(r.Ctx(), page.Partner.ID)
	if err != nil {
		return err
	}
	recruiters := []affiliate.PartnerID{}
	for _, stay := range stays {
		if stay.RecruiterID != 0 {
			recruiters = append(recruiters, stay.RecruiterID)
		}
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, recruiters...)
	if err != nil {
		return err
	}
	programs, err := parts.ProgramNames(r.Ctx(), p.Registry)
	for _, stay := range stays {
		page.Memberships = append(page.Memberships, membership{stay, programs[stay.ProgramID],
			people[stay.RecruiterID]})
	}
	return err
}

// fillSignup is what the partner said when they signed up, and how they stand to the
// terms.
func (p *Pages) fillSignup(r *web.Request, page *partnerPage) (err error) {
	if page.Answers, err = p.Signups.Answers(r.Ctx(), page.Partner.ID); err != nil {
		return err
	}
	page.Terms, err = p.Signups.Standing(r.Ctx(), page.Partner.ID)
	return err
}

func (p *Pages) fillAccount(r *web.Request, page *partnerPage) (err error) {
	page.Account.UserID = page.Partner.WPUserID
	if page.Account.Gone, err = accountGone(r, page.Partner); err != nil {
		return err
	}
	page.Account.Job, err = p.Signups.AccountJob(r.Ctx(), page.Partner.ID)
	page.Account.Failed = page.Account.Job.State == messages.Dead
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return nil
	}
	return err
}

// fillTools lists the links that the partner has in their program. E-mail copy is
// no link.
func (p *Pages) fillTools(r *web.Request, page *partnerPage) error {
	program, is, err := p.Registry.ProgramOf(r.Ctx(), page.Partner.ID)
	if err != nil || !is {
		return err
	}
	tools, err := p.Tracker.Tools(r.Ctx(), tracking.ToolFilter{ProgramID: program.ID})
	write := r.Site.Links()
	for _, tool := range tools {
		if tool.Kind == tracking.EmailCopy {
			continue
		}
		test, err := p.Tracker.TestLink(r.Ctx(), write, tool, page.Partner.Code)
		if err != nil {
			return err
		}
		page.Tools = append(page.Tools, partnerTool{tool, "link-" + tool.Code, write.For(tool, page.Partner.Code, ""),
			test})
	}
	return err
}

func (p *Pages) fillClicks(r *web.Request, page *partnerPage) (err error) {
	if page.Clicks, err = p.Tracker.RecentClicks(r.Ctx(), page.Partner.ID, parts.Latest); err != nil {
		return err
	}
	tools := []affiliate.ToolID{}
	for i, click := range page.Clicks {
		tools = append(tools, click.ToolID)
		page.Clicks[i].SubID = tracking.SubIDText(click.SubID)
	}
	page.ToolNames, err = p.Tracker.ToolNames(r.Ctx(), tools...)
	return err
}

func (p *Pages) fillCommissions(r *web.Request, page *partnerPage) (err error) {
	if page.Pending, err = p.latestOf(r, "pending", page.Partner.ID, whyCommission, "day", "amount", "product",
		"customer", "program"); err != nil {
		return err
	}
	page.History, err = p.latestOf(r, "history", page.Partner.ID, whyCommission, "day", "action", "amount", "product",
		"reason", "actor")
	return err
}

// whyCommission explains rows that are commissions; see web.ReportSpec.
const whyCommission = parts.Commissions + "/%d"

// latestOf are the latest rows of a report about the partner; explain is the page
// that explains one, "" for rows that are no commissions.
func (p *Pages) latestOf(r *web.Request, name string, partner affiliate.PartnerID, explain string,
	columns ...string) (web.ReportPage, error) {
	report, err := reports.Find(reports.ForAdmin, name)
	if err != nil {
		return web.ReportPage{}, err
	}
	spec := web.ReportSpec{Report: report, Links: parts.Links, Explain: explain}
	return r.ReportExcerpt(p.Reports, spec, reports.Query{Partner: partner, Limit: parts.Latest}, columns...)
}

// SeeAs shows the center as the partner sees it, to be looked at only.
func (p *Pages) SeeAs(r *web.Request) error {
	t, err := p.loadTop(r)
	if err != nil {
		return err
	}
	if !t.MayBeSeen() {
		return affiliate.Conflict("This partner can't open the partner center now, so there is nothing to see.")
	}
	return r.SeeAs(t.Partner.ID)
}

// ApprovePartner accepts an application.
func (p *Pages) ApprovePartner(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.Partner](r.Param("partner"))
	if err != nil {
		return err
	}
	form := r.Form()
	result, err := p.Signups.Approve(r.Ctx(), r.Who.Actor(), id)
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showPartner(r, "", form.Problems)
	}
	return r.Done(web.Flash{Text: locale.T(
		"Accepted into the program %s. We create the account, then send the welcome email.", result.Program.Name)},
		parts.PartnerPath(id))
}

// RejectPartner turns an applicant down.
func (p *Pages) RejectPartner(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.Partner](r.Param("partner"))
	if err != nil {
		return err
	}
	form := r.Form()
	reason := form.Text("reason", 255)
	if err = form.Err(); err == nil {
		_, err = p.Signups.Reject(r.Ctx(), r.Who.Actor(), id, reason)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showPartner(r, form.Raw("reason"), form.Problems)
	}
	return r.Done(web.Flash{Text: locale.T(
		"The application is rejected. The applicant wasn't told; write to them if you want to.")},
		parts.PartnerPath(id))
}

// LimitAddresses grants a partner a limit of their own on how many addresses one
// click may name (D41); blank or 0 takes it back.
func (p *Pages) LimitAddresses(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.Partner](r.Param("partner"))
	if err != nil {
		return err
	}
	form := r.Form()
	limit, err := strconv.Atoi(cmp.Or(form.Text("address_limit", 7), "0"))
	form.Problems.Check(err == nil, "address_limit",
		"Please enter a number of addresses, or 0 for the limit of the settings.")
	if err = form.Err(); err == nil {
		_, err = p.Registry.SetAddressLimit(r.Ctx(), r.Who.Actor(), id, limit, form.Raw("limit_reason"))
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		if why, wrong := form.Problems["reason"]; wrong { // the page has another field of that name
			form.Problems["limit_reason"] = why
			delete(form.Problems, "reason")
		}
		return p.showPartner(r, "", form.Problems)
	}
	text := locale.T("The limit is saved. It applies to forms from now on.")
	return r.Done(web.Flash{Text: text}, parts.PartnerPath(id))
}

func (p *Pages) fillSubIDs(r *web.Request, page *partnerPage) (err error) {
	form := r.Form()
	page.SubIDsOwn, page.SubIDsWhy = string(page.Partner.SubIDs), form.Raw("subids_reason")
	if form.Sent("subids") {
		page.SubIDsOwn = form.Raw("subids")
	}
	page.SubIDs = []web.Option{
		{Value: string(affiliate.SubIDsAsProgram), Label: locale.T("As the program says")},
		{Value: string(affiliate.SubIDsOn), Label: locale.T("On")},
		{Value: string(affiliate.SubIDsOff), Label: locale.T("Off")},
	}
	page.HasSubIDs, err = p.Registry.HasSubIDs(r.Ctx(), page.Partner.ID)
	return err
}

// SetSubIDs grants a partner SubIDs, or takes them away, whatever the program says
// (S123).
func (p *Pages) SetSubIDs(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.Partner](r.Param("partner"))
	if err != nil {
		return err
	}
	form := r.Form()
	access := affiliate.SubIDAccess(form.Raw("subids"))
	if err = form.Err(); err == nil {
		_, err = p.Registry.SetSubIDs(r.Ctx(), r.Who.Actor(), id, access, form.Raw("subids_reason"))
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		if why, wrong := form.Problems["reason"]; wrong { // the page has another field of that name
			form.Problems["subids_reason"] = why
			delete(form.Problems, "reason")
		}
		return p.showPartner(r, "", form.Problems)
	}
	return r.Done(web.Flash{Text: locale.T("The choice is saved. It applies to clicks from now on.")},
		parts.PartnerPath(id))
}

// accountGone tells whether the partner's WordPress account was deleted there.
func accountGone(r *web.Request, p affiliate.Partner) (bool, error) {
	if p.WPUserID == 0 {
		return false, nil
	}
	_, err := r.Site.User(r.Ctx(), int64(p.WPUserID))
	if errors.Is(err, wpbridge.ErrNoUser) {
		return true, nil
	}
	return false, err
}

// RemakeAccount asks WordPress for another account of a partner whose account
// was deleted there.
func (p *Pages) RemakeAccount(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.Partner](r.Param("partner"))
	if err != nil {
		return err
	}
	partner, err := p.Registry.Partner(r.Ctx(), id)
	if err != nil {
		return err
	}
	gone, err := accountGone(r, partner)
	if err != nil {
		return err
	}
	if !gone {
		return affiliate.Conflict("This partner's WordPress account is there. Nothing was changed.")
	}
	if err := p.Signups.RemakeAccount(r.Ctx(), r.Who.Actor(), id, partner.WPUserID); err != nil {
		return err
	}
	text := locale.T("We asked WordPress for a new account. The partner gets an email to set a password.")
	return r.Done(web.Flash{Text: text}, parts.PartnerPath(id))
}

// RetryAccount asks WordPress once more for an account that it could not make.
func (p *Pages) RetryAccount(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.Partner](r.Param("partner"))
	if err != nil {
		return err
	}
	job, err := p.Signups.AccountJob(r.Ctx(), id)
	if err != nil {
		return err
	}
	if job.State == messages.Dead { // else it is on its way already
		if err := p.Jobs.Again(r.Ctx(), r.Who.Actor(), job.ID); err != nil {
			return err
		}
	}
	return r.Done(web.Flash{Text: locale.T("WordPress is asked once more for the account.")}, parts.PartnerPath(id))
}
