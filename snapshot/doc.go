// Package snapshot writes memory to a file and reads it again: the form that counters, profiles and the engine share.
//
// A [Codec] goes both ways. A type describes itself once, in a method that hands each of its fields to the codec; the same method writes
// when the codec saves and fills the fields when it loads, so that the two can never differ:
//
//	func (p *point) state(c *snapshot.Codec) {
//		c.Uint32(&p.x)
//		c.Text(&p.name, 256)
//	}
//
// A file begins with the name of its schema and ends with a SHA-256 sum over everything before. Numbers are varints (as encoding/binary
// has them), so that what is mostly empty is short. A file may come from anywhere: lengths are bounded by whoever reads them, what is
// announced is allocated only as it arrives, and [Load] gives an error in a sentence for another schema, a wrong sum or a cut. What was
// filled by a load that failed must be thrown away; load into something new and put it in place afterwards.
//
// The package knows nothing of telephones and imports nothing of the project. It lies below the counters, beside the nouns.
package snapshot
