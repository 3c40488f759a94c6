package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/affiliate/tracking"
	"partnercenter/keyring"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// world is a site with programs that call its API. Every call is checked
// against the served OpenAPI document, both ways.
type world struct {
	*sidecartest.Site
	keys   *apikey.Keys
	router routers.Router
	key    apikey.Key // with all scopes
	secret string
}

func newWorld(t testing.TB) *world { return programsOf(sidecartest.New(t)) }

// programsOf is a site's world.
func programsOf(site *sidecartest.Site) *world {
	w := &world{Site: site}
	ring := keyring.New(w.DB, w.Clock.Now, w.Key, slog.New(slog.DiscardHandler))
	w.keys = apikey.NewKeys(w.DB, w.Clock.Now, ring, nil)
	all := []string{}
	for _, s := range apikey.Scopes {
		all = append(all, string(s))
	}
	w.key, w.secret = w.newKey(strings.Join(all, " "))
	w.router = w.document()
	return w
}

func (w *world) newKey(scopes string) (apikey.Key, string) {
	w.Helper()
	key, secret, err := w.keys.Create(w.Context(), "admin", apikey.Key{Kind: apikey.Site, Name: "Shop",
		ScopeList: scopes})
	if err != nil {
		w.Fatal(err)
	}
	return key, secret
}

// document loads and validates the served document.
func (w *world) document() routers.Router {
	w.Helper()
	served := w.Get("api/openapi.json", web.Standalone).Want(http.StatusOK)
	doc, err := openapi3.NewLoader().LoadFromData([]byte(served.Text))
	if err != nil {
		w.Fatal(err)
	}
	if err := doc.Validate(context.Background(), openapi3.IsOpenAPI31OrLater()); err != nil {
		w.Fatal(err)
	}
	if !doc.IsOpenAPI31OrLater() {
		w.Fatalf("it is OpenAPI %s", doc.OpenAPI)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		w.Fatal(err)
	}
	return router
}

// request is a call, not signed yet.
func (w *world) request(method, path, body string) *http.Request {
	req := w.Request(method, "api/v1/"+path, web.Standalone, body)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}

// sign signs a call with a key.
func (w *world) sign(req *http.Request, key apikey.Key, secret string) {
	body, _ := io.ReadAll(req.Body)
	req.Body = io.NopCloser(bytes.NewReader(body))
	target := strings.TrimPrefix(req.URL.RequestURI(), web.DefaultBasePath)
	req.Header.Set("Authorization",
		apikey.Sign(key.Public, secret, apikey.Call{Method: req.Method, Target: target, Body: body}, w.Clock.Now()))
}

// call makes a call with the key that may do everything.
func (w *world) call(method, path, body string, headers ...string) *sidecartest.Answer {
	w.Helper()
	req := w.request(method, path, body)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w.sign(req, w.key, w.secret)
	return w.checked(req)
}

// checked has the sidecar answer and compares request and answer with the
// document.
func (w *world) checked(req *http.Request) *sidecartest.Answer {
	w.Helper()
	body, _ := io.ReadAll(req.Body)
	req.Body = io.NopCloser(bytes.NewReader(body))
	outside := httptest.NewRequest(req.Method, "https://"+sidecartest.Host+req.URL.RequestURI(), bytes.NewReader(body))
	outside.Header = req.Header.Clone()
	route, params, err := w.router.FindRoute(outside)
	if err != nil {
		w.Fatalf("%s %s is not in the document: %v", req.Method, req.URL, err)
	}
	options := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
		IncludeResponseStatus: true}
	in := &openapi3filter.RequestValidationInput{Request: outside, PathParams: params, Route: route, Options: options}
	wrong := openapi3filter.ValidateRequest(context.Background(), in)
	a := w.Do(req)
	if wrong != nil && a.Code == http.StatusOK {
		w.Errorf("%s %s was accepted, but the document says: %v", req.Method, req.URL, wrong)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: a.Code, Header: a.Header,
		Options: options}
	out.SetBodyBytes([]byte(a.Text))
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		w.Errorf("%s %s answered what the document does not say: %v\n%s", req.Method, req.URL, err, a.Text)
	}
	return a
}

// read decodes an answer.
func read[T any](w *world, a *sidecartest.Answer) (v T) {
	w.Helper()
	a.Want(http.StatusOK)
	if err := json.Unmarshal([]byte(a.Text), &v); err != nil {
		w.Fatal(err)
	}
	return v
}

