package sidecar

import (
	"context"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/signup"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/db/dbtest"
	"partnercenter/locale"
)

// Spec: S20.1
func TestOneMailForEachPartnerOrderAndLevel(t *testing.T) {
	h, now := dbtest.New(t), clock.NewFake(time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC))
	outbox := messages.NewOutbox(h, now.Now)
	tell := tellEarned(outbox, func() signup.Site { return signup.Site{Name: "Shop"} },
		func(context.Context, db.Queryer, affiliate.UserID) (*locale.Language, error) {
			return locale.English, nil
		})
	var p affiliate.Partner
	err := h.Tx(t.Context(), func(tx *db.Tx) error {
		c, _, err := affiliate.EnsureContact(t.Context(), tx, affiliate.Person{Email: "paul@example.com"},
			affiliate.ByAdmin, now.Now())
		if err != nil {
			return err
		}
		p, _, _, err = affiliate.Enrol(t.Context(), tx, affiliate.Enrolment{ContactID: c.ID, ProgramID: 1,
			State: affiliate.Active, PaymentMethod: affiliate.Check, At: now.Now()})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	earning := sale.Earning{PartnerID: p.ID, OrderID: 5, Level: 1, Amount: money.MustParse("12.5"), Currency: "USD",
		Program: affiliate.Program{Name: "Gold"}}
	second := earning
	second.Level, second.SellerID = 2, p.ID
	for _, e := range []sale.Earning{earning, earning, second} {
		if err := tell(t.Context(), h, e); err != nil {
			t.Fatal(err)
		}
	}
	mails, err := outbox.Mails(t.Context(), messages.Queued, affiliate.Page{Limit: 9})
	if err != nil || len(mails) != 2 || mails[1].Recipient != "paul@example.com" ||
		!strings.Contains(mails[1].Text, "$12.50") {
		t.Errorf("%+v, %v", mails, err)
	}
	if err := affiliate.NewRegistry(h, now.Now).DeleteContact(t.Context(), "anna", p.ContactID, "Left."); err != nil {
		t.Fatal(err)
	}
	earning.OrderID = 6
	if err := tell(t.Context(), h, earning); err != nil {
		t.Fatal(err)
	}
	if counts, err := outbox.Counts(t.Context()); err != nil || counts[messages.Queued] != 2 {
		t.Errorf("a deleted contact gets mail: %v, %v", counts, err)
	}
}
