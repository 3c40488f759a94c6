package tracking

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"partnercenter/affiliate"
	"partnercenter/keyring"
	"partnercenter/limit"
)

// Clicks records the clicks that one sidecar receives. Run must run beside it.
type Clicks struct {
	*Tracker
	on        func() bool
	log       *slog.Logger
	cache     *cache
	committer *committer
	ids       visitIDs
	leasing   singleflight.Group
	lease     atomic.Pointer[instance]
	flood     limit.Limiter // clicks by network
}

// visitorPurpose names the keys under which visitors of a day are known.
const visitorPurpose = "visitor"

// NewClicks starts recording on the tracker's database. on tells whether the
// partner feature is switched on, asked for each click (S1). Close ends it.
func NewClicks(ctx context.Context, t *Tracker, on func() bool, log *slog.Logger) (*Clicks, error) {
	lease, err := leaseInstance(ctx, t.db, t.now)
	if err != nil {
		return nil, err
	}
	// PHP can make cookies only once the key is there (D43).
	if _, err := t.keys.Newest(ctx, phpPurpose); err != nil {
		return nil, err
	}
	if _, err := t.keys.Newest(ctx, browserPurpose); err != nil { // forms need it inside transactions
		return nil, err
	}
	c := &Clicks{Tracker: t, on: on, log: log, cache: newCache(t.db)}
	c.lease.Store(lease)
	c.committer = startCommitter(t.db, log, c.Instance,
		func() affiliate.Day { return affiliate.DayOf(t.now().Add(-lateAfter), t.zone()) })
	return c, nil
}

// lateAfter is how long after a day its visits may be stored before its sums are
// made (reports.Roller waits longer).
const lateAfter = 30 * time.Minute

// Instance is the number this sidecar leases, 0 to 510. It can change after a
// long outage of the database.
func (c *Clicks) Instance() int { return c.lease.Load().number }

// Lost counts the clicks that could not be stored since the start. A click
// whose visitor did not wait for the answer is stored all the same.
func (c *Clicks) Lost() int64 { return c.committer.lost.Load() }

// LinkDomain is the host of standard links, "" for the site's own (S49), from
// memory: as it was a second ago.
func (c *Clicks) LinkDomain() string {
	if domain := c.cache.domain.Load(); domain != nil {
		return *domain
	}
	return ""
}

// Close stores what is queued and gives the instance number back. The HTTP
// server must have stopped before.
func (c *Clicks) Close(ctx context.Context) error {
	c.committer.close()
	return c.lease.Load().release(ctx)
}

// Run keeps the lease, the cache and the table of seen visitors in shape until
// ctx ends: a change of a tool or partner holds for clicks a second later.
func (c *Clicks) Run(ctx context.Context) {
	poll, renew, prune := time.NewTicker(time.Second), time.NewTicker(leaseTime/3), time.NewTicker(time.Hour)
	defer poll.Stop()
	defer renew.Stop()
	defer prune.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-poll.C:
			err = c.Refresh(ctx)
		case <-renew.C:
			err = c.keepLease(ctx)
		case <-prune.C:
			err = c.prune(ctx)
		}
		if err != nil && ctx.Err() == nil {
			c.log.Warn("click recorder: the database does not answer as it should", "error", err)
		}
	}
}

// Refresh forgets tools, partners and settings that have changed.
func (c *Clicks) Refresh(ctx context.Context) error { return c.cache.poll(ctx) }

// keepLease renews the instance number, or takes another when it was lost. All
// who need it at once wait for the same renewal, nobody longer than ctx allows.
func (c *Clicks) keepLease(ctx context.Context) error {
	renewed := c.leasing.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
		defer cancel()
		return nil, c.renewLease(ctx)
	})
	select {
	case result := <-renewed:
		return result.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Clicks) renewLease(ctx context.Context) error {
	err := c.lease.Load().renew(ctx)
	if !errors.Is(err, errLeaseLost) {
		return err
	}
	lease, err := leaseInstance(ctx, c.db, c.now)
	if err == nil {
		c.lease.Store(lease)
	}
	return err
}

// pruneSeen deletes, in steps that lock little, who was seen before yesterday:
// no visitor is asked for again then.
func (c *Clicks) pruneSeen(ctx context.Context) error {
	const step = 5000
	for {
		res, err := c.db.Exec(ctx,
			`/* tracking.pruneSeen */ DELETE FROM {wp}partner_center_visit_seen WHERE day < ? LIMIT 5000`,
			affiliate.DayOf(c.now(), c.zone()).AddDays(-1))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n < step {
			return err
		}
	}
}

// pruneTokens forgets tokens that are too old to work again.
func (c *Clicks) pruneTokens(ctx context.Context) error {
	_, err := c.db.Exec(ctx,
		`/* tracking.pruneTokens */ DELETE FROM {wp}partner_center_click_tokens WHERE used_at < ? LIMIT 5000`,
		c.now().AddDate(0, 0, -1))
	return err
}

