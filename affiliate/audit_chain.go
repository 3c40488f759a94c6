package affiliate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"partnercenter/db"
	"partnercenter/locale"
)

// The audit is chained (B12): each action has a place, and the seal of a place
// covers the one before, so that no action can be changed, taken out or put
// elsewhere without a seal that no longer fits. Actions are written without a
// place, and ChainAudit gives them theirs after they were committed: a chain
// whose head each transaction had to hold would have all approvals wait for one
// another. What is changed or removed in those seconds leaves no trace here, and
// who writes all later seals again, or removes the latest actions, is found out by
// an AuditHead that was noted down elsewhere.

// chained is an action as its seal covers it.
type chained struct {
	ID       int64     `db:"id"`
	At       time.Time `db:"at"`
	Actor    Actor     `db:"actor"`
	Action   string    `db:"action"`
	Object   string    `db:"object"`
	ObjectID int64     `db:"object_id"`
	Digest   []byte    `db:"digest"`
	Reason   string    `db:"reason"`
	Place    int64     `db:"place"`
	Seal     []byte    `db:"seal"` // content, then link
	// What the digest is of, where it was not erased.
	Salt   []byte  `db:"salt"`
	Before *string `db:"before_json"`
	After  *string `db:"after_json"`
	Origin *string `db:"origin"`
}

// content is the SHA-256 of the row. Of the actor it covers what nobody can
// choose: names may be erased (D37).
func (c chained) content() []byte {
	row, _ := json.Marshal([]any{c.ID, c.At.UTC().Format("2006-01-02 15:04:05.000000"), c.Actor.user(), c.Action,
		c.Object, c.ObjectID, hex.EncodeToString(c.Digest), c.Reason})
	sum := sha256.Sum256(row)
	return sum[:]
}

// link chains a content to the place before, whose link is given: none at the
// first place.
func link(before []byte, place int64, content []byte) []byte {
	text := binary.BigEndian.AppendUint64(bytes.Clone(before), uint64(place))
	sum := sha256.Sum256(append(text, content...))
	return sum[:]
}

func sealParts(seal []byte) (content, link []byte) {
	if len(seal) != 2*sha256.Size {
		return nil, nil
	}
	return seal[:sha256.Size], seal[sha256.Size:]
}

// AuditHead is the end of the chain: who has noted it down can prove later that
// everything up to its place is as it was.
type AuditHead struct {
	Place int64
	Link  []byte
}

// String is "17:" and the link in hexadecimal digits, "" before the first action.
func (h AuditHead) String() string {
	if h.Place == 0 {
		return ""
	}
	return fmt.Sprintf("%d:%x", h.Place, h.Link)
}

// ParseAuditHead reads what String wrote.
func ParseAuditHead(text string) (h AuditHead, err error) {
	place, digits, _ := strings.Cut(strings.TrimSpace(text), ":")
	h.Link, err = hex.DecodeString(digits)
	if _, scanned := fmt.Sscan(place, &h.Place); err != nil || scanned != nil || len(h.Link) != sha256.Size {
		return AuditHead{}, Invalid("head", "That is not a fingerprint of the record. It looks like 17:3fa9….")
	}
	return h, nil
}

// chainAtOnce is how many actions get their places in one transaction.
const chainAtOnce = 500

// ChainAudit gives a place to actions that have none, at most 500 of them, in
// the order of their ids; more tells that others may be left. One sidecar does
// so at a time; should there be two, one of them fails and nothing is wrong.
func (r *Registry) ChainAudit(ctx context.Context) (more bool, err error) {
	err = r.db.Tx(ctx, func(tx *db.Tx) error {
		head, err := auditHead(ctx, tx)
		if err != nil {
			return err
		}
		rows := []chained{}
		err = tx.Select(ctx, &rows, `/* affiliate.ChainAudit */ SELECT id, at, actor, action, object,
				COALESCE(object_id, 0) AS object_id, digest, reason
			FROM {wp}partner_center_audit WHERE place IS NULL ORDER BY id LIMIT ?`, chainAtOnce)
		if more = len(rows) == chainAtOnce; err != nil || len(rows) == 0 {
			return err
		}
		var query strings.Builder
		args := []any{}
		for _, row := range rows {
			content := row.content()
			head = AuditHead{head.Place + 1, link(head.Link, head.Place+1, content)}
			if query.Len() > 0 {
				query.WriteString(" UNION ALL ")
			}
			query.WriteString("SELECT CAST(? AS SIGNED) AS id, CAST(? AS SIGNED) AS place, CAST(? AS BINARY) AS seal")
			args = append(args, row.ID, head.Place, append(content, head.Link...))
		}
		// By id, and never by place: the lock of an index of places would have writers wait.
		_, err = tx.Exec(ctx, `/* affiliate.ChainAudit */ UPDATE (`+query.String()+`) n
			STRAIGHT_JOIN {wp}partner_center_audit a ON a.id = n.id SET a.place = n.place, a.seal = n.seal`, args...)
		return err
	})
	return more && err == nil, err
}

func auditHead(ctx context.Context, q db.Queryer) (AuditHead, error) {
	var last struct {
		Place int64  `db:"place"`
		Seal  []byte `db:"seal"`
	}
	err := q.Get(ctx, &last, `/* affiliate.auditHead */ SELECT place, seal FROM {wp}partner_center_audit
		WHERE place IS NOT NULL ORDER BY place DESC LIMIT 1`)
	if db.NoRows(err) {
		return AuditHead{}, nil
	}
	_, link := sealParts(last.Seal)
	return AuditHead{last.Place, link}, err
}

