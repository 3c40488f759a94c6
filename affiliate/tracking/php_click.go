package tracking

import (
	"context"
	"net/http"

	"partnercenter/affiliate"
	"partnercenter/db"
	"partnercenter/keyring"
	"partnercenter/limit"
)

// PHPClick is a click that PHP answered while no sidecar did (D43): the visitor
// was sent on, and has the cookie of a visit that is stored only now. Whether it
// counts is judged as of now, by the rules for every click.
type PHPClick struct {
	Visit      affiliate.VisitID // made by PHP, see phpInstance
	Page       string            // URL of a direct link's page; "" for a standard link, whose request is parsed
	NewVisitor string            // pc_visitor that PHP set; "" when the browser had one
	Key        keyring.Key       // of VisitorKey, read before the transaction
	ClickRequest
}

// ApplyPHPClick stores the click, as a step of the caller's transaction, which
// sees to it that this happens once.
func (t *Tracker) ApplyPHPClick(ctx context.Context, tx *db.Tx, in PHPClick) error {
	known := newCache(tx)
	if in.Page != "" {
		settings, err := known.settings(ctx)
		if err != nil {
			return err
		}
		in.parsePage(in.Page, settings.LegacyParams)
		in.Method = http.MethodGet
	}
	tool, _, err := known.tool(ctx, cleanCode(in.ToolCode))
	if err != nil {
		return err
	}
	if in.Page != "" {
		in.arrived(in.Page, tool.Target)
	} else if tool.ID != 0 {
		in.Landing = landingPage(deepTarget(tool.Target, in.To), in.Host)
	}
	if err := t.forgetVisitor(ctx, &in.ClickRequest); err != nil {
		return err
	}
	partner, reason, err := known.judge(ctx, in.ClickRequest)
	if err != nil {
		return err
	}
	v := &visit{id: in.Visit, partner: partner.ID, tool: tool.ID, day: affiliate.DayOf(in.At, t.zone()), reason: reason,
		noSubID: !partner.SubIDs}
	if reason != "" {
		return (&batch{instance: phpInstance, rejects: []*visit{v}}).store(ctx, tx)
	}
	settings, err := known.settings(ctx)
	if err != nil {
		return err
	}
	v.recognizePHP(in)
	v.crowd = t.crowds.isFull(limit.Network(in.IP), v, settings.Limits.Visitors)
	return (&batch{instance: phpInstance, visits: []*visit{v}}).store(ctx, tx)
}

// VisitorKey is the key by which visitors are told apart.
func (t *Tracker) VisitorKey(ctx context.Context) (keyring.Key, error) {
	return t.keys.Newest(ctx, visitorPurpose)
}

// recognizePHP fills in who the visitor was.
func (v *visit) recognizePHP(in PHPClick) {
	v.page = in.Landing
	if !v.noSubID {
		v.subID, _ = NormalSubID(in.SubID)
	}
	if known, ok := parseVisitor(in.Visitor); ok {
		v.visitor = known
		v.identify(in.Key, "")
		return
	}
	visitor, ok := parseVisitor(in.NewVisitor)
	if !ok {
		visitor = newVisitor()
	}
	v.visitor = visitor
	v.identify(in.Key, in.IP+"\x00"+in.UserAgent)
}
