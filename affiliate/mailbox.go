package affiliate

import (
	"slices"
	"strings"
)

// SameEmail tells whether two addresses are the one by which a contact is known.
func SameEmail(a, b string) bool {
	foldedA, errA := FoldEmail(a)
	foldedB, errB := FoldEmail(b)
	return errA == nil && errB == nil && foldedA == foldedB
}

// provider is how a big provider of mailboxes reads addresses: tags behind + are
// those of the same mailbox, and of some the dots are nothing.
type provider struct {
	domains    []string // the first stands for all of them
	ignoreDots bool
}

var providers = []provider{
	{domains: []string{"gmail.com", "googlemail.com"}, ignoreDots: true},
	{domains: []string{"outlook.com"}}, {domains: []string{"hotmail.com"}}, {domains: []string{"live.com"}},
	{domains: []string{"msn.com"}},
	{domains: []string{"icloud.com", "me.com", "mac.com"}},
	{domains: []string{"fastmail.com"}}, {domains: []string{"fastmail.fm"}},
	{domains: []string{"proton.me", "protonmail.com", "pm.me"}},
	{domains: []string{"zoho.com"}}, {domains: []string{"yandex.com", "yandex.ru", "ya.ru"}},
}

// FoldMailbox is the mailbox that a folded address reaches, for comparing people
// only: mail goes to the address as it was given.
func FoldMailbox(email string) string {
	local, domain, found := strings.Cut(email, "@")
	if !found {
		return email
	}
	i := slices.IndexFunc(providers, func(p provider) bool { return slices.Contains(p.domains, domain) })
	if i < 0 {
		return email
	}
	local, _, _ = strings.Cut(local, "+")
	if providers[i].ignoreDots {
		local = strings.ReplaceAll(local, ".", "")
	}
	return local + "@" + providers[i].domains[0]
}
