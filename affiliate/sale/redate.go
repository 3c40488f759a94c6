package sale

import (
	"context"
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
)

// Redate corrects the time of a logged order (S155). When an order was placed
// decides who is credited, so it never moves (D16): the order becomes void, and the
// sale as c.To changes it is logged on its day, with the number that it had. What
// was paid of the void one is taken off the next payment.
//
// These are two transactions. A process that dies between them leaves the order
// void, which Restore takes back; done again, a finished one changes nothing.
//
// Errors are those of ChangeLogged and LogOrder; KindConflict without a buyer whose
// address is known.
func (sv *Service) Redate(ctx context.Context, actor affiliate.Actor, c LoggedChange, placed time.Time) (Result,
	error) {
	moved, err := sv.redated(ctx, c, placed)
	if err != nil {
		return Result{}, err
	}
	if _, err := sv.Preview(ctx, moved); err != nil { // before anything is void
		return Result{}, err
	}
	c.To = Void
	if _, err := sv.ChangeLogged(ctx, actor, c); err != nil {
		return Result{}, err
	}
	return sv.LogOrder(ctx, actor, moved)
}

// PreviewRedate tells what Redate would do, and does nothing: the commissions of
// both orders.
func (sv *Service) PreviewRedate(ctx context.Context, actor affiliate.Actor, c LoggedChange,
	placed time.Time) (Result, error) {
	moved, err := sv.redated(ctx, c, placed)
	if err != nil {
		return Result{}, err
	}
	c.To = Void
	left, err := sv.PreviewLogged(ctx, actor, c)
	if err != nil {
		return left, err
	}
	result, err := sv.Preview(ctx, moved)
	result.Commissions = append(left.Commissions, result.Commissions...)
	return result, err
}

// redated is the sale as it is logged on its right day.
func (sv *Service) redated(ctx context.Context, c LoggedChange, placed time.Time) (OrderState, error) {
	state, err := sv.State(ctx, c.OrderID)
	if err != nil {
		return state, err
	}
	if state.Source != manual {
		return state, affiliate.Conflict("This order comes from a cart. Please change it there.")
	}
	if state.email() == "" {
		return state, affiliate.Conflict("The buyer's address was erased, so the date stays as it is.")
	}
	if state, err = state.changed(c.To); err != nil {
		return state, err
	}
	state.ExternalID, state.Version = RedatedAs(state.ExternalID), 1
	state.PlacedAt, state.PaidAt = placed, nil // paid orders were paid when they were placed
	return state.completed(Order{}, sv.now())
}

// RedatedAs is the id in its source of the order that takes the place of another
// whose date was wrong: "a1b2", "a1b2~2", "a1b2~3", …
func RedatedAs(id string) string {
	base, number, _ := strings.Cut(id, "~")
	n, err := strconv.Atoi(number)
	if err != nil {
		n = 1
	}
	return base + "~" + strconv.Itoa(n+1)
}

// RedatedFrom is the id of the order whose place that of an id took; "" of none.
func RedatedFrom(id string) string {
	base, number, redated := strings.Cut(id, "~")
	n, err := strconv.Atoi(number)
	switch {
	case !redated || err != nil:
		return ""
	case n <= 2:
		return base
	}
	return base + "~" + strconv.Itoa(n-1)
}
