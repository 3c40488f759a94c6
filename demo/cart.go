package demo

import (
	"context"
	"fmt"
	"time"

	"partnercenter/affiliate/money"
	"partnercenter/sidecar/inbox"
)

// cartOrder is an order of the year as its cart reports it: with the whole of its
// state each time (docs/carts.md).
type cartOrder struct {
	Number    string       `json:"number"`
	Status    string       `json:"status"`
	Currency  string       `json:"currency"`
	Lines     []cartLine   `json:"lines"`
	Shipping  string       `json:"shipping"`
	Tax       string       `json:"tax"`
	Total     money.Amount `json:"total"`
	Refunds   []cartRefund `json:"refunds"`
	Buyer     cartBuyer    `json:"buyer"`
	PlacedAt  time.Time    `json:"placed_at"`
	PaidAt    time.Time    `json:"paid_at"`
	id, click string
}

type cartLine struct {
	Line     string       `json:"line"`
	Product  string       `json:"product"`
	Name     string       `json:"name"`
	Quantity string       `json:"quantity"`
	Subtotal money.Amount `json:"subtotal"`
	Total    money.Amount `json:"total"`
	Tax      string       `json:"tax"`
}

type cartRefund struct {
	Amount   money.Amount `json:"amount"`
	Lines    []cartBack   `json:"lines"`
	Shipping string       `json:"shipping"`
	Tax      string       `json:"tax"`
}

type cartBack struct {
	Line  string       `json:"line"`
	Total money.Amount `json:"total"`
	Tax   string       `json:"tax"`
}

type cartBuyer struct {
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	UserID    int    `json:"user_id"`
}

// report tells an order's present state.
func (e *example) report(o cartOrder, state int64, at time.Time) {
	e.tell(inbox.Report{Kind: "order", Source: e.cart(), ID: o.id, Seq: state, Click: o.click, At: at, Payload: o})
}

// cart is the source of the year's orders.
func (e *example) cart() string {
	if e.demo.options.Shop.Name != "" {
		return e.demo.options.Shop.Name
	}
	return "harbour"
}

// tell notes a fact for the next takeIn.
func (e *example) tell(r inbox.Report) {
	e.facts = append(e.facts, r)
	if r.At.After(e.told) {
		e.told = r.At
	}
}

// takeIn appends the facts that were told since it was last called to the inbox,
// as the plugin does, and has them taken in.
func (e *example) takeIn(ctx context.Context) error {
	if len(e.facts) == 0 {
		return nil
	}
	if err := inbox.Append(ctx, e.db, e.facts); err != nil {
		return err
	}
	e.facts = nil
	e.clock.Set(e.told)
	for more := true; more; {
		var err error
		if more, err = e.inbox.Drain(ctx); err != nil {
			return err
		}
	}
	n, why, err := e.inbox.Trouble(ctx)
	if err == nil && n > 0 {
		err = fmt.Errorf("%d facts cannot be taken in: %s", n, why)
	}
	return err
}
