package settings

import (
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/affiliate/pixel"
	"partnercenter/affiliate/webhooks"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// connectionsPage is where an admin connects other programs: keys of the API,
// pixels, webhooks and postbacks, and the latest calls with their outcome.
type connectionsPage struct {
	Keys       []keyRow
	Webhooks   []hookRow
	Deliveries []deliveryRow
	Calls      []apikey.LoggedCall
	Sales      []pixel.Call
	New        keyForm
	Hook       hookForm
	Base       string // public URL of the base path
	Fields     any    // of the pixel
	Signing    string // how a server signs the pixel
}

type keyRow struct {
	apikey.Key
	Partner string
	Code    string // to copy, of a pixel
}

type hookRow struct {
	webhooks.Webhook
	Partner string
	Secret  string
}

type deliveryRow struct {
	webhooks.Delivery
	Name string
}

// keyForm is the form of a new key as typed, and the key just made with its
// secret, which is shown this once.
type keyForm struct {
	Kind, Name, Partner string
	Kinds               []web.Option
	Scopes              []scopeBox
	Made                *apikey.Key
	Secret              string
	Problems            affiliate.Problems
}

type scopeBox struct {
	Scope  apikey.Scope
	Ticked bool
}

type hookForm struct {
	Kind, Name, Partner, URL string
	Kinds                    []web.Option
	Events                   []eventBox
	PlaceholderHelp          locale.Text
	Problems                 affiliate.Problems
}

type eventBox struct {
	Event  webhooks.EventType
	Ticked bool
}

var connectionsTitle = locale.T("Connections")

const latest = 25 // calls shown

// Connections shows the page.
func (p *Pages) Connections(r *web.Request) error {
	page, err := p.connections(r)
	if err != nil {
		return err
	}
	return r.Page(pages, "connections.html", connectionsTitle, page)
}

func (p *Pages) connections(r *web.Request) (page connectionsPage, err error) {
	page = connectionsPage{Base: r.Site.Handover().PublicURL, Fields: pixel.Fields, New: newKeyForm(nil),
		Hook: newHookForm(nil),
		Signing: `$query = http_build_query( $fields ) . '&ts=' . time();` + "\n" +
			`$query .= '&sig=' . hash_hmac( 'sha256', $query, $secret );`}
	if page.Calls, err = p.Keys.Calls(r.Ctx(), latest); err != nil {
		return page, err
	}
	if page.Sales, err = p.Sales.Calls(r.Ctx(), latest); err != nil {
		return page, err
	}
	if err := p.fillKeys(r, &page); err != nil {
		return page, err
	}
	return page, p.fillHooks(r, &page)
}

func (p *Pages) fillKeys(r *web.Request, page *connectionsPage) error {
	keys, err := p.Keys.List(r.Ctx())
	if err != nil {
		return err
	}
	ids := []affiliate.PartnerID{}
	for _, k := range keys {
		ids = append(ids, k.PartnerID)
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, ids...)
	if err != nil {
		return err
	}
	settings, err := p.Registry.Settings(r.Ctx())
	for _, k := range keys {
		row := keyRow{Key: k, Partner: people.Name(k.PartnerID)}
		if k.Kind == apikey.Pixel && k.RevokedAt == nil {
			query := strings.ReplaceAll(pixel.Example(k, settings.Currency), "&", "&amp;")
			row.Code = `<img src="` + page.Base + `/px.gif?` + query + `" width="1" height="1" alt="">`
		}
		page.Keys = append(page.Keys, row)
	}
	return err
}

func (p *Pages) fillHooks(r *web.Request, page *connectionsPage) error {
	hooks, err := p.Webhooks.List(r.Ctx())
	if err != nil {
		return err
	}
	ids, names := []affiliate.PartnerID{}, map[webhooks.WebhookID]string{}
	for _, h := range hooks {
		ids, names[h.ID] = append(ids, h.PartnerID), h.Name
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, ids...)
	if err != nil {
		return err
	}
	for _, h := range hooks {
		row := hookRow{Webhook: h, Partner: people.Name(h.PartnerID)}
		if h.Kind == webhooks.Posted {
			if row.Secret, err = p.Webhooks.Secret(r.Ctx(), h); err != nil {
				return err
			}
		}
		page.Webhooks = append(page.Webhooks, row)
	}
	deliveries, err := p.Webhooks.Deliveries(r.Ctx(), latest)
	for _, d := range deliveries {
		page.Deliveries = append(page.Deliveries, deliveryRow{d, names[d.WebhookID]})
	}
	return err
}

func newKeyForm(f *web.Form) keyForm {
	form := keyForm{Kind: string(apikey.Site)}
	ticked := map[string]bool{}
	if f != nil {
		form.Kind, form.Name, form.Partner, form.Problems = f.Raw("kind"), f.Text("name", 100), f.Text("partner", 40),
			f.Problems
		for _, s := range f.All("scope") {
			ticked[s] = true
		}
	}
	form.Kinds = web.Options([]web.Option{{Value: string(apikey.Site),
		Label: locale.T("The API: another server reports and reads")},
		{Value: string(apikey.Pixel), Label: locale.T("A pixel: the confirmation page of a cart reports sales")}},
		form.Kind)
	for _, s := range apikey.Scopes {
		form.Scopes = append(form.Scopes, scopeBox{s, ticked[string(s)]})
	}
	return form
}

// CreateKey makes a key and shows its secret, this once.
func (p *Pages) CreateKey(r *web.Request) error {
	f := r.Form()
	form := newKeyForm(f)
	wanted := apikey.Key{Kind: apikey.Kind(form.Kind), Name: form.Name}
	if wanted.Kind == apikey.Site {
		wanted.ScopeList = strings.Join(f.All("scope"), " ")
	}
	var err error
	if wanted.PartnerID, err = p.partnerByCode(r, f, form.Partner); err != nil {
		return err
	}
	var made apikey.Key
	var secret string
	if err = f.Err(); err == nil {
		made, secret, err = p.Keys.Create(r.Ctx(), r.Who.Actor(), wanted)
	}
	again, err := f.Refused(err)
	if err != nil {
		return err
	}
	page, err := p.connections(r)
	if err != nil {
		return err
	}
	if again {
		page.New = form
		page.New.Problems = f.Problems
		return r.Invalid(pages, "connections.html", connectionsTitle, page)
	}
	page.New.Made, page.New.Secret = &made, secret
	return r.Page(pages, "connections.html", connectionsTitle, page)
}

// partnerByCode is the partner whose code was typed; 0 for none.
func (p *Pages) partnerByCode(r *web.Request, f *web.Form, code string) (affiliate.PartnerID, error) {
	if code == "" {
		return 0, nil
	}
	partner, err := p.Registry.PartnerByCode(r.Ctx(), strings.ToLower(code))
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		f.Problems.Add("partner", "There is no partner with this code.")
		return 0, nil
	}
	return partner.ID, err
}

