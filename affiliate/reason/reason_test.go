package reason

import (
	"os"
	"regexp"
	"testing"
)

// Spec: B2
func TestEveryReasonHasASentence(t *testing.T) {
	text, err := os.ReadFile("reason.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`\w+ +Code = "([A-Z0-9_]+)"`).FindAllStringSubmatch(string(text), -1)
	if len(declared) != len(sentences) {
		t.Errorf("%d reasons are declared, %d have sentences", len(declared), len(sentences))
	}
	for _, d := range declared {
		if Code(d[1]).ForAdmin(nil).IsZero() {
			t.Errorf("%s has no sentence", d[1])
		}
	}
}
