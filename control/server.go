package control

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
)

// Viewer shows what runs.
type Viewer interface {
	Status(ctx context.Context) (*Status, error)
	Calls(ctx context.Context) ([]belwacht.Running, error)
	// Decisions are those on a call, by its ID or by the reference that a person was told, oldest first; told. None is no error.
	Decisions(ctx context.Context, id string) ([]belwacht.Decision, error)
}

// Actor does what a person wants done with a call. who is who wants it.
type Actor interface {
	End(ctx context.Context, id, who string) error
	Feedback(ctx context.Context, f *belwacht.Feedback, who string) error
}

// Locker locks accounts. Subject is the account, Who the person, Why in their words.
type Locker interface {
	Locks(ctx context.Context) ([]belwacht.InForce, error)
	Lock(ctx context.Context, f *belwacht.InForce) error
	Unlock(ctx context.Context, tenant, account, who string) error
}

// Switch is the panic switch. With end, calls that run although it forbids them are ended: ended says how many, and left how many cannot be, since their PBX
// has no feed.
type Switch interface {
	Panic(ctx context.Context, f *belwacht.InForce, end bool) (ended, left int, err error)
	Calm(ctx context.Context, tenant, who string) error
}

// Desk is where people take and silence alerts.
type Desk interface {
	Take(ctx context.Context, tenant, id, who string) error
	// Silence makes one; with an ID it ends the one that has it.
	Silence(ctx context.Context, s *belwacht.Silence) error
	Silences(ctx context.Context) ([]belwacht.Silence, error)
}

// Deeds is the one way in which something is changed: written to the audit log before, and told to the administrators where it lessens protection.
type Deeds interface {
	// By does it in somebody's name, and returns the error of do. Where the audit log cannot be written only what protects is done.
	By(ctx context.Context, who string, deed *access.Deed, do func() error) error
}

// plain are the Deeds of who keeps no audit log.
type plain struct{}

func (plain) By(_ context.Context, _ string, _ *access.Deed, do func() error) error { return do() }

// Config is what a Server needs.
type Config struct {
	Socket  string // path
	Version string
	Log     *slog.Logger
	Viewer  Viewer
	Actor   Actor
	Locker  Locker
	Switch  Switch
	Desk    Desk   // nil = nobody is told of alerts
	People  People // nil: nobody can come in, as the store cannot be opened
	Deeds   Deeds  // nil: there is no audit log
}

// Server answers on the socket. It is safe for concurrent use.
type Server struct {
	cfg   Config
	web   *http.Server
	api   huma.API
	path  string // that the operations' begin with
	asker Asker  // nil: as the kernel says
}

// Bounds of what one client may take.
const (
	within   = 30 * time.Second
	maxHead  = 16 << 10
	bodyMost = 64 << 10 // of what is asked, in bytes
)

// New makes a server; nothing listens yet.
func New(c Config) *Server {
	if c.Deeds == nil {
		c.Deeds = plain{}
	}
	mux := http.NewServeMux()
	about := huma.DefaultConfig("Belwacht", c.Version)
	about.DocsPath, about.SchemasPath, about.CreateHooks = "", "", nil
	s := &Server{cfg: c, path: "/v1", api: humago.New(mux, about)}
	s.describe()
	s.describePeople()
	s.web = &http.Server{Handler: mux, ReadHeaderTimeout: within, ReadTimeout: within, WriteTimeout: within, IdleTimeout: within, MaxHeaderBytes: maxHead, ConnContext: withPeer}
	return s
}

// Listen opens the socket with mode 0660. One that a former process left behind is taken away; one that somebody answers on is an error of code Config.
func Listen(path string) (net.Listener, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the folder of the control socket %s cannot be made; make it, or name another by control.socket or --socket", path)
	}
	if c, err := net.DialTimeout("unix", path, time.Second); err == nil {
		c.Close()
		return nil, belwacht.Errorf(belwacht.Config, "another Belwacht listens at %s; stop it first, or name another socket by control.socket or --socket", path)
	} else if info, gone := os.Lstat(path); gone == nil && errors.Is(err, syscall.ECONNREFUSED) {
		if info.Mode()&os.ModeSocket == 0 {
			return nil, belwacht.Errorf(belwacht.Config, "%s is no socket and stands where the control socket should be; remove it, or name another by control.socket or --socket", path)
		}
		if err := os.Remove(path); err != nil {
			return nil, belwacht.Errorf(belwacht.Config, "the control socket %s is left from before and cannot be removed; remove it", path)
		}
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the control socket %s cannot be made: %w; name another by control.socket or --socket", path, err)
	}
	if err := os.Chmod(path, 0o660); err != nil {
		l.Close()
		return nil, belwacht.Errorf(belwacht.Config, "the mode of the control socket %s cannot be set: %w", path, err)
	}
	return l, nil
}

// Serve answers on a listener until Stop, then returns nil.
func (s *Server) Serve(l net.Listener) error {
	if err := s.web.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Stop closes the socket and lets those be answered who have asked, until ctx ends.
func (s *Server) Stop(ctx context.Context) error { return s.web.Shutdown(ctx) }

// peerKey is the context's key of who is at the other end.
type peerKey struct{}

// withPeer notes who is at the other end, as the kernel says (SO_PEERCRED, unix(7)).
func withPeer(ctx context.Context, c net.Conn) context.Context {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return ctx
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return ctx
	}
	var cred *syscall.Ucred
	err = raw.Control(func(fd uintptr) { cred, _ = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED) })
	if err != nil || cred == nil {
		return ctx
	}
	return context.WithValue(ctx, peerKey{}, cred)
}

// who names who is at the other end: a user's name, else its number.
func who(ctx context.Context) string {
	cred, ok := ctx.Value(peerKey{}).(*syscall.Ucred)
	if !ok {
		return "unknown"
	}
	id := strconv.FormatUint(uint64(cred.Uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return "uid " + id
}

// do changes something by way of the audit log, and logs it.
func (s *Server) do(ctx context.Context, what string, deed *access.Deed, do func() error, attrs ...any) error {
	err := s.cfg.Deeds.By(ctx, s.who(ctx), deed, do)
	s.changed(ctx, what, err, attrs...)
	return problem(err)
}

// changed logs a change with who made it.
func (s *Server) changed(ctx context.Context, what string, err error, attrs ...any) {
	if cred, ok := ctx.Value(peerKey{}).(*syscall.Ucred); ok {
		attrs = append(attrs, "by", who(ctx), "uid", cred.Uid, "gid", cred.Gid, "pid", cred.Pid)
	}
	way := "the control socket"
	if s.asker != nil {
		attrs, way = append(attrs, "by", s.asker.Name(ctx)), "the API"
	}
	if err != nil {
		attrs = append(attrs, "error", err)
	}
	s.cfg.Log.Info("by "+way+": "+what, append(attrs, "event", "control."+what)...)
}

// problem makes an error one of RFC 9457, whose type names our code.
func problem(err error) error {
	if err == nil {
		return nil
	}
	code := belwacht.CodeOf(err)
	status := map[belwacht.Code]int{belwacht.NotFound: 404, belwacht.Invalid: 422, belwacht.Usage: 400, belwacht.Config: 409, belwacht.Unreachable: 503,
		belwacht.Forbidden: 403, belwacht.TooMany: 429}[code]
	if status == 0 {
		status = 500
	}
	return &huma.ErrorModel{Type: problemType + string(code), Title: http.StatusText(status), Status: status, Detail: err.Error()}
}

// problemType begins the type of a problem; our code follows.
const problemType = "urn:belwacht:error:"
