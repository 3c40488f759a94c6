package inbox_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"partnercenter/affiliate/tracking"
	"partnercenter/affiliate/verify"
	"partnercenter/keyring"
	"partnercenter/sidecar/web"
)

// Everybody's forms are applied in the order in which they came, though those of
// many people are taken in at once.
//
// Spec: S59 S66
func TestEveryPersonsFactsKeepTheirOrder(t *testing.T) {
	w := newWorld(t)
	const people, each = 12, 15
	for p := range people {
		for i := range each {
			w.form(fmt.Sprintf("%d-%02d", p, i), fmt.Sprintf("p%d@mail.test", p))
		}
	}
	for w.drain() {
	}
	var all []string
	if err := w.DB.Select(t.Context(), &all,
		`SELECT external_id FROM {wp}partner_center_touchpoints ORDER BY contact_id, id`); err != nil {
		t.Fatal(err)
	}
	if len(all) != people*each || w.waiting() != 0 {
		t.Fatalf("%d forms, %d waiting", len(all), w.waiting())
	}
	for i, id := range all {
		if want := fmt.Sprintf("-%02d", i%each); !strings.HasSuffix(id, want) {
			t.Fatalf("form %s of a person comes as number %d: %v", id, i%each, all)
		}
	}
}

// A click that PHP answered is there before the order that its cookie came with,
// so that its partner is credited, though both wait with many others.
//
// Spec: D43.2 S59
func TestAClickIsThereBeforeItsOrder(t *testing.T) {
	s := newShop(t)
	tool := s.Tool(s.program.ID, tracking.StandardLink, "https://shop.test/x")
	s.Settle()
	keys := keyring.New(s.DB, s.Clock.Now, s.Key, slog.New(slog.DiscardHandler))
	key, err := keys.Newest(t.Context(), "phpclick")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		visit := s.Clock.Now().Sub(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)).Milliseconds()<<21 | 511<<12 | int64(i)
		s.report("click", fmt.Sprint(visit), 0, map[string]any{"link": tool.Code + "/" + s.anna.Code, "query": "",
			"ip": fmt.Sprintf("192.0.2.%d", i), "user_agent": "browser", "user_id": 0})
		s.cookie = phpCookie(key, visit, s.Clock.Now().Add(time.Hour))
		s.tell("order", fmt.Sprint(i), 1, s.lamps(map[string]any{
			"buyer": map[string]any{"email": fmt.Sprintf("buyer%d@mail.test", i)}}))
	}
	s.drain()
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_commissions WHERE partner_id = ?`, s.anna.ID); n != 40 ||
		s.waiting() != 0 {
		t.Errorf("%d of 40 orders are credited, %d wait: %s", n, s.waiting(), s.books())
	}
}

// phpCookie is the cookie that PHP sets for a visit.
func phpCookie(key keyring.Key, visit int64, expiry time.Time) string {
	in36 := func(n int64) string { return strconv.FormatInt(n, 36) }
	body := "p." + in36(int64(key.ID)) + "." + in36(visit) + "." + in36(expiry.Unix())
	mac := hmac.New(sha256.New, key.Secret[:])
	mac.Write([]byte(body))
	return body + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// Months of forms, clicks, orders, refunds and renewals of many people, in order
// and then shuffled with each fact told twice: the same books, and no fault in them.
//
// Spec: D17.1 D18.1 D39.1 B3.1
func TestAShuffledHistoryGivesTheSameBooks(t *testing.T) {
	want := ""
	for run := range 2 {
		s := newShop(t)
		history := s.history()
		if run > 0 {
			history = append(history, history...)
			rand.Shuffle(len(history), func(i, j int) { history[i], history[j] = history[j], history[i] })
		}
		for i, tell := range history {
			tell()
			if run > 0 && i%97 == 96 {
				s.drain()
			}
		}
		for s.drain() {
		}
		got := s.earned()
		if run == 0 {
			want = got
		}
		if n := strings.Count(got, "\n"); got != want || n < 60 || s.waiting() != 0 {
			_, why, _ := s.drainer.Trouble(t.Context())
			t.Fatalf("run %d: %d wait (%s); %d lines:\n%s\nwant\n%s", run, s.waiting(), why, n, got, want)
		}
	}
}

// history is what happened to 24 people, each of them a fact to be told.
func (s *shop) history() (tell []func()) {
	bert := s.Partner(s.program.ID, "bert")
	tool := s.Tool(s.program.ID, tracking.StandardLink, "https://shop.test/y")
	s.Settle()
	cookies := []string{"", s.cookie,
		s.Get("go/"+tool.Code+"?p="+bert.Code, web.Standalone).Cookie("pc_click").Value}
	r, start := rand.New(rand.NewPCG(5, 5)), s.Clock.Now()
	fact := func(kind, id string, seq int64, cookie string, at time.Time, payload map[string]any) {
		tell = append(tell, func() {
			s.cookie = cookie
			s.Clock.Set(at)
			s.tell(kind, id, seq, payload)
			s.Clock.Set(start.AddDate(0, 2, 0))
		})
	}
	for n := range 60 {
		for p := range 24 {
			at, email := start.Add(time.Duration(n*24+p)*time.Minute), fmt.Sprintf("p%d@mail.test", p)
			cookie, id := cookies[r.IntN(3)], fmt.Sprintf("%d-%d", p, n)
			switch {
			case n%15 == 0:
				fact("form", id, 0, cookie, at, map[string]any{"email": email, "page": "/", "form": "news"})
			case n%15 == 7:
				s.Clock.Set(at)
				order := map[string]any{"buyer": map[string]any{"email": email}}
				if p%3 == 0 {
					order["subscription"], order["renewal"] = "sub-"+email, n > 15
				}
				fact("order", id, 1, cookie, at, s.lamps(order))
				if p%4 == 1 {
					order["refunds"] = []any{map[string]any{"amount": "9.95", "shipping": "0", "fees": []string{}, "tax": "0",
						"lines": []map[string]any{{"line": "7", "total": "9.95", "tax": "0"}}}}
					fact("order", id, 2, cookie, at.Add(time.Second), s.lamps(order))
				}
			}
		}
	}
	s.Clock.Set(start)
	return tell
}

// earned is who earned what by each order, whatever postings led there; the books
// must be in order.
func (s *shop) earned() string {
	s.Helper()
	findings, err := verify.Verify(s.Context(), s.DB)
	if err != nil || len(findings) > 0 {
		s.Fatalf("%+v, %v", findings, err)
	}
	rows := []string{}
	if err := s.DB.Select(s.Context(), &rows, `SELECT CONCAT(o.external_id, ' ', k.email, ' ', c.level, ' ',
			CAST(SUM(c.amount) AS DECIMAL(19,2)), '\n')
		FROM {wp}partner_center_commissions c JOIN {wp}partner_center_orders o ON o.id = c.order_id
		JOIN {wp}partner_center_partners p ON p.id = c.partner_id
		JOIN {wp}partner_center_contacts k ON k.id = p.contact_id
		GROUP BY o.external_id, k.email, c.level HAVING SUM(c.amount) <> 0 ORDER BY 1`); err != nil {
		s.Fatal(err)
	}
	return strings.Join(rows, "")
}

// With two connections, facts are taken in and pages answered all the same.
//
// Spec: S59
func TestDrainWithTwoConnections(t *testing.T) {
	s := newShop(t)
	s.DB.SQL().SetMaxOpenConns(2)
	for i := range 60 {
		s.tell("order", fmt.Sprint(i), 1, s.lamps(map[string]any{
			"buyer": map[string]any{"email": fmt.Sprintf("buyer%d@mail.test", i)}}))
	}
	drained := make(chan error, 1)
	go func() { _, err := s.drainer.Drain(t.Context()); drained <- err }()
	pages := 0
	for {
		select {
		case err := <-drained:
			if err != nil || s.waiting() != 0 || pages == 0 {
				t.Errorf("%v; %d waiting, %d pages meanwhile", err, s.waiting(), pages)
			}
			return
		default:
			s.Get("healthz", web.Standalone)
			s.Count(`SELECT COUNT(*) FROM {wp}partner_center_orders`)
			pages++
		}
	}
}

// Connections break while facts are taken in: each fact is done or untouched, and
// in the end all of them count once.
//
// Spec: S59 B3.2 D17
func TestKilledConnectionsLeaveFactsWhole(t *testing.T) {
	if err := mysql.SetLogger(&mysql.NopLogger{}); err != nil { // it would name each connection lost
		t.Fatal(err)
	}
	s := newShop(t)
	for i := range 40 {
		for seq := range int64(2) {
			s.tell("order", fmt.Sprint(i), seq+1, s.lamps(map[string]any{
				"buyer": map[string]any{"email": fmt.Sprintf("buyer%d@mail.test", i%9)}}))
		}
		s.tell("form", fmt.Sprint(i), 0, map[string]any{"email": fmt.Sprintf("buyer%d@mail.test", i%9), "page": "/"})
	}
	killer, err := s.DB.SQL().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer killer.Close()
	kills := 0
	for round := 0; s.waiting() > 0; round++ {
		drained := make(chan struct{})
		go func() { // its errors are the broken connections
			s.drainer.Drain(t.Context())
			close(drained)
		}()
		if round < 15 && killOne(t.Context(), killer) {
			kills++
		}
		<-drained
		if round > 100 {
			_, why, _ := s.drainer.Trouble(t.Context())
			t.Fatalf("%d facts still wait: %s", s.waiting(), why)
		}
		s.Clock.Advance(12 * time.Hour) // whatever was put off is due again
	}
	if forms, orders := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE kind = 'optin'`),
		strings.Count(s.earned(), " 3.98\n"); forms != 40 || orders != 40 || kills == 0 {
		t.Errorf("%d forms, %d orders, %d kills", forms, orders, kills)
	}
}

// killOne breaks a connection that works for us now.
func killOne(ctx context.Context, killer *sql.Conn) bool {
	for range 300 {
		var id int64
		err := killer.QueryRowContext(ctx, `SELECT id FROM information_schema.processlist WHERE db = DATABASE()
			AND id <> CONNECTION_ID() AND info LIKE '%/* %' ORDER BY RAND() LIMIT 1`).Scan(&id)
		if err == nil {
			_, err = killer.ExecContext(ctx, fmt.Sprintf("KILL CONNECTION %d", id))
			return err == nil
		}
	}
	return false
}
