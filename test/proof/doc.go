// Package proof proves the live guard as a whole: it plays an Asterisk that says what a real one says, to the guard or to the real program, and looks at what
// comes of it. Nothing imports it.
//
// The short forms run with all tests; BELWACHT_ACCEPT=live (make accept-live) plays them at their full length.
package proof
