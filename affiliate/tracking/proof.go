package tracking

import (
	"partnercenter/affiliate"
)

// Review is where a form stands that is one of many addresses (D41).
type Review string

// The states of a check; blank: no limit was exceeded.
const (
	ReviewOpen      Review = "open"
	ReviewConfirmed Review = "confirmed" // an admin: these are people
	ReviewDismissed Review = "dismissed" // an admin: these are not
)

// proofsOf is the proof of each form, "" for one that an admin has dismissed and
// nothing else proves. It looks at all of the contact's forms, whenever they
// came: a browser that later ordered was the buyer's before, too. So the answer
// does not depend on the order of arrival.
func proofsOf(byForms bool, touchpoints []FoldTouchpoint, browsers []string) []affiliate.Proof {
	proofs := make([]affiliate.Proof, len(touchpoints))
	own, visits := map[string]bool{}, map[affiliate.VisitID]bool{}
	for _, b := range browsers {
		own[b] = true
	}
	fresh := byForms
	for i, f := range touchpoints {
		proofs[i] = f.ownProof(fresh)
		fresh = fresh && f.Kind.assigns()
		if proofs[i] == "" {
			continue
		}
		own[f.Browser] = true
		if f.State == Valid && proofs[i] != affiliate.ByCreation {
			visits[f.VisitID] = true
		}
	}
	delete(own, "") // unknown ones are not one and the same
	delete(visits, 0)
	for i, f := range touchpoints {
		if proofs[i] == "" {
			proofs[i] = f.proofBy(own[f.Browser], visits[f.VisitID])
		}
	}
	return proofs
}

// ownProof is what the form itself proves, "" for nothing. fresh: it made the contact.
func (f FoldTouchpoint) ownProof(fresh bool) affiliate.Proof {
	switch {
	case f.Kind.assigns() || f.Origin != affiliate.ByForm && f.Origin != affiliate.ByOrder:
		return affiliate.ByAdminsHand
	case f.Kind == Order && f.Origin == affiliate.ByOrder:
		return affiliate.ByOwnOrder
	case f.LoggedIn:
		return affiliate.ByLogIn
	case f.Confirmed:
		return affiliate.ByMailbox
	case f.Check == ReviewConfirmed:
		return affiliate.ByAdminsHand
	case f.Check == "" && fresh:
		return affiliate.ByCreation
	}
	return ""
}

// proofBy is what the contact's other forms prove of it: that its browser is the
// contact's, or that the contact's own browser showed the same click.
func (f FoldTouchpoint) proofBy(ownBrowser, ownClick bool) affiliate.Proof {
	switch {
	case ownClick:
		return affiliate.ByBrowser
	case f.Check == ReviewDismissed:
		return ""
	case f.Check == "" && ownBrowser:
		return affiliate.ByBrowser
	}
	return affiliate.Unproven
}
