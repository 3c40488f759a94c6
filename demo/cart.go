package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"partnercenter/affiliate/money"
	"partnercenter/db"
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
func (e *example) report(o cartOrder, state int64, at time.Time) error {
	return e.tell(told{kind: "order", source: e.cart(), id: o.id, state: state, click: o.click, at: at, of: o})
}

// cart is the source of the year's orders.
func (e *example) cart() string {
	if e.demo.options.Shop.Name != "" {
		return e.demo.options.Shop.Name
	}
	return "harbour"
}

// told is a fact for the inbox.
type told struct {
	kind, source, id string
	state            int64
	click            string
	at               time.Time
	of               any // its payload
}

// tell notes a fact for the next takeIn.
func (e *example) tell(f told) error {
	text, err := json.Marshal(f.of)
	if err != nil {
		return err
	}
	e.facts = append(e.facts, []any{f.kind, f.source, f.id, f.state, f.at, f.click, string(text), f.at})
	if f.at.After(e.told) {
		e.told = f.at
	}
	return nil
}

// takeIn appends the facts that were told since it was last called to the inbox,
// as the plugin does, and has them taken in.
func (e *example) takeIn(ctx context.Context) error {
	if len(e.facts) == 0 {
		return nil
	}
	for part := range slices.Chunk(e.facts, db.RowsAtOnce) {
		err := db.Insert(ctx, e.db, `/* demo.takeIn */ INSERT INTO {wp}partner_center_inbox
			(kind, source, external_id, seq, occurred_at, click, payload, created_at) VALUES `, part, "")
		if err != nil {
			return err
		}
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
