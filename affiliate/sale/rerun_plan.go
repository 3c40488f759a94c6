package sale

import (
	"context"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// rerunning is a re-run of some orders within one transaction.
type rerunning struct {
	wish     Rerun
	at       ledger.Recording
	orders   map[affiliate.OrderID]Order // locked, with the later payments that go along
	existing map[affiliate.OrderID][]*ledger.Commission
	all      []*reconciliation
	follows  map[*reconciliation]*reconciliation // of later payments: the order they follow
	before   map[*reconciliation]Decision
	postings map[*reconciliation][]ledger.Posting
	planned  []RerunOrder
	skipped  []RerunSkip
}

// planRerun locks the picks and plans them, as far as they are not done.
func (sv *Service) planRerun(ctx context.Context, q db.Queryer, actor affiliate.Actor, picks []RerunPick, r Rerun,
	done map[affiliate.OrderID]bool) (*rerunning, error) {
	run := &rerunning{wish: r, at: sv.recordedBy(actor), follows: map[*reconciliation]*reconciliation{},
		before: map[*reconciliation]Decision{}, postings: map[*reconciliation][]ledger.Posting{}}
	if err := run.lock(ctx, q, picks); err != nil {
		return nil, err
	}
	for _, p := range picks {
		if done[p.OrderID] ||
			slices.ContainsFunc(run.all, func(t *reconciliation) bool { return t.order.ID == p.OrderID }) {
			continue // moved with the first order of its subscription
		}
		t, why, err := sv.rerunOne(ctx, q, run, p)
		if err != nil {
			return nil, err
		}
		if why != "" {
			run.skipped = append(run.skipped, RerunSkip{p.OrderID, why})
			continue
		}
		run.all = append(run.all, t)
		if err := sv.rerunLater(ctx, q, run, t); err != nil {
			return nil, err
		}
	}
	if err := run.plan(ctx, q); err != nil {
		return nil, err
	}
	run.keepPromises(picks)
	return run, nil
}

// keepPromises leaves out what would be done otherwise than a preview promised.
func (run *rerunning) keepPromises(picks []RerunPick) {
	for _, pick := range picks {
		planned := func(o RerunOrder) bool { return o.OrderID == pick.OrderID && o.Follows == 0 }
		if pick.Plan == "" || !slices.ContainsFunc(run.planned, planned) ||
			pick.Plan == promise(run.planned, pick.OrderID) {
			continue
		}
		run.skipped = append(run.skipped, RerunSkip{pick.OrderID, reason.SkipChanged})
		left, kept := []*reconciliation{}, []RerunOrder{}
		for i, t := range run.all { // both have the same order
			if o := run.planned[i]; o.OrderID != pick.OrderID && o.Follows != pick.OrderID {
				left, kept = append(left, t), append(kept, o)
			}
		}
		run.all, run.planned = left, kept
	}
}

// lock locks the picks and the later payments that go with them.
func (run *rerunning) lock(ctx context.Context, q db.Queryer, picks []RerunPick) error {
	ids := []affiliate.OrderID{}
	for _, p := range picks {
		ids = append(ids, p.OrderID)
	}
	found := []Order{}
	err := db.SelectIn(ctx, q, &found, `/* sale.rerunning.lock */ SELECT `+OrderColumns+
		` FROM {wp}partner_center_orders WHERE id IN (?) ORDER BY source, subscription_id`, ids)
	if err != nil {
		return err
	}
	for _, o := range found {
		if err := lockSubscription(ctx, q, o.asState()); err != nil {
			return err
		}
		if run.wish.ThisOnly {
			continue
		}
		later, err := laterPayments(ctx, q, o.asState())
		if err != nil {
			return err
		}
		ids = append(ids, later...)
	}
	locked, err := lockOrders(ctx, q, ids)
	if err != nil || len(locked) == 0 {
		return err
	}
	run.orders = map[affiliate.OrderID]Order{}
	for _, o := range locked {
		run.orders[o.ID] = o
	}
	run.existing, err = lockCommissionsOf(ctx, q, locked)
	return err
}

// asState is as much of a state as finds the order in its subscription.
func (o Order) asState() OrderState {
	return OrderState{Source: o.Source, ExternalID: o.ExternalID, SubscriptionID: o.SubscriptionID,
		PlacedAt: o.PlacedAt}
}

// rerunOne decides one order by the admin's choice, or says why it does not.
func (sv *Service) rerunOne(ctx context.Context, q db.Queryer, run *rerunning,
	pick RerunPick) (*reconciliation, reason.Code, error) {
	o := run.orders[pick.OrderID]
	if o.ID == 0 {
		return nil, reason.SkipNoOrder, nil
	}
	old, err := loadDecision(ctx, q, o.ID)
	if err != nil {
		return nil, "", err
	}
	if pick.Seen != 0 && pick.Seen != old.DecisionVersion {
		return nil, reason.SkipChanged, nil
	}
	t, err := loadReconciliation(ctx, q, o, run.existing[o.ID])
	if err != nil {
		return nil, "", err
	}
	if run.wish.Choice == Nobody {
		t.decision = run.creditNobody(t.order, old)
	} else {
		referrer, err := sv.chosen(ctx, q, run.wish, t, old)
		if err != nil || referrer.PartnerID == 0 {
			return nil, reason.NoReferrer, err
		}
		if why, err := run.assign(ctx, q, t, referrer, old); err != nil || why != "" {
			return nil, why, err
		}
	}
	lockedTerms := t.decision.LeadsRenewals && !old.LeadsRenewals && o.SubscriptionID != ""
	if t.decision.sameCredit(old) && !lockedTerms && !old.canceled(run.existing[o.ID]) {
		return nil, reason.SkipSame, nil
	}
	run.before[t] = old
	return t, "", nil
}

// canceled tells whether an admin canceled something that the decision earned.
func (d Decision) canceled(existing []*ledger.Commission) bool {
	return slices.ContainsFunc(existing, func(c *ledger.Commission) bool {
		return c.DecisionVersion == d.DecisionVersion && c.Stage == ledger.Canceled
	})
}

func loadReconciliation(ctx context.Context, q db.Queryer, o Order, existing []*ledger.Commission) (*reconciliation,
	error) {
	t := &reconciliation{order: o, existing: existing}
	var err error
	if t.state, err = loadState(ctx, q, o); err != nil {
		return t, err
	}
	t.state.PlacedAt = o.PlacedAt
	t.lines, err = loadLines(ctx, q, o.ID)
	return t, err
}

// creditNobody is the decision that no one earns by the order.
func (run *rerunning) creditNobody(o Order, old Decision) Decision {
	d := Decision{OrderID: o.ID, DecisionVersion: old.DecisionVersion + 1, Reason: reason.RunAgainNobody,
		SettingsVersion: old.SettingsVersion, DecidedAt: run.at.Recorded, Actor: run.at.Actor,
		LeadsRenewals: !run.wish.ThisOnly, Choice: run.wish.Choice, Trace: Trace{Version: traceVersion}}
	d.Trace.add(reason.RunAgainNobody, "partner", orNone(old.PartnerID))
	return d
}

// assign makes the decision that the referrer is credited, at the terms of their
// membership when the order was placed, else of their present one (D24). Level 2
// is re-decided from them.
func (run *rerunning) assign(ctx context.Context, q db.Queryer, t *reconciliation, referrer affiliate.Referrer,
	old Decision) (reason.Code, error) {
	st, err := enrollmentOf(ctx, q, referrer.PartnerID, t.order.PlacedAt)
	if err != nil {
		return "", err
	}
	now := st.MembershipID == 0
	if now {
		if st, err = enrollmentOf(ctx, q, referrer.PartnerID, run.at.Recorded); err != nil {
			return "", err
		}
	}
	switch {
	case !st.State.MayEarn():
		return reason.PartnerNotActive, nil
	case st.MembershipID == 0:
		return reason.NoProgram, nil
	case st.Archived:
		return reason.ProgramArchived, nil
	}
	d := Decision{OrderID: t.order.ID, DecisionVersion: old.DecisionVersion + 1, Reason: reason.Credited, Via: ByAdmin,
		PartnerID: referrer.PartnerID,
		ToolID:    referrer.ToolID, SubID: referrer.SubID, Page: referrer.Page, ProgramID: st.ProgramID,
		MembershipID: st.MembershipID, SettingsVersion: old.SettingsVersion, DecidedAt: run.at.Recorded,
		Actor: run.at.Actor, LeadsRenewals: !run.wish.ThisOnly, Choice: run.wish.Choice, Trace: t.decision.Trace}
	d.Trace.Version = traceVersion
	code := runAgainBy[run.wish.Choice]
	if d.PartnerID == old.PartnerID {
		code = reason.RunAgainSame // what was canceled of theirs comes back
	}
	d.Trace.add(code, "partner", d.PartnerID, "before", orNone(old.PartnerID), "program",
		d.ProgramID)
	if now {
		d.Trace.add(reason.TermsOfNow, "partner", d.PartnerID, "program", d.ProgramID)
		terms, err := affiliate.TermsAt(ctx, q, d.ProgramID, ProductsOf(t.lines), run.at.Recorded)
		if err != nil {
			return "", err
		}
		d.LockedTerms = LockedTerms{}
		for _, product := range ProductsOf(t.lines) {
			d.LockedTerms[product] = terms[product].ID
		}
	}
	policy, err := affiliate.PolicyAt(ctx, q, d.ProgramID, t.order.PlacedAt)
	if err != nil {
		return "", err
	}
	d.PolicyVersion, d.FlatPer, d.Base, st.Tiers = policy.Version, policy.FlatPer, policy.Base, policy.Tiers
	d.creditRecruiter(facts{policy: policy, enrollment: st, override: true})
	t.decision = d
	return "", nil
}

// chosen is whom the admin's choice names for an order; the zero Referrer when
// that is nobody. What is to be said of it stands in the trace of t's decision.
func (sv *Service) chosen(ctx context.Context, q db.Queryer, r Rerun, t *reconciliation,
	old Decision) (affiliate.Referrer, error) {
	switch r.Choice {
	case AnyPartner:
		if old.PartnerID == r.PartnerID {
			return affiliate.Referrer{PartnerID: r.PartnerID, ToolID: old.ToolID, SubID: old.SubID, Page: old.Page}, nil
		}
		return affiliate.Referrer{PartnerID: r.PartnerID}, nil
	case AtSale:
		return sv.atSale(ctx, q, t)
	case ProvenBefore:
		applied, err := sv.recallOrderForm(ctx, q, t.state)
		return applied.Proven, err
	}
	if t.order.ContactID == 0 {
		return affiliate.Referrer{}, nil
	}
	contact, err := affiliate.LoadContact(ctx, q, t.order.ContactID)
	if r.Choice == CurrentFirst {
		return contact.First, err
	}
	return contact.Last, err
}

// atSale is whom the sale named: the referrer, or the owner of the coupon that it
// used, whoever went first by the settings of that time and may earn (D45); the
// decision's trace says of the coupon. That of a later payment is the sale of its
// subscription.
func (sv *Service) atSale(ctx context.Context, q db.Queryer, t *reconciliation) (affiliate.Referrer, error) {
	leader, found, err := followedBy(ctx, q, t.state)
	if err != nil || found {
		return affiliate.Referrer{PartnerID: leader.PartnerID, ToolID: leader.ToolID, SubID: leader.SubID,
			Page: leader.Page}, err
	}
	u := undecided{order: t.order.ID, state: t.state}
	if u.applied, err = sv.recallOrderForm(ctx, q, t.state); err != nil {
		return affiliate.Referrer{}, err
	}
	f, err := gather(ctx, q, u)
	if err != nil {
		return affiliate.Referrer{}, err
	}
	claims := f.claims()
	t.decision.noteCoupons(f)
	t.decision.compare(claims)
	for _, claim := range claims {
		if claim.refusal() == reason.Credited {
			return claim.candidate(), nil
		}
	}
	return claims[0].candidate(), nil
}

// rerunLater lets the later payments follow an order that was run again.
func (sv *Service) rerunLater(ctx context.Context, q db.Queryer, run *rerunning,
	first *reconciliation) error {
	if run.wish.ThisOnly {
		return nil
	}
	ids, err := laterPayments(ctx, q, first.order.asState())
	if err != nil {
		return err
	}
	for i, id := range ids {
		if slices.ContainsFunc(run.all, func(t *reconciliation) bool { return t.order.ID == id }) {
			continue
		}
		t, err := loadReconciliation(ctx, q, run.orders[id], run.existing[id])
		if err != nil {
			return err
		}
		old, err := loadDecision(ctx, q, id)
		if err != nil {
			return err
		}
		if t.decision, err = run.follow(ctx, q, first, t, i+1); err != nil {
			return err
		}
		t.decision.OrderID, t.decision.DecisionVersion, t.decision.DecidedAt, t.decision.Actor = id,
			old.DecisionVersion+1, run.at.Recorded, run.at.Actor
		t.decision.Choice = run.wish.Choice
		if err := t.lockTermsTo(ctx, q, first); err != nil {
			return err
		}
		run.before[t], run.follows[t] = old, first
		run.all = append(run.all, t)
	}
	return nil
}

// follow is the decision on a later payment, the number-th, of an order that was
// run again.
func (run *rerunning) follow(ctx context.Context, q db.Queryer, first, t *reconciliation, number int) (Decision,
	error) {
	renewed := renewal{leader: first.decision, number: number}
	if first.decision.PartnerID == 0 {
		return renewed.decide(), nil
	}
	if err := renewed.stand(ctx, q, t.order.PlacedAt); err != nil {
		return Decision{}, err
	}
	// at the time of the sale they were in no program: as for its first order
	if renewed.enrollment.MembershipID == 0 {
		var err error
		renewed.enrollment, err = enrollmentOf(ctx, q, first.decision.PartnerID, run.at.Recorded)
		if err != nil {
			return Decision{}, err
		}
	}
	return renewed.decide(), nil
}

// lockTermsTo holds a later payment to the terms of the order that it follows, whose
// decision is not written yet.
func (t *reconciliation) lockTermsTo(ctx context.Context, q db.Queryer, first *reconciliation) error {
	if t.decision.PartnerID == 0 {
		return nil
	}
	if _, err := TermsFor(ctx, q, first.order, first.lines, &first.decision); err != nil {
		return err
	}
	held, products := locked{first.decision.LockedTerms, first.order.PlacedAt}, ProductsOf(t.lines)
	terms, err := held.terms(ctx, q, first.decision.ProgramID, products, t.order.PlacedAt)
	t.decision.LockedTerms = LockedTerms{}
	for _, product := range products {
		t.decision.LockedTerms[product] = terms[product].ID
	}
	return err
}
