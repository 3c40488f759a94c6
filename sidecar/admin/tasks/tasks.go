package tasks

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/task"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// shown is a task with what is said of it.
type shown struct {
	task.Task
	Title, Outcome locale.Text
	May            bool   // whoever looks may stop and resume it
	File           string // path of the file that whoever looks asked for, "" where it makes none
}

// most is how many tasks the list has.
const most = 100

type listPage struct{ Tasks []shown }

// List shows the newest tasks with what became of them.
func (p *Pages) List(r *web.Request) error {
	tasks, err := p.Tasks.Latest(r.Ctx(), most)
	if err != nil {
		return err
	}
	page := listPage{}
	for _, t := range tasks {
		page.Tasks = append(page.Tasks, p.shown(r, t))
	}
	return r.Page(pages, "tasks.html", locale.T("Background tasks"), page)
}

// Task shows how far one is; the page renews itself while it runs.
func (p *Pages) Task(r *web.Request) error {
	t, err := p.task(r)
	if err != nil {
		return err
	}
	page := p.shown(r, t)
	return r.Page(pages, "task.html", page.Title, page)
}

func (p *Pages) task(r *web.Request) (task.Task, error) {
	id, err := affiliate.ParseID[task.Task](r.Param("task"))
	if err != nil {
		return task.Task{}, err
	}
	return p.Tasks.Task(r.Ctx(), id)
}

func (p *Pages) shown(r *web.Request, t task.Task) shown {
	kind := p.Tasks.Kind(t.Kind)
	if kind.Work == nil { // of a newer version
		return shown{Task: t, Title: locale.Data(t.Kind)}
	}
	return shown{t, kind.Title(t), kind.Outcome(t), r.Who.User.Can(kind.May), fileOf(r, t)}
}

// fileOf is the page of the file that a task makes. Only whoever asked for it has it.
func fileOf(r *web.Request, t task.Task) string {
	var asked struct {
		For reports.Audience `json:"for"`
	}
	if t.Kind != task.FileKind || t.Actor != r.Who.Actor() || t.Read(&asked) != nil || asked.For != reports.ForAdmin {
		return ""
	}
	return web.FilesPath(asked.For) + "/" + t.ID.String()
}

// Stop ends a task behind the part that it is at.
func (p *Pages) Stop(r *web.Request) error {
	return p.turn(r, p.Tasks.Stop, locale.T("Stopped. What is done stays done; you can resume the rest."))
}

// Resume has a task go on where it was stopped.
func (p *Pages) Resume(r *web.Request) error {
	return p.turn(r, p.Tasks.Resume, locale.T("It goes on where it was stopped."))
}

func (p *Pages) turn(r *web.Request, turn func(context.Context, affiliate.Actor, task.ID) error,
	done locale.Text) error {
	t, err := p.task(r)
	if err != nil {
		return err
	}
	if !r.Who.User.Can(p.Tasks.Kind(t.Kind).May) {
		return affiliate.Forbidden("You aren't allowed to do this.")
	}
	if err := turn(r.Ctx(), r.Who.Actor(), t.ID); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: done}, parts.TaskPath(t.ID))
}
