package stage

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/belwacht/belwacht/app/demo"
	"github.com/belwacht/belwacht/text"
)

// played is what a stage shows of the demo that newcomers see.
func played(ctx context.Context, t *testing.T, s *Stage) string {
	t.Helper()
	var out bytes.Buffer
	s.Out, s.Now = &out, time.Now
	if err := s.Play(ctx, demo.Seed, nil); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestTerminal: on a terminal each day has a heading, the attacker's calls are marked, and no line is wider than it.
func TestTerminal(t *testing.T) {
	shown := played(t.Context(), t, &Stage{Terminal: true, Width: 100, Language: text.Dutch})
	for _, want := range []string{"Belwacht aan het werk", "leert wat gewoon is", "\r\x1b[K", "▌ ", "✓ ", "zonder Belwacht nu", "Wat u zag: iemand gebruikte toestel", "Wat nu"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not shown", want)
		}
	}
	for line := range strings.SplitSeq(regexp.MustCompile("\r\x1b\\[K").ReplaceAllString(shown, "\n"), "\n") {
		if n := utf8.RuneCountInString(line); n > 100 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// TestPlain: without a terminal there is a line a decision, and nothing but text.
func TestPlain(t *testing.T) {
	shown := played(t.Context(), t, &Stage{Width: 80})
	if strings.ContainsAny(shown, "\r\x1b") || strings.Contains(shown, "without Belwacht") {
		t.Errorf("it draws where nobody looks:\n%s", shown)
	}
	if n := len(regexp.MustCompile(`(?m)^20\S+ (refuse|end) `).FindAllString(shown, -1)); n < 3 {
		t.Errorf("%d calls are refused or ended:\n%s", n, shown)
	}
}

// TestStops says so where it is interrupted.
func TestStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if shown := played(ctx, t, &Stage{Width: 80}); !strings.Contains(shown, "Stopped before the end.") {
		t.Errorf("it is not said that it was stopped:\n%s", shown)
	}
}
