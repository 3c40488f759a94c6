package wpbridge

import "testing"

func TestFastHash(t *testing.T) {
	for _, name := range vectorFiles[1:] {
		v := readVectors(t, name)
		if got := fastHash(v.FastHash.Message); got != v.FastHash.Hash {
			t.Errorf("%s: %s, want %s", name, got, v.FastHash.Hash)
		}
		if checkFastHash(v.FastHash.Message+"x", v.FastHash.Hash) || checkFastHash("", "") {
			t.Error("wrong secret accepted")
		}
	}
}