type anything = map[string]any

// Spec: B14.2
func TestEveryOperationNeedsItsScope(t *testing.T) {
	w := newWorld(t)
	poor, secret := w.newKey("leads:write")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(w.Get("api/openapi.json", web.Standalone).Text))
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if !strings.HasPrefix(op.Description, "Scope: ") || strings.Contains(op.Description, "leads:write") {
				continue
			}
			tried++
			path := strings.NewReplacer("{id}", "1", "{name}", "pending").Replace(strings.TrimPrefix(path, "/api/v1/"))
			body := ""
			if method == http.MethodPost {
				body = "{}"
			}
			req := w.request(method, path, body)
			w.sign(req, poor, secret)
			if a := w.checked(req); a.Code != http.StatusForbidden || !strings.Contains(a.Text, "needs the scope") {
				t.Errorf("%s %s: %d %s", method, path, a.Code, a.Text)
			}
			if a := w.checked(w.request(method, path, body)); a.Code != http.StatusUnauthorized {
				t.Errorf("unsigned %s %s: %d", method, path, a.Code)
			}
			w.Clock.Advance(10 * time.Second) // strangers are bounded
		}
	}
	if tried < 15 {
		t.Errorf("only %d operations were tried", tried)
	}
}

// Spec: B14.2
func TestRefusedCallsLeaveNothing(t *testing.T) {
	w := newWorld(t)
	good := `{"id":"f-1","email":"carl@mail.test"}`
	signed := func(body string) *http.Request {
		req := w.request(http.MethodPost, "leads", body)
		w.sign(req, w.key, w.secret)
		return req
	}
	forged := signed(good)
	forged.Body = io.NopCloser(strings.NewReader(strings.Replace(good, "carl", "eve", 1)))
	late := signed(good)
	w.Clock.Advance(6 * time.Minute)
	for name, try := range map[string]struct {
		req  *http.Request
		code int
		says string
	}{
		"forged":           {forged, 401, "signature is wrong"},
		"old":              {late, 401, "differs from ours by -360 seconds"},
		"no JSON":          {signed(`id=f-1`), 422, "cannot be read"},
		"another type":     {signed(`{"id":1,"email":"carl@mail.test"}`), 422, `"id"`},
		"a misspelled one": {signed(`{"id":"f-1","email":"carl@mail.test","frist_name":"C"}`), 422, "frist_name"},
		"two objects":      {signed(good + good), 422, "cannot be read"},
		"no address":       {signed(`{"id":"f-1","email":"carl"}`), 422, `"email"`},
		"no id":            {signed(`{"email":"carl@mail.test"}`), 422, `"id"`},
		"from the future":  {signed(`{"id":"f-1","email":"carl@mail.test","at":"2026-07-01T11:00:00Z"}`), 422, `"at"`},
		"oversized": {signed(`{"id":"f-1","email":"carl@mail.test","page":"` + strings.Repeat("x", 16<<10) +
			`"}`), 413, "at most 16 KB"},
		"no operation": {w.request(http.MethodPost, "nothing", ""), 404, "Not found"},
	} {
		a := w.Do(try.req)
		if a.Code != try.code || !strings.Contains(a.Text, try.says) ||
			a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s %s", name, a.Code, a.Header.Get("Content-Type"), a.Text)
		}
	}
	if n := w.Count(`SELECT (SELECT COUNT(*) FROM {wp}partner_center_contacts) + (SELECT COUNT(*)
		FROM {wp}partner_center_touchpoints)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	again := signed(good)
	copied := again.Clone(t.Context())
	w.checked(again).Want(http.StatusOK)
	copied.Body = io.NopCloser(strings.NewReader(good))
	if a := w.Do(copied); a.Code != 401 || !strings.Contains(a.Text, "made before") {
		t.Errorf("replayed: %d %s", a.Code, a.Text)
	}
	w.Settle()
	calls, err := w.keys.Calls(t.Context(), 50)
	if err != nil || len(calls) != 11 || !slices.ContainsFunc(calls,
		func(c apikey.LoggedCall) bool { return c.Status == 401 && strings.Contains(c.Outcome, "signature") }) {
		t.Errorf("%d calls are listed: %+v, %v", len(calls), calls, err)
	}
}

// A repeat under the same key is told what the first call was, and does nothing.
//
// Spec: B14.2
func TestIdempotencyKey(t *testing.T) {
	w := newWorld(t)
	first := w.call(http.MethodPost, "contacts", `{"email":"carl@mail.test"}`, "Idempotency-Key",
		"k-1").Want(http.StatusOK)
	second := w.call(http.MethodPost, "contacts", `{"email":"carl@mail.test"}`, "Idempotency-Key",
		"k-1").Want(http.StatusOK)
	if first.Text != second.Text || !strings.Contains(first.Text, `"created":true`) ||
		first.Header.Get("Idempotency-Replayed") != "" || second.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%s %v\n%s %v", first.Text, first.Header, second.Text, second.Header)
	}
	w.call(http.MethodPost, "contacts", `{"email":"dora@mail.test"}`, "Idempotency-Key",
		"k-1").Want(http.StatusUnprocessableEntity)
	w.call(http.MethodPost, "contacts", `{"email":"nobody"}`, "Idempotency-Key",
		"k-2").Want(http.StatusUnprocessableEntity)
	// corrected
	w.call(http.MethodPost, "contacts", `{"email":"dora@mail.test"}`, "Idempotency-Key", "k-2").Want(http.StatusOK)
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts`); n != 2 {
		t.Errorf("%d contacts", n)
	}
}

