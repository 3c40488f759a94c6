package affiliate

import (
	"database/sql/driver"
	"fmt"
	"strings"
)

// Base says what a percentage is taken of; the zero Base is the line after
// discounts, without tax and shipping (D8).
type Base struct {
	BeforeDiscount bool `json:"before_discount"`
	WithTax        bool `json:"with_tax"`      // of the line; that of shipping never counts
	WithShipping   bool `json:"with_shipping"` // the line's share of the order's, by what its lines cost with tax
}

// parts are the switches by their names as they are stored.
func (b *Base) parts() map[string]*bool {
	return map[string]*bool{"discount": &b.BeforeDiscount, "tax": &b.WithTax, "shipping": &b.WithShipping}
}

// Value writes the parts that are added, joined by commas.
func (b Base) Value() (driver.Value, error) {
	parts := []string{}
	for _, name := range []string{"discount", "tax", "shipping"} {
		if *b.parts()[name] {
			parts = append(parts, name)
		}
	}
	return strings.Join(parts, ","), nil
}

// Scan reads the text of Value.
func (b *Base) Scan(src any) error {
	text, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("base: cannot be read from %T", src)
	}
	*b = Base{}
	if len(text) == 0 {
		return nil
	}
	for name := range strings.SplitSeq(string(text), ",") {
		part := b.parts()[name]
		if part == nil {
			return fmt.Errorf("base: there is no part %q", name)
		}
		*part = true
	}
	return nil
}
