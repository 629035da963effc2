package doctor

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/belwacht/belwacht/text"
)

// ports looks at where the PBX asks: whether Belwacht listens there, or somebody else.
type ports struct{}

// Look implements Check.
func (c ports) Look(ctx context.Context, p *Patient) (out []Result) {
	for _, x := range p.live.PBX {
		if x.Ask.Listen != "" {
			out = append(out, c.http(ctx, x.Ask.Listen))
		}
		if x.Ask.FastAGI != "" {
			out = append(out, c.fastAGI(x.Ask.FastAGI))
		}
	}
	return out
}

// free says whether nobody listens at an address.
func free(address string) bool {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return false
	}
	return l.Close() == nil
}

// notRunning is what is said of an address where nobody listens.
func notRunning(address string) Result {
	return Result{"ports", Warning, text.Say("Nobody listens on %s: Belwacht does not run, and every call goes as when_down says.",
		"Niemand luistert op %s: Belwacht draait niet, en elk gesprek gaat zoals when_down zegt.", address), text.Say("Start Belwacht.", "Start Belwacht.")}
}

// http tells Belwacht from others by a request that is no question: /ask takes nothing but POST.
func (ports) http(ctx context.Context, address string) Result {
	if free(address) {
		return notRunning(address)
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	other := Result{"ports", Wrong, text.Say("Another program than Belwacht listens on %s, and the PBX asks it.",
		"Een ander programma dan Belwacht luistert op %s, en de PBX vraagt het daar.",
		address), text.Say("Stop it, or choose another address for ask and run belwacht connect again.",
		"Stop dat, of kies een ander adres voor ask en voer belwacht connect opnieuw uit.")}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/ask", nil)
	if err != nil {
		return other
	}
	transport := &http.Transport{DisableKeepAlives: true} // and no proxy
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return other
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusMethodNotAllowed || answer.Header.Get("Allow") != http.MethodPost {
		return other
	}
	return fine("ports", "Belwacht answers on %s.", "Belwacht antwoordt op %s.", address)
}

// fastAGI cannot tell who listens without asking.
func (ports) fastAGI(address string) Result {
	switch {
	case strings.HasSuffix(address, ":4573"):
		return Result{"ports", Wrong, text.Say("%s is FreePBX's own port.",
			"%s is een poort van FreePBX zelf.", address), text.Say("Choose another for ask.fastagi, such as 4575.",
			"Kies een andere voor ask.fastagi, zoals 4575.")}
	case free(address):
		return notRunning(address)
	}
	return fine("ports", "Somebody listens on %s.", "Er luistert iemand op %s.", address)
}
