package inbox_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/inbox"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// world is a site whose plugin has reported things.
type world struct {
	*sidecartest.Site
	drainer *inbox.Drainer
	program affiliate.Program
	anna    affiliate.Partner
}

func newWorld(t *testing.T) *world {
	s := sidecartest.New(t)
	w := &world{Site: s, drainer: inbox.New(s.DB, s.Clock.Now, slog.New(slog.NewTextHandler(io.Discard, nil)),
		s.Tracker, s.Sales)}
	w.program = s.Program("Gold")
	w.anna = s.Partner(w.program.ID, "anna")
	return w
}

// report appends a fact as the plugin does.
func (w *world) report(kind, id string, seq int64, payload any) {
	w.Helper()
	text, err := json.Marshal(payload)
	if err != nil {
		w.Fatal(err)
	}
	w.Exec(`INSERT INTO {wp}partner_center_inbox (kind, source, external_id, seq, occurred_at, payload, created_at)
		VALUES (?, 'wordpress', ?, ?, ?, ?, ?)`,
		kind, id, seq, w.Clock.Now(), text, w.Clock.Now())
}

func (w *world) form(id, email string) {
	w.Helper()
	w.report("form", id, 0, map[string]any{"email": email, "first_name": "Carl", "last_name": "C.",
		"page": "https://shop.test/", "form": "news"})
}

func (w *world) account(seq int64, email string, deleted bool) {
	w.Helper()
	w.report("user", w.anna.WPUserID.String(), seq, map[string]any{"user_id": w.anna.WPUserID, "email": email,
		"first_name": "Anna", "last_name": "A.", "deleted": deleted})
}

// drain takes in what waits and says whether more does.
func (w *world) drain() bool {
	w.Helper()
	more, err := w.drainer.Drain(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return more
}

func (w *world) waiting() int {
	w.Helper()
	return w.Count(`SELECT COUNT(*) FROM {wp}partner_center_inbox WHERE done_at IS NULL`)
}

func (w *world) contact() affiliate.Contact {
	w.Helper()
	c, err := w.Registry.Contact(w.Context(), w.anna.ContactID)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// Spec: S35 S59.1 S135
func TestForm(t *testing.T) {
	w := newWorld(t)
	w.form("f-1", "Carl@mail.test")
	w.form("f-2", "carl@mail.test")
	happened := w.Clock.Now()
	w.Clock.Advance(time.Hour)
	w.drain()
	w.drain()
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE occurred_at = ? AND kind = 'optin'`,
		happened); n != 2 || w.waiting() != 0 {
		t.Errorf("%d forms, %d waiting", n, w.waiting())
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE email = 'carl@mail.test'
		AND first_name = 'Carl' AND created_at = ?`, happened); n != 1 {
		t.Error("the contact is not as of the form's time")
	}
}

// A form of a page elsewhere names its partner by the token that the link left in
// that page's address.
//
// Spec: D35.3
func TestFormWithAToken(t *testing.T) {
	w := newWorld(t)
	tool := w.Tool(w.program.ID, tracking.StandardLink, "https://elsewhere.test/")
	to, err := url.Parse(w.Get("go/"+tool.Code+"?p="+w.anna.Code, web.Standalone).Want(http.StatusFound).Location())
	if err != nil {
		t.Fatal(err)
	}
	w.report("form", "f-1", 0, map[string]any{"email": "carl@mail.test", "page": "https://elsewhere.test/",
		"form": "news", "token": to.Query().Get("pct")})
	w.Settle()
	w.drain()
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE email = 'carl@mail.test'
		AND first_partner_id = ? AND last_partner_id = ?`, w.anna.ID, w.anna.ID); n != 1 {
		t.Error("the form credits nobody")
	}
}

// A day's queue is taken in batch by batch.
//
// Spec: S59
func TestManyForms(t *testing.T) {
	w := newWorld(t)
	for i := range 550 {
		w.form(fmt.Sprintf("f-%d", i), "carl@mail.test")
	}
	rounds := 1
	for w.drain() {
		rounds++
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints`); n != 550 || rounds != 3 {
		t.Errorf("%d forms in %d rounds", n, rounds)
	}
}

