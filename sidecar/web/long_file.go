package web

import (
	"partnercenter/reports"
)

// longFile is a file of more rows than are sent while they are read.
type longFile struct {
	Rows    int64
	Action  string // where the form goes that has it made
	Report  string
	Format  string
	Query   string
	Back    string // the path of the list, "" where it isn't known
	BackAsk []string
}

// HasFormat tells whether reports can be had as files of this format.
func HasFormat(format string) bool { return fileTypes[format] != "" }

// FilesPath is the path below which files are made in the background.
func FilesPath(audience reports.Audience) string {
	if audience == reports.ForAdmin {
		return "admin/files"
	}
	return "files"
}

// offerLong offers to have a file made in the background that has more rows than
// are sent while they are read, and tells whether it did: a connection that is cut
// would lose all of it, and nobody could say how far it is.
func (r *Request) offerLong(reader *reports.Reader, spec ReportSpec, q reports.Query, format string) (bool, error) {
	if fileTypes[format] == "" {
		return false, nil
	}
	settings, err := r.Site.Registry.Settings(r.Ctx())
	if err != nil {
		return false, err
	}
	q.Limit, q.Exact = 1, true
	page, err := reader.Page(r.Ctx(), spec.Report, q)
	if err != nil || page.Table.Count <= int64(settings.Limits.FileRows) {
		return false, err
	}
	values := q.Values()
	offer := longFile{Rows: page.Table.Count, Action: r.Surface.URL(FilesPath(spec.Report.For)),
		Report: spec.Report.Name, Format: format, Back: spec.Path, BackAsk: Flat(values)}
	if spec.Report.For == reports.ForAdmin && q.Partner != 0 {
		values.Set("partner", q.Partner.String())
	}
	offer.Query = values.Encode()
	return true, r.Page(shared, "long_file.html", spec.Report.Title, offer)
}
