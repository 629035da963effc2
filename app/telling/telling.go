package telling

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/notify/heartbeat"
	"github.com/belwacht/belwacht/notify/link"
	"github.com/belwacht/belwacht/store/file"
	"github.com/belwacht/belwacht/text"
)

// Telling tells people of a running Belwacht's alerts, as a configuration says that can be replaced.
type Telling struct {
	log     *slog.Logger
	version string
	live    *app.Live
	store   *file.Tellings
	key     []byte // of links
	ctx     context.Context
	stop    context.CancelFunc
	run     sync.WaitGroup
	banned  *banned
	letters *outbox // on the door, to people
	records *outbox // and to log servers
	doors   atomic.Pointer[doorWays]
	deeds   atomic.Pointer[Deeds] // nil: what is done by links is in the log of the program only

	mu       sync.Mutex
	config   *config.Config
	notifier *notify.Notifier // nil = no way is named
	heart    *heartbeat.Heart // nil = none
	stops    []func()         // of what belongs to this configuration: heartbeat, summaries, listener
	listens  config.Links     // what is listened on, so that it stays open where that does not change
	links    *http.Server
	handler  atomic.Pointer[http.Handler]    // of links; nil = there are none
	console  atomic.Pointer[http.Handler]    // of links at the console
	cert     atomic.Pointer[tls.Certificate] // of links; nil = no TLS
	told     *summaries                      // nil = none are sent
}

// New makes a Telling of a configuration; Start is what app.LiveConfig.Tell wants.
func New(log *slog.Logger, version string, c *config.Config) *Telling {
	t := &Telling{log: log, version: version, config: c, letters: newOutbox("mail to who may come in", log), records: newOutbox("log servers, of the door", log), banned: newBanned(log)}
	t.ctx, t.stop = context.WithCancel(context.Background())
	return t
}

// Start begins, once the folder is this process's alone.
func (t *Telling) Start(l *app.Live, folder string) (*app.Teller, error) {
	t.live = l
	store, notes, err := file.OpenTellings(folder, belwacht.InstantOf(time.Now()))
	if err != nil { // people are told all the same; what waits then does not outlive this process
		t.log.Error("what is told is not kept on disk", "event", "tell.unkept", "error", err)
		store = nil
	}
	for _, n := range notes {
		t.log.Error(n, "event", "tell.damaged")
	}
	t.store = store
	if t.key, err = linkKey(folder); err != nil {
		t.log.Error("links in messages do not outlive a restart", "event", "link.unkept", "error", err)
	}
	use, err := t.Take(t.config)
	if err != nil {
		return nil, errors.Join(err, t.closeStore())
	}
	use()
	t.resume()
	for _, do := range []func(context.Context){t.banned.run, t.letters.run, t.records.run} {
		t.run.Go(func() { do(t.ctx) })
	}
	t.run.Go(t.attend)
	return &app.Teller{Tell: t.tell, Known: t.known, Decided: t.banned.decided, Take: t.Take, Ways: t.Ways, Metrics: func(r prometheus.Registerer) { r.MustRegister(t) },
		Close: t.Close, Desk: (*desk)(t), Named: t.banned.list, Links: http.HandlerFunc(t.consoled)}, nil
}

// linkKey is the key that links are made with; it is made once and kept in the data folder, so that links outlive a restart. It is good beside an error too.
func linkKey(folder string) ([]byte, error) {
	name := filepath.Join(folder, "link.key")
	b, err := os.ReadFile(name)
	if err == nil {
		if key, bad := base64.StdEncoding.DecodeString(string(b)); bad == nil && len(key) == 32 {
			return key, nil
		}
		err = belwacht.Errorf(belwacht.Invalid, "it is damaged; remove it, and links that were sent are good no more")
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key)                // never fails (crypto/rand)
	if !errors.Is(err, fs.ErrNotExist) { // what is there is not written over: the next start may be able to read it
		return key, belwacht.Errorf(belwacht.Config, "the key of links in %s cannot be read: %w", name, belwacht.Reason(err))
	}
	if err := os.WriteFile(name, []byte(base64.StdEncoding.EncodeToString(key)), 0o600); err != nil {
		return key, belwacht.Errorf(belwacht.Config, "the key of links cannot be kept in %s: %w", name, belwacht.Reason(err))
	}
	return key, nil
}

