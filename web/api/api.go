// Package api is the console's other face: /api/v1, for programs. It is described by OpenAPI 3.1 at /openapi.json, its errors are problems (RFC 9457), its lists
// are paged by cursors, and who asks shows a key as a bearer token (RFC 6750). The operations on what runs are package control's, the same as on the control
// socket, given in by [Config.Describe]; those on what is kept stand here. Who may see one organisation only sees and changes nothing of another: where they name
// none, theirs is meant.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
)

// Config is what the API needs. A nil store has no operations.
type Config struct {
	Version  string
	Door     web.Door  // who asks, by session or key
	Deeds    web.Deeds // how something is changed
	Describe func(api huma.API, path string)
	Alerts   belwacht.AlertStore
	Calls    belwacht.CallStore
	Sums     belwacht.SumStore
	Accounts belwacht.AccountStore
	Barrer   Barrer
	Owner    Owner  // nil: the configuration is not changed by the API
	Undoer   Undoer // what was changed in it
	Player   Player // plays other settings; nil: that is not there
	Now      func() belwacht.Instant
}

// Path is what all operations begin with.
const Path = "/api/v1"

// right is the key of an operation's metadata that names what one must be allowed to do; control's is the same.
const right = "right"

type server struct {
	Config
	api huma.API
}

// visitorKey is the context's key of who asks.
type visitorKey struct{}

// New makes the API, for the paths below [Path] and /openapi.json.
func New(c Config) http.Handler {
	mux := http.NewServeMux()
	about := huma.DefaultConfig("Belwacht", c.Version)
	about.DocsPath, about.SchemasPath, about.CreateHooks = "", "", nil
	about.Components = &huma.Components{Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
		SecuritySchemes: map[string]*huma.SecurityScheme{"key": {Type: "http", Scheme: "bearer", Description: "A key of the API, made in the console."}}}
	about.Security = []map[string][]string{{"key": {}}}
	s := &server{c, humago.New(mux, about)}
	s.api.UseMiddleware(s.admit)
	if c.Describe != nil {
		c.Describe(s.api, Path)
	}
	s.describe()
	s.describeBans()
	s.describeSettings()
	s.describeWhatIf()
	s.promise()
	mux.HandleFunc(Path+"/", func(w http.ResponseWriter, _ *http.Request) {
		tell(w, http.StatusNotFound, belwacht.NotFound, "there is no such operation, or not by this method; /openapi.json says which there are")
	})
	var quotas counts
	var changes once
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		v, err := c.Door.Visitor(r)
		if err != nil {
			v = nil // told as "sign in": why a key does not work is nobody's business
		}
		who, now := asker(v, r), time.Now()
		if !quotas.limit(w, who, now) {
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), visitorKey{}, v))
		if v == nil {
			mux.ServeHTTP(w, r)
			return
		}
		changes.serve(w, r, who, now, mux)
	})
}

// promise has the description say what holds for all operations: quotas, and keys under which a change is made once.
func (s *server) promise() {
	word := func(says string) *huma.Header {
		return &huma.Header{Description: says, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	quotas := map[string]*huma.Param{"RateLimit-Policy": word(fmt.Sprintf("%d requests a minute for each key, user or address", quota)), "RateLimit": word("how many are left (r) for how many seconds (t)")}
	late := maps.Clone(quotas)
	late["Retry-After"] = word("seconds until the next request is answered")
	most := onceKey
	for _, item := range s.api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			for status, r := range op.Responses {
				if strings.HasPrefix(status, "2") {
					if r.Headers == nil {
						r.Headers = make(map[string]*huma.Param)
					}
					maps.Copy(r.Headers, quotas)
				}
			}
			op.Responses["429"] = &huma.Response{Description: "too many requests", Headers: late,
				Content: map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/ErrorModel"}}}}
			if op != item.Get {
				op.Parameters = append(op.Parameters, &huma.Param{Name: onceHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &most},
					Description: "A key of yours, such as a UUID: for a day a change that is sent again under it is not made again, and gets the first one's answer."})
			}
		}
	}
}