// Sidecars that take one another's lease for lost still apply each fact once.
//
// Spec: S35
func TestDrainersAtOnce(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		w.form(fmt.Sprintf("f-%d", i), fmt.Sprintf("carl%d@mail.test", i%7))
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := w.drainer.Drain(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	forms, contacts := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints`),
		w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE origin = 'form'`)
	if forms != 60 || contacts != 7 || w.waiting() != 0 {
		t.Errorf("%d forms of %d contacts, %d waiting", forms, contacts, w.waiting())
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_inbox WHERE attempts > 0`); n != 0 {
		t.Errorf("%d facts failed for being applied at once", n)
	}
}

// What this release cannot take in is kept for one that can, and tried less
// and less often; what comes behind it is not held up.
//
// Spec: S59
func TestPoison(t *testing.T) {
	w := newWorld(t)
	w.report("order", "17", 1, map[string]any{})
	w.account(1, "nobody", false)
	w.form("newer", "eva@mail.test")
	w.Exec(`UPDATE {wp}partner_center_inbox SET v = 2 WHERE external_id = 'newer'`)
	w.report("form", "no-object", 0, []int{1})
	w.form("good", "carl@mail.test")
	w.drain()
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE external_id = 'good'`); n != 1 ||
		w.waiting() != 4 {
		t.Fatalf("%d good ones taken in, %d waiting", n, w.waiting())
	}
	stuck, why, err := w.drainer.Trouble(t.Context())
	if err != nil || stuck != 4 || !strings.Contains(why, "cannot be read") {
		t.Errorf("%d stuck: %s, %v", stuck, why, err)
	}
	for i, pause := range []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 12 * time.Hour,
		12 * time.Hour} {
		w.drain()
		if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_inbox WHERE attempts = ?`, i+1); n != 4 {
			t.Fatalf("%d facts at attempt %d", n, i+1)
		}
		w.Clock.Advance(pause)
		w.drain()
	}
	w.Exec(`UPDATE {wp}partner_center_inbox SET v = 1 WHERE external_id = 'newer'`) // as if a newer sidecar read it
	w.Clock.Advance(12 * time.Hour)
	w.drain()
	if w.waiting() != 3 {
		t.Errorf("%d waiting", w.waiting())
	}
}

// Visitors type what they like, and WordPress takes some addresses for good
// that are none: such forms must not pile up before the admin.
//
// Spec: S59
func TestFormWithoutAddress(t *testing.T) {
	w := newWorld(t)
	for i, address := range []string{"", "nobody", "a..b@mail.test", ".a@mail.test"} {
		w.form(fmt.Sprintf("f-%d", i), address)
	}
	w.drain()
	if stuck, why, err := w.drainer.Trouble(t.Context()); stuck != 0 || err != nil || w.waiting() != 0 {
		t.Errorf("%d stuck: %s, %v; %d waiting", stuck, why, err, w.waiting())
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints`); n != 0 {
		t.Errorf("%d forms", n)
	}
}

// Spec: D34.1
func TestPartnerChangesHisAddress(t *testing.T) {
	w := newWorld(t)
	w.account(1, "Anna.New@Mail.test", false)
	w.drain()
	c := w.contact()
	if c.Email != "anna.new@mail.test" || c.FirstName != "Anna" || c.LastName != "A." {
		t.Errorf("%+v", c)
	}
	if records, err := w.Registry.History(t.Context(), "contact", int64(c.ID), 0, 5); err != nil || len(records) != 1 ||
		records[0].Actor != affiliate.System {
		t.Errorf("%+v, %v", records, err)
	}
}

// Spec: D34
func TestPartnerTakesAnAddressThatIsAnothers(t *testing.T) {
	w := newWorld(t)
	w.form("f-1", "carl@mail.test")
	w.account(1, "carl@mail.test", false)
	w.drain()
	if c := w.contact(); c.Email != "anna@mail.test" || w.waiting() != 1 {
		t.Errorf("%+v, %d waiting", c, w.waiting())
	}
	if _, why, _ := w.drainer.Trouble(t.Context()); !strings.Contains(why, "already belongs to another contact") {
		t.Error(why)
	}
}

// The latest state counts, however late an earlier one is applied.
//
// Spec: D34
func TestAccountStatesOutOfOrder(t *testing.T) {
	w := newWorld(t)
	w.account(20, "second@mail.test", false)
	w.drain()
	w.account(10, "first@mail.test", false)
	w.drain()
	if c := w.contact(); c.Email != "second@mail.test" || w.waiting() != 0 {
		t.Errorf("%+v, %d waiting", c, w.waiting())
	}
}

