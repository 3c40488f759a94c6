package wpbridge

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// flat prints an array with its order, keys and types.
func flat(v any) string {
	a, isArray := v.(phpArray)
	if !isArray {
		return fmt.Sprintf("%T(%v)", v, v)
	}
	parts := make([]string, len(a))
	for i, e := range a {
		parts[i] = e.key + "=>" + flat(e.value)
	}
	return "[" + strings.Join(parts, " ") + "]"
}

func TestUnserializeWhatPHPSerialized(t *testing.T) {
	for code, want := range map[string]string{
		`[]`:                                             "[]",
		`['b' => true, 'a' => false]`:                    "[b=>bool(true) a=>bool(false)]",
		`[null, -5, 1.5, 'x']`:                           "[0=><nil>(<nil>) 1=>int64(-5) 2=>float64(1.5) 3=>string(x)]",
		`['k' => ['n' => [7 => 'deep']]]`:                "[k=>[n=>[7=>string(deep)]]]",
		`[(object)['p' => 1], 'after']`:                  "[0=>[p=>int64(1)] 1=>string(after)]",
		`['ua' => 'é\\x41\\n\\\'";}']`:                   `[ua=>string(é\x41\n\'";})]`,
		`(function(){$a=[1];$a[1]=&$a[0];return $a;})()`: "[0=>int64(1) 1=><nil>(<nil>)]",
		`[INF, NAN]`:                                     "[0=>float64(+Inf) 1=>float64(NaN)]",
	} {
		serialized := php(t, `echo serialize(`+code+`);`)
		a, err := unserializeArray(serialized)
		if got := flat(a); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", serialized, got, err, want)
		}
	}
}

func TestUnserializeRefuses(t *testing.T) {
	deep := strings.Repeat("a:1:{i:0;", 100) + "N;" + strings.Repeat("}", 100)
	for name, s := range map[string]string{
		"empty": "", "text": "administrator", "not an array": `s:1:"x";`, "cut off": `a:1:{s:5:"ab`,
		"length too long": `a:1:{s:99:"a";b:1;}`, "negative length": `a:1:{s:-1:"a";b:1;}`,
		"huge count": `a:9223372036854775807:{}`, "array as key": `a:1:{a:0:{}b:1;}`, "nothing as key": `a:1:{N;b:1;}`,
		"unknown type": `a:1:{i:0;Z:1;}`, "missing end": `a:0:{`, "too deep": deep, "too long": "a:0:{}" +
			strings.Repeat(" ", maxSerialized),
		"number overflow": `a:1:{i:99999999999999999999;N;}`,
	} {
		if a, err := unserializeArray(s); err == nil {
			t.Errorf("%s: read as %s", name, flat(a))
		}
	}
}

func TestTruthIsThatOfPHP(t *testing.T) {
	code := `[true, false, 0, 1, '', '0', '00', 'a', 0.0, 0.5, null, [], [1]]`
	a := must(unserializeArray(php(t, `echo serialize(`+code+`);`)))
	want := php(t, `foreach (`+code+` as $v) echo empty($v) ? '0' : '1';`)
	var got strings.Builder
	for _, e := range a {
		got.WriteString(map[bool]string{true: "1", false: "0"}[truthy(e.value)])
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
}

func FuzzUnserialize(f *testing.F) {
	for _, name := range vectorFiles {
		for _, u := range readVectors(f, name).Users {
			f.Add(u.Sessions)
			f.Add(u.AppMeta)
		}
	}
	f.Add(`a:2:{i:0;O:1:"x":1:{s:1:"p";d:1.5;}i:1;R:2;}`)
	f.Fuzz(func(t *testing.T, s string) {
		a, err := unserializeArray(s)
		if err != nil && a != nil {
			t.Errorf("both a value and an error: %s", flat(a))
		}
		ParseSessions(s)
		matchAppPassword(s, "x")
	})
}