// tell answers with a problem (RFC 9457).
func tell(w http.ResponseWriter, status int, code belwacht.Code, detail string) {
	b, _ := json.Marshal(&huma.ErrorModel{Type: "urn:belwacht:error:" + string(code), Title: http.StatusText(status), Status: status, Detail: detail}) // of strings and a number
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n')) // the reader has gone where this fails
}

// VisitorOf is who asks, within an operation.
func VisitorOf(ctx context.Context) *web.Visitor {
	v, _ := ctx.Value(visitorKey{}).(*web.Visitor)
	return v
}

// Asker is who asks, for operations of other packages.
type Asker struct{}

// Name is the name of who asks.
func (Asker) Name(ctx context.Context) string { return VisitorOf(ctx).Name }

// Sees says whether they may see an organisation.
func (Asker) Sees(ctx context.Context, tenant string) bool { return VisitorOf(ctx).Sees(tenant) }

// Only is the one organisation that they may see, "" = all, or more than one.
func (Asker) Only(ctx context.Context) string {
	if v := VisitorOf(ctx); v != nil && len(v.Tenants) == 1 {
		return v.Tenants[0]
	}
	return ""
}

// tenant is the organisation that an operation is about: the only one of who asks where they name none. One that they may not see is none.
func tenant(ctx context.Context, name string) (string, error) {
	if name == "" {
		name = Asker{}.Only(ctx)
	}
	if !(Asker{}).Sees(ctx, name) {
		return "", problem(belwacht.Errorf(belwacht.NotFound, "there is no such organisation for you"))
	}
	return name, nil
}

// Do changes something by way of the audit log. What takes two people waits, which is an error that says so.
func Do(ctx context.Context, d web.Deeds, deed *access.Deed, do func() error) error {
	waits, err := d.Do(ctx, VisitorOf(ctx), deed, do)
	if err == nil && waits != nil {
		return belwacht.Errorf(belwacht.Config, "this takes a second administrator; it waits as proposal %s until %s", waits.ID, waits.Until)
	}
	return err
}

// admit lets those through who may do what an operation does.
func (s *server) admit(ctx huma.Context, next func(huma.Context)) {
	v := VisitorOf(ctx.Context())
	need, ok := ctx.Operation().Metadata[right].(string)
	status, said := 0, ""
	switch {
	case v == nil:
		status, said = http.StatusUnauthorized, "show a key: Authorization: Bearer KEY"
		ctx.SetHeader("WWW-Authenticate", `Bearer realm="belwacht"`)
	case !ok || !mayOne(v, need):
		status, said = http.StatusForbidden, "this key or role may not do that; it takes "+need
	default:
		next(ctx)
		return
	}
	if err := huma.WriteErr(s.api, ctx, status, said); err != nil {
		ctx.SetStatus(status)
	}
}

// mayOne says whether a visitor has one of the rights that an operation needs, "a" or "a or b". What needs none nobody may.
func mayOne(v *web.Visitor, need string) bool {
	for r := range strings.SplitSeq(need, " or ") {
		if r != "" && v.May(web.Right(r)) {
			return true
		}
	}
	return false
}

// problem makes an error one of RFC 9457, whose type names our code; package control's are the same.
func problem(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return huma.NewError(http.StatusServiceUnavailable, "this took too long; ask for less at once")
	}
	code := belwacht.CodeOf(err)
	status := map[belwacht.Code]int{belwacht.NotFound: 404, belwacht.Invalid: 422, belwacht.Usage: 400, belwacht.Config: 409, belwacht.Unreachable: 503,
		belwacht.Forbidden: 403, belwacht.TooMany: 429}[code]
	detail := err.Error()
	if status == 0 {
		status, detail = http.StatusInternalServerError, "our own fault; it is in the log"
	}
	e := &huma.ErrorModel{Type: "urn:belwacht:error:" + string(code), Title: http.StatusText(status), Status: status, Detail: detail}
	if status == http.StatusTooManyRequests {
		return huma.ErrorWithHeaders(e, http.Header{"Retry-After": {fmt.Sprint(int(window.Seconds()))}})
	}
	return e
}
