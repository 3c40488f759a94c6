package wpbridge

import "testing"

func TestVersionAtLeast(t *testing.T) {
	for v, want := range map[Version]bool{
		"6.8": true, "6.8.12": true, "6.8-beta2": true, "6.10": true, "7.0": true, "10.1": true, "": true,
		"trunk": true,
		"6.7.9": false, "6.1.9": false, "5.9": false, "6": false,
	} {
		if got := v.AtLeast(6, 8); got != want {
			t.Errorf("%q at least 6.8: %v", v, got)
		}
	}
}