// Spec: B14
func TestLimits(t *testing.T) {
	w := newWorld(t)
	codes := map[int]int{}
	for range 230 {
		codes[w.call(http.MethodGet, "ping", "").Code]++
	}
	if codes[200] != 200 || codes[429] != 30 {
		t.Errorf("answered %v", codes)
	}
	w.Clock.Advance(time.Second)
	w.call(http.MethodGet, "ping", "").Want(http.StatusOK)
	for range 30 {
		codes[w.checked(w.request(http.MethodGet, "ping", "")).Code]++
	}
	if codes[401] != 20 || codes[429] != 40 {
		t.Errorf("strangers were answered %v", codes)
	}
}

// Spec: S69, B14
func TestContactsAndTheirPages(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		w.call(http.MethodPost, "contacts", `{"email":"`+name+`@mail.test","first_name":"`+name+
			`"}`).Want(http.StatusOK)
	}
	var seen []string
	for after := ""; ; {
		page := read[struct {
			Items []struct {
				ID    int
				Email string
			}
			Next string
		}](w, w.call(http.MethodGet, "contacts?limit=2&after="+after, ""))
		for _, c := range page.Items {
			seen = append(seen, c.Email[:1])
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if got := strings.Join(seen, ""); got != "edcba" {
		t.Errorf("read %s", got)
	}
	for _, wrong := range []string{"contacts?limit=0", "contacts?limit=x", "contacts?after=zzz",
		"contacts?after=aWQ6LTE"} {
		w.call(http.MethodGet, wrong, "").Want(http.StatusUnprocessableEntity)
	}
	w.call(http.MethodGet, "contacts/999999", "").Want(http.StatusNotFound)
	w.call(http.MethodGet, "contacts/x", "").Want(http.StatusNotFound)
	one := read[struct{ Items []anything }](w, w.call(http.MethodGet, "contacts?email=C@mail.test", ""))
	if len(one.Items) != 1 || one.Items[0]["origin"] != "api" {
		t.Errorf("%v", one)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'contact' AND actor = ?`,
		string(w.key.Actor())); n != 5 {
		t.Errorf("%d entries in the audit", n)
	}
}

// Spec: S35 S59.1 B14
func TestLeads(t *testing.T) {
	w := newWorld(t)
	gold := w.Program("Gold").ID
	anna := w.Partner(gold, "anna")
	tool := w.Tool(gold, tracking.StandardLink, sidecartest.Home+"/cups")
	click := w.Get("go/"+tool.Code+"?p="+anna.Code, web.Standalone).Want(http.StatusFound).Cookie("pc_click")
	body := `{"id":"f-1","email":"carl@mail.test","click":"` + click.Value + `"}`
	type taken struct {
		Known     bool
		Click     string
		PartnerID int64 `json:"partner_id"`
	}
	if got := read[taken](w, w.call(http.MethodPost, "leads", body)); got != (taken{false, "valid", int64(anna.ID)}) {
		t.Errorf("%+v", got)
	}
	if got := read[taken](w, w.call(http.MethodPost, "leads", body)); !got.Known {
		t.Errorf("again: %+v", got)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE lead_partner_id = ?`, anna.ID); n != 1 {
		t.Errorf("%d leads", n)
	}
}

// Spec: S142, B14
func TestPartnersByTheAPI(t *testing.T) {
	w := newWorld(t)
	gold, silver := w.Program("Gold"), w.Program("Silver")
	added := read[struct {
		Outcome string
		Partner struct {
			ID      int64
			State   string
			Program string
		}
	}](w, w.call(http.MethodPost, "partners", `{"program":"`+gold.Code+
		`","email":"anna@mail.test","paypal_email":"anna@pay.test"}`))
	if added.Outcome != "joined" || added.Partner.State != "active" || added.Partner.Program != gold.Code {
		t.Errorf("%+v", added)
	}
	w.call(http.MethodPost, "partners",
		`{"program":"nothing","email":"anna@mail.test"}`).Want(http.StatusUnprocessableEntity)
	id := affiliate.PartnerID(added.Partner.ID).String()
	w.call(http.MethodPost, "memberships", `{"partner_id":`+id+`,"program":"`+silver.Code+`"}`).Want(http.StatusOK)
	members := read[struct{ Items []anything }](w, w.call(http.MethodGet, "memberships?partner="+id, ""))
	if len(members.Items) != 2 || members.Items[0]["program_name"] != "Silver" || members.Items[1]["ended_at"] == nil {
		t.Errorf("%v", members)
	}
	if got := read[anything](w, w.call(http.MethodGet, "partners/"+id, "")); got["program"] != silver.Code ||
		len(got["balances"].([]any)) != 0 {
		t.Errorf("%v", got)
	}
	w.call(http.MethodPost, "partners/"+id+"/approve", `{}`).Want(http.StatusConflict)
}

// A partner reads their own data with an application password, and no other's.
//
// Spec: S116, B14
func TestPartnersReadTheirOwn(t *testing.T) {
	w := newWorld(t)
	program := w.Program("Gold")
	anna := w.Partner(program.ID, "anna")
	w.Partner(program.ID, "bert")
	password := rand.Text()
	w.AppPassword(int64(anna.WPUserID), password)
	ask := func(path, user, password string, code int) *sidecartest.Answer {
		t.Helper()
		req := w.request(http.MethodGet, path, "")
		req.SetBasicAuth(user, password)
		return w.checked(req).Want(code)
	}
	if got := read[anything](w, ask("me", "anna", password, 200)); got["code"] != anna.Code {
		t.Errorf("%v", got)
	}
	names := read[struct{ Items []struct{ Name string } }](w, ask("me/reports", "anna", password, 200))
	for _, r := range names.Items {
		ask("me/reports/"+r.Name, "anna", password, 200)
		ask("me/reports/"+r.Name+"?partner=2", "anna", password, 200)
	}
	if len(names.Items) < 5 {
		t.Errorf("only %d reports", len(names.Items))
	}
	ask("me/links", "anna", password, 200)
	ask("me", "anna", "wrong", 401)
	ask("me", "bert", password, 401)
	ask("contacts", "anna", password, 401)
	w.call(http.MethodGet, "me", "").Want(http.StatusUnauthorized)
	w.Exec(`UPDATE {wp}partner_center_partners SET state = 'rejected' WHERE id = ?`, anna.ID)
	ask("me", "anna", password, 403)
	w.Switch(true, false)
	ask("me", "anna", password, 404)
}

// Spec: B14
func TestReportsByTheAPI(t *testing.T) {
	w := newWorld(t)
	names := read[struct{ Items []struct{ Name string } }](w, w.call(http.MethodGet, "reports", ""))
	for _, r := range names.Items {
		if got := read[struct{ Columns []any }](w, w.call(http.MethodGet, "reports/"+r.Name+"?limit=3",
			"")); len(got.Columns) == 0 {
			t.Errorf("%s has no columns", r.Name)
		}
	}
	w.call(http.MethodGet, "reports/nothing", "").Want(http.StatusNotFound)
	w.call(http.MethodGet, "reports/pending?from=yesterday", "").Want(http.StatusUnprocessableEntity)
}
