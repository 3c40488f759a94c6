package tracking

import (
	"cmp"
	"slices"
	"time"

	"partnercenter/affiliate"
)

// FoldTouchpoint is what Fold needs to know of a form.
type FoldTouchpoint struct {
	Kind       FormKind         `db:"kind"`
	Source     string           `db:"source"`
	ExternalID string           `db:"external_id"`
	At         time.Time        `db:"occurred_at"`
	Origin     affiliate.Origin `db:"origin"`
	Touch
	Browser   string `db:"browser"`     // keyed hash of pc_visitor and contact; "" unknown
	LoggedIn  bool   `db:"logged_in"`   // the visitor was logged in with the contact's address
	Confirmed bool   `db:"confirmed"`   // the contact's mailbox has confirmed it
	Check     Review `db:"check_state"` // as one of many addresses by one click or network
}

// Referrers are the two slots of a contact. Proven is, while Last is unproven,
// the proven one that it took the place of (D41).
type Referrers struct{ First, Last, Proven affiliate.Referrer }

// Candidate is the referrer who earns by the global rule (S7). In First mode a
// contact without a first referrer credits nobody, never the last one.
func (r Referrers) Candidate(rule affiliate.Credit) affiliate.Referrer {
	if rule == affiliate.FirstReferrer {
		return r.First
	}
	return r.Last
}

// Fold replays a contact's forms in the order of time and returns the
// referrers after each, in that order; forms is sorted in place. byForms tells
// that the earliest form made the contact; otherwise it was there before
// (import, admin, API) and its first referrer stays blank for ever (S68, S69).
//
//   - The form that made the contact fills both slots by its click (S64). When
//     it carried none, first stays blank for ever (S68).
//   - Each later form with a valid click of its own fills last (S66, S70).
//   - What an admin assigned fills its slot, or empties it (S65).
//   - Each slot carries its proof (D41); a form that an admin dismissed fills none.
//
// browsers are those in which the contact was seen logged in.
func Fold(byForms bool, touchpoints []FoldTouchpoint, browsers ...string) []Referrers {
	slices.SortFunc(touchpoints, inTime)
	proofs := proofsOf(byForms, touchpoints, browsers)
	after := make([]Referrers, len(touchpoints))
	var now Referrers
	fresh := byForms // no form has been submitted yet
	for i, f := range touchpoints {
		switch {
		case f.Kind == SetFirst:
			now.First = f.referrer(f.At, proofs[i])
		case f.Kind == SetLast:
			now.close(f.referrer(f.At, proofs[i]))
		case f.State == Valid && proofs[i] != "":
			now.close(f.referrer(f.At, proofs[i]))
			if fresh && mayGiveFirst(f.Origin) {
				now.First = now.Last
			}
		}
		fresh = fresh && f.Kind.assigns()
		after[i] = now
	}
	return after
}

// close makes r the last referrer.
func (now *Referrers) close(r affiliate.Referrer) {
	switch {
	case r.Proof.Proven():
		now.Proven = affiliate.Referrer{}
	case now.Last.Proof.Proven():
		now.Proven = now.Last
	}
	now.Last = r
}

// inTime orders forms by when they happened; equal times by their names, so
// that the order of arrival never matters.
func inTime(a, b FoldTouchpoint) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Source, b.Source),
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ExternalID, b.ExternalID))
}

// mayGiveFirst tells whether a contact of this origin can have a first
// referrer (S64, S69).
func mayGiveFirst(o affiliate.Origin) bool {
	return o == affiliate.ByForm || o == affiliate.ByOrder || o == affiliate.BySignUp
}

// referrer is nobody where an admin named nobody.
func (t Touch) referrer(at time.Time, proof affiliate.Proof) affiliate.Referrer {
	if t.PartnerID == 0 {
		return affiliate.Referrer{}
	}
	return affiliate.Referrer{PartnerID: t.PartnerID, ToolID: t.ToolID, SubID: t.SubID, Page: t.Page,
		VisitID: t.VisitID, At: &at, Proof: proof}
}
