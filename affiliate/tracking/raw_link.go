package tracking

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// plainURL is an address in plain text; what may end a sentence is cut off it.
var plainURL = regexp.MustCompile(`https?://[^\s<>"']+`)

// RawLinks are the links of e-mail copy that lead to pages of these hosts without
// a partner's code: whoever follows one is nobody's referral (S52).
func (t Tool) RawLinks(hosts ...string) (links []string) {
	if t.Kind != EmailCopy {
		return nil
	}
	for _, link := range append(hrefs(t.BodyHTML), plainURLs(t.BodyText)...) {
		u, err := url.Parse(strings.TrimSpace(link))
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || !checkTarget(u.String()).IsZero() {
			continue
		}
		own := slices.ContainsFunc(hosts, func(host string) bool { return strings.EqualFold(u.Hostname(), host) })
		if own && !slices.Contains(links, link) && !u.Query().Has(PagePartner) && !u.Query().Has(partnerParam) {
			links = append(links, link)
		}
	}
	return links
}

// hrefs are the addresses that links of a text lead to.
func hrefs(text string) (found []string) {
	for tokens := html.NewTokenizer(strings.NewReader(text)); ; {
		switch tokens.Next() {
		case html.ErrorToken:
			return found
		case html.StartTagToken:
			for token, i := tokens.Token(), 0; token.Data == "a" && i < len(token.Attr); i++ {
				if token.Attr[i].Key == "href" {
					found = append(found, token.Attr[i].Val)
				}
			}
		}
	}
}

func plainURLs(text string) (found []string) {
	for _, link := range plainURL.FindAllString(text, -1) {
		found = append(found, strings.TrimRight(link, ".,;:!?)"))
	}
	return found
}

// TrackLink replaces a raw link in e-mail copy by the link of a promo tool, so
// that each partner's copy has their own (S52): the copy's own where the targets
// are the same, else that of a link of the program with this target, which is made
// where there is none. hosts are as of RawLinks. The tool it is tracked by is the second answer, whose ID is
// 0 where the copy has no such link any more.
func (t *Tracker) TrackLink(ctx context.Context, actor affiliate.Actor, id affiliate.ToolID,
	link string, hosts ...string) (edited, by Tool, err error) {
	err = t.db.Tx(ctx, func(tx *db.Tx) error {
		edited, by, err = t.trackLink(ctx, tx, actor, id, link, hosts)
		return err
	})
	return edited, by, err
}

func (t *Tracker) trackLink(ctx context.Context, tx *db.Tx, actor affiliate.Actor, id affiliate.ToolID,
	link string, hosts []string) (edited, by Tool, err error) {
	before, err := oneTool(ctx, tx, "id = ? FOR UPDATE", id)
	if err != nil {
		return before, by, err
	}
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || !slices.Contains(before.RawLinks(hosts...), link) {
		return before, Tool{}, nil // somebody was quicker
	}
	placed := "{{link}}"
	if by = before; before.TargetURL != u.String() {
		if by, err = t.linkTo(ctx, tx, actor, before, u.String()); err != nil {
			return before, by, err
		}
		placed = "{{link:" + by.Code + "}}"
	}
	edited = before
	edited.BodyHTML = replaceHref(before.BodyHTML, link, placed)
	edited.BodyText = replacePlain(before.BodyText, link, placed)
	if edited.sameText(before) {
		return before, by,
			affiliate.Conflict("We couldn't find %s in the text. Please write {{link}} in its place.", link)
	}
	edited, err = t.editTool(ctx, tx, actor, before, edited)
	return edited, by, err
}

// linkTo is a link of the tool's program with that target, made where there is none.
func (t *Tracker) linkTo(ctx context.Context, tx *db.Tx, actor affiliate.Actor, copied Tool, target string) (Tool,
	error) {
	found := []Tool{}
	err := tx.Select(ctx, &found, `/* tracking.linkTo */ SELECT `+toolColumns+` FROM {wp}partner_center_tools
		WHERE program_id = ? AND target_url = ? AND kind IN (?, ?) AND archived_at IS NULL
		ORDER BY kind = ? DESC, id LIMIT 1`, copied.ProgramID, target, StandardLink, DirectLink, StandardLink)
	if err != nil || len(found) > 0 {
		return append(found, Tool{})[0], err
	}
	name := target
	if u, err := url.Parse(target); err == nil {
		name = strings.TrimSuffix(u.Host+u.Path, "/")
	}
	made := Tool{ProgramID: copied.ProgramID, Kind: StandardLink, Name: affiliate.Cut(name, maxToolName),
		TargetURL: target, GroupID: copied.GroupID, Campaign: copied.Campaign, Ad: copied.Ad,
		Code: affiliate.NewCode(), CreatedAt: t.now()}.clean()
	made.UpdatedAt = made.CreatedAt
	if err := made.check().Err(); err != nil {
		return made, err
	}
	return insertTool(ctx, tx, actor, made)
}

// replaceHref replaces an address that links lead to, as it is written in HTML.
func replaceHref(body, link, by string) string {
	for _, written := range []string{link, html.EscapeString(link)} {
		for _, quote := range []string{`"`, `'`} {
			body = strings.ReplaceAll(body, "href="+quote+written+quote, "href="+quote+by+quote)
		}
	}
	return body
}

// replacePlain replaces an address in plain text, where it is not the beginning of
// a longer one.
func replacePlain(body, link, by string) string {
	return plainURL.ReplaceAllStringFunc(body, func(found string) string {
		bare := strings.TrimRight(found, ".,;:!?)")
		if bare != link {
			return found
		}
		return by + found[len(bare):]
	})
}
