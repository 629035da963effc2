package number

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
)

// column is what a column of a rate deck holds.
type column int

const (
	colPrefix column = iota
	colRate
	colRateFirst // the rate of the first interval where it is its own
	colSetup
	colFirst
	colNext
	colUnit // the rate is for so many seconds (Yeastar)
	colCurrency
	colFrom
	colUntil
	colSell
	colDescription
	colForbidden
	colDirection
	columnCount
)

// columns is the place of each column, -1 where the deck has none.
type columns struct {
	at       [columnCount]int
	currency string // said in the header
	scale    int64  // of rates: 60 where they are a second's
	cents    bool   // rates are in hundredths
}

// knownColumns are the names under which each column is known, in capitals and signs as normalHeader leaves them, the surest first. They are those of
// TCXC, Telnyx, DIDWW, Jerasoft, Kazoo, Yeastar, A2Billing and of sheets that come by mail, in English, Dutch and German, and the two that matter in
// French, Spanish and Italian.
func knownColumns() [columnCount][]string {
	split := func(s string) []string { return strings.Split(s, ",") }
	return [columnCount][]string{
		colPrefix: split("prefix,prefixes,destination prefixes,destination prefix,dst prefix,dst code,destination code,match prefix,dial prefix,dial code," +
			"dialcode,dialing code,dialling code,code,codes,number prefix,area code,kengetal,netnummer,landnummer,landcode,vorwahl,e164 prefix,préfixe,prefixe,indicatif,prefijo,prefisso"),
		colRate: split("rate per minute,price per minute,cost per minute,buy rate,buyrate,buying rate,buy price,rate cost,price n,rate,price,buy,cost,rate min,price min," +
			"tarief per minuut,prijs per minuut,inkooptarief,inkoopprijs,inkoop,tarief,prijs,preis,minutenpreis,per minute,minute rate,call rate,tarif,prix,tarifa,precio,tariffa,prezzo"),
		colRateFirst: split("price 1"),
		colSetup: split("connection fee,connect fee,connection cost,connectcharge,connection,connect,setup fee,setup cost,set up fee,set up,setup,sf,rate surcharge," +
			"surcharge,price per call,call setup,initial cost,starttarief,opzetkosten,verbindingskosten,per call"),
		colFirst: split("interval 1,initial increment,first increment,first interval,rate minimum,minimum duration,min duration,initial time s,initial,first,initblock,min,minimum"),
		colNext: split("interval n,recurring increment,next increment,next interval,rate increment,billing increment,billing increments,increment,increments,billingblock," +
			"interval,int,next,rounding"),
		colUnit:     split("billable unit s,billable units,billable unit"),
		colCurrency: split("currency,ccy,valuta,munt,waehrung,währung"),
		colFrom: split("effective from,effective date,effective,valid from,start date,startdate,from,date from,activation date,ingangsdatum,geldig vanaf,vanaf," +
			"gültig ab"),
		colUntil: split("effective to,effective until,valid to,valid until,end date,stopdate,until,expiry date,expires,discontinued,einddatum,geldig tot,tot"),
		colSell:  split("sell rate,selling rate,sell price,sell,retail rate,retail price,retail,rateinitial,customer rate,verkooptarief,verkoopprijs,verkoop"),
		colDescription: split("description,destination,destination name,dst name,code name,name,country,omschrijving,bestemming,land,zone," +
			"network,operator,category"),
		colForbidden: split("forbidden,blocked"),
		colDirection: split("direction"),
	}
}

// configColumns are the names under which RateOptions.Columns knows the columns.
func configColumns() map[string]column {
	return map[string]column{"prefix": colPrefix, "rate": colRate, "setup": colSetup, "first": colFirst, "next": colNext, "currency": colCurrency,
		"from": colFrom, "until": colUntil, "sell": colSell, "description": colDescription}
}

func (c *columns) cell(row []string, k column) string {
	if i := c.at[k]; i >= 0 && i < len(row) {
		return strings.TrimSpace(row[i])
	}
	return ""
}

func (c *columns) is(row []string, k column, words ...string) bool {
	v := c.cell(row, k)
	return v != "" && slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(v, w) })
}

