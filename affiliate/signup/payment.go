package signup

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/db"
)

// ChangePayment sets how a partner wants to be paid. waits is true when a PayPal
// address has to be confirmed first: a mail with a link has gone to the old one
// and to the new one, and until both are opened payouts skip the partner. What
// takes effect at once is told to the old and to the new address (S145). Errors
// are those of affiliate.ChangePayment.
func (d *Service) ChangePayment(ctx context.Context, actor affiliate.Actor, id affiliate.PartnerID,
	pay affiliate.Payment, proof affiliate.OwnerProof) (waits bool, err error) {
	site := d.site()
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		waits = false
		at := d.now()
		before, p, change, err := affiliate.ChangePayment(ctx, tx, actor, id, pay, proof, at)
		if err != nil {
			return err
		}
		contact, err := affiliate.LoadContact(ctx, tx, p.ContactID)
		if err != nil {
			return err
		}
		if err := d.tellPayment(ctx, tx, before, p, contact, at); err != nil || change == nil {
			return err
		}
		waits = true
		return d.askToConfirm(ctx, tx, site, p, contact, *change)
	})
	return waits, err
}

// tellPayment tells the mailboxes of a partner that how they are paid has changed:
// that of the account, and the PayPal addresses before and after.
func (d *Service) tellPayment(ctx context.Context, q db.Queryer, before, p affiliate.Partner,
	contact affiliate.Contact, at time.Time) error {
	if p == before || contact.DeletedAt != nil {
		return nil
	}
	told := map[string]bool{"": true}
	if before.PaymentUnconfirmed { // a stranger may have typed that address (D42)
		before.PayPalEmail = ""
	}
	for _, recipient := range []string{contact.Email, before.PayPalEmail, p.PayPalEmail} {
		if told[recipient] {
			continue
		}
		told[recipient] = true
		if recipient != contact.Email { // there the partner may be a stranger
			contact.FirstName, contact.LastName, contact.Company = "", "", ""
		}
		m := messages.PaymentSet{Contact: contact, Recipient: recipient, Partner: p}
		err := d.queue(ctx, q, p.WPUserID, fmt.Sprintf("payment-set-%d-%d", p.ID, at.UnixMicro()), m)
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *Service) askToConfirm(ctx context.Context, q db.Queryer, site Site, p affiliate.Partner, c affiliate.Contact,
	change affiliate.PayPalChange) error {
	stranger := c // to the new mailbox the partner may be one
	stranger.FirstName, stranger.LastName, stranger.Company = "", "", ""
	for recipient, token := range map[string]string{change.OldEmail: change.OldToken,
		change.NewEmail: change.NewToken} {
		greeted := c
		if recipient != change.OldEmail {
			greeted = stranger
		}
		m := messages.PayPalChanged{Contact: greeted, Recipient: recipient, Change: change,
			Link: confirmLink(site, token)}
		err := d.queue(ctx, q, p.WPUserID, fmt.Sprintf("paypal-%d", change.ID), m)
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
		return d.tellPayment(ctx, tx, before, p, contact, at)
	})
	return changed, err
}
