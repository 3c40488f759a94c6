package overview

import (
	"net/http"

	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// shortAnswer is the overview in short, in the words of whoever asks: what the
// plugin shows on WordPress' own dashboard (docs/wire.md).
type shortAnswer struct {
	URL     string        `json:"url"`  // of the overview
	More    string        `json:"more"` // what its link is called
	Quiet   string        `json:"quiet,omitempty"`
	Todo    []shortTodo   `json:"todo"`
	Days    string        `json:"days"` // what the figures are of
	Figures []shortFigure `json:"figures"`
}

type shortTodo struct {
	Text  string   `json:"text"`
	Money []string `json:"money,omitempty"`
	URL   string   `json:"url"`
}

type shortFigure struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Before string `json:"before,omitempty"` // "was $12.00"
}

// shortDays are those of the figures in short.
const shortDays = reports.Last7

// Short answers the plugin with the overview in short.
func (p *Pages) Short(r *web.Request) error {
	view := web.View{Request: r}
	todo, err := p.todo(r.Ctx(), view)
	if err != nil {
		return err
	}
	days, _ := shortDays.Range(p.Reports.Today())
	figures, err := parts.SiteFiguresOf(r, p.Reports, parts.Overview, reports.Query{Range: days}, shortDays)
	if err != nil {
		return err
	}
	answer := shortAnswer{URL: view.URL(parts.Overview), More: r.Say(locale.T("Open the overview")),
		Days: r.Say(locale.T("Last 7 days")), Todo: []shortTodo{}, Figures: []shortFigure{}}
	if len(todo) == 0 {
		answer.Quiet = r.Say(locale.T("You're all caught up."))
	}
	for _, t := range todo {
		answer.Todo = append(answer.Todo, shortTodo{r.Say(t.Text), t.Sums, view.Link(t.Path, t.Query)})
	}
	for _, f := range figures.Figures {
		short := shortFigure{Name: r.Say(f.Name), Value: f.Value}
		if f.Before != "" {
			short.Before = r.Say(locale.T("was %s", f.Before))
		}
		answer.Figures = append(answer.Figures, short)
	}
	r.JSON(http.StatusOK, answer)
	return nil
}
