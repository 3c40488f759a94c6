package affiliate

import (
	"crypto/rand"
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// ID is the row of a noun N; ids of different nouns do not mix. 0 means
// "none" and is NULL in the database.
type ID[N any] int64

// The ids of this package's nouns.
type (
	ProgramID    = ID[Program]
	ProductID    = ID[Product]
	TermsID      = ID[Terms]
	ContactID    = ID[Contact]
	PartnerID    = ID[Partner]
	MembershipID = ID[Membership]
	ToolID       = ID[ToolNoun]
	VisitID      = ID[VisitNoun]
	UserID       = ID[UserNoun] // of WordPress
	OrderID      = ID[OrderNoun]
	LineID       = ID[LineNoun]    // of an order
	PayoutLineID = ID[PaymentNoun] // what one partner gets in a payout
)

// Nouns of other packages and of WordPress, whose ids stand here because
// contacts, partners and the books name them.
type (
	ToolNoun    struct{}
	VisitNoun   struct{}
	UserNoun    struct{}
	OrderNoun   struct{}
	LineNoun    struct{}
	PaymentNoun struct{}
)

// ParseID reads an id from a form or a URL; anything but a positive number is an error.
func ParseID[N any](text string) (ID[N], error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return 0, Missing("There is nothing under %q.", text)
	}
	return ID[N](n), nil
}

// ParseIDs reads several; the first that is none is the error.
func ParseIDs[N any](texts []string) (ids []ID[N], err error) {
	for _, text := range texts {
		id, err := ParseID[N](text)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (i ID[N]) String() string { return strconv.FormatInt(int64(i), 10) }

// Value writes 0 as NULL.
func (i ID[N]) Value() (driver.Value, error) {
	if i == 0 {
		return nil, nil
	}
	return int64(i), nil
}

// Scan reads NULL as 0.
func (i *ID[N]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i = 0
	case int64:
		*i = ID[N](v)
	case []byte:
		n, err := strconv.ParseInt(string(v), 10, 64)
		if err != nil {
			return fmt.Errorf("id: %w", err)
		}
		*i = ID[N](n)
	default:
		return fmt.Errorf("id: cannot be read from %T", src)
	}
	return nil
}

// codeAlphabet leaves out what people confuse or what spells words: 0 o, 1 l i, vowels.
const codeAlphabet = "23456789bcdfghjkmnpqrstvwxz"

// NewCode makes the public name of a program, partner or tool: ten random
// characters, 47 bits. Unique keys settle the rare clash; never an id, which
// would tell outsiders how many there are.
func NewCode() string {
	code := make([]byte, 0, 10)
	var b [32]byte
	for len(code) < cap(code) {
		rand.Read(b[:])
		for _, x := range b {
			// Bytes above the largest multiple would favour the first letters.
			if int(x) < 256/len(codeAlphabet)*len(codeAlphabet) && len(code) < cap(code) {
				code = append(code, codeAlphabet[int(x)%len(codeAlphabet)])
			}
		}
	}
	return string(code)
}

// plainCode tells whether a text can be a code at all: the ASCII columns of codes
// don't compare with other characters, but fail.
func plainCode(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c > unicode.MaxASCII })
}
