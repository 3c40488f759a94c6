package contacts

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// datum is one thing that is known of a person, and group of what sort it is, in the
// form WordPress' exporters take.
type datum struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dataItem struct {
	GroupID string  `json:"group_id"`
	Group   string  `json:"group_label"`
	ItemID  string  `json:"item_id"`
	Data    []datum `json:"data"`
}

// personData is all that is known of a person.
type personData struct {
	Data []dataItem `json:"data"`
}

// mostData is how many forms, orders, notes and payments of a person are told.
const mostData = 2000

// Data is a file with all that is known of a person, for the person (D37).
func (p *Pages) Data(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.Contact](r.Param("contact"))
	if err != nil {
		return err
	}
	c, err := p.Registry.Contact(r.Ctx(), id)
	if err != nil {
		return err
	}
	data, err := p.personData(r, c)
	if err != nil {
		return err
	}
	r.Header("Content-Disposition", `attachment; filename="personal-data-`+id.String()+`.json"`)
	r.Header("Cache-Control", "no-store")
	r.JSON(http.StatusOK, data)
	return nil
}

// ExportPerson tells WordPress' own tool what is known of the person of an address.
func (p *Pages) ExportPerson(r *web.Request) error {
	c, err := p.Registry.ContactByEmail(r.Ctx(), r.Query("email"))
	if kind := affiliate.KindOf(err); kind == affiliate.KindNotFound || kind == affiliate.KindInvalid {
		r.JSON(http.StatusOK, personData{Data: []dataItem{}})
		return nil
	}
	if err != nil {
		return err
	}
	data, err := p.personData(r, c)
	if err != nil {
		return err
	}
	r.JSON(http.StatusOK, data)
	return nil
}

// personData gathers what is known, and writes down that it was handed out.
func (p *Pages) personData(r *web.Request, c affiliate.Contact) (personData, error) {
	d := gathered{Request: r, data: personData{Data: []dataItem{}}}
	for _, part := range []func(*gathered, affiliate.Contact) error{p.dataOfContact, p.dataOfForms, p.dataOfOrders,
		p.dataOfPartner} {
		if err := part(&d, c); err != nil {
			return d.data, err
		}
	}
	return d.data, p.Registry.Record(r.Ctx(), affiliate.AuditEntry{Actor: r.Who.Actor(), Action: "export data",
		Object: "contact", ObjectID: int64(c.ID)})
}

// gathered is what was found of a person so far.
type gathered struct {
	*web.Request
	data personData
}

// add adds an item of pairs of a name and what is known; blanks are left out.
func (g *gathered) add(id string, group locale.Text, item string, pairs ...any) {
	found := []datum{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if value := strings.TrimSpace(g.Say(pairs[i+1])); value != "" {
			found = append(found, datum{g.Say(pairs[i]), value})
		}
	}
	g.data.Data = append(g.data.Data, dataItem{"partner-center-" + id, g.Say(group), id + "-" + item, found})
}

func (p *Pages) dataOfContact(g *gathered, c affiliate.Contact) error {
	fields, values, err := p.ownOf(g.Request, c.ID)
	if err != nil {
		return err
	}
	pairs := []any{locale.T("Email"), locale.Data(c.Email), locale.T("First name"), locale.Data(c.FirstName),
		locale.T("Last name"), locale.Data(c.LastName), locale.T("Company"), locale.Data(c.Company),
		locale.T("Came in by"), web.Label(c.Origin), locale.T("Since"), g.moment(c.CreatedAt)}
	for _, own := range g.OwnShown(fields, values) {
		pairs = append(pairs, locale.Data(own.Name), locale.Data(own.Value))
	}
	g.add("contact", locale.T("Partner Center: contact"), c.ID.String(), pairs...)
	return nil
}

