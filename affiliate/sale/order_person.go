package sale

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// orderPerson is what an OrderState says of persons. It is stored apart from the
// state, so that it can be erased and the state, from which the books follow,
// stays as it was received (D37). A field of OrderState that names a person
// belongs here too.
type orderPerson struct {
	Buyer Buyer  `json:"buyer"`
	Payer string `json:"payer,omitempty"`
	Click string `json:"click,omitempty"`
	Note  string `json:"note,omitempty"`
}

// withoutPerson parts the state from its person.
func (s OrderState) withoutPerson() (OrderState, orderPerson) {
	p := orderPerson{s.Buyer, s.Payer, s.Click, s.Note}
	s.Buyer, s.Payer, s.Click, s.Note = Buyer{}, "", "", ""
	return s, p
}

// logState keeps a state as it was received; the same version is kept once.
func logState(ctx context.Context, q db.Queryer, id affiliate.OrderID, s OrderState, outcome Outcome,
	at time.Time) error {
	bare, person := s.withoutPerson()
	payload, err := json.Marshal(bare)
	if err != nil {
		return err
	}
	who, err := json.Marshal(person)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `/* sale.logState */
		INSERT INTO {wp}partner_center_order_states (order_id, version, received_at, outcome, payload)
		VALUES (?, ?, ?, ?, ?)
		ON DUPLICATE KEY UPDATE version = version`, id, s.Version, at, outcome, string(payload))
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `/* sale.logState */
		INSERT INTO {wp}partner_center_order_persons (order_id, version, person) VALUES (?, ?, ?)
		ON DUPLICATE KEY UPDATE version = version`, id, s.Version, string(who))
	return err
}

// loadState is the state that the order stands at; without its person when that
// was erased.
func loadState(ctx context.Context, q db.Queryer, o Order) (OrderState, error) {
	states, err := loadStates(ctx, q, []Order{o})
	s, found := states[o.ID]
	if err == nil && !found {
		err = fmt.Errorf("version %d of order %s is not stored", o.Version, o.ID)
	}
	return s, err
}

// loadStates are the states that orders stand at, of all of them at once.
func loadStates(ctx context.Context, q db.Queryer, orders []Order) (map[affiliate.OrderID]OrderState, error) {
	keys := []any{}
	for _, o := range orders {
		keys = append(keys, o.ID, o.Version)
	}
	rows := []struct {
		OrderID affiliate.OrderID `db:"order_id"`
		Payload []byte            `db:"payload"`
		Person  []byte            `db:"person"`
	}{}
	err := q.Select(ctx, &rows, `/* sale.loadStates */
		SELECT s.order_id, s.payload, p.person FROM {wp}partner_center_order_states s
		LEFT JOIN {wp}partner_center_order_persons p ON p.order_id = s.order_id AND p.version = s.version
		WHERE (s.order_id, s.version) IN (`+db.Pairs(len(orders))+`)`, keys...)
	if err != nil {
		return nil, err
	}
	states := map[affiliate.OrderID]OrderState{}
	for _, row := range rows {
		var s OrderState
		if err := json.Unmarshal(row.Payload, &s); err != nil {
			return nil, err
		}
		if row.Person != nil {
			var p orderPerson
			if err := json.Unmarshal(row.Person, &p); err != nil {
				return nil, err
			}
			s.Buyer, s.Payer, s.Click, s.Note = p.Buyer, p.Payer, p.Click, p.Note
		}
		states[row.OrderID] = s
	}
	return states, nil
}
