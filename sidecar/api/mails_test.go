package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// mailed are the texts that WordPress was asked to send to somebody.
func (s *shop) mailed(to string) (texts []string) {
	s.Helper()
	s.Settle()
	s.Settle()
	for _, call := range s.WordPress.Calls("mail") {
		if call.In["to"] == to {
			texts = append(texts, call.In["subject"].(string)+"\n"+call.In["text"].(string))
		}
	}
	return texts
}

// sends has WordPress make accounts and send mails.
func (s *shop) sends() {
	s.WordPress.Answer("user", func(in map[string]any) (int, any) {
		name, _, _ := strings.Cut(in["email"].(string), "@")
		return http.StatusOK, map[string]any{"user_id": s.User(name, "partner")}
	})
	s.WordPress.Answer("mail", func(map[string]any) (int, any) { return http.StatusOK, map[string]any{"sent": true} })
}

// One form makes a program that takes applications, has them approved and
// welcomes partners with their link; without approval the welcome comes at once.
//
// Spec: S104.1 S104.2 S105.1 D42.2
func TestSignUpApprovalAndWelcomeComeReadyMade(t *testing.T) {
	s := newShop(t)
	s.sends()
	for mode, mails := range map[string][2]int{"approval": {1, 3}, "open": {2, 2}} {
		s.Send("admin/programs", url.Values{"name": {mode}, "tiers": {"1"}, "visibility": {"anonymous"},
			"signup": {mode}, "show_pending": {"1"}, "welcome_tool_id": {"0"}}).Want(http.StatusSeeOther)
		programs, err := s.Registry.Programs(t.Context())
		s.Must(err)
		program := programs[slices.IndexFunc(programs, func(p affiliate.Program) bool { return p.Name == mode })]
		link := s.Tool(program.ID, tracking.StandardLink, sidecartest.Home+"/"+mode)
		email := mode + "@mail.test"
		s.Settle()
		s.Post("signup/"+program.Code, web.Theme,
			url.Values{"email": {email}, "first_name": {"New"}}).Want(http.StatusSeeOther)
		if n := len(s.mailed(email)); n != mails[0] {
			t.Errorf("%s: %d mails after the form, want %d", mode, n, mails[0])
		}
		if mode == "approval" {
			page := s.Open("admin/partners?status=applied").Find("tbody a").First().AttrOr("href", "")
			s.Send(s.Path(page)+"/approve", nil).Want(http.StatusSeeOther)
		}
		all := s.mailed(email)
		if text := strings.Join(all, "\n"); len(all) != mails[1] || !strings.Contains(text, "Welcome to "+mode) ||
			!strings.Contains(text, sidecartest.Base+"/go/"+link.Code+"?p=") {
			t.Errorf("%s: %d mails\n%s", mode, len(all), text)
		}
	}
}

// A partner of an anonymous program is told of each sale once, and never who
// bought.
//
// Spec: S17.4 S20.1 D10.1
func TestMailsOfAnAnonymousProgramNameNobody(t *testing.T) {
	s := newShop(t)
	s.sends()
	s.save("admin/programs/"+s.Gold.ID.String(), "visibility", "anonymous", "notify_earned", "1")
	buyer := func(o anything) {
		o["buyer"] = anything{"email": "secret@buyer.test", "first_name": "Sarah", "last_name": "Secret"}
	}
	click := clicked(s.Click(s.Anna).Value)
	s.sold("o", 1, buyer, click)
	s.sold("o", 2, buyer, click, s.worth("150", "0"))
	s.approve()
	s.pay("15").Want(http.StatusSeeOther)
	mails := s.mailed("anna@mail.test")
	if len(mails) != 1 || !strings.Contains(mails[0], "$10.00") {
		t.Errorf("%d mails: %q", len(mails), mails)
	}
	if found := regexp.MustCompile(`(?i)secret|sarah|buyer`).FindString(strings.Join(mails, "\n")); found != "" {
		t.Errorf("a mail names %q", found)
	}
	s.save("admin/programs/"+s.Gold.ID.String(), "notify_earned", "")
	s.sold("next", 1, by("next@mail.test"), clicked(s.Click(s.Anna).Value))
	if n := len(s.mailed("anna@mail.test")); n != 1 {
		t.Errorf("%d mails after it was switched off", n)
	}
}

// Campaign and ad of a tool, and the partner's own SubIDs, stand in their reports
// with visits, leads, sales and commissions, and keep their names when they are archived.
//
// Spec: S53.1 S53.3 S122.1 S122.2 S122.3 S147.2 S147.3 D30.4 D31.1 D31.2
func TestReportsTellWhatBroughtASale(t *testing.T) {
	s := newShop(t)
	s.Send("admin/programs/"+s.Gold.ID.String()+"/tools", url.Values{"kind": {"standard"}, "name": {"Mugs"},
		"target_url": {sidecartest.Home + "/mugs"}, "campaign": {"Spring"}, "ad": {"Top"}}).Want(http.StatusSeeOther)
	tools, err := s.Tracker.Tools(t.Context(), tracking.ToolFilter{ProgramID: s.Gold.ID})
	s.Must(err)
	for _, tool := range tools {
		if tool.Name == "Mugs" {
			s.Link = tool
		}
	}
	long := strings.Repeat("x", 70)
	for sid, email := range map[string]string{"News": "a@mail.test", "news": "b@mail.test", long: "c@mail.test"} {
		click := s.Click(s.Anna, "sid", sid)
		s.lead(email, click)
		s.sold("of "+email, 1, by(email))
	}
	s.sold("by hand", 1, by("a@mail.test"))
	s.want("without any referrer", s.sold("nobody", 1, by("d@mail.test")))
	cookie := s.LogIn(s.Anna)
	rows := map[string]string{}
	file := s.CSV("reports/subids.csv?range=all", cookie)
	for _, row := range file[1:] {
		rows[row[0]] = strings.Join([]string{row[7], row[5], row[4], row[2]}, " ")
	}
	// an order is a form, too
	want := map[string]string{"News": "1 3 2 20.00", "news": "1 2 1 10.00", long[:64]: "1 2 1 10.00"}
	for sid, numbers := range want {
		if rows[sid] != numbers {
			t.Errorf("SubID %s: clicks, leads, sales and commission %s, want %s in %q", sid, rows[sid], numbers, file)
		}
	}
	path := "admin/programs/" + s.Gold.ID.String()
	for _, archive := range []string{"", path + "/tools/" + s.Link.ID.String() + "/archive", path + "/archive"} {
		if archive != "" {
			s.Send(archive, nil).Want(http.StatusSeeOther)
		}
		tool := s.CSV("reports/tools.csv?range=all", cookie)
		if got := strings.Join(tool[1][:3], ","); len(tool) != 2 || got != "Mugs,Spring,Top" {
			t.Errorf("by tool, after %q: %q", archive, tool)
		}
		if f := s.figures("anna", ""); f["Program"] != "Gold" {
			t.Errorf("after %q the program is %q", archive, f["Program"])
		}
	}
}
