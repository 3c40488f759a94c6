package reports

import "net/url"

// values are the filters of the shown rows.
func (page *reportPage) values() url.Values {
	values := url.Values{}
	for i := 0; i+1 < len(page.Query); i += 2 {
		values.Set(page.Query[i], page.Query[i+1])
	}
	return values
}
