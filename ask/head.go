package ask

import (
	"bytes"
	"strings"
)

// head is what of a request's head an answer depends on.
type head struct {
	length  int    // of the body
	json    bool   // the question is JSON
	accepts bool   // JSON is accepted
	last    bool   // the client closes the connection behind the answer
	bearer  string // the secret in an Authorization header
}

// readHead reads the head of a plain question (RFC 9112), up to and with the empty line: POST /ask with a length and headers of which none changes what the
// message is. Of anything else, right or wrong, it says false: that is net/http's to answer.
func readHead(b []byte) (h head, ok bool) {
	line, b, ok := bytes.Cut(b, []byte("\r\n"))
	if !ok || string(line) != "POST /ask HTTP/1.1" {
		return h, false
	}
	h.length = -1
	var seen struct{ host, kind, accept, authorization, connection bool }
	for len(b) > 2 {
		line, b, _ = bytes.Cut(b, []byte("\r\n"))
		name, value, ok := bytes.Cut(line, []byte{':'})
		value = bytes.Trim(value, " \t")
		if !ok || !token(name) || !visible(value) {
			return h, false
		}
		switch len(name) {
		case 4:
			if is(name, "host") {
				if seen.host || !plainHost(value) {
					return h, false
				}
				seen.host = true
			}
		case 6:
			switch {
			case is(name, "accept"):
				h.accepts = bytes.Contains(value, []byte("application/json"))
				ok = first(&seen.accept)
			case is(name, "expect"):
				return h, false
			}
		case 7:
			if is(name, "upgrade") || is(name, "trailer") {
				return h, false
			}
		case 10:
			if is(name, "connection") {
				h.last = is(value, "close")
				ok = first(&seen.connection) && (h.last || is(value, "keep-alive"))
			}
		case 12:
			if is(name, "content-type") {
				h.json = bytes.HasPrefix(value, []byte("application/json"))
				ok = first(&seen.kind)
			}
		case 13:
			if is(name, "authorization") {
				if token, yes := strings.CutPrefix(string(value), "Bearer "); yes {
					h.bearer = token
				}
				ok = first(&seen.authorization)
			}
		case 14:
			if is(name, "content-length") {
				ok = h.length < 0 && h.setLength(value)
			}
		case 17:
			if is(name, "transfer-encoding") {
				return h, false
			}
		}
		if !ok {
			return h, false
		}
	}
	return h, seen.host && h.length >= 0
}

// first notes that something was seen; false where it was before.
func first(seen *bool) bool {
	again := *seen
	*seen = true
	return !again
}

// setLength takes the length of the body; false where it is none, or more than a question has.
func (h *head) setLength(digits []byte) bool {
	if len(digits) == 0 || len(digits) > 4 {
		return false
	}
	h.length = 0
	for _, c := range digits {
		if c < '0' || c > '9' {
			return false
		}
		h.length = 10*h.length + int(c-'0')
	}
	return h.length <= maxBody
}

// is says whether b is a word of small letters and dashes, in letters of either size.
func is(b []byte, word string) bool {
	if len(b) != len(word) {
		return false
	}
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != word[i] {
			return false
		}
	}
	return true
}

// token says whether a header's name is made of letters, digits and dashes, as all are that anybody sends.
func token(b []byte) bool {
	for _, c := range b {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return len(b) > 0
}

// visible says whether a header's value is printable ASCII.
func visible(b []byte) bool {
	for _, c := range b {
		if (c < ' ' || c > '~') && c != '\t' {
			return false
		}
	}
	return true
}

// plainHost says whether a host is written as a name or an address with or without a port.
func plainHost(b []byte) bool {
	for _, c := range b {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != ':' {
			return false
		}
	}
	return len(b) > 0
}
