package payments

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/affiliate/reason"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// A page of a batch has so many payments and partners left out.
const (
	linesShown   = 200
	leftOutShown = 100
)

// batchPage is a batch at its present step, with what the next one does.
type batchPage struct {
	payout.Batch
	Total          money.Amount
	Steps          []stage
	ByPayPal       part
	ByCheck        part
	Open           part // sent and not settled
	Paid           part
	Back           part
	Largest        payout.PayoutLine
	Shown          []payout.PayoutLine
	From, Before   int // of the shown lines, counted from 0; where the page before begins
	Next           int // where the next page begins; 0: this is the last one
	Left           []leftOut
	LeftMore       int
	People         parts.People
	Formats        []payPalFormat
	Others         []payPalFormat // the same payments in formats that were not chosen
	TwoPeople, Own bool           // two people are required; whoever looks has made it

	Format, Partner, Reason string // as typed
	Typed                   *web.Form
	Problems                affiliate.Problems
}

// part is some of the payments of a batch.
type part struct {
	N   int
	Sum money.Amount
}

func (p *part) add(l payout.PayoutLine) (err error) {
	p.N++
	p.Sum, err = p.Sum.Add(l.Amount)
	return err
}

// stage is a step of the batch in the row of steps.
type stage struct {
	Name       locale.Text
	Note       locale.Text
	Done, Here bool
}

// leftOut is a partner who is not in the draft, and what would mend it.
type leftOut struct {
	payout.Excluded
	Mend mend
}

// mend is the step that would bring a partner into a batch.
type mend string

const (
	add        mend = "add"     // as they are
	addBelow   mend = "below"   // for a reason
	lookAt     mend = "partner" // on the partner's page
	madeOf     mend = "due"     // nothing: see what the balance is made of
	askDetails mend = "details" // on the partner's page
)

func mendOf(why reason.Code) mend {
	switch why {
	case reason.NotInBatch:
		return add
	case reason.BelowThreshold:
		return addBelow
	case reason.NothingToPay, reason.AllInPayout:
		return madeOf
	case reason.NoPayPalAddress, reason.NoPayee, reason.PayPalRefuses:
		return askDetails
	}
	return lookAt
}

// payPalFormat is one of the formats with its files, which have 5,000 rows at most.
type payPalFormat struct {
	Format paypal.Format
	Name   locale.Text
	Help   locale.Text // when to take it
	Files  []paypal.File
}

var payPalFormats = []payPalFormat{
	{Format: paypal.Current, Name: locale.T("PayPal Payouts (CSV, 6 columns)"),
		Help: locale.T("Take this one if PayPal shows you “Upload a payment file”. Right for nearly everyone.")},
	{Format: paypal.LegacyCSV, Name: locale.T("MassPay (CSV, 5 columns)"),
		Help: locale.T("Only for old accounts that still show “MassPay” and take CSV.")},
	{Format: paypal.LegacyTab, Name: locale.T("MassPay (text with tabs, 5 columns)"),
		Help: locale.T("Only for old accounts whose “MassPay” asks for a tab-delimited file.")},
}

// Part is the number of a file in links and names, from 1.
func (batchPage) Part(i int) int { return i + 1 }

// Several tells whether a format has more than one file.
func (f payPalFormat) Several() bool { return len(f.Files) > 1 }

// At tells whether the batch is in one of these states.
func (b batchPage) At(states ...string) bool { return slices.Contains(states, string(b.State)) }

// MayRelease tells whether who looks may make the file (B16).
func (b batchPage) MayRelease() bool { return !b.TwoPeople || !b.Own }

// MayJoin tells whether who looks may add partners.
func (b batchPage) MayJoin() bool { return !b.TwoPeople || b.Own }

// LastDay is the last day whose sales are paid, the zero Day for all.
func (b batchPage) LastDay(v web.View) affiliate.Day {
	if b.CutOff == nil {
		return affiliate.Day{}
	}
	return affiliate.DayOf(*b.CutOff, v.Site.Zone()).AddDays(-1)
}

