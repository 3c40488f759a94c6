package sidecar

import (
	"context"
	"fmt"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/signup"
	"partnercenter/db"
	"partnercenter/locale"
)

// tellEarned writes to a partner who has earned: one mail for each partner,
// order and level (S20).
func tellEarned(outbox *messages.Outbox, site func() signup.Site,
	language func(context.Context, db.Queryer, affiliate.UserID) (*locale.Language, error)) func(context.Context,
	db.Queryer, sale.Earning) error {
	return func(ctx context.Context, q db.Queryer, e sale.Earning) error {
		partner, err := affiliate.LoadPartner(ctx, q, e.PartnerID)
		if err != nil {
			return err
		}
		contact, err := affiliate.LoadContact(ctx, q, partner.ContactID)
		if err != nil || contact.DeletedAt != nil {
			return err
		}
		wants, err := affiliate.LoadMailChoices(ctx, q, partner.ID)
		if err != nil || !wants.PerSale {
			return err
		}
		s := site()
		through := ""
		if e.Level == 2 {
			seller, err := affiliate.LoadPartner(ctx, q, e.SellerID)
			if err != nil {
				return err
			}
			c, err := affiliate.LoadContact(ctx, q, seller.ContactID)
			if err != nil {
				return err
			}
			through = affiliate.Line(c.FirstName + " " + c.LastName)
		}
		in, err := language(ctx, q, partner.WPUserID)
		if err != nil {
			return err
		}
		m, err := messages.CommissionEarned{Contact: contact, Program: e.Program.Name, Site: s.Name, Center: s.Center,
			Level: e.Level, Through: through, Amount: money.Text(e.Amount, e.Currency),
		}.Mail(fmt.Sprintf("earned-%d-%d-%d", e.OrderID, e.Level, e.PartnerID), in)
		if err != nil {
			return err
		}
		return outbox.Queue(ctx, q, m)
	}
}

// approveDue approves what rules approve by themselves.
func (s *Server) approveDue(ctx context.Context) error {
	_, err := s.domain.ledger.ApproveDue(ctx)
	return err
}
