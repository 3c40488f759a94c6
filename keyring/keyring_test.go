package keyring_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/db/dbtest"
	"partnercenter/keyring"
)

var (
	oldPairing = [32]byte{1}
	newPairing = [32]byte{2}
)

// site is a database with a clock and a log that its sidecars share.
type site struct {
	db  *db.Handle
	now *clock.Fake
	log bytes.Buffer
}

func newSite(t *testing.T) *site {
	return &site{db: dbtest.New(t), now: clock.NewFake(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))}
}

// sidecar is the ring of a process that has just started.
func (s *site) sidecar(pairing [32]byte) *keyring.Ring {
	return keyring.New(s.db, s.now.Now, pairing, slog.New(slog.NewTextHandler(&s.log, nil)))
}

func newest(t *testing.T, r *keyring.Ring, purpose string) keyring.Key {
	t.Helper()
	k, err := r.Newest(t.Context(), purpose)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (s *site) byID(t *testing.T, r *keyring.Ring, purpose string, id int) (keyring.Key, bool) {
	t.Helper()
	k, ok, err := r.ByID(t.Context(), s.db, purpose, id)
	if err != nil {
		t.Fatal(err)
	}
	return k, ok
}

func TestKeysArePerPurposeAndOutliveTheProcess(t *testing.T) {
	s := newSite(t)
	first := s.sidecar(oldPairing)
	click, visitor := newest(t, first, "click"), newest(t, first, "visitor")
	if click.Secret == visitor.Secret || click.Secret == [32]byte{} {
		t.Fatal("purposes must have random keys of their own")
	}
	again := s.sidecar(oldPairing)
	if newest(t, again, "click") != click {
		t.Error("after a restart the click key is another one")
	}
	if k, ok := s.byID(t, again, "visitor", visitor.ID); !ok || k != visitor {
		t.Error("the visitor key is not found by its id")
	}
	if s.log.Len() > 0 {
		t.Errorf("unexpected log: %s", &s.log)
	}
}

func TestStoredKeyIsEncrypted(t *testing.T) {
	s := newSite(t)
	k := newest(t, s.sidecar(oldPairing), "click")
	var sealed []byte
	if err := s.db.Get(t.Context(), &sealed, `SELECT sealed FROM {wp}partner_center_secrets`); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, k.Secret[:]) {
		t.Error("the secret stands readable in the database")
	}
	if text := fmt.Sprintf("%v %#v %s", k, k, k); text != "[key 1] [key 1] [key 1]" {
		t.Errorf("printing a key shows %q", text)
	}
}

