package tracking

import (
	"context"
	"time"
)

// testParam makes a click that of somebody who has never been here, whatever
// cookies the browser holds (S63).
const testParam = "pctest"

const (
	testVersion = "f"
	// testLife is how long an admin's test link works.
	testLife = time.Hour
)

// TestLink is a standard link for trying things out: who follows it counts as a
// new visitor each time, so that nobody has to clear cookies first (S63). It is
// signed and soon over, or partners could publish it to be counted more often.
func (t *Tracker) TestLink(ctx context.Context, links Links, tool Tool, partnerCode string) (string, error) {
	// The visit is not one; any positive number serves.
	token, err := t.sealClick(ctx, testVersion, click{Visit: 1, Expiry: t.now().Add(testLife)})
	if err != nil {
		return "", err
	}
	return links.Standard(tool.Code, partnerCode, "") + "&" + testParam + "=" + token, nil
}

// forgetVisitor makes the request that of a new visitor when its test token is
// genuine and in time.
func (t *Tracker) forgetVisitor(ctx context.Context, r *ClickRequest) error {
	if r.Test == "" {
		return nil
	}
	c, ok, err := t.openClick(ctx, t.db, r.Test, testVersion)
	if err != nil || !ok || !r.At.Before(c.Expiry) {
		return err
	}
	r.Visitor, r.IP, r.UserID = "", newVisitor().String(), 0
	return nil
}