// Spec: S115, D34
func TestAccountDeleted(t *testing.T) {
	w := newWorld(t)
	w.account(1, "anna@mail.test", true)
	w.account(2, "nobody@mail.test", true)
	w.drain()
	p, err := w.Registry.Partner(t.Context(), w.anna.ID)
	if err != nil || p.WPUserID != 0 || w.contact().WPUserID != 0 || p.State != affiliate.Active || w.waiting() != 0 {
		t.Errorf("%+v, %v, %d waiting", p, err, w.waiting())
	}
}

// Accounts of people who are no partners are none of our business.
//
// Spec: D34
func TestAccountOfNobody(t *testing.T) {
	w := newWorld(t)
	w.report("user", "999", 1, map[string]any{"user_id": 999, "email": "x@mail.test", "deleted": false})
	w.drain()
	if w.waiting() != 0 || w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts`) != 1 {
		t.Error("it made a contact, or waits")
	}
}

// A click that PHP answered counts once, and what told of its visitor is erased.
//
// Spec: D43.2 B18.3
func TestClickOfPHP(t *testing.T) {
	w := newWorld(t)
	tool := w.Tool(w.Program("Silver").ID, tracking.StandardLink, "https://shop.test/")
	visit := w.Clock.Now().Sub(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)).Milliseconds()<<21 | 511<<12 | 5
	w.report("click", fmt.Sprint(visit), 0, map[string]any{"link": tool.Code + "/" + w.anna.Code, "query": "sid=x",
		"ip": "192.0.2.7", "user_agent": "browser", "user_id": 0})
	w.report("click", "none", 0, map[string]any{})
	w.drain()
	w.drain()
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits WHERE id = ? AND subid = 'x' AND is_unique = 1`,
		visit); n != 1 || w.waiting() != 0 {
		t.Errorf("%d visits, %d waiting", n, w.waiting())
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_inbox WHERE payload LIKE '%192.0.2.7%'`); n != 0 {
		t.Error("the visitor's address stays in the inbox")
	}
}

// What failed is not overtaken by later reports about the same person, however
// long it waits, and nobody else waits for it.
//
// Spec: S59, S66
func TestFactsOfAPersonKeepTheirOrder(t *testing.T) {
	w := newWorld(t)
	w.report("form", "f-1", 0, "nobody can read this") // by whom cannot be told
	w.Exec(`INSERT INTO {wp}partner_center_inbox (kind, source, external_id, v, occurred_at, payload, created_at)
		VALUES ('form', 'wordpress', 'f-2', 9, ?, '{"email":"Carl@mail.test"}', ?)`, w.Clock.Now(), w.Clock.Now())
	w.form("f-3", "carl@mail.test")
	w.form("f-4", "dora@mail.test")
	w.drain()
	w.form("f-5", "carl@mail.test") // comes while they wait
	w.drain()
	if got := w.applied(); got != "f-4" {
		t.Errorf("applied are %s, want only what nobody holds up", got)
	}
	if n, why, err := w.drainer.Trouble(t.Context()); n != 4 || !strings.Contains(why, "layout 9") || err != nil {
		t.Errorf("%d wait, because %q, %v", n, why, err)
	}
	w.Clock.Advance(time.Minute) // the first retry fails as well, and the next is later
	w.drain()
	if got := w.applied(); got != "f-4" {
		t.Errorf("after a retry that failed, applied are %s", got)
	}
	w.Exec(`UPDATE {wp}partner_center_inbox SET v = 1 WHERE external_id = 'f-2'`) // as an update of the sidecar would
	w.Clock.Advance(5 * time.Minute)
	w.drain()
	if got := w.applied(); got != "f-4 f-2 f-3 f-5" {
		t.Errorf("applied are %s, want Carl's in their order", got)
	}
}

// applied are the forms in the order in which they were applied.
func (w *world) applied() (ids string) {
	w.Helper()
	var all []string
	if err := w.DB.Select(w.Context(), &all,
		`SELECT external_id FROM {wp}partner_center_touchpoints ORDER BY id`); err != nil {
		w.Fatal(err)
	}
	return strings.Join(all, " ")
}
