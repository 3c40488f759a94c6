package api

import (
	"net/http"
	"reflect"

	"partnercenter/affiliate/apikey"
)

// operation is a line of the API's route table, with all that its documentation
// says.
type operation struct {
	method, path string // below api/v1, in gin's notation
	id, summary  string
	scope        apikey.Scope // "": any key
	query        []parameter
	maxBody      int          // bytes
	in, out      reflect.Type // in is nil without a body
	do           func(*call, reflect.Value) (any, error)
}

// own is the scope of partners who ask for their own data.
const own apikey.Scope = "own"

// parameter is one of the query.
type parameter struct {
	name, describe string
	kind           string // of the value: string, integer, boolean, date
}

// get is an operation that reads.
func get[Out any](path, id, summary string, scope apikey.Scope, do func(*call) (Out, error),
	query ...parameter) operation {
	return operation{method: http.MethodGet, path: path, id: id, summary: summary, scope: scope, query: query,
		out: reflect.TypeFor[Out](),
		do:  func(c *call, _ reflect.Value) (any, error) { return do(c) }}
}

// post is an operation that changes something.
func post[In, Out any](path, id, summary string, scope apikey.Scope, maxBody int, do func(*call, In) (Out, error),
	query ...parameter) operation {
	return operation{method: http.MethodPost, path: path, id: id, summary: summary, scope: scope, query: query,
		maxBody: maxBody,
		in:      reflect.TypeFor[In](), out: reflect.TypeFor[Out](),
		do: func(c *call, in reflect.Value) (any, error) { return do(c, in.Elem().Interface().(In)) }}
}