// AuditFault is where the record is not what it was.
type AuditFault struct {
	Kind  FaultKind
	ID    int64     // of the action; 0 for those that are gone
	Place int64     // of the action, or of the first that is gone
	Last  int64     // of several that are gone, the last one's place
	At    time.Time // of the action; of one that is gone, that of the next
}

// FaultKind says what was done to an action.
type FaultKind string

// The kinds of faults.
const (
	FaultChanged FaultKind = "changed" // the action says something else
	FaultValues  FaultKind = "values"  // what it changed says something else
	FaultRemoved FaultKind = "removed"
	FaultMoved   FaultKind = "moved" // it follows another action than it did
	FaultHead    FaultKind = "head"  // a fingerprint noted down earlier does not fit
)

// Text says what is wrong, for admins.
func (f AuditFault) Text() locale.Text {
	switch f.Kind {
	case FaultChanged:
		return locale.T("Entry %d was changed after it was written.", f.Place)
	case FaultValues:
		return locale.T("What entry %d says about before and after was changed after it was written.", f.Place)
	case FaultRemoved:
		if f.Last > f.Place {
			return locale.T("Entries %d to %d were removed.", f.Place, f.Last)
		}
		return locale.T("Entry %d was removed.", f.Place)
	case FaultHead:
		return locale.T("The record up to entry %d isn't the one of this fingerprint.", f.Place)
	}
	return locale.T("Entry %d doesn't follow the entry it was written after: entries were reordered, or the chain "+
		"was rewritten.", f.Place)
}

// AuditProof is the outcome of proving the record.
type AuditProof struct {
	Faults  []AuditFault // the first ones, at most mostFaults
	Head    AuditHead
	Waiting int64 // actions of the last seconds, not in the chain yet
}

const (
	mostFaults  = 100
	proveAtOnce = 2000
)

// ProveAudit goes through the whole chain and names each action that was
// changed, removed or put elsewhere. noted may be a head of earlier, which the
// record must still have; the zero one is none. It changes nothing.
func ProveAudit(ctx context.Context, q db.Queryer, noted AuditHead) (proof AuditProof, err error) {
	prover := prover{noted: noted}
	for !prover.full() {
		rows := []chained{}
		err := q.Select(ctx, &rows, `/* affiliate.ProveAudit */ SELECT a.id, a.at, a.actor, a.action, a.object,
				COALESCE(a.object_id, 0) AS object_id, a.digest, a.reason, a.place, a.seal, v.salt, v.before_json,
				v.after_json, v.origin
			FROM {wp}partner_center_audit a LEFT JOIN {wp}partner_center_audit_values v ON v.digest = a.digest
			WHERE a.place > ? ORDER BY a.place LIMIT ?`, prover.head.Place, proveAtOnce)
		if err != nil {
			return proof, err
		}
		for _, row := range rows {
			prover.see(row)
		}
		if len(rows) < proveAtOnce {
			break
		}
	}
	if noted.Place > prover.head.Place {
		prover.fault(AuditFault{Kind: FaultHead, Place: noted.Place})
	}
	proof.Faults, proof.Head = prover.faults, prover.head
	err = q.Get(ctx, &proof.Waiting, `/* affiliate.ProveAudit */ SELECT COUNT(*) FROM {wp}partner_center_audit
		WHERE place IS NULL`)
	return proof, err
}

// ProveAudit is ProveAudit on a database of its own.
func (r *Registry) ProveAudit(ctx context.Context, noted AuditHead) (proof AuditProof, err error) {
	err = r.db.ReadOnly(ctx, func(tx *db.Tx) (err error) {
		proof, err = ProveAudit(ctx, tx, noted)
		return err
	})
	return proof, err
}

// prover follows the chain from place to place.
type prover struct {
	head   AuditHead
	noted  AuditHead
	faults []AuditFault
}

func (p *prover) full() bool { return len(p.faults) >= mostFaults }

func (p *prover) fault(f AuditFault) {
	if !p.full() {
		p.faults = append(p.faults, f)
	}
}

func (p *prover) see(row chained) {
	content, sealed := sealParts(row.Seal)
	gap := row.Place > p.head.Place+1
	if gap {
		p.fault(AuditFault{Kind: FaultRemoved, Place: p.head.Place + 1, Last: row.Place - 1, At: row.At})
	}
	values := auditValues{salt: row.Salt, before: row.Before, after: row.After, origin: row.Origin}
	about := AuditFault{ID: row.ID, Place: row.Place, At: row.At}
	switch {
	case !bytes.Equal(content, row.content()):
		about.Kind = FaultChanged
	case !gap && !bytes.Equal(sealed, link(p.head.Link, row.Place, content)):
		about.Kind = FaultMoved
	case row.Salt != nil && !bytes.Equal(row.Digest, values.sum()):
		about.Kind = FaultValues
	}
	if about.Kind != "" {
		p.fault(about)
	}
	p.head = AuditHead{row.Place, bytes.Clone(sealed)}
	if p.noted.Place == row.Place && !bytes.Equal(p.noted.Link, sealed) {
		p.fault(AuditFault{Kind: FaultHead, Place: row.Place})
	}
}