func (t *Telling) closeStore() error {
	if t.store == nil {
		return nil
	}
	return t.store.Close()
}

func (t *Telling) tell(a *belwacht.Alert) { t.now().Tell(a) }

func (t *Telling) known(list []belwacht.Alert) { t.now().Known(list) }

// now is the notifier in use; nil, which tells nobody, where there is none.
func (t *Telling) now() *notify.Notifier {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.notifier
}

// attend lifts bars that are over.
func (t *Telling) attend() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-t.ctx.Done():
			return
		case <-tick.C:
			t.lapse()
		}
	}
}

func (t *Telling) lapse() {
	for _, f := range t.live.Lapsed() {
		if f.Kind != belwacht.KindPanic {
			continue
		}
		if err := t.live.Calm(t.ctx, f.Tenant, "belwacht"); err != nil {
			t.log.Error("calls abroad are still barred, although that is over", "event", "inforce.failed", "error", err)
			continue
		}
		t.log.Info("calls abroad are not barred any more", "event", "alert.bar-over", "tenant", text.Clean(f.Tenant, 60))
	}
}

// Bar implements notify.Guard. Where calls are barred already that stays as it is.
func (t *Telling) Bar(ctx context.Context, tenant string, until belwacht.Instant, why string) error {
	s, err := t.live.Status(ctx)
	if err != nil {
		return err
	}
	for _, o := range s.Tenants {
		if o.Name == tenant && o.Panic {
			return nil
		}
	}
	_, _, err = t.live.Panic(ctx, &belwacht.InForce{Kind: belwacht.KindPanic, Tenant: tenant, Who: "belwacht", Why: why, Until: until}, false)
	return err
}

// Take takes a configuration: all that may fail is done now, and use puts it in place.
func (t *Telling) Take(c *config.Config) (use func(), err error) {
	n, ok, err := Ways(t.log, c, t.version)
	if err != nil {
		return nil, err
	}
	if t.store != nil {
		n.Store = t.store
	}
	n.Guard = t
	if s := t.live.Store(); s != nil {
		n.Incidents, n.Silencer = s, s
	}
	heart, err := t.newHeart(c)
	if err != nil {
		return nil, err
	}
	told, err := t.newSummaries(c)
	if err != nil {
		return nil, err
	}
	doors, err := newDoorWays(c, t.version)
	if err != nil {
		return nil, err
	}
	var listener net.Listener
	var cert *tls.Certificate
	if l := c.Alerts.Links; l != nil { // last of all, since an error after it would leave it open
		n.Links, n.LinkKey = withSlash(l.URL), t.key
		if listener, cert, err = t.listen(l, c); err != nil {
			return nil, err
		}
	}
	fresh := (*notify.Notifier)(nil)
	if ok && t.now() == nil {
		if fresh, err = notify.New(n); err != nil {
			return nil, err
		}
	}
	return func() {
		t.cert.Store(cert)
		t.doors.Store(doors)
		t.use(c, &n, ok, fresh, heart, told, listener)
	}, nil
}

// use puts a configuration in place.
func (t *Telling) use(c *config.Config, n *notify.Config, ok bool, fresh *notify.Notifier, heart *heartbeat.Heart, told *summaries, listener net.Listener) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, stop := range t.stops {
		stop()
	}
	t.stops, t.config = nil, c
	switch {
	case fresh != nil:
		t.notifier = fresh
		t.run.Go(func() { _ = fresh.Run(t.ctx) })
	case t.notifier != nil && ok:
		if err := t.notifier.Use(*n); err != nil {
			t.log.Error("alerts are told as before", "event", "tell.kept", "error", err)
		}
	case t.notifier != nil:
		t.log.Warn("the configuration names no way to tell alerts any more; those of before are used until a restart", "event", "tell.kept")
	}
	t.banned.use(c.Alerts.Fail2ban)
	t.heart, t.told = heart, told
	if heart != nil {
		t.begin(heart.Run)
	}
	if told != nil {
		t.begin(told.run)
	}
	t.serve(c.Alerts.Links, listener)
}

