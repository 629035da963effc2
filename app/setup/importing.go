package setup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web/setup"
)

// Bounds of what is read and shown.
const (
	importMost  = 512 << 20 // bytes of records that are sent
	alertsShown = 25
	notesShown  = 10
)

// Most implements setup.Importer.
func (*Wizard) Most() int64 { return importMost }

// Import implements setup.Importer. The records of one organisation are read at a time.
func (w *Wizard) Import(ctx context.Context, tenant, name string, r io.Reader) error {
	look, err := w.Owner.File.Look()
	if err != nil {
		return err
	}
	if _, _, err := part(look.Config, tenant); err != nil {
		return err
	}
	key := w.key(tenant)
	w.mu.Lock()
	if w.running[key] != nil {
		w.mu.Unlock()
		return access.Errorf(belwacht.Invalid, "records are being read already; wait until that is done", "er worden al gegevens gelezen; wacht tot dat klaar is")
	}
	run := &setup.Import{Name: text.Clean(filepath.Base(strings.ReplaceAll(name, `\`, "/")), 100), Began: belwacht.InstantOf(w.Now())}
	w.running[key] = run
	w.mu.Unlock()
	path, temporary := name, r != nil
	if temporary {
		path, err = w.receive(run.Name, r)
	} else {
		path, err = there(name)
	}
	if err != nil {
		w.mu.Lock()
		delete(w.running, key)
		w.mu.Unlock()
		return err
	}
	w.jobs.Go(func() {
		if temporary {
			defer os.Remove(path)
		}
		w.read(tenant, key, path, run)
	})
	return ctx.Err()
}

// there is a file of records on the machine, by its whole path, links followed. Only what is named as records are is opened: what is said of a wrong file
// shows something of it, and no console is a way to read secrets.
func there(name string) (string, error) {
	path, err := filepath.EvalSymlinks(name)
	info, failed := os.Stat(path)
	if err != nil || failed != nil || !info.Mode().IsRegular() || !filepath.IsAbs(name) {
		return "", access.Errorf(belwacht.Invalid, "%s is no file that Belwacht can read; write its whole path, and let Belwacht read it",
			"%s is geen bestand dat Belwacht kan lezen; schrijf het hele pad, en geef Belwacht leesrecht", text.Clean(name, 200))
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".tsv", ".txt", ".json", ".ndjson", ".gz", ".zst":
		return path, nil
	}
	return "", access.Errorf(belwacht.Invalid, "%s is not named as records are (.csv, .tsv, .txt, .json, .ndjson, also packed as .gz or .zst); send it from your own computer",
		"%s heet niet zoals gegevens heten (.csv, .tsv, .txt, .json, .ndjson, ook ingepakt als .gz of .zst); stuur het vanaf uw eigen computer", text.Clean(name, 200))
}

// receive writes records that are sent into the data folder.
func (w *Wizard) receive(name string, r io.Reader) (string, error) {
	ext := filepath.Ext(name)
	if len(ext) > 8 || strings.Trim(ext, ".abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		ext = ""
	}
	f, err := os.CreateTemp(w.Folder, "import-*"+ext)
	if err != nil {
		return "", belwacht.Errorf(belwacht.Config, "the records cannot be kept while they are read: %w", belwacht.Reason(err))
	}
	n, err := io.Copy(f, io.LimitReader(r, importMost+1))
	err = errors.Join(err, f.Close())
	switch {
	case err != nil:
		err = access.Errorf(belwacht.Invalid, "the file did not come whole; send it again, or put it on the machine and write its path",
			"het bestand kwam niet heel aan; stuur het opnieuw, of zet het op de machine en schrijf het pad")
	case n > importMost:
		err = access.Errorf(belwacht.Invalid, "the file is longer than %d MB; put it on the machine and write its path", "het bestand is groter dan %d MB; zet het op de machine en schrijf het pad", importMost>>20)
	case n == 0:
		err = access.Errorf(belwacht.Invalid, "the file is empty", "het bestand is leeg")
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// read judges records, in a goroutine of its own.
func (w *Wizard) read(tenant, key, path string, run *setup.Import) {
	err := w.judge(tenant, path, run)
	w.mu.Lock()
	defer w.mu.Unlock()
	run.Ended, run.Share = belwacht.InstantOf(w.Now()), 1
	if err != nil {
		run.Failed = text.Clean(err.Error(), 600)
	}
	delete(w.running, key)
	all, err := w.states()
	if err == nil {
		s := all[key]
		if s == nil {
			s = &setup.State{}
		}
		s.Import = run
		err = w.keep(key, s)
	}
	if err != nil {
		w.Log.Error("what was read of past records is not kept", "event", "setup.failed", "error", err)
	}
}

// judge has records judged, and what was learned adopted where nothing was learned before. A fault of ours that a record brings out ends the reading only.
func (w *Wizard) judge(tenant, path string, run *setup.Import) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			w.Log.Error("a record met a fault of Belwacht's", "event", "setup.broken", "error", fmt.Sprint(fault))
			err = errors.New("a record met a fault of Belwacht's; it is in the log")
		}
	}()
	look, err := w.Owner.File.Look()
	if err != nil {
		return err
	}
	_, t, err := part(look.Config, tenant)
	if err != nil {
		return err
	}
	size := int64(1)
	if info, err := os.Stat(path); err == nil {
		size = max(info.Size(), 1)
	}
	state := filepath.Join(w.Folder, "import-"+run.Began.Time().UTC().Format("20060102T150405")+".memory")
	defer os.Remove(state)
	seen := map[belwacht.Country]*setup.Offer{}
	note := func(do func()) {
		w.mu.Lock()
		defer w.mu.Unlock()
		do()
	}
	read, err := w.Judge(w.ctx, &Job{Config: look.Config, Tenant: t.Name, File: path, State: state,
		Outcome: func(o *belwacht.Outcome) error { note(func() { count(run, o, seen) }); return nil },
		Progress: func(bytes, rows int64) {
			note(func() { run.Share, run.Rows = min(float64(bytes)/float64(size), 1), rows })
		},
		Note: func(s string) {
			note(func() {
				if len(run.Notes) < notesShown {
					run.Notes = append(run.Notes, text.Clean(strings.ReplaceAll(s, path, run.Name), 300))
				}
			})
		}})
	if err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), path, run.Name))
	}
	learned := w.adopt(state)
	note(func() {
		run.Rows, run.Rejected, run.Learned = read.Rows, read.Rejected, learned
		for _, o := range seen {
			run.Seen = append(run.Seen, *o)
		}
		slices.SortFunc(run.Seen, func(a, b setup.Offer) int { return cmp.Compare(b.Calls, a.Calls) })
		alerts := slices.Clone(read.Alerts)
		slices.SortStableFunc(alerts, func(a, b belwacht.Alert) int { return cmp.Or(int(b.Word)-int(a.Word), int(b.Last-a.Last)) })
		for i := range alerts[:min(len(alerts), alertsShown)] {
			a := &alerts[i]
			run.Alerts = append(run.Alerts, setup.Alert{Time: a.First, Reason: text.MaskProse(a.Reason), ReasonNL: text.MaskProse(a.ReasonNL)})
		}
		run.More = max(len(alerts)-alertsShown, 0)
	})
	return nil
}

// adopt makes what was learned the guard's, where nothing is kept of any organisation yet.
func (w *Wizard) adopt(state string) bool {
	look, err := w.Owner.File.Look()
	if w.Adopt == nil || err != nil {
		return false
	}
	for _, t := range look.Config.All() {
		if w.Owner.Kept != nil && w.Owner.Kept(t.Name) {
			return false
		}
	}
	f, err := os.Open(state)
	if err != nil {
		return false
	}
	defer f.Close()
	if err := w.Adopt(f); err != nil {
		w.Log.Warn("what was learned from past records is not taken up", "event", "setup.not-adopted", "error", err)
		return false
	}
	return true
}

// count adds a call to what was read.
func count(run *setup.Import, o *belwacht.Outcome, seen map[belwacht.Country]*setup.Offer) {
	run.Calls++
	if run.First == 0 || o.Call.Start < run.First {
		run.First = o.Call.Start
	}
	run.Last = max(run.Last, o.Call.Start)
	if o.Start != nil && o.Start.Word >= belwacht.Refuse || o.Ended != nil {
		run.Refused++
		run.Cost += o.Cost
		return // where it went says nothing of relations
	}
	n := &o.Number
	if n.Country.Index() == 0 || n.Class == belwacht.ClassSocial || n.Class == belwacht.ClassEmergency {
		return
	}
	if seen[n.Country] == nil {
		seen[n.Country] = &setup.Offer{Country: n.Country}
	}
	seen[n.Country].Calls++
	seen[n.Country].Cost += o.Cost
}
