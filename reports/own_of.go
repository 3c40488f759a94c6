package reports

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
)

// ofConditions are the conditions on commissions c of Query.Of, by what stands in front
// of the colon: the expressions that the reports sum up by, so that a row and the list
// behind it agree.
var ofConditions = map[string]string{
	"tool":  byTool.commission + " = ?",
	"subid": bySubID.commission + " = ?",
	"page":  byPage.commission + " = ?",
	"campaign": `IF(c.level = 2, '` + level2Source + `', COALESCE((SELECT xt.campaign FROM {wp}partner_center_tools xt WHERE xt.id = ` + byTool.commission +
		`), '')) = ?`,
	"ad": `IF(c.level = 2, '` + level2Source + `', COALESCE((SELECT xt.ad FROM {wp}partner_center_tools xt WHERE xt.id = ` + byTool.commission +
		`), '')) = ?`,
	"product": byProduct.commission + " = ?",
	"seller":  "c.level = 2 AND " + sellerOf + " = ?",
	"customer": `c.level = 1 AND EXISTS (SELECT 1 FROM {wp}partner_center_orders xo WHERE xo.id = c.order_id
		AND COALESCE(xo.contact_id, 0) = ?)`,
}

var errOf = affiliate.Invalid("of", "There is nothing of that kind. Please start at the report.")

// addOf narrows commissions c to what a row of another report sums up.
func (s source) addOf(w *where, of string) error {
	if of == "" {
		return nil
	}
	kind, key, _ := strings.Cut(of, ":")
	condition, known := ofConditions[kind]
	if !known {
		return errOf
	}
	var value any = key
	switch kind {
	case "tool", "product", "seller":
		id, err := strconv.ParseInt(key, 10, 64)
		if err != nil {
			return errOf
		}
		value = id
	case "customer":
		contact, ok := s.mask.contact(s.view.partner, key)
		if !ok {
			return errOf
		}
		value = int64(contact) // 0, where none is known, is no NULL
	}
	w.add(condition, value)
	return nil
}

// shownOf is Query.Of in words.
func (s source) shownOf(ctx context.Context, of string) (name locale.Text, value string, err error) {
	kind, key, _ := strings.Cut(of, ":")
	id, _ := strconv.ParseInt(key, 10, 64)
	if key == level2Source || kind == "tool" && id == int64(level2Tool) {
		return locale.T("Level"), "2", nil
	}
	switch kind {
	case "subid":
		return locale.T("SubID"), tracking.SubIDText(key), nil
	case "page":
		return locale.T("Landing page"), tracking.PageText(key), nil
	case "campaign":
		return locale.T("Campaign"), key, nil
	case "ad":
		return locale.T("Ad"), key, nil
	case "tool": // only of programs that the partner was in, as in shown
		value, err = s.name(ctx, id, ownToolName, int64(s.view.partner), int64(s.view.partner))
		return locale.T("Promo tool"), value, err
	case "product":
		value, err = s.name(ctx, id, `/* reports.shownOf */ SELECT p.name FROM {wp}partner_center_products p WHERE p.id = ?
			AND EXISTS (SELECT 1 FROM {wp}partner_center_commissions c WHERE c.product_id = p.id AND c.partner_id = ?)`,
			int64(s.view.partner))
		return locale.T("Product"), value, err
	case "seller":
		value, err = s.name(ctx, id, `/* reports.shownOf */ SELECT TRIM(CONCAT(k.first_name, ' ', k.last_name))
			FROM {wp}partner_center_partners p JOIN {wp}partner_center_contacts k ON k.id = p.contact_id
			WHERE p.id = ? AND EXISTS (SELECT 1 FROM {wp}partner_center_memberships m
				WHERE m.partner_id = p.id AND m.recruiter_id = ?)`, int64(s.view.partner))
		return locale.T("Level 2"), value, err
	case "customer":
		value, err = s.customerOf(ctx, key)
		return locale.T("Customer"), value, err
	}
	return name, "", nil
}

// customerOf is a customer of Query.Of as the partner may see them.
func (s source) customerOf(ctx context.Context, token string) (string, error) {
	id, ok := s.mask.contact(s.view.partner, token)
	if !ok {
		return "", nil
	}
	found := []affiliate.Contact{}
	err := s.q.Select(ctx, &found, `/* reports.customerOf */ SELECT id, email, first_name, last_name
		FROM {wp}partner_center_contacts WHERE id = ?`, id)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return s.mask.Customer(s.view.Visibility, s.view.partner, found[0]), nil
}

// token names a customer in URLs of one partner: two partners can't find out by it
// whom they share, and nobody can make one.
func (m Mask) token(partner affiliate.PartnerID, contact affiliate.ContactID) string {
	var ids [aes.BlockSize]byte
	binary.BigEndian.PutUint64(ids[:8], uint64(partner))
	binary.BigEndian.PutUint64(ids[8:], uint64(contact))
	m.tokens().Encrypt(ids[:], ids[:])
	return hex.EncodeToString(ids[:])
}

// contact is whom a token of that partner names.
func (m Mask) contact(partner affiliate.PartnerID, token string) (affiliate.ContactID, bool) {
	sealed, err := hex.DecodeString(token)
	if err != nil || len(sealed) != aes.BlockSize {
		return 0, false
	}
	m.tokens().Decrypt(sealed, sealed)
	return affiliate.ContactID(binary.BigEndian.Uint64(sealed[8:])),
		affiliate.PartnerID(binary.BigEndian.Uint64(sealed[:8])) == partner
}

// tokens is the cipher of tokens, with a key of its own.
func (m Mask) tokens() cipher.Block {
	key := sha256.Sum256(append([]byte("customers-in-addresses\x00"), m.key[:]...))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // not with a key of 32 bytes
	}
	return block
}
