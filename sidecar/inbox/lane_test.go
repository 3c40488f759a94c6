package inbox

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// facts of every kind that a few people and things may have in common.
var someFact = rapid.Custom(func(t *rapid.T) fact {
	who, other := rapid.IntRange(0, 9).Draw(t, "who"), rapid.IntRange(0, 9).Draw(t, "other")
	return rapid.SampledFrom([]fact{
		{Kind: "form", ExternalID: "f", Payload: fmt.Appendf(nil, `{"email":"P%d@mail.test"}`, who)},
		{Kind: "form", ExternalID: "g", Payload: fmt.Appendf(nil, `{"email":"p%d@mail.test","visitor":"v%d.1.k.1.1.m"}`,
			who, other)},
		{Kind: "form", ExternalID: "h", Payload: fmt.Appendf(nil, `{"token":"q.1.%d.1.m"}`, who)},
		{Kind: "click", ExternalID: fmt.Sprint(who), Payload: fmt.Appendf(nil, `{"new_visitor":"v%d"}`, other)},
		{Kind: "order", ExternalID: fmt.Sprint(who), Click: fmt.Sprintf("1.1.%d.1.m", other), Payload: []byte(`{}`)},
		{Kind: "order", ExternalID: "o", Payload: fmt.Appendf(nil, `{"buyer":{"email":"p%d@mail.test","user_id":%d}}`,
			who, other)},
		{Kind: "order", ExternalID: "s", Payload: fmt.Appendf(nil, `{"subscription":"s%d"}`, who)},
		{Kind: "product", ExternalID: fmt.Sprint(who), Payload: []byte(`not readable`)},
	}).Draw(t, "fact")
})

// Two facts about the same are in one lane, in their order; a lane falls into no
// two parts that have nothing in common; and no fact is lost.
//
// Spec: S59
func TestLanes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfN(someFact, 0, 30).Draw(t, "facts")
		for i := range facts {
			facts[i].ID, facts[i].Source = int64(i), "shop"
			if len(facts[i].ExternalID) == 1 && facts[i].ExternalID > "9" {
				facts[i].ExternalID += fmt.Sprint(i) // each form is one of its own
			}
		}
		laneOf, n := map[int64]int{}, 0
		for at, lane := range lanes(facts) {
			known := lane[0].subjects()
			for i, f := range lane {
				laneOf[f.ID], n = at, n+1
				if i > 0 && lane[i-1].ID >= f.ID {
					t.Fatalf("lane %d goes from %d to %d", at, lane[i-1].ID, f.ID)
				}
			}
			for range lane { // all that hangs together, however far
				for _, f := range lane {
					if share(known, f.subjects()) {
						known = append(known, f.subjects()...)
					}
				}
			}
			for _, f := range lane {
				if !share(known, f.subjects()) {
					t.Fatalf("fact %d has nothing to do with its lane", f.ID)
				}
			}
		}
		if n != len(facts) {
			t.Fatalf("%d of %d facts are in lanes", n, len(facts))
		}
		for _, a := range facts {
			for _, b := range facts {
				if share(a.subjects(), b.subjects()) && laneOf[a.ID] != laneOf[b.ID] {
					t.Fatalf("facts %d and %d are about the same, in two lanes", a.ID, b.ID)
				}
			}
		}
	})
}

func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(subject string) bool { return slices.Contains(b, subject) })
}

// What ties facts together, each alone.
//
// Spec: S59
func TestSubjects(t *testing.T) {
	form := func(payload string) fact { return fact{Kind: "form", Source: "wordpress", Payload: []byte(payload)} }
	order := func(payload string) fact { return fact{Kind: "order", Source: "shop", Payload: []byte(payload)} }
	visit := fact{Kind: "click", Source: "wordpress", ExternalID: "35", Payload: []byte(`{"visitor":"abc.1.2.3.4.5"}`)}
	cookie := order(`{}`)
	cookie.Click = "p.1.z.9.mac" // 35 in base 36
	for name, pair := range map[string][2]fact{
		"address":         {form(`{"email":"Eva@Mail.test"}`), order(`{"buyer":{"email":"eva@mail.test"}}`)},
		"account":         {order(`{"buyer":{"user_id":7}}`), {Kind: "user", Payload: []byte(`{"user_id":7}`)}},
		"visit":           {visit, cookie},
		"token":           {visit, form(`{"token":"q.1.z.9.mac"}`)},
		"browser":         {visit, form(`{"visitor":"abc"}`)},
		"new browser":     {form(`{"visitor":"abc"}`), form(`{"new_visitor":"abc"}`)},
		"subscription":    {order(`{"subscription":"s1"}`), order(`{"subscription":"s1","renewal":true}`)},
		"another layout":  {form(`{"email":"eva@mail.test","more":[1]}`), order(`{"buyer":{"email":"eva@mail.test"}}`)},
		"same order":      {order(`{}`), order(`unreadable`)},
		"products, parts": {{Kind: "product", ExternalID: "1"}, {Kind: "product", ExternalID: "2"}},
	} {
		for i := range pair {
			if pair[i].ExternalID == "" && name != "same order" {
				pair[i].ExternalID = fmt.Sprint(i)
			}
		}
		if !share(pair[0].subjects(), pair[1].subjects()) {
			t.Errorf("%s: %v and %v have nothing in common", name, pair[0].subjects(), pair[1].subjects())
		}
	}
	guests := []fact{order(`{"buyer":{"email":"a@mail.test","user_id":0}}`), order(`{"buyer":{"email":"","user_id":0}}`),
		order(`{"buyer":{"email":"b@mail.test","user_id":null},"subscription":""}`)}
	for i := range guests {
		guests[i].ExternalID = fmt.Sprint(i)
	}
	if all := lanes(guests); len(all) != 3 {
		t.Errorf("three guests are in %d lanes", len(all))
	}
}

// An account's change stands alone between what came before and what comes after.
//
// Spec: D34
func TestStretches(t *testing.T) {
	kinds := func(word string) (facts []fact) {
		for i, c := range word {
			facts = append(facts, fact{ID: int64(i), Kind: map[rune]string{'u': "user", 'f': "form", 'o': "order"}[c]})
		}
		return facts
	}
	for word, want := range map[string][]int{"": nil, "fof": {3}, "fufo": {1, 1, 2}, "uuf": {2, 1}, "fu": {1, 1}} {
		var got []int
		for _, part := range stretches(kinds(word)) {
			got = append(got, len(part))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", word, got, want)
		}
	}
}

// Pages have a connection left, however small the pool.
//
// Spec: S59
func TestWidth(t *testing.T) {
	for pool, want := range map[int]int{0: maxLanes, 1: 1, 2: 1, 3: 2, maxLanes: maxLanes - 1, 24: maxLanes} {
		if got := width(pool); got != want {
			t.Errorf("a pool of %d: %d lanes, want %d", pool, got, want)
		}
	}
}
