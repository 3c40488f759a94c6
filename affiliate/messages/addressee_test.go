package messages_test

import (
	"fmt"
	"testing"

	"partnercenter/affiliate"
)

// Addressees come part by part, each once.
func TestAddresseesComeInParts(t *testing.T) {
	d := newDesk(t)
	for i := range 6 {
		d.Partner(fmt.Sprintf("p%d", i))
	}
	seen, last := map[affiliate.PartnerID]bool{}, affiliate.PartnerID(0)
	for range 4 {
		some, err := d.library.Addressees(t.Context(), last, 2)
		d.OK(err)
		for _, a := range some {
			if seen[a.ID] || a.Email == "" || a.ProgramID != d.Program.ID || a.ID <= last {
				t.Errorf("%+v", a)
			}
			seen[a.ID], last = true, a.ID
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d of 7", len(seen))
	}
}
