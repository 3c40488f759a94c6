package messages

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/locale"
)

// Site is what mails say about the site. It can change at run time.
type Site struct {
	Name       string
	URL        string // of the front page
	Center     string // URL of the partner center; "" while it is switched off
	Links      tracking.Links
	AdminEmail string                   // WordPress' own, unless the mail settings name others
	AdminPage  func(path string) string // URL of a page of ours in wp-admin
}

// Desk writes letters: it notes what people are to be written about (Tell), and
// makes mails of it (Work), which wait in the Outbox to be sent.
type Desk struct {
	db     *db.Handle
	now    clock.Clock
	log    *slog.Logger
	events queue
	outbox *Outbox
	site   func() Site
	zone   func() *time.Location
	speak  func(context.Context, db.Queryer, affiliate.UserID) (*locale.Language, error)
}

// DeskConfig is what a Desk works with.
type DeskConfig struct {
	DB     *db.Handle
	Now    clock.Clock
	Log    *slog.Logger
	Outbox *Outbox
	Site   func() Site // asked for each letter
	Zone   func() *time.Location
	// Language is how mails speak to a WordPress user, or with 0 to anybody; it is
	// asked in the transaction that writes the mail. Without it they are English.
	Language func(ctx context.Context, q db.Queryer, user affiliate.UserID) (*locale.Language, error)
}

// NewDesk works on the site's database.
func NewDesk(c DeskConfig) *Desk {
	return &Desk{db: c.DB, now: c.Now, log: c.Log, outbox: c.Outbox, site: c.Site, zone: c.Zone, speak: c.Language,
		events: queue{table: "message_events", db: c.DB, now: c.Now}}
}

// language is how to speak to a user.
func (d *Desk) language(ctx context.Context, q db.Queryer, user affiliate.UserID) (*locale.Language, error) {
	if d.speak == nil {
		return locale.English, nil
	}
	return d.speak(ctx, q, user)
}

// write makes the mails of an event, or finds that there are none to make, and
// ends the event; all of it at once.
func (d *Desk) write(ctx context.Context, e Event, attempts int) error {
	site := d.site()
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		if e.ofAll() || e.Occasion == Standing {
			follow := d.look
			if e.ofAll() {
				follow = d.spread
			}
			if err := follow(ctx, tx, e); err != nil {
				return err
			}
			return d.end(ctx, tx, e, attempts)
		}
		message, stored, on, err := textOf(ctx, tx, e)
		if err != nil {
			return err
		}
		if on {
			about, _ := Of(e.Occasion)
			w := writer{q: tx, desk: d, site: site, event: e, about: about}
			write := w.toPartner
			if about.Admin {
				write = w.toAdmins
			}
			mails, err := write(ctx, message, stored)
			if err != nil {
				return err
			}
			for _, m := range mails {
				if err := d.outbox.Queue(ctx, tx, m); err != nil {
					return err
				}
			}
		}
		return d.end(ctx, tx, e, attempts)
	})
}

// end notes that all has been written.
func (d *Desk) end(ctx context.Context, q db.Queryer, e Event, attempts int) error {
	_, err := q.Exec(ctx, `/* messages.Desk.end */
		UPDATE {wp}partner_center_message_events SET state = 'done', done_at = ?, error = ''
		WHERE id = ? AND attempts = ?`, d.now(), e.ID, attempts)
	return err
}

// writer writes the letters of one event.
type writer struct {
	q     db.Queryer
	desk  *Desk
	site  Site
	event Event
	about About

	partner affiliate.Partner
	contact affiliate.Contact
	program affiliate.Program
	in      *locale.Language
	sample  bool // a preview: what there is nothing of is made up
}