// CheckNumber is the number of a check as typed, or as it is kept.
func (b batchPage) CheckNumber(l payout.PayoutLine) string {
	if typed := b.Typed.Raw(checkField(l.ID)); typed != "" {
		return typed
	}
	return l.CheckNumber
}

// CheckField is the name of the field for a check's number.
func (batchPage) CheckField(l payout.PayoutLine) string { return checkField(l.ID) }

func checkField(id affiliate.PayoutLineID) string { return "check_" + id.String() }

// Batch shows a batch of payments.
func (p *Pages) Batch(r *web.Request) error { return p.showBatch(r, r.Form()) }

func (p *Pages) showBatch(r *web.Request, form *web.Form) error {
	id, err := affiliate.ParseID[payout.Payout](r.Param("batch"))
	if err != nil {
		return err
	}
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	page := batchPage{TwoPeople: settings.TwoPeople, Formats: payPalFormats, Typed: form, Problems: form.Problems,
		Format:  cmp.Or(form.Raw("format"), string(paypal.Current)),
		Partner: form.Raw("partner"), Reason: form.Raw("reason")}
	if page.Batch, err = p.Payouts.Batch(r.Ctx(), id); err != nil {
		return err
	}
	page.Own = r.Who.Actor().Same(page.Actor)
	for _, fill := range []func(*web.Request, *batchPage) error{p.fillSums, p.fillLeftOut, p.fillFiles, p.fillNames} {
		if err := fill(r, &page); err != nil {
			return err
		}
	}
	page.Steps = page.stages(r)
	title := locale.T("Payment batch %s", id.String())
	if len(form.Problems) > 0 {
		return r.Invalid(pages, "batch.html", title, page)
	}
	return r.Page(pages, "batch.html", title, page)
}

func (p *Pages) fillSums(r *web.Request, page *batchPage) (err error) {
	if page.Total, err = page.Batch.Total(); err != nil {
		return err
	}
	for _, l := range page.Lines {
		groups := []*part{&page.ByPayPal}
		if l.Method == affiliate.Check {
			groups[0] = &page.ByCheck
		}
		switch l.State {
		case payout.Sent:
			groups = append(groups, &page.Open)
		case payout.Settled:
			groups = append(groups, &page.Paid)
		case payout.Returned:
			groups = append(groups, &page.Back)
		}
		for _, g := range groups {
			if err := g.add(l); err != nil {
				return err
			}
		}
		if l.Amount.Cmp(page.Largest.Amount) > 0 {
			page.Largest = l
		}
	}
	page.From = min(r.Offset(), len(page.Lines))
	to := min(page.From+linesShown, len(page.Lines))
	page.Shown, page.Before = page.Lines[page.From:to], max(page.From-linesShown, 0)
	if to < len(page.Lines) {
		page.Next = to
	}
	return nil
}

// fillLeftOut says of a draft who is not in it. The batch's own Excluded are
// among them.
func (p *Pages) fillLeftOut(r *web.Request, page *batchPage) error {
	if page.State != payout.Draft {
		return nil
	}
	out, more, err := p.Payouts.LeftOut(r.Ctx(), page.ID, leftOutShown)
	for _, one := range out {
		page.Left = append(page.Left, leftOut{one, mendOf(one.Reason)})
	}
	page.LeftMore = more
	return err
}

// fillFiles makes the files of a batch that has any: that which was chosen, and
// the same payments in the other formats.
func (p *Pages) fillFiles(r *web.Request, page *batchPage) (err error) {
	if page.FiledAt == nil || page.ByPayPal.N == 0 {
		return nil
	}
	for _, format := range payPalFormats {
		as := page.Payout
		as.Format = format.Format
		if format.Files, err = payout.PayPalFiles(as, page.Lines); err != nil {
			return err
		}
		if format.Format != page.Payout.Format {
			page.Others = append(page.Others, format)
			continue
		}
		if format.Files, err = p.Payouts.PayPalFiles(r.Ctx(), page.ID); err != nil {
			return err
		}
		page.Formats = []payPalFormat{format}
	}
	return nil
}

