// Package calendar knows when an organisation works: its time zone, office hours with breaks, public holidays and own closing days.
//
// [New] makes a [Calendar] from the owner's words; [Calendar.At] says of an instant which local hour of the week, day and month it is,
// and whether the office is open. At stands in the call path: it reads tables made at the start (zone changes, a bit a day for
// holidays, a bit a minute of the week for hours), takes no lock and allocates nothing.
//
// Public holidays are those of rickar/cal, for the countries it has; of a country whose states or cantons differ (Australia,
// Switzerland) only the days that all of them keep. Two Dutch days need the owner's word, since the law leaves them to the
// employer: 5 May, which most employers give once in five years only, and Good Friday, which most work.
//
// The tables reach from 2000 to 2100; an instant outside them is answered too, by the standard library and without holidays.
package calendar
