// Package setup is the console's pages that change the configuration: mode, hours, limits, countries, rules, who is told, how long things are kept, what was
// changed and the way back, and the wizard that sets Belwacht up.
//
// A page reads the owner's file by way of [Owner] and sends it edits of single values; what comes of them is checked before anything is written, and shown where
// it lessens protection. Each change is a deed (web.Deeds), of the gravest act among what it changes, so that others are told of it or must agree. What could not
// be saved is on the page again, with what was typed and with the reason; where the file may not be written, the lines are there to be copied.
package setup