// RevokeKey ends a key.
func (p *Pages) RevokeKey(r *web.Request) error {
	id, err := affiliate.ParseID[apikey.Key](r.Param("key"))
	if err != nil {
		return err
	}
	if err := p.Keys.Revoke(r.Ctx(), r.Who.Actor(), id); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("The key is revoked. Calls with it are refused from now on.")},
		parts.Connections)
}

func newHookForm(f *web.Form) hookForm {
	form := hookForm{Kind: string(webhooks.Posted),
		PlaceholderHelp: locale.T("A postback can hold placeholders: %s.",
			"{"+strings.Join(webhooks.Placeholders(), "}, {")+"}")}
	ticked := map[string]bool{}
	if f != nil {
		form.Kind, form.Name, form.Partner, form.URL = f.Raw("kind"), f.Text("name", 100), f.Text("partner", 40),
			f.Text("url", 2000)
		form.Problems = f.Problems
		for _, e := range f.All("event") {
			ticked[e] = true
		}
	}
	form.Kinds = web.Options([]web.Option{{Value: string(webhooks.Posted),
		Label: locale.T("Webhook: a signed message to a program of yours")},
		{Value: string(webhooks.Postback), Label: locale.T("Postback: a call of a partner's tracker")}}, form.Kind)
	for _, e := range webhooks.EventTypes {
		form.Events = append(form.Events, eventBox{e, ticked[string(e)]})
	}
	return form
}

// CreateWebhook adds an address that is told of events.
func (p *Pages) CreateWebhook(r *web.Request) error {
	f := r.Form()
	form := newHookForm(f)
	partner, err := p.partnerByCode(r, f, form.Partner)
	if err != nil {
		return err
	}
	if err = f.Err(); err == nil {
		_, err = p.Webhooks.Create(r.Ctx(), r.Who.Actor(), webhooks.Webhook{Kind: webhooks.Kind(form.Kind),
			Name: form.Name, PartnerID: partner,
			URL: form.URL, EventList: strings.Join(f.All("event"), " ")})
	}
	again, err := f.Refused(err)
	if err != nil {
		return err
	}
	if !again {
		return r.Done(web.Flash{Text: locale.T("%s is added. Send a test to see whether it arrives.", form.Name)},
			parts.Connections)
	}
	page, err := p.connections(r)
	if err != nil {
		return err
	}
	page.Hook = form
	page.Hook.Problems = f.Problems
	return r.Invalid(pages, "connections.html", connectionsTitle, page)
}

// RemoveWebhook ends an address.
func (p *Pages) RemoveWebhook(r *web.Request) error {
	id, err := affiliate.ParseID[webhooks.Webhook](r.Param("webhook"))
	if err != nil {
		return err
	}
	if err := p.Webhooks.Remove(r.Ctx(), r.Who.Actor(), id); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("The address is removed. We no longer send anything to it.")},
		parts.Connections)
}

// TestWebhook tells an address of an event that did not happen.
func (p *Pages) TestWebhook(r *web.Request) error {
	id, err := affiliate.ParseID[webhooks.Webhook](r.Param("webhook"))
	if err != nil {
		return err
	}
	hook, err := p.Webhooks.Find(r.Ctx(), id)
	if err != nil {
		return err
	}
	if err := p.Webhooks.SendTest(r.Ctx(), hook); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T(
		"A test is on its way. Reload this page in a few seconds to see what the address answered.")},
		parts.Connections)
}

// DeliverAgain sends a delivery once more.
func (p *Pages) DeliverAgain(r *web.Request) error {
	id, err := affiliate.ParseID[webhooks.Delivery](r.Param("delivery"))
	if err != nil {
		return err
	}
	if err := p.Webhooks.Again(r.Ctx(), r.Who.Actor(), id); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("It is sent again now.")}, parts.Connections)
}

// Took is how long a call took, in milliseconds.
func (connectionsPage) Took(micros int) string {
	return (time.Duration(micros) * time.Microsecond).Round(100 * time.Microsecond).String()
}
