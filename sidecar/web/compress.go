package web

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// compressible are the types that are worth it. Files of reports are not among
// them: a workbook is compressed, and both come in pieces that should not wait.
var compressible = []string{"text/html", "text/css", "text/javascript", "application/json",
	"application/problem+json", "image/svg+xml"}

// Compressed compresses answers for those who take it, where no web server before
// us does. Lengths vary at random, so that nobody learns from them what is on a
// page (BREACH).
func Compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.ContentTypes(compressible),
		gzhttp.RandomJitter(64, 0, false))
	if err != nil {
		panic(err) // the options are our own
	}
	return wrap(next)
}
