// Package test holds the rules that the project keeps itself to, as tests: layers, sizes, documentation, dependencies, and that every
// command named in a document exists. They read the source as it lies, so they fail on the machine of whoever breaks one, with a sentence
// that says what to do.
//
// What concerns one package is tested beside it; commands as a user types them are in cmd/belwacht/testdata.
package test
