package api

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/affiliate/money"
	"partnercenter/sidecar/web"
)

// object is one of JSON.
type object = map[string]any

// Document answers with the OpenAPI document, which is made of the route table.
func (a *API) Document(r *web.Request) error {
	r.JSON(http.StatusOK, document(r.Site.Handover().PublicURL))
	return nil
}

// document describes the API that is reached at base.
func document(base string) object {
	s := &schemas{object{}}
	paths := object{}
	for _, op := range operations {
		path := prefix + inBraces.ReplaceAllString(op.path, "{$1}")
		item, ok := paths[path].(object)
		if !ok {
			item = object{}
			paths[path] = item
		}
		item[strings.ToLower(op.method)] = op.describe(s)
	}
	s.of(reflect.TypeFor[problem](), false)
	return object{
		"openapi": "3.1.0",
		"info": object{"title": "Partner Center", "version": "1",
			"description": "Report orders, leads and people, and read what became of them."},
		"servers": []object{{"url": strings.TrimSuffix(base, "/")}},
		"paths":   paths,
		"components": object{"schemas": s.named, "securitySchemes": object{
			"key": object{"type": "apiKey", "in": "header", "name": "Authorization",
				"description": apikey.Scheme +
					" key=…, time=…, nonce=…, signature=…: the " +
					"signature is the hex HMAC-SHA256, with the key's " +
					"secret, of the lines pc-api1, method, path from /api on with the query, time in seconds, " +
					"nonce, and the hex SHA-256 of the body."},
			"application_password": object{"type": "http", "scheme": "basic",
				"description": "User name and application password of a partner's WordPress account."},
		}},
	}
}

var inBraces = regexp.MustCompile(`:(\w+)`)

// describe is the operation in the document.
func (op operation) describe(s *schemas) object {
	security := object{"key": []string{}}
	if op.scope == own {
		security = object{"application_password": []string{}}
	}
	o := object{"operationId": op.id, "summary": op.summary, "parameters": op.parameters(),
		"security": []object{security},
		"responses": object{
			"200": object{"description": "Done.",
				"content": object{"application/json": object{"schema": s.of(op.out, false)}}},
			"default": object{"description": "What is wrong (RFC 9457).",
				"content": object{"application/problem+json": object{
					"schema": object{"$ref": "#/components/schemas/problem"}}}},
		}}
	if op.scope != own && op.scope != "" {
		o["description"] = "Scope: " + string(op.scope) + "."
	}
	if op.in != nil {
		o["requestBody"] = object{"required": true,
			"content": object{"application/json": object{"schema": s.of(op.in, true)}}}
	}
	return o
}

func (op operation) parameters() []object {
	all := []object{}
	for _, m := range inBraces.FindAllStringSubmatch(op.path, -1) {
		schema := object{"type": "string"}
		if m[1] == "id" {
			schema = object{"type": "integer", "minimum": 1}
		}
		all = append(all, object{"name": m[1], "in": "path", "required": true, "schema": schema})
	}
	for _, q := range op.query {
		schema := object{"type": q.kind}
		switch q.kind {
		case "date":
			schema = object{"type": "string", "format": "date"}
		case "boolean":
			schema = object{"type": "string", "enum": []string{"0", "1", "true", "false"}}
		}
		all = append(all, object{"name": q.name, "in": "query", "description": q.describe, "schema": schema})
	}
	if op.method == http.MethodPost {
		all = append(all, object{"name": "Idempotency-Key", "in": "header",
			"schema": object{"type": "string", "maxLength": 190},
			"description": "Names the call: repeated under the same key within two days, it is not carried out " +
				"again, and answered with the stored answer and Idempotency-Replayed: true."})
	}
	return all
}

// problem is an error, as web answers it.
type problem struct {
	Title  string            `json:"title"`
	Status int               `json:"status"`
	Detail string            `json:"detail"`
	Fields map[string]string `json:"fields,omitempty"`
}

// schemas collects the types that the document names.
type schemas struct{ named object }

// ofType are the types that are not written as their fields.
var ofType = map[reflect.Type]object{
	reflect.TypeFor[money.Amount](): {"type": "string", "pattern": `^[-+]?[0-9]+(\.[0-9]{1,4})?$`,
		"examples": []string{"49.90"}},
	reflect.TypeFor[money.Quantity](): {"type": "string", "pattern": `^[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$`,
		"examples": []string{"1"}}, reflect.TypeFor[money.Currency](): {"type": "string", "pattern": "^[A-Z]{3}$",
		"examples": []string{"USD"}},
	reflect.TypeFor[time.Time]():       {"type": "string", "format": "date-time"},
	reflect.TypeFor[affiliate.Day]():   {"type": "string", "format": "date"},
	reflect.TypeFor[json.RawMessage](): {"type": "object"},
}

// of is the schema of a type. Fields of what comes in are required where
// required says so; of what goes out, all that are always there.
func (s *schemas) of(t reflect.Type, in bool) object {
	if known, ok := ofType[t]; ok {
		return known
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem(), in) // left out when there is none
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Slice:
		return object{"type": "array", "items": s.of(t.Elem(), in)}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.of(t.Elem(), in)}
	case reflect.Interface:
		return object{"type": []string{"string", "integer", "null"}} // a value of a report
	case reflect.Struct:
		return s.refer(t, in)
	}
	panic("api: no schema for " + t.String())
}

var inBrackets = regexp.MustCompile(`\[.*\.(\w+)\]`)

func (s *schemas) refer(t reflect.Type, in bool) object {
	name := inBrackets.ReplaceAllString(t.Name(), "_$1")
	if _, known := s.named[name]; !known {
		s.named[name] = object{} // for types that hold themselves
		properties, required := object{}, []string{}
		s.fields(t, in, properties, &required)
		schema := object{"type": "object", "properties": properties}
		if in {
			required = requiredFields[name]
			schema["additionalProperties"] = false
		}
		if len(required) > 0 {
			schema["required"] = required
		}
		if text := described[name]; text != "" {
			schema["description"] = text
		}
		s.named[name] = schema
	}
	return object{"$ref": "#/components/schemas/" + name}
}

func (s *schemas) fields(t reflect.Type, in bool, properties object, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			s.fields(f.Type, in, properties, required)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		schema := s.of(f.Type, in)
		if text := described[t.Name()+"."+name]; text != "" {
			with := object{"description": text}
			for k, v := range schema {
				with[k] = v
			}
			schema = with
		}
		properties[name] = schema
		if !strings.Contains(options, "omit") {
			*required = append(*required, name)
		}
	}
}
