package messages_test

import (
	"fmt"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/shoptest"
	"partnercenter/db"
)

// climbing is a desk that looks after each change of what a partner has sold.
type climbing struct {
	*desk
	looks int
}

func newClimbing(t testing.TB, steps ...string) *climbing {
	c := &climbing{desk: newDesk(t)}
	for _, step := range steps {
		c.add(step, "USD")
	}
	return c
}

func (c *climbing) add(amount string, cur money.Currency) {
	c.Helper()
	c.OK(c.library.AddMilestone(c.Context(), shoptest.Anna, messages.Milestone{ProgramID: c.Program.ID, Currency: cur,
		Amount: shoptest.USD(amount)}))
}

// sells has a partner sell and returns the subjects of the milestones' mails.
func (c *climbing) sells(p affiliate.Partner, base string) (subjects []string) {
	c.Helper()
	if base != "" {
		c.Earn(p, base)
	}
	return c.look(p)
}

func (c *climbing) look(p affiliate.Partner) (subjects []string) {
	c.Helper()
	c.looks++
	m, err := c.Registry.Memberships(c.Context(), p.ID)
	c.OK(err)
	c.OK(c.DB.Tx(c.Context(), func(tx *db.Tx) error {
		return c.Tell(c.Context(), tx, messages.Event{Key: fmt.Sprint("look-", p.Code, c.looks),
			Occasion: messages.Standing, ProgramID: m[len(m)-1].ProgramID, PartnerID: p.ID})
	}))
	for _, mail := range c.written() {
		if mail.Kind != "milestone" {
			c.Errorf("a mail about %s", mail.Kind)
		}
		subjects = append(subjects, mail.Subject)
	}
	return subjects
}

func (c *climbing) want(step string, got []string, want ...string) {
	c.Helper()
	if strings.Join(got, "|") != strings.Join(want, "|") {
		c.Errorf("%s: %q, want %q", step, got, want)
	}
}

// Spec: S109.1 S111.1 S112.1 D4.1 D32.3
func TestMilestonesAreReachedOnceEach(t *testing.T) {
	c := newClimbing(t, "1000", "5000", "10000")
	c.want("900", c.sells(c.anna, "900"))
	c.Earn(c.anna, "99.99")
	c.want("999.99", c.look(c.anna))
	sale := c.Earn(c.anna, "200.01")
	c.want("1,200", c.look(c.anna), "You reached $1,000.00 with Main")
	c.want("again", c.look(c.anna))
	c.cancel(sale)
	c.want("fallen", c.look(c.anna))
	c.want("risen", c.sells(c.anna, "300"))
	c.want("5,000", c.sells(c.anna, "4000"), "You reached $5,000.00 with Main")
}

func (c *climbing) cancel(sale ledger.Commission) {
	c.Helper()
	_, err := c.Site.Ledger.Cancel(c.Context(), shoptest.Anna, shoptest.Picks(c.Now(sale)...), "Bought by themselves")
	c.OK(err)
}

// A jump mails the highest; what lies below is passed.
//
// Spec: S112.3
func TestJumpMailsTheHighestMilestone(t *testing.T) {
	c := newClimbing(t, "1000", "2000", "5000", "10000")
	c.want("900", c.sells(c.anna, "900"))
	c.want("6,000", c.sells(c.anna, "5100"), "You reached $5,000.00 with Main")
	if n := c.Number(`SELECT COUNT(*) FROM {wp}partner_center_milestone_passes WHERE mailed = 0`); n != 2 {
		t.Errorf("%d are passed without a mail", n)
	}
	c.want("10,000", c.sells(c.anna, "4000"), "You reached $10,000.00 with Main")
}

// Spec: S110.1 D32.1 D32.2
func TestMilestonesOfOthersMoneyAndOfBefore(t *testing.T) {
	c := newClimbing(t, "1000")
	c.add("2", "")
	c.add("1000", "EUR")
	c.uses(messages.MilestoneReached, "{milestone}: {total_sales} by {number_of_sales}", "<p>x")
	c.want("1", c.sells(c.anna, "10"))
	c.want("2 sales", c.sells(c.anna, "20"), "2 sales: $30.00 by 2")
	c.add("25", "USD")
	c.want("a new one that was reached before", c.sells(c.anna, "1"))
	silver := c.NewProgram("Silver", 1)
	_, err := c.Registry.MovePartner(t.Context(), shoptest.Anna, c.anna.ID, silver.ID)
	c.OK(err)
	c.want("moved", c.look(c.anna))
	_, err = c.Registry.MovePartner(t.Context(), shoptest.Anna, c.anna.ID, c.Program.ID)
	c.OK(err)
	c.want("back", c.look(c.anna))
	c.Exec(`DELETE FROM {wp}partner_center_milestone_standings`)
	c.want("first look after they came back", c.look(c.anna))
}

// Spec: S112.2
func TestOnlyActivePartnersReachMilestones(t *testing.T) {
	c := newClimbing(t, "1000")
	c.want("900", c.sells(c.anna, "900"))
	c.Earn(c.anna, "300")
	_, err := c.Registry.SuspendPartner(t.Context(), shoptest.Anna, c.anna.ID, "Asked to")
	c.OK(err)
	c.want("suspended", c.look(c.anna))
	_, err = c.Registry.ReactivatePartner(t.Context(), shoptest.Anna, c.anna.ID, "Back")
	c.OK(err)
	c.want("back", c.look(c.anna))
}
