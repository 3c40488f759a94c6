package overview

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/payout"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// Todo is something that waits for an admin: how much, and where it is done.
type Todo struct {
	Count      int64
	Text, Note locale.Text
	Sums       []string // money at stake, by currency
	Path       string
	Query      []string
	Anchor     string // where on the overview itself it is done
	Fragment   string // of the page at Path
}

// mostBatches bounds how many batches under way are counted.
const mostBatches = 100

// todo is all that waits, most urgent first; what is empty is left out.
func (p *Pages) todo(ctx context.Context, view web.View) (list []Todo, err error) {
	for _, part := range []func(context.Context, web.View) ([]Todo, error){p.money, p.payments, p.people, p.failures} {
		found, err := part(ctx, view)
		if err != nil {
			return nil, err
		}
		for _, t := range found {
			if t.Count > 0 {
				list = append(list, t)
			}
		}
	}
	return list, nil
}

// money is what waits for approval or a decision.
func (p *Pages) money(ctx context.Context, view web.View) ([]Todo, error) {
	ready, err := p.Ledger.ToApprove(ctx)
	if err != nil {
		return nil, err
	}
	approve, offHold := Todo{Path: parts.Commissions}, int64(0)
	for _, r := range ready {
		approve.Count, offHold = approve.Count+r.Count, offHold+r.OffHold
		approve.Sums = append(approve.Sums, view.Money(r.Amount, r.Currency))
	}
	approve.Text = locale.N("%d commission to approve", "%d commissions to approve", int(approve.Count))
	if offHold > 0 {
		approve.Note = locale.N("%d came off hold", "%d came off hold", int(offHold))
	}
	decide, err := p.Ledger.ToDecide(ctx)
	if err != nil {
		return nil, err
	}
	reviews, err := p.Sales.ReviewCount(ctx)
	return []Todo{approve,
		{Count: decide, Text: locale.N("%d sale on hold until you decide", "%d sales on hold until you decide",
			int(decide)),
			Note: locale.T("the referral isn't proven, or a rule asks for you"), Path: parts.Commissions},
		{Count: reviews, Text: locale.N("%d order to review", "%d orders to review", int(reviews)),
			Path: parts.Orders, Query: []string{"status", "on_review"}}}, err
}

// payments is what is to be paid, and what keeps it from being paid.
func (p *Pages) payments(ctx context.Context, view web.View) ([]Todo, error) {
	sums, err := p.Reports.DueSums(ctx)
	if err != nil {
		return nil, err
	}
	due := map[reports.DueState]*Todo{reports.Ready: {}, reports.NoDetails: {}, reports.Unconfirmed: {}}
	for _, s := range sums {
		if t := due[s.Standing]; t != nil {
			t.Count += s.Partners
			t.Sums = append(t.Sums, view.Money(s.Payable, s.Currency))
			t.Path, t.Query = parts.Due, []string{"status", string(s.Standing)}
		}
	}
	n := func(s reports.DueState) int { return int(due[s].Count) }
	due[reports.Ready].Text = locale.N("%d payment due", "%d payments due", n(reports.Ready))
	due[reports.NoDetails].Text = locale.N("%d payment without an address", "%d payments without an address",
		n(reports.NoDetails))
	due[reports.NoDetails].Note = locale.T("the partner hasn't told you where to send it")
	due[reports.Unconfirmed].Text = locale.N("%d payment to an unconfirmed address",
		"%d payments to unconfirmed addresses",
		n(reports.Unconfirmed))
	batches, err := p.Payouts.Batches(ctx, 0, mostBatches, payout.Draft, payout.Filing, payout.Filed, payout.Sent)
	under := Todo{Count: int64(len(batches)), Path: parts.Batches,
		Text: locale.N("%d payment batch under way", "%d payment batches under way", len(batches)),
		Note: locale.T("drafts to confirm, files to send, payments to mark as paid")}
	if len(batches) == 1 {
		under.Path = parts.BatchPath(batches[0].ID)
	}
	return []Todo{*due[reports.Ready], under, *due[reports.NoDetails], *due[reports.Unconfirmed]}, err
}

