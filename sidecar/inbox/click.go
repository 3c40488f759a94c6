package inbox

import (
	"context"
	"strconv"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
	"partnercenter/keyring"
)

// click is a click on a published link that PHP answered while no sidecar did
// (D43). external_id is the visit that its cookie names. Address and browser of
// the visitor are erased with it: they only decide whether they are a new one.
func (d *Drainer) click(ctx context.Context, tx *db.Tx, f fact, key keyring.Key) error {
	var in struct {
		Link       string           `json:"link"`  // path behind go/, and its query
		Query      string           `json:"query"` // both as on the request line
		Page       string           `json:"page"`  // of a direct link
		Host       string           `json:"host"`
		Visitor    string           `json:"visitor"`
		NewVisitor string           `json:"new_visitor"`
		IP         string           `json:"ip"`
		UserAgent  string           `json:"user_agent"`
		UserID     affiliate.UserID `json:"user_id"`
	}
	if err := f.read(1, &in); err != nil {
		return err
	}
	visit, err := strconv.ParseInt(f.ExternalID, 10, 64)
	if err != nil || visit <= 0 {
		d.log.Info("a click without the id of a visit is excluded", "fact", f.ID)
		return nil
	}
	c := tracking.PHPClick{Visit: affiliate.VisitID(visit), Page: in.Page, NewVisitor: in.NewVisitor, Key: key,
		ClickRequest: tracking.ClickRequest{
			Host: in.Host, Method: "GET", Visitor: in.Visitor, IP: in.IP, UserAgent: in.UserAgent, UserID: in.UserID,
			At: f.OccurredAt}}
	c.ParseStandard(in.Link, in.Query)
	if err := d.tracker.ApplyPHPClick(ctx, tx, c); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `/* inbox.click */ UPDATE {wp}partner_center_inbox SET payload = '{}' WHERE id = ?`, f.ID)
	return err
}