// Limits are those in force, from memory.
func (c *Clicks) Limits(ctx context.Context) (affiliate.Limits, error) {
	settings, err := c.cache.settings(ctx)
	return settings.Limits, err
}

// NoteFormFlood counts a form that is not taken in.
func (c *Clicks) NoteFormFlood(at time.Time) {
	c.committer.note(&visit{day: affiliate.DayOf(at, c.zone()), reason: FormFlood})
}

// ClickRequest is a click as it came in. ParseStandard fills the first five.
type ClickRequest struct {
	ToolCode    string
	PartnerCode string
	SubID       string // as decoded from the URL
	To          string // path on the target's host, or "" (D36)
	Test        string // token of a TestLink, "" without
	Coupon      bool   // the link carries the partner's coupon (B17)

	Host      string // of the URL that was clicked
	Method    string
	Visitor   string // raw pc_visitor cookie
	IP        string
	UserAgent string
	Purpose   string           // headers Purpose, Sec-Purpose and X-Moz, joined
	Embedded  bool             // the browser says that it loads no page, but a part of one
	UserID    affiliate.UserID // WordPress user who is logged in, 0 for none
	At        time.Time

	Landing string // the page where it arrives, which Click and PageClick find out
}

// Outcome is how to answer a click.
type Outcome struct {
	Target   string        // where to redirect to; "" for a direct click
	Cookie   string        // pc_click to set; "" leaves the browser's as it is
	Visitor  string        // pc_visitor to set; "" leaves the browser's as it is
	Coupon   string        // code that the link carries into the basket; "" for none
	Lifetime time.Duration // of Cookie and Coupon (S8); the browser may forget them then
	Unique   bool          // the visitor's first click for this partner today (D3)
	SubIDCut bool          // the SubID was longer than 64 bytes and is cut (S122)
	Rejected Reason        // "" when the click was counted
}

// Click records a click on a standard link and says where it leads: always to
// the tool's target, whether or not it counts (S48, S57, S58, S141). It returns
// when the click is durable, or lost because the database is away.
//
// The tool need not be of the partner's present program: a partner who moved
// keeps earning by their old links, at their present terms (S98).
//
// Errors: KindNotFound for a tool that does not exist.
func (c *Clicks) Click(ctx context.Context, r ClickRequest) (Outcome, error) {
	tool, ok, err := c.cache.tool(ctx, cleanCode(r.ToolCode))
	if err != nil {
		return Outcome{}, err
	}
	if !ok {
		return Outcome{}, affiliate.Missing("This link leads nowhere. Please check that it is complete.")
	}
	target := deepTarget(tool.Target, r.To)
	r.Landing = landingPage(target, r.Host)
	out, visit := c.record(ctx, r, tool.ID)
	out.Target = target
	if out.Rejected == "" && !sameHost(out.Target, r.Host) {
		out.Target, err = c.withToken(ctx, out.Target, visit)
		if out.Coupon != "" {
			out.Target = addQuery(out.Target, couponParam+"="+url.QueryEscape(out.Coupon))
		}
	}
	return out, err
}

// PageClick records a click on a direct link, of which the target page reports
// its own URL (S47). A URL without a partner's parameters is KindNotFound; one
// whose tool is not named or not known counts for the partner alone.
func (c *Clicks) PageClick(ctx context.Context, page string, r ClickRequest) (Outcome, error) {
	settings, err := c.cache.settings(ctx)
	if err != nil {
		return Outcome{}, err
	}
	r.parsePage(page, settings.LegacyParams)
	if r.PartnerCode == "" {
		return Outcome{}, affiliate.Missing("The page's address names no partner.")
	}
	tool, _, err := c.cache.tool(ctx, cleanCode(r.ToolCode))
	if err != nil {
		return Outcome{}, err
	}
	r.Method = http.MethodGet // the report is a POST, the visit was not
	r.arrived(page, tool.Target)
	out, _ := c.record(ctx, r, tool.ID)
	return out, nil
}

// withToken lets the click reach a target on another host, where our cookie
// does not (D35).
func (c *Clicks) withToken(ctx context.Context, target string, made click) (string, error) {
	token, err := c.sealClick(ctx, tokenVersion, made)
	if err != nil {
		return target, err
	}
	return addQuery(target, tokenParam+"="+token), nil
}

