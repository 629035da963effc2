// Package text writes what people read: amounts, lengths of time, counts, dates and telephone numbers, in English and Dutch, and
// makes strings that came from strangers fit to be shown.
//
// Everything a caller can choose (caller name, dialled string, user agent) passes [Clean] before it reaches a terminal, a log or a
// sentence: it takes out what moves a cursor, turns the direction of writing or hides, and bounds the length. Escaping for HTML and CSV is
// the writer's own task; Clean is no substitute for it. ([CSVCell] does it for CSV.)
//
// A file of records comes in any encoding; [EncodingOf] finds it.
//
// Telephone numbers in logs pass [Mask], since who called whom is personal data.
//
// There is no catalogue: each function says its few words in both languages side by side, so that one cannot be changed without
// seeing the other. All functions are safe for concurrent use.
package text