// people are those who wait for an answer.
func (p *Pages) people(ctx context.Context, _ web.View) ([]Todo, error) {
	counts, err := p.Registry.PartnerCounts(ctx)
	if err != nil {
		return nil, err
	}
	checks, err := p.Tracker.OpenClaims(ctx)
	if err != nil {
		return nil, err
	}
	missing, err := p.Sales.OpenMissing(ctx)
	if err != nil {
		return nil, err
	}
	waiting, err := p.Signups.WaitingCount(ctx)
	applied := counts[affiliate.Applied]
	return []Todo{
		{Count: int64(applied), Text: locale.N("%d application", "%d applications", applied), Path: parts.Partners,
			Query: []string{"status", string(affiliate.Applied)}},
		{Count: int64(checks), Text: locale.N("%d group of addresses to check", "%d groups of addresses to check",
			checks),
			Note: locale.T("many addresses from one click or network"), Path: parts.Checks},
		{Count: int64(missing), Text: locale.N("%d question about a missing sale", "%d questions about missing sales",
			missing), Path: parts.Orders + "/missing"},
		{Count: waiting, Text: locale.N("%d sign-up not confirmed yet", "%d sign-ups not confirmed yet", int(waiting)),
			Note: locale.T("they have a mail from us and need to click its link"), Path: parts.Partners}}, err
}

// failures are what was given up.
func (p *Pages) failures(ctx context.Context, _ web.View) ([]Todo, error) {
	mails, err := p.Mails.Counts(ctx)
	if err != nil {
		return nil, err
	}
	webhooks, err := p.Webhooks.FailedCount(ctx)
	if err != nil {
		return nil, err
	}
	refused, err := p.Keys.Refused(ctx)
	if err != nil {
		return nil, err
	}
	lacking, err := p.lackingScript(ctx)
	if err != nil {
		return nil, err
	}
	tasks, err := p.Tasks.Failed(ctx)
	dead, held := mails[messages.Dead], mails[messages.Held]
	return append(lacking, []Todo{
		{Count: int64(dead), Text: locale.N("%d email that couldn't be sent", "%d emails that couldn't be sent", dead),
			Path: parts.Overview, Anchor: "pc-mails"},
		{Count: int64(held), Text: locale.N("%d email held back", "%d emails held back", held),
			Note: locale.T("it has a link for partners of another program"), Path: parts.Messages + "/log",
			Query: []string{"status", "held_back"}},
		{Count: webhooks, Text: locale.N("%d webhook that wasn't delivered", "%d webhooks that weren't delivered",
			int(webhooks)), Path: parts.Connections},
		{Count: refused, Text: locale.N("%d API call refused since yesterday", "%d API calls refused since yesterday",
			int(refused)), Note: locale.T("what was reported with it isn't recorded"),
			Path: parts.Connections, Fragment: "pc-calls"},
		{Count: tasks, Text: locale.N("%d background task failed", "%d background tasks failed", int(tasks)),
			Note: locale.T("what it did stays done; you can resume the rest"), Path: parts.Tasks}}...), err
}

// lackingScript are promo tools that lead to pages of this site where nothing is
// tracked, by program (D13).
func (p *Pages) lackingScript(ctx context.Context) (list []Todo, err error) {
	found, err := p.Tracker.PagesWithoutScript(ctx)
	for _, f := range found {
		list = append(list, Todo{Count: f.Count, Text: locale.N(
			"%d promo tool leads to a page without the tracking script",
			"%d promo tools lead to pages without the tracking script", int(f.Count)),
			Note: locale.T("clicks on direct links and forms there aren't recorded"),
			Path: parts.ProgramPath(f.ProgramID, "tools"), Query: []string{"status", "without_script"}})
	}
	return list, err
}
