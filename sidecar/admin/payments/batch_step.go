package payments

import (
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// step carries out what a button of a batch's page asks for. Where somebody was
// faster, the page as it is now says so.
func (p *Pages) step(r *web.Request,
	do func(id payout.PayoutID, form *web.Form) (done locale.Text, err error)) error {
	id, err := affiliate.ParseID[payout.Payout](r.Param("batch"))
	if err != nil {
		return err
	}
	form := r.Form()
	done, err := do(id, form)
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showBatch(r, form)
	}
	return r.Done(web.Flash{Text: done}, parts.BatchPath(id))
}

// ReleaseBatch makes the file of a draft of the total that was shown; where two
// people are required, who made the batch may not (B16). Nothing is paid by it.
func (p *Pages) ReleaseBatch(r *web.Request) error {
	return p.step(r, func(id payout.PayoutID, form *web.Form) (locale.Text, error) {
		total, err := money.Parse(form.Raw("total"))
		if err != nil {
			return locale.Text{}, affiliate.Conflict("Please look at the total again. Nothing was done.")
		}
		b, err := p.Payouts.MakeFile(r.Ctx(), r.Who.Actor(), id, total, paypal.Format(form.Raw("format")))
		if err != nil {
			return locale.Text{}, err
		}
		sum, err := b.Total()
		done := locale.N("Released: %d payment, %s. Nothing is paid yet.",
			"Released: %d payments, %s. Nothing is paid yet.",
			len(b.Lines), money.Text(sum, b.Currency))
		if n := len(b.Excluded); n > 0 {
			done = locale.Join(done, locale.N("%d isn't in it because it changed in between.",
				"%d aren't in it because they changed in between.", n))
		}
		return done, err
	})
}

// SendBatch notes that the file was uploaded and the checks are in the post.
func (p *Pages) SendBatch(r *web.Request) error {
	return p.step(r, func(id payout.PayoutID, form *web.Form) (locale.Text, error) {
		if err := p.keepChecks(r, id, form); err != nil {
			return locale.Text{}, err
		}
		return locale.T("The batch is marked as sent."), p.Payouts.Send(r.Ctx(), r.Who.Actor(), id)
	})
}

// SettleBatch marks payments as paid: the ticked ones, or by the button "all"
// every one that is sent.
func (p *Pages) SettleBatch(r *web.Request) error {
	return p.step(r, func(id payout.PayoutID, form *web.Form) (locale.Text, error) {
		if err := p.keepChecks(r, id, form); err != nil {
			return locale.Text{}, err
		}
		lines := []payout.Settlement{}
		if !form.Bool("all") {
			for _, text := range form.All("pick") {
				line, err := affiliate.ParseID[affiliate.PaymentNoun](text)
				if err != nil {
					return locale.Text{}, err
				}
				lines = append(lines, payout.Settlement{LineID: line})
			}
			form.Problems.Check(len(lines) > 0, "", "Select at least one payment first.")
		}
		form.Problems.Check(form.Bool("sure"), "sure", "Please confirm that the money has arrived.")
		if err := form.Err(); err != nil {
			return locale.Text{}, err
		}
		n, err := p.Payouts.Settle(r.Ctx(), r.Who.Actor(), id, lines...)
		if err == nil && n == 0 {
			err = affiliate.Conflict("These payments were marked as paid or came back already. Nothing was changed.")
		}
		return locale.N("%d payment is marked as paid.", "%d payments are marked as paid.", n), err
	})
}

// UndoBatch takes a batch one step back from the one that was shown; a draft is
// discarded.
func (p *Pages) UndoBatch(r *web.Request) error {
	return p.step(r, func(id payout.PayoutID, form *web.Form) (locale.Text, error) {
		seen := payout.PayoutState(form.Raw("seen"))
		done, known := map[payout.PayoutState]locale.Text{
			payout.Sent:   locale.T("Undone: the batch isn't sent."),
			payout.Filed:  locale.T("Undone: the batch is a draft again. Everyone is owed what they were."),
			payout.Filing: locale.T("Undone: the batch is a draft again. Everyone is owed what they were."),
			payout.Draft:  locale.T("The draft is discarded. Everyone is owed what they were."),
		}[seen]
		if !known {
			return done, affiliate.Conflict("This step can't be undone. Please look at the batch again.")
		}
		return done, p.Payouts.Undo(r.Ctx(), r.Who.Actor(), id, seen)
	})
}

// SaveChecks keeps the numbers of the checks of a batch (S136).
func (p *Pages) SaveChecks(r *web.Request) error {
	return p.step(r, func(id payout.PayoutID, form *web.Form) (locale.Text, error) {
		return locale.T("The check numbers are saved."), p.keepChecks(r, id, form)
	})
}

// keepChecks saves the numbers that have changed. What is wrong with one is said
// beside its field, and the others are saved.
func (p *Pages) keepChecks(r *web.Request, id payout.PayoutID, form *web.Form) error {
	b, err := p.Payouts.Batch(r.Ctx(), id)
	if err != nil {
		return err
	}
	for _, l := range b.Lines {
		field := checkField(l.ID)
		if l.Method != affiliate.Check || !form.Sent(field) || form.Raw(field) == l.CheckNumber {
			continue
		}
		err := p.Payouts.SetCheckNumber(r.Ctx(), r.Who.Actor(), l.ID, form.Raw(field))
		if affiliate.KindOf(err) == affiliate.KindInvalid {
			form.Problems.Add(field, "Please use at most 40 characters.")
		} else if err != nil {
			return err
		}
	}
	return form.Err()
}

// JoinBatch adds a partner to a draft, below the threshold for a reason (S143).
func (p *Pages) JoinBatch(r *web.Request) error {
	return p.step(r, func(id payout.PayoutID, form *web.Form) (locale.Text, error) {
		partner, err := affiliate.ParseID[affiliate.Partner](form.Raw("partner"))
		if err != nil {
			return locale.Text{}, err
		}
		err = p.Payouts.Join(r.Ctx(), r.Who.Actor(), id, partner, form.Raw("reason"))
		if err != nil {
			return locale.Text{}, err
		}
		people, err := parts.PeopleOf(r.Ctx(), p.Registry, partner)
		return locale.T("%s is in the batch.", people.Name(partner)), err
	})
}

// LeaveBatch takes one payment out of a draft.
func (p *Pages) LeaveBatch(r *web.Request) error {
	return p.step(r, func(id payout.PayoutID, form *web.Form) (locale.Text, error) {
		line, err := affiliate.ParseID[affiliate.PaymentNoun](form.Raw("line"))
		if err != nil {
			return locale.Text{}, err
		}
		b, err := p.Payouts.Batch(r.Ctx(), id)
		if err != nil {
			return locale.Text{}, err
		}
		if err := p.Payouts.TakeOut(r.Ctx(), r.Who.Actor(), id, line); err != nil {
			return locale.Text{}, err
		}
		partner := affiliate.PartnerID(0)
		if i := slices.IndexFunc(b.Lines, func(l payout.PayoutLine) bool { return l.ID == line }); i >= 0 {
			partner = b.Lines[i].PartnerID
		}
		people, err := parts.PeopleOf(r.Ctx(), p.Registry, partner)
		return locale.T("Out of the batch: %s. The amount stays owed.", people.Name(partner)), err
	})
}
