package programs

import (
	"errors"
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

type couponsPage struct {
	programTop
	web.ReportPage
	Form    couponForm
	Assign  assignForm
	Coupons map[coupon.ID]coupon.Listed // those shown
	None    bool                        // there are no coupons at all
}

// Coupon is a shown one.
func (c couponsPage) Coupon(id int64) coupon.Listed { return c.Coupons[coupon.ID(id)] }

// couponForm is the template's form as typed (B17).
type couponForm struct {
	Revision                        string
	Active, Once, Alone, Choose     bool
	Shop, Kind, Pattern             string
	Amount, Minimum, Currency, Ends string
	Shops                           []coupon.Shop
	Kinds                           []coupon.Kind
	Problems                        affiliate.Problems
}

// assignForm gives an existing coupon of a shop to a partner.
type assignForm struct {
	Partner, Shop, Code string
	Shops               []coupon.Shop
	Problems            affiliate.Problems
}

var shops = []coupon.Shop{coupon.WooCommerce, coupon.EDD}

func newCouponForm(t coupon.Template) couponForm {
	f := couponForm{Revision: strconv.Itoa(t.Revision), Active: t.Active, Once: t.Once, Alone: t.Alone,
		Choose: t.PartnersChoose, Shop: string(t.Shop), Kind: string(t.Kind), Pattern: t.Pattern,
		Amount: t.Amount.String(), Currency: string(t.Currency)}
	if !t.Minimum.IsZero() {
		f.Minimum = t.Minimum.String()
	}
	if !t.ExpiresOn.IsZero() {
		f.Ends = t.ExpiresOn.String()
	}
	return f.withChoices()
}

func (f couponForm) withChoices() couponForm {
	f.Shops, f.Kinds = shops, []coupon.Kind{coupon.Percent, coupon.Fixed}
	return f
}

// Coupons shows what a program's coupons give, and the codes of its partners.
func (p *Pages) Coupons(r *web.Request) error { return p.showCoupons(r, couponForm{}, assignForm{}) }

// showCoupons shows the page; a form with problems stands as it was typed.
func (p *Pages) showCoupons(r *web.Request, form couponForm, assign assignForm) error {
	top, err := p.program(r, "coupons")
	if err != nil {
		return err
	}
	page := couponsPage{programTop: top, Form: form, Assign: assign}
	if err := p.listCoupons(r, &page); err != nil {
		return err
	}
	if page.Form.Problems == nil {
		t, err := p.couponTemplate(r, top.Program.ID)
		if err != nil {
			return err
		}
		page.Form = newCouponForm(t)
	}
	if page.Assign.Shop == "" {
		page.Assign.Shop = page.Form.Shop
	}
	page.Assign.Shops = append(shops[:2:2], coupon.AnyShop)
	if form.Problems != nil || assign.Problems != nil {
		return r.Invalid(pages, "coupons.html", locale.Data(top.Program.Name), page)
	}
	return page.Answer(r, pages, "coupons.html", locale.Data(top.Program.Name), page)
}

// listCoupons reads the list of codes.
func (p *Pages) listCoupons(r *web.Request, page *couponsPage) error {
	report, err := reports.Find(reports.ForAdmin, "coupons")
	if err != nil {
		return err
	}
	page.ReportPage, err = r.ReportPage(p.Reports, web.ReportSpec{Report: report, Path: page.Tab,
		Files: parts.Reports + "/coupons", Program: page.Program.ID, Links: parts.Links, Primary: "code",
		Filters: []reports.Filter{reports.FilterStatus, reports.FilterSearch}})
	if err != nil || page.Shown == nil {
		return err
	}
	page.None = !page.Filtered && page.First && len(page.Shown.Rows) == 0
	ids := []coupon.ID{}
	for _, row := range page.Shown.Rows {
		ids = append(ids, coupon.ID(row.Ref.ID))
	}
	page.Coupons, err = p.Codes.Listed(r.Ctx(), ids...)
	return err
}

// couponTemplate is the program's, or what a first one begins with.
func (p *Pages) couponTemplate(r *web.Request, program affiliate.ProgramID) (coupon.Template, error) {
	t, found, err := p.Codes.Template(r.Ctx(), program)
	if err != nil || found {
		return t, err
	}
	settings, err := p.Registry.Settings(r.Ctx())
	t = coupon.DefaultTemplate(program, settings.Currency)
	if shop := r.Site.Handover().Currency; shop != "" {
		t.Currency = money.Currency(shop)
	}
	return t, err
}

// SaveCoupons changes what the program's coupons give; the shop follows.
func (p *Pages) SaveCoupons(r *web.Request) error {
	top, err := p.program(r, "coupons")
	if err != nil {
		return err
	}
	before, err := p.couponTemplate(r, top.Program.ID)
	if err != nil {
		return err
	}
	form := r.Form()
	page, t := postedCoupons(form, before)
	err = form.Err()
	if err == nil {
		_, err = p.Codes.SaveTemplate(r.Ctx(), r.Who.Actor(), t)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return p.showCoupons(r, page, assignForm{})
	}
	return r.Done(web.Flash{Text: locale.T("The coupons are saved. The codes in the shop follow within a minute.")},
		parts.ProgramPath(top.Program.ID, "coupons"))
}

// postedCoupons reads the form: as typed, and as what it makes of the template.
func postedCoupons(f *web.Form, t coupon.Template) (couponForm, coupon.Template) {
	page := couponForm{Revision: f.Raw("revision"), Active: f.Ticked("active", t.Active),
		Once:  f.Ticked("once", t.Once),
		Alone: f.Ticked("alone", t.Alone), Choose: f.Ticked("partners_choose", t.PartnersChoose), Shop: f.Raw("shop"),
		Kind: f.Raw("kind"), Pattern: f.Text("pattern", 64), Amount: f.Raw("amount"), Minimum: f.Raw("minimum"),
		Currency: string(t.Currency), Ends: strings.TrimSpace(f.Raw("expires_on"))}
	t.Revision, _ = strconv.Atoi(page.Revision) // nonsense is a revision nobody saw: a conflict
	t.Active, t.Once, t.Alone, t.PartnersChoose = page.Active, page.Once, page.Alone, page.Choose
	t.Shop, t.Kind, t.Pattern = coupon.Shop(page.Shop), coupon.Kind(page.Kind), page.Pattern
	t.Amount, t.Minimum, t.ExpiresOn = f.Amount("amount"), f.Amount("minimum"), affiliate.Day{}
	if page.Ends != "" {
		day, err := affiliate.ParseDay(page.Ends)
		f.Problems.Check(err == nil, "expires_on", "Please write a date like 2026-12-31.")
		t.ExpiresOn = day
	}
	return page.withChoices(), t
}

// AssignCoupon gives an existing coupon of a shop to a partner.
func (p *Pages) AssignCoupon(r *web.Request) error {
	top, err := p.program(r, "coupons")
	if err != nil {
		return err
	}
	form := r.Form()
	page := assignForm{Partner: form.Text("partner", 190), Shop: form.Raw("shop"), Code: form.Text("code", 190)}
	partner, err := p.partnerNamed(r, page.Partner)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		form.Problems.Add("partner", "No partner has this code or email address.")
	} else if err != nil {
		return err
	}
	p.checkInShop(r, form, page)
	if err = form.Err(); err == nil {
		_, err = p.Codes.Assign(r.Ctx(), r.Who.Actor(), partner.ID, coupon.Shop(page.Shop), page.Code)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return p.showCoupons(r, couponForm{}, page)
	}
	return r.Done(web.Flash{Text: locale.T("From now on, orders with the coupon %s credit this partner.",
		coupon.Fold(page.Code))}, parts.ProgramPath(top.Program.ID, "coupons"))
}