// begin begins something that ends with this configuration. t.mu is held.
func (t *Telling) begin(do func(ctx context.Context)) {
	ctx, stop := context.WithCancel(t.ctx)
	t.stops = append(t.stops, stop)
	t.run.Go(func() { do(ctx) })
}

// listen opens where links lead; no listener where it is open already. A certificate is read anew each time.
func (t *Telling) listen(l *config.Links, c *config.Config) (net.Listener, *tls.Certificate, error) {
	var cert *tls.Certificate
	if l.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(c.Path(l.CertFile), c.Path(l.KeyFile))
		if err != nil {
			return nil, nil, belwacht.Errorf(belwacht.Config, "alerts.links: certificate and key cannot be used: %w", err)
		}
		cert = &pair
	}
	t.mu.Lock()
	same := t.links != nil && l.Listen == t.listens.Listen && (l.CertFile == "") == (t.listens.CertFile == "")
	t.mu.Unlock()
	if same {
		return nil, cert, nil
	}
	if l.Listen == "" { // the console answers them
		return nil, nil, nil
	}
	s, err := net.Listen("tcp", l.Listen)
	if err != nil {
		return nil, nil, belwacht.Errorf(belwacht.Config, "alerts.links.listen: %s cannot be listened on: %w; choose another port", l.Listen, err)
	}
	if cert != nil {
		s = tls.NewListener(s, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return t.cert.Load(), nil }})
	}
	return s, cert, nil
}

// serve answers links. t.mu is held.
func (t *Telling) serve(l *config.Links, listener net.Listener) {
	if t.links != nil && (l == nil || listener != nil || l.Listen == "") {
		t.links.Close()
		t.links = nil
	}
	if l == nil || t.notifier == nil {
		t.handler.Store(nil)
		t.console.Store(nil)
		if listener != nil {
			listener.Close()
		}
		return
	}
	handler, console, err := t.linked(l)
	if err != nil {
		t.log.Error("links lead nowhere", "event", "link.failed", "error", err)
		return
	}
	t.handler.Store(&handler)
	t.console.Store(&console)
	t.listens = *l
	if listener == nil {
		return
	}
	s := &http.Server{Handler: http.HandlerFunc(t.answer), ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 8 << 10, ErrorLog: slog.NewLogLogger(t.log.Handler(), slog.LevelDebug)}
	t.links = s
	t.log.Info("links of alerts are answered", "event", "link.listens", "address", listener.Addr().String())
	t.run.Go(func() {
		if err := s.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			t.log.Error("links are answered no more", "event", "link.failed", "error", err)
		}
	})
}

// answer answers a link at an address of their own, by the path of links.url.
func (t *Telling) answer(w http.ResponseWriter, r *http.Request) { answer(t.handler.Load(), w, r) }

// consoled answers a link at the console, by config.ConsoleLinks.
func (t *Telling) consoled(w http.ResponseWriter, r *http.Request) { answer(t.console.Load(), w, r) }

func answer(h *http.Handler, w http.ResponseWriter, r *http.Request) {
	if h == nil {
		http.NotFound(w, r)
		return
	}
	(*h).ServeHTTP(w, r)
}

// linked makes what answers links: at their own address, and at the console. t.mu is held.
func (t *Telling) linked(l *config.Links) (own, console http.Handler, _ error) {
	h, err := link.New(&linkDesk{t.notifier, t}, t.log)
	if err != nil {
		return nil, nil, err
	}
	u, err := url.Parse(withSlash(l.URL))
	if err != nil {
		return nil, nil, belwacht.Errorf(belwacht.Config, "alerts.links.url is no address")
	}
	mux := http.NewServeMux()
	mux.Handle(u.Path, http.StripPrefix(u.Path, from(nil, h)))
	return mux, http.StripPrefix(config.ConsoleLinks, from(t.config.AccessProxies(), h)), nil
}

