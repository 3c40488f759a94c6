package sidecar_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/db"
	"partnercenter/db/dbtest"
	"partnercenter/sidecar"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
	"partnercenter/testbed/mailsink"
)

// Variables by which a test program is a sidecar that can be killed: its database,
// and the time that its clock begins with.
const (
	sidecarDSN  = "PARTNER_CENTER_TEST_SIDECAR_DSN"
	sidecarTime = "PARTNER_CENTER_TEST_SIDECAR_TIME"
)

// killsVariable is how often the sidecar is killed, for longer runs: 50 takes two
// minutes.
const killsVariable = "PARTNER_CENTER_TEST_KILLS"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(sidecarDSN); dsn != "" {
		fmt.Fprintln(os.Stderr, beSidecar(dsn))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// beSidecar serves until the process is killed.
func beSidecar(dsn string) error {
	gin.SetMode(gin.TestMode)
	ctx, started := context.Background(), time.Now()
	nanos, err := strconv.ParseInt(os.Getenv(sidecarTime), 10, 64)
	if err != nil {
		return err
	}
	h, err := db.Open(ctx, dsn, db.Tables{Prefix: dbtest.Prefix})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s, err := sidecar.New(ctx, sidecar.Config{Version: "test", DB: h, Key: sidecartest.Key, Trusted: web.Loopback,
		URL: "http://" + listener.Addr().String(), Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Now: func() time.Time { return time.Unix(0, nanos).UTC().Add(time.Since(started)) }})
	if err != nil {
		return err
	}
	fmt.Println("ready")
	return s.Run(ctx, listener)
}

// startSidecar starts one as a process of its own and waits until it works.
func startSidecar(t *testing.T, now time.Time) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append(os.Environ(), sidecarDSN+"="+dbtest.DSN(), fmt.Sprint(sidecarTime, "=", now.UnixNano()))
	command.Stderr = io.Discard
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if said, err := bufio.NewReader(out).ReadString('\n'); said != "ready\n" {
		t.Fatalf("the sidecar did not start: %q %v", said, err)
	}
	return command
}

// mailing is a site that mails by a server of its own, and whose sidecar is killed.
type mailing struct {
	*sidecartest.Shop
	sink     *mailsink.Sink
	partners []affiliate.Partner
	told     int
}

func newMailing(t *testing.T) *mailing {
	t.Helper()
	m := &mailing{Shop: lettersShop(t), sink: mailsink.New(t)}
	m.Send("admin/messages/sending", url.Values{"version": {"0"}, "sender": {"partners@shop.test"},
		"smtp_host": {m.sink.Host}, "smtp_port": {strconv.Itoa(m.sink.Port)}, "smtp_security": {"none"}}).Want(303)
	for i := range 20 {
		m.partners = append(m.partners, m.Site.Partner(m.Gold.ID, fmt.Sprint("p", i)))
	}
	m.Settle()
	m.Exec(`DELETE FROM {wp}partner_center_mails`)
	m.Exec(`DELETE FROM {wp}partner_center_message_events`)
	return m
}

// tell makes events of which a mail to somebody is to be made.
func (m *mailing) tell(n int) {
	m.Helper()
	events := []messages.Event{}
	for range n {
		m.told++
		p := m.partners[m.told%len(m.partners)]
		events = append(events, messages.Event{Key: fmt.Sprint("welcome-", m.told), Occasion: messages.Welcomed,
			PartnerID: p.ID, ProgramID: m.Gold.ID})
	}
	desk := messages.NewDesk(messages.DeskConfig{DB: m.DB, Now: m.Clock.Now})
	m.Must(m.DB.Tx(m.Context(), func(tx *db.Tx) error { return desk.Tell(m.Context(), tx, events...) }))
}

// left is how many events and mails are under way.
func (m *mailing) left() int {
	return m.Count(`SELECT (SELECT COUNT(*) FROM {wp}partner_center_message_events WHERE state <> 'done') +
		(SELECT COUNT(*) FROM {wp}partner_center_mails WHERE state NOT IN ('done', 'dead'))`)
}

// However often the sidecar is killed while it writes and sends, every mail arrives;
// one that may have gone out twice is listed as such, and no other did.
//
// Spec: S20.1
func TestNoMailIsLostWhenTheSidecarIsKilled(t *testing.T) {
	kills := 5
	if text := os.Getenv(killsVariable); text != "" {
		kills, _ = strconv.Atoi(text)
	}
	m := newMailing(t)
	chance := rand.New(rand.NewPCG(1, 2))
	at, busy := m.Clock.Now(), 0
	for range kills {
		m.tell(20)
		at = at.Add(6 * time.Minute) // what the one before had claimed is due again
		process := startSidecar(t, at)
		time.Sleep(time.Duration(chance.IntN(200)) * time.Millisecond) // killed at any moment of its work
		m.Must(process.Process.Kill())
		process.Wait()
		if m.left() > 0 {
			busy++
		}
	}
	last := startSidecar(t, at.Add(6*time.Minute))
	for end := time.Now().Add(time.Minute); m.left() > 0 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
	}
	m.Must(last.Process.Kill())
	last.Wait()
	m.arrived(kills, busy)
}

// arrived compares what was told, what is listed and what reached mailboxes.
func (m *mailing) arrived(kills, busy int) {
	m.Helper()
	mails := []struct {
		ID    int64          `db:"id"`
		State messages.State `db:"state"`
		Error string         `db:"error"`
	}{}
	m.Must(m.DB.Select(m.Context(), &mails, `SELECT id, state, error FROM {wp}partner_center_mails`))
	times, twice, listed := map[string]int{}, 0, 0
	for _, mail := range m.sink.Mails() {
		id, _, _ := strings.Cut(strings.TrimPrefix(mail.Header.Get("Message-Id"), "<partner-center-"), "-")
		times[id]++
	}
	for _, mail := range mails {
		n, perhaps := times[fmt.Sprint(mail.ID)], strings.HasPrefix(mail.Error, "Possibly sent twice.")
		if n == 0 || mail.State != messages.Done || n > 1 && !perhaps {
			m.Errorf("mail %d arrived %d times and is %s %q", mail.ID, n, mail.State, mail.Error)
		}
		if n > 1 {
			twice++
		}
		if perhaps {
			listed++
		}
	}
	if len(mails) != m.told || m.left() != 0 {
		m.Errorf("%d events, %d mails, %d left", m.told, len(mails), m.left())
	}
	m.Logf("%d kills, %d of them with mails under way; %d mails, %d listed as possibly sent twice, %d were", kills,
		busy, len(mails), listed, twice)
}
