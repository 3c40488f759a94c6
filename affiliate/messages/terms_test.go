package messages_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/db"
)

// New terms are told to all who are active in the program, once for each version,
// whenever and however often it is said; not to those who have left, nor to
// partners of other programs, nor to those who join later.
//
// Spec: S148
func TestPartnersAreToldOfNewTerms(t *testing.T) {
	d := newDesk(t)
	d.named(d.anna, "Anna", "B.")
	var others []affiliate.Partner
	for i := range 120 { // more than are written at once
		others = append(others, d.Partner(fmt.Sprintf("p%d", i)))
	}
	gone, suspended := others[0], others[1]
	d.Exec(`UPDATE {wp}partner_center_memberships SET active = NULL WHERE partner_id = ?`, gone.ID)
	d.Exec(`UPDATE {wp}partner_center_partners SET state = 'suspended' WHERE id = ?`, suspended.ID)
	from := affiliate.Day{Year: 2026, Month: 7, Day: 1}
	publish := func(version int) {
		t.Helper()
		for range 2 {
			d.OK(d.DB.Tx(t.Context(), func(tx *db.Tx) error {
				return d.NewTerms(t.Context(), tx, d.Program.ID, version, from)
			}))
		}
	}
	publish(2)
	mails := d.allWritten()
	if len(mails) != 119 {
		t.Errorf("%d mails for 119 partners", len(mails))
	}
	for _, m := range mails {
		if m.PartnerID == gone.ID || m.PartnerID == suspended.ID {
			t.Errorf("written to %s", m.Recipient)
		}
	}
	i := slices.IndexFunc(mails, func(m messages.Mail) bool { return m.PartnerID == d.anna.ID })
	m := mails[max(i, 0)]
	has(t, m, "Hello Anna,\n", "\n"+base+"/signup/"+d.Program.Code+"/terms", "1 Jul 2026")
	if m.Subject != "New terms of "+d.Program.Name || m.Optional {
		t.Errorf("%+v", m)
	}
	d.Partner("late")
	d.Clock.Advance(time.Minute)
	publish(2)
	if again := d.allWritten(); len(again) != 0 {
		t.Errorf("told again: %d", len(again))
	}
	publish(3)
	if next := d.allWritten(); len(next) != 120 {
		t.Errorf("%d mails of the next version for 120 partners", len(next))
	}
}

// allWritten writes all that waits, and takes the mails.
func (d *desk) allWritten() (mails []messages.Mail) {
	d.Helper()
	for {
		some := d.written()
		if mails = append(mails, some...); len(some) == 0 {
			return mails
		}
	}
}