func withSlash(s string) string {
	if s != "" && s[len(s)-1] != '/' {
		s += "/"
	}
	return s
}

// newHeart makes the heartbeat of a configuration; nil = none.
func (t *Telling) newHeart(c *config.Config) (*heartbeat.Heart, error) {
	h := c.Alerts.Heartbeat
	if h == nil {
		return nil, nil
	}
	address, err := c.Secret(h.URLFile)
	if err != nil {
		return nil, err
	}
	return heartbeat.New(heartbeat.Config{URL: address, Every: time.Duration(h.Every), Alive: t.live.Alive, Client: notify.NewClient(c.Alerts.Allowed(), nil), Allow: c.Alerts.Allowed(), Log: t.log})
}

// Close tells what is due and ends.
func (t *Telling) Close() {
	t.stop()
	t.mu.Lock()
	if t.links != nil {
		t.links.Close()
	}
	t.mu.Unlock()
	t.run.Wait()
	if err := t.closeStore(); err != nil {
		t.log.Error("what is told is not kept on disk", "event", "tell.unkept", "error", err)
	}
}

// desk is where people take and silence alerts.
type desk Telling

// Take implements control.Desk.
func (d *desk) Take(ctx context.Context, tenant, id, who string) error {
	n, tenant, err := d.at(tenant)
	if err != nil {
		return err
	}
	return n.TakeAlert(ctx, tenant, id, who)
}

// Silence implements control.Desk.
func (d *desk) Silence(ctx context.Context, s *belwacht.Silence) error {
	if s.ID != "" {
		n := (*Telling)(d).now()
		if n == nil {
			return belwacht.Errorf(belwacht.NotFound, "nobody is told of alerts, so there is no silence")
		}
		return n.EndSilence(ctx, s.ID, s.Who)
	}
	n, tenant, err := d.at(s.Tenant)
	if err != nil {
		return err
	}
	s.Tenant = tenant
	return n.Silence(ctx, s)
}

// Silences implements control.Desk.
func (d *desk) Silences(context.Context) ([]belwacht.Silence, error) {
	return (*Telling)(d).now().Silences(), nil
}

// at is the notifier, and the organisation that a person means: the only one where none is named.
func (d *desk) at(tenant string) (*notify.Notifier, string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.notifier == nil {
		return nil, "", belwacht.Errorf(belwacht.NotFound, "nobody is told of alerts; write how under alerts")
	}
	all := d.config.All()
	if tenant == "" && len(all) == 1 {
		return d.notifier, all[0].Name, nil
	}
	for _, t := range all {
		if t.Name == tenant {
			return d.notifier, tenant, nil
		}
	}
	if tenant == "" {
		return nil, "", belwacht.Errorf(belwacht.Usage, "there are %d organisations; say --tenant with one of them", len(all))
	}
	return nil, "", belwacht.Errorf(belwacht.NotFound, "there is no organisation %s in the configuration", text.Clean(tenant, 60))
}

// Ways says how each way is doing, with the heartbeat and the summaries, and appends what is wrong to problems.
func (t *Telling) Ways(problems []string) ([]control.Way, []string) {
	ways := []control.Way{}
	for _, s := range t.states() {
		w := control.Way{To: s.To, Name: s.Name, Sent: s.Sent, Failed: s.Failed, Dropped: s.Dropped, Waiting: s.Waiting, LastSent: belwacht.InstantOf(s.LastSent),
			LastError: s.LastError, Since: belwacht.InstantOf(s.Since)}
		ways = append(ways, w)
		if p := w.Problem(); p != "" {
			problems = append(problems, p)
		}
	}
	return ways, problems
}

func (t *Telling) states() []notify.State {
	t.mu.Lock()
	n, heart, told := t.notifier, t.heart, t.told
	t.mu.Unlock()
	list := n.State()
	if heart != nil {
		list = append(list, heart.State())
	}
	if told != nil {
		list = append(list, told.State())
	}
	return append(list, t.doorStates()...)
}
