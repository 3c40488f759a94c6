package affiliate_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// chainAll gives each action its place.
func chainAll(t testing.TB, r *affiliate.Registry) {
	t.Helper()
	for more := true; more; {
		var err error
		if more, err = r.ChainAudit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// recorded are n audited actions in the chain, each with a value.
func recorded(t testing.TB, n int) (*affiliate.Registry, *db.Handle) {
	t.Helper()
	r, h, _ := newRegistry(t)
	ctx := affiliate.WithOrigin(t.Context(), "203.0.113.7")
	for i := range n {
		e := affiliate.AuditEntry{Actor: anna, Action: "edit", Object: "program", ObjectID: int64(i + 1), After: i}
		if err := affiliate.Audit(ctx, h, noon.Add(time.Duration(i)*time.Second), e); err != nil {
			t.Fatal(err)
		}
	}
	chainAll(t, r)
	return r, h
}

func faults(t testing.TB, r *affiliate.Registry, noted affiliate.AuditHead) (found []string) {
	t.Helper()
	proof, err := r.ProveAudit(t.Context(), noted)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range proof.Faults {
		found = append(found, fmt.Sprintf("%s %d", f.Kind, f.Place))
	}
	return found
}

// What is done to the record behind the program's back shows, and where.
//
// Spec: B12.2 B12.3
func TestAuditChainShowsWhatWasDoneToIt(t *testing.T) {
	const p = "{wp}partner_center_audit"
	for name, c := range map[string]struct {
		do   []string
		want []string
	}{
		"nothing": {nil, nil},
		"reason":  {[]string{"UPDATE " + p + " SET reason = 'another' WHERE place = 3"}, []string{"changed 3"}},
		"who":     {[]string{"UPDATE " + p + " SET actor = 'bert (user 8)' WHERE place = 3"}, []string{"changed 3"}},
		"when":    {[]string{"UPDATE " + p + " SET at = at + INTERVAL 1 DAY WHERE place = 1"}, []string{"changed 1"}},
		"values": {[]string{"UPDATE " + p + "_values v JOIN " + p + ` a ON a.digest = v.digest SET v.after_json = '"x"'
			WHERE a.place = 4`}, []string{"values 4"}},
		"from where": {[]string{"UPDATE " + p + "_values v JOIN " + p +
			" a ON a.digest = v.digest SET v.origin = '198.51.100.1' WHERE a.place = 4"}, []string{"values 4"}},
		"removed": {[]string{"DELETE FROM " + p + " WHERE place IN (2, 3)"}, []string{"removed 2"}},
		"first":   {[]string{"DELETE FROM " + p + " WHERE place = 1"}, []string{"removed 1"}},
		"removed and renumbered": {[]string{"DELETE FROM " + p + " WHERE place = 3",
			"UPDATE " + p + " SET place = place - 1 WHERE place > 3 ORDER BY place"},
			[]string{"moved 3", "moved 4", "moved 5"}},
		"reordered": {[]string{"UPDATE " + p + " SET place = 99 WHERE place = 2",
			"UPDATE " + p + " SET place = 2 WHERE place = 3", "UPDATE " + p + " SET place = 3 WHERE place = 99"},
			[]string{"moved 2", "moved 3", "moved 4"}},
		// D37: the record of what was done stays, the persons in it do not.
		"persons erased": {[]string{"DELETE FROM " + p + "_values",
			"UPDATE " + p + " SET actor = CONCAT('(user ', SUBSTRING_INDEX(actor, '(user ', -1))"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r, h := recorded(t, 6)
			for _, statement := range c.do {
				if _, err := h.Exec(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			if found := faults(t, r, affiliate.AuditHead{}); !slices.Equal(found, c.want) {
				t.Errorf("found %q, want %q", found, c.want)
			}
		})
	}
}

// Whoever noted the head down knows later that nothing up to it was written again
// or cut off.
func TestAuditHeadNotedDown(t *testing.T) {
	r, h := recorded(t, 6)
	proof, err := r.ProveAudit(t.Context(), affiliate.AuditHead{})
	if err != nil || proof.Head.Place != 6 {
		t.Fatal(proof, err)
	}
	noted, err := affiliate.ParseAuditHead(proof.Head.String())
	if err != nil {
		t.Fatal(err)
	}
	if found := faults(t, r, noted); len(found) > 0 {
		t.Errorf("found %q", found)
	}
	statements := []string{"DELETE FROM {wp}partner_center_audit WHERE place >= 5",
		"UPDATE {wp}partner_center_audit SET reason = 'x', place = NULL, seal = NULL"}
	for _, statement := range statements {
		if _, err := h.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
		chainAll(t, r) // as a new program would, so that the chain alone shows nothing
		if found := faults(t, r, affiliate.AuditHead{}); len(found) > 0 {
			t.Fatalf("found %q", found)
		}
		if found := faults(t, r, noted); !slices.Equal(found, []string{"head 6"}) {
			t.Errorf("with the head: %q", found)
		}
	}
	for _, text := range []string{"", "6", "x:" + "00", "6:00"} {
		if _, err := affiliate.ParseAuditHead(text); err == nil {
			t.Errorf("%q is a head", text)
		}
	}
}

// Writers never wait for the chain, nor it for them: actions that commit late
// get their place late.
func TestAuditChainBesideWriters(t *testing.T) {
	r, h, _ := newRegistry(t)
	open := make(chan struct{})
	var all sync.WaitGroup
	const writers, each = 4, 20
	for w := range writers {
		all.Go(func() {
			for i := range each {
				err := h.Tx(t.Context(), func(tx *db.Tx) error {
					err := affiliate.Audit(t.Context(), tx, noon, affiliate.AuditEntry{Actor: anna, Action: "edit",
						Object: "program", ObjectID: int64(100*w + i + 1)})
					if w == 0 && i == 0 {
						<-open // holds the lowest id or nearly so while the others go on
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	count := func() int {
		chainAll(t, r)
		proof, err := r.ProveAudit(t.Context(), affiliate.AuditHead{})
		if err != nil || len(proof.Faults) > 0 {
			t.Fatal(proof, err)
		}
		return int(proof.Head.Place)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for count() < (writers-1)*each && ctx.Err() == nil {
	}
	close(open)
	all.Wait()
	if n := count(); n != writers*each {
		t.Errorf("%d of %d actions are in the chain", n, writers*each)
	}
}

func BenchmarkProveAudit(b *testing.B) {
	r, h, _ := newRegistry(b)
	entries := []affiliate.AuditEntry{}
	for i := range 500 {
		entries = append(entries, affiliate.AuditEntry{Actor: anna, Action: "approve", Object: "commission",
			ObjectID: int64(i + 1), Before: "pending", After: "payable"})
	}
	for range 100 {
		if err := affiliate.Audit(b.Context(), h, noon, entries...); err != nil {
			b.Fatal(err)
		}
	}
	chainAll(b, r)
	for b.Loop() {
		if _, err := r.ProveAudit(b.Context(), affiliate.AuditHead{}); err != nil {
			b.Fatal(err)
		}
	}
}
