// Package messages holds the admin's pages about mails: what was written, what
// goes out when, how it is sent, and the log of it.
package messages

import (
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/task"
	"partnercenter/affiliate/tracking"
	"partnercenter/limit"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	Tracker  *tracking.Tracker
	Reports  *reports.Reader
	Library  *messages.Library
	Desk     *messages.Desk
	Mails    *messages.Outbox
	Mailer   *messages.Mailer
	Tasks    *task.Service
	tests    limit.Limiter // mails to oneself, by user
}

//go:embed *.html
var files embed.FS

var pages = parts.Pages(files)

// tabs are the parts of the area that the person may see.
func tabs(r *web.Request, current string) []web.Tab {
	all := []web.Tab{{Name: locale.T("Messages"), Path: parts.Messages}, {Name: locale.T("Log"), Path: parts.MailLog},
		{Name: locale.T("Your mail tool"), Path: parts.MailLinks}}
	if r.Who.User.Can("partner_center_settings") {
		all = append(all, web.Tab{Name: locale.T("Emails to you"), Path: parts.AdminMails},
			web.Tab{Name: locale.T("Sending"), Path: parts.Sending})
	}
	return web.MarkTab(all, current)
}
