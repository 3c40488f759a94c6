package api

import (
	"cmp"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/reports"
)

// A partner's own data, with an application password of their WordPress
// account: the same as in the partner center, by the same rules.

func me(c *call) (partnerDetail, error) { return c.partnerDetail(c.partner.ID) }

func myReports(c *call) (reportNames, error) {
	names := namesFor(reports.ForPartner)
	has, err := c.api.Registry.HasSubIDs(c.Ctx(), c.partner.ID)
	if err == nil && !has {
		names.Items = slices.DeleteFunc(names.Items, func(n reportName) bool { return n.Name == "subids" })
	}
	return names, err
}

func myReport(c *call) (report, error) {
	if c.Param("name") == "subids" {
		if has, err := c.api.Registry.HasSubIDs(c.Ctx(), c.partner.ID); err != nil || !has {
			return report{}, cmp.Or(err, affiliate.Missing("SubIDs are switched off."))
		}
	}
	return c.report(reports.ForPartner, c.partner.ID)
}

// link is a promo tool with the partner's own link.
type link struct {
	Tool string            `json:"tool"`
	Name string            `json:"name"`
	Kind tracking.ToolKind `json:"kind"`
	URL  string            `json:"url"`
}

type links struct {
	Items []link `json:"items"`
}

func myLinks(c *call) (links, error) {
	out := links{Items: []link{}}
	program, member, err := c.api.Registry.ProgramOf(c.Ctx(), c.partner.ID)
	if err != nil || !member {
		return out, err
	}
	tools, err := c.api.Tracker.Tools(c.Ctx(), tracking.ToolFilter{ProgramID: program.ID})
	for _, t := range tools {
		if t.Kind == tracking.StandardLink || t.Kind == tracking.DirectLink {
			out.Items = append(out.Items, link{t.Code, t.Name, t.Kind,
				c.Site.Links().For(t, c.partner.Code, "")})
		}
	}
	return out, err
}

// identity is who the key belongs to.
type identity struct {
	Key    string   `json:"key"`
	Name   string   `json:"name"`
	Scopes []string `json:"scopes"`
	Time   string   `json:"time"`
}

func ping(c *call) (identity, error) {
	out := identity{Key: c.key.Public, Name: c.key.Name, Scopes: []string{},
		Time: c.api.Now().Format("2006-01-02T15:04:05Z07:00")}
	for _, s := range c.key.Scopes() {
		out.Scopes = append(out.Scopes, string(s))
	}
	return out, nil
}
