package api

import (
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
)

// What one may ask, and how many are counted apart; who does not fit shares the last one's count.
const (
	quota      = 600 // requests within a window
	window     = time.Minute
	countsMost = 10_000
)

// counting is what one has asked in a window.
type counting struct {
	began time.Time
	n     int
}

// counts are the requests of each key, of each user, and of each address that shows neither. The zero value is ready; safe for concurrent use.
type counts struct {
	mu     sync.Mutex
	all    map[string]*counting
	purged time.Time
}

// take counts one request, and says how many are left in how many seconds; below zero it is one too many.
func (c *counts) take(key string, now time.Time) (left int, seconds int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x := c.all[key]
	if x == nil {
		if c.all == nil {
			c.all = make(map[string]*counting)
		}
		if len(c.all) >= countsMost && now.Sub(c.purged) >= time.Second { // a flood of addresses must not make each of its requests dear
			c.purged = now
			for k, o := range c.all {
				if now.Sub(o.began) >= window {
					delete(c.all, k)
				}
			}
		}
		if len(c.all) >= countsMost {
			key = "all others"
			x = c.all[key]
		}
		if x == nil {
			x = &counting{began: now}
			c.all[key] = x
		}
	}
	if now.Sub(x.began) >= window {
		*x = counting{began: now}
	}
	x.n++
	return quota - x.n, int64((x.began.Add(window).Sub(now) + time.Second - 1) / time.Second)
}

// asker names who asks, for counting.
func asker(v *web.Visitor, r *http.Request) string {
	switch {
	case v == nil:
		from, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil {
			return "from nowhere"
		}
		return access.SourceKey(from.Addr())
	case v.Person != nil:
		return "user " + v.Person.User.ID + " " + v.Person.Key
	}
	return "name " + v.Name
}

// limit counts a request and says in headers what is left (draft-ietf-httpapi-ratelimit-headers-10); one too many is answered with 429 and Retry-After (RFC 6585 §4).
// It says whether the request may go on.
func (c *counts) limit(w http.ResponseWriter, key string, now time.Time) bool {
	left, seconds := c.take(key, now)
	h := w.Header()
	h.Set("RateLimit-Policy", fmt.Sprintf(`"default";q=%d;w=%d`, quota, int(window.Seconds())))
	h.Set("RateLimit", fmt.Sprintf(`"default";r=%d;t=%d`, max(left, 0), seconds))
	if left >= 0 {
		return true
	}
	h.Set("Retry-After", fmt.Sprint(seconds))
	tell(w, http.StatusTooManyRequests, "too_many", fmt.Sprintf("more than %d requests within a minute; wait %d s", quota, seconds))
	return false
}
