package parts

import (
	"net/http"
	"strings"

	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// Write is where a message to rows of a list is chosen (S79, S87).
const Write = Messages + "/write"

// EmailAction is the bulk action of lists whose rows are about partners.
var EmailAction = web.BulkAction{Name: "email", Label: locale.T("Email the partners")}

// WriteTo goes on to the page where a message to the rows of a list is chosen.
func WriteTo(r *web.Request, list string, asked web.Bulk) error {
	query := []string{"list", list}
	if asked.All {
		query = append(append(query, "all", "1"), asked.Values...)
	} else {
		ids := []string{}
		for _, pick := range asked.Picks {
			id, _, _ := strings.Cut(pick, ".")
			ids = append(ids, id)
		}
		query = append(query, "rows", strings.Join(ids, "."))
	}
	r.Redirect(http.StatusSeeOther, r.Surface.URL(Write, query...))
	return nil
}

// Email is the bulk form of a list that knows no other action.
func Email(r *web.Request, list string, asked web.Bulk, form *web.Form, back string) error {
	if form.Err() != nil {
		return r.Done(web.Flash{Text: form.Problems[""]}, back)
	}
	return WriteTo(r, list, asked)
}
