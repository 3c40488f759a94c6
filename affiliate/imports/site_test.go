package imports_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/imports"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/shoptest"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/task"
	"partnercenter/locale"
)

// site imports files.
type site struct {
	*shoptest.Site
	imports *imports.Service
	signups *signup.Service
	tasks   *task.Service
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{Site: shoptest.New(t)}
	s.restart()
	return s
}

// restart is a sidecar that knows nothing of the one before.
func (s *site) restart() {
	utc := func() *time.Location { return time.UTC }
	outbox := messages.NewOutbox(s.DB, s.Clock.Now)
	where := func() signup.Site { return signup.Site{Name: "Shop"} }
	s.signups = signup.New(signup.Config{DB: s.DB, Now: s.Clock.Now, Tracker: s.Tracker, Sales: s.Sales, Outbox: outbox,
		Desk: messages.NewDesk(messages.DeskConfig{DB: s.DB, Now: s.Clock.Now, Log: slog.New(slog.DiscardHandler),
			Outbox: outbox, Site: where, Zone: utc}),
		Jobs: messages.NewJobs(s.DB, s.Clock.Now), Site: where,
		Account: func(context.Context, string) (affiliate.UserID, error) { return 0, nil }})
	s.tasks = task.New(s.DB, s.Clock.Now)
	s.imports = imports.New(s.DB, s.Clock.Now, s.Registry, s.signups, s.tasks)
	say := func(task.Task) locale.Text { return locale.Data("Import") }
	s.tasks.Register(task.Kind{Name: imports.TakeTask, Work: s.imports.Take, Title: say, Outcome: say})
	s.tasks.Register(task.Kind{Name: imports.UndoTask, Work: s.imports.TakeBack, Title: say, Outcome: say})
}

// check sends a file.
func (s *site) check(kind imports.Kind, text string) imports.Import {
	s.Helper()
	return shoptest.Must(s.imports.Check(s.Context(), shoptest.Anna, imports.File{Kind: kind, Text: text,
		ProgramID: s.Program.ID}))(s)
}

// take takes a file in, and does the work.
func (s *site) take(i imports.Import) imports.Import {
	s.Helper()
	shoptest.Must(s.imports.Start(s.Context(), shoptest.Anna, i.ID))(s)
	return s.work(i)
}

func (s *site) work(i imports.Import) imports.Import {
	s.Helper()
	for {
		if did, err := s.tasks.Run(s.Context()); err != nil {
			s.Fatal(err)
		} else if !did {
			return shoptest.Must(s.imports.Import(s.Context(), i.ID))(s)
		}
	}
}

// want tells what became of the lines, "" for those that were not taken in.
func (s *site) want(i imports.Import, wanted string) {
	s.Helper()
	_, done, err := s.imports.Counts(s.Context(), i.ID)
	s.OK(err)
	if got := said(done); got != wanted {
		s.Errorf("%s, want %s", got, wanted)
	}
}

func said(counts imports.Counts) string {
	parts := []string{}
	for _, o := range []imports.Outcome{affiliate.ImportNew, affiliate.ImportFilled, affiliate.ImportSame,
		affiliate.ImportJoined, affiliate.ImportSkipped, "undone"} {
		if counts[o] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[o], o))
		}
	}
	return strings.Join(parts, ", ")
}

// file is one of so many people.
func file(n int) string {
	var text strings.Builder
	text.WriteString("Email,First name,Last name,Company\n")
	for i := range n {
		fmt.Fprintf(&text, "buyer%d@mail.test,Ann,Number %d,Company %d\n", i, i, i%100)
	}
	return text.String()
}