func (p *Pages) dataOfForms(g *gathered, c affiliate.Contact) error {
	forms, err := p.Tracker.Touchpoints(g.Ctx(), c.ID, affiliate.Page{Limit: mostData})
	for i, form := range forms {
		g.add("form", locale.T("Partner Center: forms"), strconv.Itoa(i+1), locale.T("Form"), web.Label(form.Kind),
			locale.T("Time"), g.moment(form.At), locale.T("Page"), locale.Data(form.Page))
	}
	return err
}

func (p *Pages) dataOfOrders(g *gathered, c affiliate.Contact) error {
	orders, err := p.Sales.OrdersOf(g.Ctx(), c.ID, affiliate.Page{Limit: mostData})
	view := web.View{Request: g.Request}
	for _, o := range orders {
		g.add("order", locale.T("Partner Center: orders"), o.Order.ID.String(), locale.T("Order"),
			locale.Data(o.Order.Number), locale.T("Time"), g.moment(o.Order.PlacedAt), locale.T("Total"),
			locale.Data(view.Money(o.Order.Total, o.Order.Currency)))
	}
	return err
}

func (p *Pages) dataOfPartner(g *gathered, c affiliate.Contact) error {
	partner, err := p.Registry.PartnerByContact(g.Ctx(), c.ID)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	g.add("partner", locale.T("Partner Center: partner"), partner.ID.String(), locale.T("State"),
		web.Label(partner.State), locale.T("Code in links"), locale.Data(partner.Code), locale.T("Paid by"),
		web.Label(partner.PaymentMethod), locale.T("PayPal email"), locale.Data(partner.PayPalEmail),
		locale.T("Make checks payable to"), locale.Data(partner.Payee), locale.T("Mailing address for checks"),
		locale.Data(partner.Address), locale.T("Since"), g.moment(partner.CreatedAt))
	notes, err := p.Registry.Notes(g.Ctx(), partner.ID, mostData)
	if err != nil {
		return err
	}
	for _, note := range notes {
		g.add("note", locale.T("Partner Center: notes"), note.ID.String(), locale.T("Time"), g.moment(note.WrittenAt),
			locale.T("Note"), locale.Data(note.Text))
	}
	if err := p.dataOfSignup(g, partner.ID); err != nil {
		return err
	}
	payments, err := p.Payouts.PaymentsTo(g.Ctx(), partner.ID, mostData)
	view := web.View{Request: g.Request}
	for _, paid := range payments {
		g.add("payment", locale.T("Partner Center: payments"), paid.ID.String(), locale.T("Amount"),
			locale.Data(view.Money(paid.Amount, paid.Currency)), locale.T("State"), web.Label(paid.State),
			locale.T("PayPal email"), locale.Data(paid.PayPalEmail), locale.T("Payee"), locale.Data(paid.Payee),
			locale.T("Postal address"), locale.Data(paid.Address))
	}
	return err
}

// dataOfSignup are the answers of a partner's sign-up form, and the terms they accepted.
func (p *Pages) dataOfSignup(g *gathered, partner affiliate.PartnerID) error {
	answers, err := p.Signups.Answers(g.Ctx(), partner)
	if err != nil {
		return err
	}
	for i, a := range answers {
		question := locale.T("How they promote")
		if a.Field == signup.Website {
			question = locale.T("Website or profile")
		}
		g.add("signup", locale.T("Partner Center: sign-up"), strconv.Itoa(i+1), question, locale.Data(a.Text),
			locale.T("Time"), g.moment(a.SentAt))
	}
	terms, err := p.Signups.Standing(g.Ctx(), partner)
	if err == nil && terms.Accepted.Version > 0 {
		g.add("terms", locale.T("Partner Center: terms"), partner.String(), locale.T("Accepted version"),
			locale.Data(strconv.Itoa(terms.Accepted.Version)), locale.T("Time"), g.moment(terms.Accepted.AcceptedAt))
	}
	return err
}

// moment is a time as people read it, by the site's clock.
func (g *gathered) moment(at time.Time) locale.Text {
	return locale.Data(g.Language().Moment(at.In(g.Site.Zone())))
}
