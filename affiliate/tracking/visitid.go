package tracking

import (
	"context"
	"sync"
	"time"

	"partnercenter/affiliate"
)

// Visit ids are made before the row is written, so that cookie, retry and
// replay of a click all mean one visit. From high to low: 42
// bits of milliseconds since 2020, enough until 2159; 9 bits of the sidecar's
// leased number; 12 bits of sequence. They are positive and grow with time.
const (
	sequenceBits = 12
	instanceBits = 9
	maxSequence  = 1<<sequenceBits - 1
	// phpInstance makes the ids of clicks that PHP answers while no sidecar
	// does (D43); no sidecar leases it.
	phpInstance = 1<<instanceBits - 1
	maxInstance = phpInstance - 1
)

var idEpoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// visitIDs makes the ids of one sidecar; each is greater than the one before.
type visitIDs struct {
	mu       sync.Mutex
	ms       int64 // of the last id
	sequence int64
}

// next makes an id for a click at the given time. A clock that went back, or
// more than 4096 clicks in a millisecond, borrow from the milliseconds ahead.
func (v *visitIDs) next(at time.Time, instance int) affiliate.VisitID {
	v.mu.Lock()
	defer v.mu.Unlock()
	if ms := at.Sub(idEpoch).Milliseconds(); ms > v.ms {
		v.ms, v.sequence = ms, 0
	} else if v.sequence++; v.sequence > maxSequence {
		v.ms, v.sequence = v.ms+1, 0
	}
	return affiliate.VisitID(v.ms<<(instanceBits+sequenceBits) | int64(instance)<<sequenceBits | v.sequence)
}

// VisitTime is when the visit of this id was made, to the millisecond.
func VisitTime(id affiliate.VisitID) time.Time {
	return idEpoch.Add(time.Duration(id>>(instanceBits+sequenceBits)) * time.Millisecond)
}

// FirstVisitID is below every id that is made from then on.
func FirstVisitID(at time.Time) affiliate.VisitID {
	return affiliate.VisitID(at.Sub(idEpoch).Milliseconds() << (instanceBits + sequenceBits))
}

// LastVisit is when the latest click was recorded, the zero time without one.
func (t *Tracker) LastVisit(ctx context.Context) (time.Time, error) {
	var last *affiliate.VisitID
	err := t.db.Get(ctx, &last, `/* tracking.LastVisit */ SELECT MAX(id) FROM {wp}partner_center_visits`)
	if err != nil || last == nil {
		return time.Time{}, err
	}
	return VisitTime(*last), nil
}