// reader loads whom the event is about; false for one who is gone.
func (w *writer) reader(ctx context.Context) (bool, error) {
	var err error
	if w.partner, err = affiliate.LoadPartner(ctx, w.q, w.event.PartnerID); err != nil {
		return false, ignoreMissing(err)
	}
	if w.contact, err = affiliate.LoadContact(ctx, w.q, w.partner.ContactID); err != nil || w.contact.DeletedAt != nil {
		return false, ignoreMissing(err)
	}
	if w.event.ProgramID == 0 {
		m, is, err := affiliate.RunningMembership(ctx, w.q, w.partner.ID)
		if err != nil {
			return false, err
		}
		if is {
			w.event.ProgramID = m.ProgramID
		}
	}
	if w.event.ProgramID != 0 {
		if w.program, err = affiliate.LoadProgram(ctx, w.q, w.event.ProgramID); err != nil {
			return false, ignoreMissing(err)
		}
	}
	w.in, err = w.desk.language(ctx, w.q, w.partner.WPUserID)
	return err == nil, err
}

func ignoreMissing(err error) error {
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return nil
	}
	return err
}

// toPartner is the mail to the partner, none when they don't want it or are gone.
func (w *writer) toPartner(ctx context.Context, m Message, stored bool) ([]Mail, error) {
	if is, err := w.reader(ctx); err != nil || !is {
		return nil, err
	}
	wants, err := wants(ctx, w.q, w.partner.ID, w.about.Choice)
	if err != nil || !wants {
		return nil, err
	}
	mail, err := w.letter(ctx, m, stored)
	if err != nil {
		return nil, err
	}
	mail.Recipient, mail.PartnerID, mail.UserID = w.contact.Email, w.partner.ID, w.event.Facts.UserID
	mail.Optional = w.about.Choice != ""
	return []Mail{mail}, nil
}

// wants tells whether a partner chose to get mails of a kind.
func wants(ctx context.Context, q db.Queryer, partner affiliate.PartnerID, kind Choice) (bool, error) {
	if kind == "" {
		return true, nil
	}
	c, err := affiliate.LoadMailChoices(ctx, q, partner)
	return map[Choice]bool{PerSale: c.PerSale, PerPayment: c.PerPayment, Monthly: c.Monthly}[kind], err
}

// letter is a message as this reader gets it. One that must not go out is held,
// with the reason as its error (D33).
func (w *writer) letter(ctx context.Context, m Message, stored bool) (Mail, error) {
	if !stored {
		m = readyMade[w.event.Occasion].message(w.in)
	}
	settings, err := LoadMailSettings(ctx, w.q)
	if err != nil {
		return Mail{}, err
	}
	v, held, err := w.values(ctx, used(m.Subject, m.HTML, m.Text))
	if err != nil {
		return Mail{}, err
	}
	dress := Dress{Site: plain(cmp.Or(w.site.Name, "WordPress")), Logo: settings.Logo, Color: settings.Color}
	mail, err := compose(m, v, dress, w.in, w.about.Choice != "")
	mail.Event, mail.Kind = w.event.Key, string(w.event.Occasion)
	if !held.IsZero() {
		mail.State, mail.Error = Held, affiliate.Cut(held.String(), maxError)
	}
	return mail, err
}

// toAdmins are the mails to those who keep the site.
func (w *writer) toAdmins(ctx context.Context, m Message, stored bool) ([]Mail, error) {
	var err error
	if w.in, err = w.desk.language(ctx, w.q, 0); err != nil {
		return nil, err
	}
	if w.event.PartnerID != 0 {
		if is, err := w.reader(ctx); err != nil || !is {
			return nil, err
		}
		if w.in, err = w.desk.language(ctx, w.q, 0); err != nil {
			return nil, err
		}
	}
	mail, err := w.letter(ctx, m, stored)
	if err != nil {
		return nil, err
	}
	settings, err := LoadMailSettings(ctx, w.q)
	if err != nil {
		return nil, err
	}
	mails := []Mail{}
	for _, to := range settings.admins(w.site.AdminEmail) {
		mail.Recipient = to
		mails = append(mails, mail)
	}
	return mails, nil
}
