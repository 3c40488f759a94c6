package signup

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/db"
	"partnercenter/locale"
)

// ChangePayment sets how a partner wants to be paid. waits is true when another
// PayPal address has to be confirmed first: a mail with a link has gone to the
// old one and to the new one, and until both are opened payouts skip the
// partner (S145).
func (d *Service) ChangePayment(ctx context.Context, actor affiliate.Actor, id affiliate.PartnerID,
	pay affiliate.Payment) (waits bool, err error) {
	site := d.site()
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		waits = false
		p, change, err := affiliate.ChangePayment(ctx, tx, actor, id, pay, d.now())
		if err != nil || change == nil {
			return err
		}
		waits = true
		contact, err := affiliate.LoadContact(ctx, tx, p.ContactID)
		if err != nil {
			return err
		}
		return d.askToConfirm(ctx, tx, site, p, contact, *change)
	})
	return waits, err
}

func (d *Service) askToConfirm(ctx context.Context, q db.Queryer, site Site, p affiliate.Partner, c affiliate.Contact,
	change affiliate.PayPalChange) error {
	stranger := c // to the new mailbox the partner may be one
	stranger.FirstName, stranger.LastName, stranger.Company = "", "", ""
	for recipient, token := range map[string]string{change.OldEmail: change.OldToken,
		change.NewEmail: change.NewToken} {
		greeted := c
		if recipient == change.NewEmail {
			greeted = stranger
		}
		m := messages.PayPalChanged{Contact: greeted, Recipient: recipient, Change: change, Site: site.Name,
			Link: confirmLink(site, token)}
		err := d.queue(ctx, q, p.WPUserID, func(in *locale.Language) (messages.Mail, error) {
			return m.Mail(fmt.Sprintf("paypal-%d", change.ID), in)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// confirmLink is the page that confirms a token.
func confirmLink(site Site, token string) string {
	return strings.TrimRight(site.Links.Base, "/") + "/confirm-paypal?token=" + url.QueryEscape(token)
}

// SetPayment sets how a partner is paid, as an admin does: at once. The partner is
// told by mail, so that nobody's money is turned elsewhere silently (S145);
// changed is false when they were paid so already.
func (d *Service) SetPayment(ctx context.Context, actor affiliate.Actor, id affiliate.PartnerID,
	pay affiliate.Payment) (changed bool, err error) {
	site := d.site()
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		at := d.now()
		before, p, err := affiliate.SetPayment(ctx, tx, actor, id, pay, at)
		if changed = err == nil && p != before; !changed {
			return err
		}
		contact, err := affiliate.LoadContact(ctx, tx, p.ContactID)
		if err != nil || contact.DeletedAt != nil {
			return err
		}
		m := messages.PaymentSet{Contact: contact, Partner: p, Site: site.Name}
		return d.queue(ctx, tx, p.WPUserID, func(in *locale.Language) (messages.Mail, error) {
			return m.Mail(fmt.Sprintf("payment-set-%d-%d", id, at.UnixMicro()), in)
		})
	})
	return changed, err
}