// partnerNamed is the partner of a code in links, or of an address.
func (p *Pages) partnerNamed(r *web.Request, name string) (affiliate.Partner, error) {
	if !strings.Contains(name, "@") {
		return p.Registry.PartnerByCode(r.Ctx(), name)
	}
	return p.Registry.PartnerByEmail(r.Ctx(), name)
}

// checkInShop asks the shop whether it has the coupon: a code mistyped would credit
// nobody, and nobody would notice.
func (p *Pages) checkInShop(r *web.Request, form *web.Form, page assignForm) {
	if page.Shop == string(coupon.AnyShop) || page.Code == "" {
		return
	}
	found, err := p.InShop(r.Ctx(), coupon.Shop(page.Shop), page.Code)
	var refused *wpbridge.RefusedError
	switch {
	case errors.As(err, &refused) && refused.Code == "partner_center_no_shop":
		form.Problems.Add("shop", "This shop is not active on your site.")
	case err != nil:
		form.Problems.Add("code",
			"The shop does not answer, so we could not look for this coupon. Try again in a minute.")
	default:
		form.Problems.Check(found, "code", "The shop has no published coupon with this code.")
	}
}

// couponOf is the coupon that the path names.
func couponOf(r *web.Request) (coupon.ID, error) {
	return affiliate.ParseID[coupon.Coupon](r.Param("coupon"))
}

// ReleaseCoupon takes an assigned coupon from its partner.
func (p *Pages) ReleaseCoupon(r *web.Request) error {
	top, err := p.program(r, "coupons")
	if err != nil {
		return err
	}
	id, err := couponOf(r)
	if err != nil {
		return err
	}
	c, err := p.Codes.Release(r.Ctx(), r.Who.Actor(), id)
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("The coupon %s no longer credits the partner. The shop keeps it.", c.Code)},
		parts.ProgramPath(top.Program.ID, "coupons"))
}

// RetryCoupon has the shop asked for a coupon at once.
func (p *Pages) RetryCoupon(r *web.Request) error {
	top, err := p.program(r, "coupons")
	if err != nil {
		return err
	}
	id, err := couponOf(r)
	if err == nil {
		err = p.Codes.TryAgain(r.Ctx(), r.Who.Actor(), id)
	}
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("We are asking the shop again.")},
		parts.ProgramPath(top.Program.ID, "coupons"))
}

// ChangeCode chooses another code for a partner.
func (p *Pages) ChangeCode(r *web.Request) error {
	top, err := p.program(r, "coupons")
	if err != nil {
		return err
	}
	form := r.Form()
	partner := web.FormID[affiliate.PartnerID](form, "partner")
	if err := form.Err(); err != nil {
		return err
	}
	c, err := p.Codes.Choose(r.Ctx(), r.Who.Actor(), partner, form.Raw("code"), false)
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("The partner's code is %s from now on. The old one stops working.", c.Code)},
		parts.ProgramPath(top.Program.ID, "coupons"))
}