// record counts or rejects the click and makes the cookies. What fails here
// loses a click, never a visitor; that the visitor goes away loses none.
func (c *Clicks) record(ctx context.Context, r ClickRequest, tool affiliate.ToolID) (Outcome, click) {
	if !c.on() {
		return Outcome{Rejected: Off}, click{}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	if err := c.forgetVisitor(ctx, &r); err != nil {
		return c.lose(err), click{}
	}
	day := affiliate.DayOf(r.At, c.zone())
	settings, err := c.cache.settings(ctx)
	if err != nil {
		return c.lose(err), click{}
	}
	if r.IP != "" && !c.flood.AllowKey(limit.Network(r.IP), limit.Per(time.Minute, settings.Limits.Clicks), r.At) {
		c.committer.note(&visit{tool: tool, day: day, reason: Flood}) // nobody waits for it
		return Outcome{Rejected: Flood}, click{}
	}
	partner, reason, err := c.cache.judge(ctx, r)
	if err != nil {
		return c.lose(err), click{}
	}
	if reason != "" {
		if err := c.committer.store(ctx, &visit{tool: tool, day: day, reason: reason}); err != nil {
			c.log.Debug("a rejected click was not counted", "error", err)
		}
		if reason == OwnClick {
			if err := c.noteOwnClick(ctx, partner.ID, tool, r.At); err != nil {
				c.log.Debug("a partner's own click was not noted", "error", err)
			}
		}
		return Outcome{Rejected: reason}, click{}
	}
	out, made, err := c.count(ctx, r, &visit{partner: partner.ID, tool: tool, day: day, noSubID: !partner.SubIDs})
	if err != nil {
		return c.lose(err), click{}
	}
	if r.Coupon {
		out.Coupon = partner.Coupon
	}
	return out, made
}

// lose leaves the visitor's cookies alone: one for a visit that is not stored
// would take away the credit of the click before.
func (c *Clicks) lose(err error) Outcome {
	if !errors.Is(err, errQueued) {
		c.committer.lost.Add(1)
	}
	c.log.Warn("a click was lost; its visitor is redirected all the same", "error", err)
	return Outcome{Rejected: Lost}
}

// judge finds the partner, and the reason not to count the click if there is one (D30).
func (c *cache) judge(ctx context.Context, r ClickRequest) (clickedPartner, Reason, error) {
	switch {
	case r.Method != http.MethodGet:
		return clickedPartner{}, HeadRequest, nil
	case isPrefetch(r.Purpose):
		return clickedPartner{}, Prefetch, nil
	case r.Embedded:
		return clickedPartner{}, Embedded, nil
	case isBot(r.UserAgent):
		return clickedPartner{}, Bot, nil
	}
	p, ok, err := c.partner(ctx, cleanCode(r.PartnerCode))
	switch {
	case err != nil:
		return p, "", err
	case !ok:
		return p, UnknownPartner, nil
	case p.State != affiliate.Active:
		return p, PartnerBarred, nil
	case !p.InProgram:
		return p, NoProgram, nil
	case p.UserID != 0 && p.UserID == r.UserID:
		return p, OwnClick, nil
	}
	return p, "", nil
}

// count stores the visit and makes its cookies.
func (c *Clicks) count(ctx context.Context, r ClickRequest, v *visit) (Outcome, click, error) {
	settings, err := c.cache.settings(ctx)
	if err != nil {
		return Outcome{}, click{}, err
	}
	key, err := c.keys.Newest(ctx, visitorPurpose)
	if err != nil {
		return Outcome{}, click{}, err
	}
	if v.id, err = c.visitID(ctx, r.At); err != nil {
		return Outcome{}, click{}, err
	}
	recognise(v, r, key)
	v.crowd = r.IP != "" && c.crowds.isFull(limit.Network(r.IP), v, settings.Limits.Visitors)
	var out Outcome
	v.page = r.Landing
	if !v.noSubID {
		v.subID, out.SubIDCut = NormalSubID(r.SubID)
	}
	made := click{Visit: v.id, Expiry: r.At.Truncate(time.Second).AddDate(0, 0, settings.CookieDays)}
	if out.Cookie, err = c.sealClick(ctx, cookieVersion, made); err != nil {
		return Outcome{}, click{}, err
	}
	out.Lifetime = made.Expiry.Sub(r.At.Truncate(time.Second))
	out.Visitor = v.visitor.String() + "." + out.Cookie
	if err := c.committer.store(ctx, v); err != nil {
		return Outcome{}, click{}, err
	}
	out.Unique = v.unique
	return out, made, nil
}

// recognise fills in who the visitor is, whom a new one is made for.
func recognise(v *visit, r ClickRequest, key keyring.Key) {
	known, ok := parseVisitor(r.Visitor)
	if ok {
		v.visitor = known
		v.identify(key, "")
		return
	}
	v.visitor = newVisitor()
	v.identify(key, r.IP+"\x00"+r.UserAgent)
}

// visitID makes an id under a number that is surely ours.
func (c *Clicks) visitID(ctx context.Context, at time.Time) (affiliate.VisitID, error) {
	if !c.lease.Load().held(c.now()) {
		if err := c.keepLease(ctx); err != nil {
			return 0, err
		}
	}
	return c.ids.next(at, c.Instance()), nil
}
