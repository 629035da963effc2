package yaml

// Nearest is the word among names that a person most likely meant by word: the one with the fewest letters changed, left out, added
// or swapped (the optimal string alignment distance), if those are at most a third of its length.
func Nearest(word string, names []string) (string, bool) {
	best, name := (len(word)+1)/3+1, ""
	if len(word) > 64 {
		return "", false
	}
	for _, n := range names {
		if d := distance(word, n); d < best || d == best && name == "" {
			best, name = d, n
		}
	}
	return name, name != "" && best <= max(1, (len(word)+1)/3)
}

// distance counts the edits between two short words, letters in either case being the same.
func distance(a, b string) int {
	lower := func(c byte) byte {
		if c >= 'A' && c <= 'Z' {
			return c | 0x20
		}
		if c == '-' {
			return '_'
		}
		return c
	}
	prev2, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if lower(a[i-1]) == lower(b[j-1]) {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && lower(a[i-1]) == lower(b[j-2]) && lower(a[i-2]) == lower(b[j-1]) {
				row[j] = min(row[j], prev2[j-2]+1)
			}
		}
		prev2, prev, row = prev, row, prev2
	}
	return prev[len(b)]
}
