package wpbridge

import (
	"errors"
	"strconv"
	"strings"
)

// Limits of serialized values. WordPress' own are far below: the largest is
// the roles of a site with many plugins, some 30 kB and three levels deep.
const (
	maxSerialized      = 1 << 20 // bytes
	maxSerializedDepth = 32
)

var errSerialized = errors.New("not a PHP-serialized value")

// phpArray is a PHP array in its order, which decides which of two roles wins.
type phpArray []phpEntry

// phpEntry has its key as text: PHP itself makes no difference between the
// keys 5 and "5". value is nil, bool, int64, float64, string or phpArray.
type phpEntry struct {
	key   string
	value any
}

// get returns the value of a key, nil when there is none.
func (a phpArray) get(key string) any {
	for _, e := range a {
		if e.key == key {
			return e.value
		}
	}
	return nil
}

// text returns the value of a key if it is a string.
func (a phpArray) text(key string) string {
	s, _ := a.get(key).(string)
	return s
}

// truthy is the truth of a value in PHP, the opposite of empty().
func truthy(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case int64:
		return v != 0
	case float64:
		return v != 0
	case string:
		return phpTrue(v)
	case phpArray:
		return len(v) > 0
	}
	return false
}

// unserializeArray reads what PHP's serialize() made of an array.
//
// It is our own because the bytes may come from strangers (user agents stand
// in session_tokens), and the libraries panic on cut-off input, take
// exponential time for nested arrays, change backslashes, or lose the order
// of keys. Objects become arrays; references become nil.
func unserializeArray(s string) (phpArray, error) {
	if len(s) > maxSerialized {
		return nil, errSerialized
	}
	u := &unserializer{rest: s}
	v := u.value(0)
	a, isArray := v.(phpArray)
	if u.failed || !isArray {
		return nil, errSerialized
	}
	return a, nil
}

// unserializer keeps the input not yet read. After a failure all its methods
// answer zero values.
type unserializer struct {
	rest   string
	failed bool
}

func (u *unserializer) value(depth int) any {
	if len(u.rest) < 2 || depth > maxSerializedDepth {
		u.fail()
		return nil
	}
	kind := u.rest[0]
	u.rest = u.rest[1:]
	if kind == 'N' {
		u.expect(";")
		return nil
	}
	u.expect(":")
	switch kind {
	case 'b':
		return u.until(";") == "1"
	case 'i':
		return u.integer(";")
	case 'd':
		return u.float()
	case 's':
		s := u.text()
		u.expect(";")
		return s
	case 'O':
		u.text() // the class
		u.expect(":")
		return u.array(depth)
	case 'a':
		return u.array(depth)
	case 'r', 'R':
		u.integer(";")
		return nil
	}
	u.fail()
	return nil
}

// array reads n:{key value …}. The count is not trusted with memory.
func (u *unserializer) array(depth int) phpArray {
	count := u.integer(":")
	u.expect("{")
	var a phpArray
	for range count {
		e := phpEntry{u.key(), u.value(depth + 1)}
		if u.failed {
			return nil
		}
		a = append(a, e)
	}
	u.expect("}")
	return a
}

// key reads i:n; or s:n:"bytes";, the only keys there are.
func (u *unserializer) key() string {
	if strings.HasPrefix(u.rest, "i:") {
		u.expect("i:")
		return strconv.FormatInt(u.integer(";"), 10)
	}
	u.expect("s:")
	s := u.text()
	u.expect(";")
	return s
}

// text reads n:"bytes".
func (u *unserializer) text() string {
	length := u.integer(":")
	u.expect(`"`)
	if length < 0 || length > int64(len(u.rest)) {
		u.fail()
		return ""
	}
	s := u.rest[:length]
	u.rest = u.rest[length:]
	u.expect(`"`)
	return s
}

func (u *unserializer) integer(end string) int64 {
	n, err := strconv.ParseInt(u.until(end), 10, 64)
	if err != nil {
		u.fail()
	}
	return n
}

func (u *unserializer) float() float64 {
	f, err := strconv.ParseFloat(u.until(";"), 64) // PHP writes INF and NAN too
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		u.fail()
	}
	return f
}

// until takes the text up to end, and end itself.
func (u *unserializer) until(end string) string {
	before, after, found := strings.Cut(u.rest, end)
	if !found {
		u.fail()
		return ""
	}
	u.rest = after
	return before
}

func (u *unserializer) expect(s string) {
	rest, found := strings.CutPrefix(u.rest, s)
	if !found {
		u.fail()
		return
	}
	u.rest = rest
}

func (u *unserializer) fail() { u.failed, u.rest = true, "" }
