package main

import (
	"os/exec"
	"strings"
	"testing"
)

// Two clones of one account have two demos, and one clone always the same.
func TestDemoBelongsToTheClone(t *testing.T) {
	one, again, two := dirFor("/src/one"), dirFor("/src/one"), dirFor("/src/two")
	if one == two || one != again {
		t.Errorf("%s, %s, %s", one, again, two)
	}
}

func TestMakeTakesAPort(t *testing.T) {
	for target, want := range map[string]string{"PORT=9000": "--port 9000", "A=b": "--port 8080"} {
		for _, goal := range []string{"demo", "demo-reset"} {
			out, err := exec.CommandContext(t.Context(), "make", "-C", "../..", "-n", goal, target).CombinedOutput()
			if err != nil || !strings.Contains(string(out), "partner-center demo "+want) {
				t.Errorf("make %s %s: %v\n%s", goal, target, err, out)
			}
		}
	}
}