func TestSidecarsStartingTogetherAgree(t *testing.T) {
	s := newSite(t)
	keys := make([]keyring.Key, 16)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			var err error
			if keys[i], err = s.sidecar(oldPairing).Newest(t.Context(), "click"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, k := range keys {
		if k != keys[0] {
			t.Fatalf("sidecars disagree: %d and %d", k.ID, keys[0].ID)
		}
	}
}

func TestLostPairingKeyIsReportedAndANewSecretMade(t *testing.T) {
	s := newSite(t)
	lost := newest(t, s.sidecar(oldPairing), "click")
	after := s.sidecar(newPairing)
	made := newest(t, after, "click")
	if made.ID != lost.ID+1 || made.Secret == lost.Secret {
		t.Errorf("got key %d after %d", made.ID, lost.ID)
	}
	if _, ok := s.byID(t, after, "click", lost.ID); ok {
		t.Error("a key that cannot be opened was handed out")
	}
	if !strings.Contains(s.log.String(), "cannot be opened") {
		t.Error("nothing was logged")
	}
	// The old pairing key comes back: what it signed is good again.
	if k, ok := s.byID(t, s.sidecar(oldPairing), "click", lost.ID); !ok || k != lost {
		t.Error("the old key does not open again")
	}
}

func TestDamagedRowIsSkipped(t *testing.T) {
	s := newSite(t)
	if _, err := s.db.Exec(t.Context(), `INSERT INTO {wp}partner_center_secrets VALUES ('click', 7, 'short', ?)`,
		s.now.Now()); err != nil {
		t.Fatal(err)
	}
	if k := newest(t, s.sidecar(oldPairing), "click"); k.ID != 8 {
		t.Errorf("got key %d, want 8", k.ID)
	}
}

func TestResealKeepsKeys(t *testing.T) {
	s := newSite(t)
	one, two := s.sidecar(oldPairing), s.sidecar(oldPairing)
	click := newest(t, one, "click")
	for _, sidecar := range []*keyring.Ring{one, two} { // both see the changed salts
		if err := sidecar.Reseal(t.Context(), newPairing); err != nil {
			t.Fatal(err)
		}
		if newest(t, sidecar, "click") != click {
			t.Error("the key changed with the pairing key")
		}
	}
	if newest(t, s.sidecar(newPairing), "click") != click {
		t.Error("a sidecar that starts later finds another key")
	}
	if s.log.Len() > 0 {
		t.Errorf("unexpected log: %s", &s.log)
	}
}

func TestKeyOfAnotherSidecarIsFound(t *testing.T) {
	s := newSite(t)
	running := s.sidecar(oldPairing)
	newest(t, running, "click")
	// Another sidecar cannot open key 1, and makes key 2.
	if _, err := s.db.Exec(t.Context(), `UPDATE {wp}partner_center_secrets SET sealed = 'damaged'`); err != nil {
		t.Fatal(err)
	}
	made := newest(t, s.sidecar(oldPairing), "click")
	if _, ok := s.byID(t, running, "click", made.ID); ok {
		t.Error("the database was asked again at once")
	}
	s.now.Advance(10 * time.Second)
	if k, ok := s.byID(t, running, "click", made.ID); !ok || k != made {
		t.Error("the other sidecar's key was not found")
	}
}

// The database is asked once in ten seconds, however many made-up ids come.
func TestMadeUpIDsAreNotAskedForEach(t *testing.T) {
	s := newSite(t)
	ring := s.sidecar(oldPairing)
	newest(t, ring, "click")
	s.now.Advance(time.Minute)
	asked := &counting{Queryer: s.db}
	var all sync.WaitGroup
	for id := range 50 {
		all.Go(func() {
			if _, ok, err := ring.ByID(t.Context(), asked, "click", 1000+id); ok || err != nil {
				t.Errorf("key %d: %v, %v", id, ok, err)
			}
		})
	}
	all.Wait()
	if n := asked.n.Load(); n != 1 {
		t.Errorf("the database was asked %d times", n)
	}
}

type counting struct {
	db.Queryer
	n atomic.Int64
}

func (c *counting) Select(ctx context.Context, dest any, query string, args ...any) error {
	c.n.Add(1)
	return c.Queryer.Select(ctx, dest, query, args...)
}

// A query that fails, as in a transaction that is rolled back, is not taken
// for an answer.
func TestFailedLookUpIsDoneAgain(t *testing.T) {
	s := newSite(t)
	running := s.sidecar(oldPairing)
	newest(t, running, "click")
	if _, err := s.db.Exec(t.Context(), `UPDATE {wp}partner_center_secrets SET sealed = 'damaged'`); err != nil {
		t.Fatal(err)
	}
	made := newest(t, s.sidecar(oldPairing), "click")
	s.now.Advance(time.Minute)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := running.ByID(gone, s.db, "click", made.ID); err == nil {
		t.Fatal("nothing failed")
	}
	if k, ok := s.byID(t, running, "click", made.ID); !ok || k != made {
		t.Error("the key is not found any more")
	}
}

// While a reader waits for the database, all that is in memory is handed out.
func TestNobodyWaitsForAnothersQuery(t *testing.T) {
	s := newSite(t)
	ring := s.sidecar(oldPairing)
	key := newest(t, ring, "click")
	s.now.Advance(time.Minute)
	begun, end := make(chan bool), make(chan bool)
	var waiting sync.WaitGroup
	waiting.Go(func() { ring.ByID(t.Context(), &slow{s.db, begun, end}, "click", 99) })
	<-begun
	if k, ok := s.byID(t, ring, "click", key.ID); !ok || k != key || newest(t, ring, "click") != key {
		t.Error("another key is handed out")
	}
	if _, ok := s.byID(t, ring, "click", 98); ok {
		t.Error("a made-up key was found")
	}
	close(end)
	waiting.Wait()
}

type slow struct {
	db.Queryer
	begun, end chan bool
}

func (q *slow) Select(ctx context.Context, dest any, query string, args ...any) error {
	close(q.begun)
	<-q.end
	return q.Queryer.Select(ctx, dest, query, args...)
}

// What guards the whole suite is seen to work: a call that may ask for a
// connection of its own is found inside a transaction.
func TestSecondConnectionIsFound(t *testing.T) {
	s := newSite(t)
	ring := s.sidecar(oldPairing)
	defer func() {
		if found := fmt.Sprint(recover()); !strings.Contains(found, "second connection") ||
			!strings.Contains(found, "keyring.read") {
			t.Errorf("nothing was found, but %s", found)
		}
	}()
	s.db.Tx(t.Context(), func(*db.Tx) error {
		_, err := ring.Newest(t.Context(), "click")
		return err
	})
}