// header finds delimiter and columns in the first lines and returns the number of the header's line, 0 where there is none.
func (d *deck) header(head []byte) (line int, err error) {
	delimiters := []rune(",;\t|")
	if d.Delimiter != 0 {
		if d.Delimiter == '"' || d.Delimiter == '\r' || d.Delimiter == '\n' || d.Delimiter == 0xFFFD {
			return 0, belwacht.Errorf(belwacht.Config, "%q separates no columns; use a comma, semicolon, tab or |", d.Delimiter)
		}
		delimiters = []rune{d.Delimiter}
	}
	for name := range d.Columns {
		if _, ok := configColumns()[name]; !ok {
			return 0, belwacht.Errorf(belwacht.Config, "%q is no column of a rate deck; there are %s", name, strings.Join(slices.Sorted(maps.Keys(configColumns())), ", "))
		}
	}
	best, found := 0, rune(0)
	var seen []string
	for _, c := range delimiters {
		d.Delimiter = c
		in := d.csv(bytes.NewReader(head))
		for range headerWithin {
			row, err := in.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || blank(row) {
				continue
			}
			if len(seen) < len(row) && best == 0 && len(row) < 100 {
				seen = slices.Clone(row)
			}
			at, _ := in.FieldPos(0)
			if cols, n, headerless := d.recognise(row); n > best {
				best, found, d.columns, line = n, c, cols, at
				if headerless {
					line = at - 1
				}
			}
		}
	}
	if best == 0 {
		return 0, belwacht.Errorf(belwacht.Invalid, "%s: no header with a prefix and a rate within %d lines (%q); expected is for example prefix,description,rate_per_minute, "+
			"or name the columns in the configuration, by their names or numbers: rates: {columns: {prefix: Code, rate: Tariff}}", d.Name, headerWithin, clip(strings.Join(seen, " | "), 120))
	}
	d.Delimiter = found
	if c := d.columns.currency; c != "" && c != d.Currency {
		return 0, d.otherCurrency(c)
	}
	return line, nil
}

func (d *deck) otherCurrency(c string) error {
	return belwacht.Errorf(belwacht.Invalid, "%s is in %s and the organisation in %s; convert the deck, rates are not exchanged here", d.Name, clip(c, 8), d.Currency)
}

func clip(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "") + "…"
	}
	return s
}

// recognise reads a row as header: how many columns it names, 0 where prefix and rate are not both there. Columns given by number need no header.
func (d *deck) recognise(row []string) (c columns, n int, headerless bool) {
	c.scale = 1
	for k := range c.at {
		c.at[k] = -1
	}
	names := make([]string, len(row))
	plain := make([]string, len(row))
	for i, cell := range row {
		if len(cell) > 100 {
			continue
		}
		names[i] = normalHeader(cell)
		plain[i] = unitless(names[i])
	}
	for k, known := range knownColumns() {
		for _, name := range known {
			i := slices.Index(names, name)
			if i < 0 && name != "" && (column(k) == colRate || column(k) == colSetup || column(k) == colSell) {
				i = slices.Index(plain, name)
			}
			if i >= 0 && !slices.Contains(c.at[:], i) {
				c.at[k] = i
				n++
				break
			}
		}
	}
	numbered := 0
	for key, want := range d.Columns {
		k := configColumns()[key]
		i := slices.Index(names, normalHeader(want))
		if v, err := strconv.Atoi(want); i < 0 && err == nil && v >= 1 && v <= len(row) {
			i = v - 1
			numbered++
		}
		if i < 0 {
			return c, 0, false
		}
		c.at[k] = i
		n++
	}
	if c.at[colPrefix] < 0 || c.at[colRate] < 0 {
		return c, 0, false
	}
	if numbered > 0 {
		if _, reason := readPrefixes(c.cell(row, colPrefix)); reason == "" {
			headerless = true
		}
	}
	c.unit(names[c.at[colRate]])
	return c, n, headerless
}

// normalHeader is a header's cell in small letters with one space for whatever else stands between.
func normalHeader(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r < 0x80 && r != '€' && r != '$' && r != '£' || r == 0xFEFF || r == 0xA0
	}), " ")
}

// unitWords say in what a rate is given, beside its name.
func unitWord(w string) (currency string, seconds, cents, known bool) {
	switch w {
	case "eur", "euro", "€":
		return "EUR", false, false, true
	case "usd", "$", "dollar":
		return "USD", false, false, true
	case "gbp", "£", "pound":
		return "GBP", false, false, true
	case "chf", "pln", "sek", "nok", "dkk", "czk", "huf", "ron", "cad", "aud":
		return strings.ToUpper(w), false, false, true
	case "sec", "second", "seconde", "sekunde":
		return "", true, false, true
	case "ct", "cent", "cents", "eurocent", "pence":
		return "", false, true, true
	case "per", "min", "minute", "minuut", "par", "por", "al", "minuto", "in", "excl", "vat", "btw", "ex", "p":
		return "", false, false, true
	}
	return "", false, false, false
}

// unitless is a normal header without the words of unitWord.
func unitless(name string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(name), func(w string) bool {
		_, _, _, known := unitWord(w)
		return known
	}), " ")
}

// unit takes from the rate column's name what it says of currency, second or cent.
func (c *columns) unit(name string) {
	for _, w := range strings.Fields(name) {
		currency, seconds, cents, _ := unitWord(w)
		if currency != "" {
			c.currency = currency
		}
		if seconds {
			c.scale = 60
		}
		c.cents = c.cents || cents
	}
}