func (p *Pages) fillNames(r *web.Request, page *batchPage) (err error) {
	ids := []affiliate.PartnerID{page.Largest.PartnerID}
	for _, l := range page.Shown {
		ids = append(ids, l.PartnerID)
	}
	for _, l := range page.Left {
		ids = append(ids, l.PartnerID)
	}
	page.People, err = parts.PeopleOf(r.Ctx(), p.Registry, ids...)
	return err
}

// stages is the row of steps: what is done says who and when.
func (b batchPage) stages(r *web.Request) []stage {
	moment := r.Language().Moment
	zone := r.Site.Zone()
	all := []stage{
		{Name: locale.T("Draft"), Note: locale.T("by %s, %s", b.Actor.Text(), moment(b.CreatedAt.In(zone)))},
		{Name: locale.T("File"), Note: locale.T("made when you release the batch")},
		{Name: locale.T("Sent"), Note: locale.T("when you made the payments")},
		{Name: locale.T("Paid"), Note: locale.T("when the money arrived")},
	}
	if b.FiledAt != nil {
		all[1].Note = locale.T("by %s, %s", b.FiledBy.Text(), moment(b.FiledAt.In(zone)))
	}
	if b.SentAt != nil {
		all[2].Note = locale.Data(moment(b.SentAt.In(zone)))
	}
	if b.Open.N > 0 && b.Paid.N+b.Back.N > 0 {
		all[3].Note = locale.T("%d of %d", b.Paid.N+b.Back.N, len(b.Lines))
	} else if b.State == payout.Settled {
		all[3].Note = locale.Text{}
		if at := b.lastPaid(); !at.IsZero() {
			all[3].Note = locale.Data(moment(at.In(zone)))
		}
	}
	at := map[payout.PayoutState]int{payout.Draft: 0, payout.Filing: 0, payout.Filed: 1, payout.Sent: 2,
		payout.Settled: 3, payout.Discarded: 0}[b.State]
	for i := range all {
		all[i].Here = i == at
		all[i].Done = i < at || b.State == payout.Settled
	}
	return all
}

// lastPaid is when the last payment of the batch was marked as paid; zero when none was.
func (b batchPage) lastPaid() (at time.Time) {
	for _, l := range b.Lines {
		if l.SettledAt != nil && l.SettledAt.After(at) {
			at = *l.SettledAt
		}
	}
	return at
}

// BatchFile answers with one of the PayPal files of a batch, in the format that
// was chosen or another one. It marks nothing as paid (S85).
func (p *Pages) BatchFile(r *web.Request) error {
	id, err := affiliate.ParseID[payout.Payout](r.Param("batch"))
	if err != nil {
		return err
	}
	b, err := p.Payouts.Batch(r.Ctx(), id)
	if err != nil {
		return err
	}
	files, err := p.Payouts.PayPalFiles(r.Ctx(), id)
	if err != nil {
		return err
	}
	if format := paypal.Format(r.Query("format")); format != "" && format != b.Format {
		if !slices.ContainsFunc(payPalFormats, func(f payPalFormat) bool { return f.Format == format }) {
			return affiliate.Missing("There is no such format of the PayPal file.")
		}
		b.Format = format
		if files, err = payout.PayPalFiles(b.Payout, b.Lines); err != nil {
			return err
		}
	}
	part, err := strconv.Atoi(r.Query("part"))
	if err != nil || part < 1 || part > len(files) {
		return affiliate.Missing("This batch has no such file.")
	}
	file := files[part-1]
	err = p.Registry.Record(r.Ctx(), affiliate.AuditEntry{Actor: r.Who.Actor(), Action: "export", Object: "paypal file",
		ObjectID: int64(id), After: map[string]any{"name": file.Name, "part": part, "format": b.Format,
			"rows": file.Rows, "total": file.Total}})
	if err != nil {
		return err
	}
	kind := "text/csv; charset=utf-8"
	if strings.HasSuffix(file.Name, ".txt") {
		kind = "text/plain; charset=utf-8"
	}
	r.Attach(file.Name, kind)
	r.Data(200, kind, file.Data)
	return nil
}
