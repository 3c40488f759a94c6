package web

import (
	"slices"
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/reports"
)

// ScreenOption is a column that a user can show or hide.
type ScreenOption struct {
	Key   string
	Name  locale.Text
	Shown bool
}

// Screen is how the list of a report is set up for whoever asks: their choice, of
// admins' reports.
func (r *Request) screen(report *reports.Report) (affiliate.Screen, error) {
	if report.For != reports.ForAdmin || r.Who.User.ID == 0 {
		return affiliate.Screen{}, nil
	}
	return r.Site.Registry.Screen(r.Ctx(), affiliate.UserID(r.Who.User.ID), report.Name)
}

// ChosenColumns are the keys of the columns that whoever asks has chosen for a report;
// none are all of them.
func (r *Request) ChosenColumns(report *reports.Report) ([]string, error) {
	screen, err := r.screen(report)
	return screen.Columns, err
}

// screenOptions are the columns to choose from, each once whatever its currency,
// before Keep has taken some away.
func screenOptions(columns []reports.Column, chosen []string) (options []ScreenOption) {
	seen := map[string]bool{}
	for _, c := range columns {
		key := c.BaseKey()
		if seen[key] {
			continue
		}
		seen[key] = true
		shown := slices.Contains(chosen, key)
		if len(chosen) == 0 {
			shown = !c.FileOnly
		}
		options = append(options, ScreenOption{key, c.Name, shown})
	}
	return options
}

// SaveScreen keeps which columns and how many rows a user wants in a list, and
// goes back to it (S31).
func SaveScreen(r *Request) error {
	report, err := reports.Find(reports.ForAdmin, r.Param("list"))
	if err != nil {
		return err
	}
	back := r.PostForm("back")
	if back != "admin" && !strings.HasPrefix(back, "admin/") {
		return affiliate.Missing("This page isn't available right now.")
	}
	form := r.Form()
	s := affiliate.Screen{}
	if !form.Bool("usual") {
		for _, key := range form.All("column") {
			form.Problems.Check(validKey(key), "columns", "Please choose from the list.")
			s.Columns = append(s.Columns, key)
		}
		if s.Rows, err = strconv.Atoi(form.Text("rows", 4)); err != nil {
			s.Rows = -1 // which is refused below, with the sentence for it
		}
	}
	if err = form.Err(); err == nil {
		err = r.Site.Registry.SaveScreen(r.Ctx(), affiliate.UserID(r.Who.User.ID), report.Name, s)
	}
	if err != nil {
		return err
	}
	return r.Done(Flash{Text: locale.T("The list shows what you chose, and so do its files.")}, back)
}

// validKey tells whether a text can be the key of a column.
func validKey(key string) bool {
	return key != "" && len(key) <= 40 && !strings.ContainsFunc(key, func(c rune) bool {
		return c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9')
	})
}
