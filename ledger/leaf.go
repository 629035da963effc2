package ledger

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/belwacht/belwacht"
)

// form is the first line of a leaf: what it is, and the version of its form.
const form = "belwacht.entry/1"

// Seal bounds an entry's strings, gives it a random key and sums them with it.
func Seal(e *belwacht.Entry) {
	e.Bound()
	_, _ = rand.Read(e.Key[:]) // never fails (crypto/rand)
	e.Sum = sum(e)
}

// sum is the keyed hash over all of an entry that retention deletes. JSON keeps the strings apart.
func sum(e *belwacht.Entry) (s [32]byte) {
	said, err := json.Marshal([]string{e.Who, e.User, e.Via, e.From, e.Tenant, e.Subject, e.Detail, e.Why, e.Failed})
	if err != nil {
		panic("internal error: strings have no JSON") // they always have
	}
	h := hmac.New(sha256.New, e.Key[:])
	h.Write(said)
	h.Sum(s[:0])
	return s
}

// Intact says whether an entry's readable part is as it was summed. Of a forgotten one nothing is left that could be wrong.
func Intact(e *belwacht.Entry) bool {
	return e.Forgotten || sum(e) == e.Sum
}

// Leaf is what the tree holds of an entry; its position must be known.
func Leaf(e *belwacht.Entry) []byte {
	return fmt.Appendf(nil, "%s\n%d %d %s %t\n%s\n", form, e.Position, int64(e.Time), e.Act, e.Weakens, base64.StdEncoding.EncodeToString(e.Sum[:]))
}

// Node is one hash of the tree, by its index among all (tlog.StoredHashIndex).
type Node struct {
	Index int64
	Hash  [32]byte
}

// Grow gives the hashes that a leaf adds to a tree of so many leaves, in the order of their indexes, which follow those that are there. read gives
// hashes that are there.
func Grow(size uint64, leaf []byte, read func(indexes []int64) ([][32]byte, error)) ([]Node, error) {
	hashes, err := tlog.StoredHashes(int64(size), leaf, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found, err := read(indexes)
		if err != nil {
			return nil, err
		}
		list := make([]tlog.Hash, len(found))
		for i := range found {
			list[i] = found[i]
		}
		return list, nil
	}))
	if err != nil {
		return nil, err
	}
	nodes := make([]Node, len(hashes))
	for i, first := 0, tlog.StoredHashCount(int64(size)); i < len(hashes); i++ {
		nodes[i] = Node{first + int64(i), hashes[i]}
	}
	return nodes, nil
}

// tree is the right edge of a tree that grows leaf by leaf: the roots of its full subtrees, the largest first. It needs no other hash.
type tree struct {
	size int64
	edge []tlog.Hash
}

// add adds a leaf and calls seen with each hash that it makes.
func (t *tree) add(leaf []byte, seen func(Node)) {
	h := tlog.RecordHash(leaf)
	n := t.size
	seen(Node{tlog.StoredHashIndex(0, n), h})
	for level := 0; t.size>>level&1 == 1; level++ {
		last := len(t.edge) - 1
		h = tlog.NodeHash(t.edge[last], h)
		t.edge = t.edge[:last]
		n >>= 1
		seen(Node{tlog.StoredHashIndex(level+1, n), h})
	}
	t.edge = append(t.edge, h)
	t.size++
}

// root is the tree's hash (RFC 6962 §2.1).
func (t *tree) root() tlog.Hash {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	h := t.edge[len(t.edge)-1]
	for i := len(t.edge) - 2; i >= 0; i-- {
		h = tlog.NodeHash(t.edge[i], h)
	}
	return h
}
