package invent

// Nation is a country as its own people dial it: the plan, the numbers with a meaning, its holidays and its neighbours.
type Nation struct {
	ISO, Zone     string
	International string   // prefix for abroad
	Trunk         string   // prefix of national numbers, "" where there is none
	Lengths       []int    // digits of national numbers where there is no trunk prefix
	Emergency     []string // numbers that are dialled in an emergency
	Social        []string // helplines and the like, as dialled
	Free          string   // leading digits of freephone numbers, national significant
	FreeLen       int
	premium       []string // leading digits of premium numbers, national significant
	premiumLen    int
	shared        string // leading digits of shared-cost or company-wide numbers
	sharedLen     int
	lunch         float64 // hour at which lunch begins
	Opens, Closes float64 // usual office hours
	friends       string  // countries that its firms call, the nearest first
	Holidays      string  // see calendar.go
}

// Nations are the countries in which organisations can stand.
func Nations() []Nation {
	return []Nation{
		{ISO: "NL", Zone: "Europe/Amsterdam", International: "00", Trunk: "0", Emergency: Split("112"), Social: Split("113 116123 144 09008844"),
			Free: "800", FreeLen: 7, premium: Split("900 906 909"), premiumLen: 7, shared: "88", sharedLen: 9, lunch: 12.2, Opens: 8.2, Closes: 17.6,
			friends: "BE DE GB FR US ES IT PL CH AT SE DK TR CN IN PT", Holidays: "01-01 E+1 04-27 E+39 E+50 12-25 12-26"},
		{ISO: "BE", Zone: "Europe/Brussels", International: "00", Trunk: "0", Emergency: Split("112 100 101"), Social: Split("116000 107 103"),
			Free: "800", FreeLen: 8, premium: Split("902 903 904 905 906"), premiumLen: 8, shared: "78", sharedLen: 8, lunch: 12.3, Opens: 8.5, Closes: 17.4,
			friends: "NL FR DE LU GB US IT ES CH MA TR PL CD PT", Holidays: "01-01 E+1 05-01 E+39 E+50 07-21 08-15 11-01 11-11 12-25"},
		{ISO: "DE", Zone: "Europe/Berlin", International: "00", Trunk: "0", Emergency: Split("112 110"), Social: Split("116117 116116 08001110111"),
			Free: "800", FreeLen: 10, premium: Split("9001 9003 9005"), premiumLen: 10, shared: "180", sharedLen: 10, lunch: 12, Opens: 7.6, Closes: 17,
			friends: "AT CH NL FR IT PL GB US CZ ES BE TR HU CN DK RO", Holidays: "01-01 E-2 E+1 05-01 E+39 E+50 10-03 12-25 12-26"},
		{ISO: "FR", Zone: "Europe/Paris", International: "00", Trunk: "0", Emergency: Split("112 15 17 18"), Social: Split("114 115 119 3919"),
			Free: "805", FreeLen: 9, premium: Split("891 892 897 899"), premiumLen: 9, shared: "826", sharedLen: 9, lunch: 12.6, Opens: 8.8, Closes: 18.2,
			friends: "BE DE ES IT GB CH LU MA TN DZ US PT NL SN CI", Holidays: "01-01 E+1 05-01 05-08 E+39 E+50 07-14 08-15 11-01 11-11 12-25"},
		{ISO: "ES", Zone: "Europe/Madrid", International: "00", Lengths: []int{9}, Emergency: Split("112 061 062 091 092"), Social: Split("016 024 116111"),
			Free: "900", FreeLen: 9, premium: Split("803 806 807"), premiumLen: 9, shared: "902", sharedLen: 9, lunch: 14, Opens: 9, Closes: 18.8,
			friends: "PT FR DE IT GB MX AR CO MA US NL BE CL PE", Holidays: "01-01 01-06 E-2 05-01 08-15 10-12 11-01 12-06 12-08 12-25"},
		{ISO: "IT", Zone: "Europe/Rome", International: "00", Lengths: []int{9, 10, 11}, Emergency: Split("112 113 115 118"), Social: Split("116117 114 1522"),
			Free: "800", FreeLen: 9, premium: Split("899"), premiumLen: 9, shared: "848", sharedLen: 9, lunch: 13, Opens: 8.6, Closes: 18.2,
			friends: "DE FR CH ES GB AT RO US SI AL PL NL CN TN", Holidays: "01-01 01-06 E+1 04-25 05-01 06-02 08-15 11-01 12-08 12-25 12-26"},
		{ISO: "GB", Zone: "Europe/London", International: "00", Trunk: "0", Emergency: Split("999 112"), Social: Split("111 101 116123"),
			Free: "800", FreeLen: 10, premium: Split("909 911 982"), premiumLen: 10, shared: "333", sharedLen: 10, lunch: 12.6, Opens: 8.8, Closes: 17.4,
			friends: "IE US FR DE NL ES IN AU PL CA ZA PK NG IT", Holidays: "01-01 E-2 E+1 05-04 05-25 08-31 12-25 12-28"},
		{ISO: "US", Zone: "America/New_York", International: "011", Trunk: "1", Emergency: Split("911"), Social: Split("988 211 311"),
			Free: "888", FreeLen: 10, premium: Split("900"), premiumLen: 10, shared: "877", sharedLen: 10, lunch: 12.1, Opens: 8.3, Closes: 17.4,
			friends: "CA MX GB IN DE FR PH BR JP AU CN IL DO CO", Holidays: "01-01 01-19 05-25 07-03 09-07 11-26 11-27 12-25"},
		{ISO: "PL", Zone: "Europe/Warsaw", International: "00", Lengths: []int{9}, Emergency: Split("112 997 998 999"), Social: Split("116123 116111"),
			Free: "800", FreeLen: 9, premium: Split("701 703 708"), premiumLen: 9, shared: "801", sharedLen: 9, lunch: 12.8, Opens: 7.6, Closes: 16.6,
			friends: "DE UA CZ GB SK NL IT FR LT NO SE US AT", Holidays: "01-01 01-06 E+1 05-01 05-03 E+60 08-15 11-01 11-11 12-25 12-26"},
		{ISO: "PT", Zone: "Europe/Lisbon", International: "00", Lengths: []int{9}, Emergency: Split("112"), Social: Split("808242424 116111 144"),
			Free: "800", FreeLen: 9, premium: Split("760 761"), premiumLen: 9, shared: "808", sharedLen: 9, lunch: 13, Opens: 9, Closes: 18.4,
			friends: "ES FR BR GB DE CH AO MZ LU NL US CV", Holidays: "01-01 E-2 04-25 05-01 E+60 06-10 08-15 10-05 11-01 12-01 12-08 12-25"},
		{ISO: "SE", Zone: "Europe/Stockholm", International: "00", Trunk: "0", Emergency: Split("112"), Social: Split("1177 11414 116111"),
			Free: "20", FreeLen: 8, premium: Split("900 939 944"), premiumLen: 8, shared: "77", sharedLen: 9, lunch: 11.6, Opens: 7.8, Closes: 16.8,
			friends: "NO DK FI DE GB NL US PL EE FR ES", Holidays: "01-01 01-06 E-2 E+1 05-01 E+39 06-19 12-24 12-25 12-26"},
		{ISO: "AT", Zone: "Europe/Vienna", International: "00", Trunk: "0", Emergency: Split("112 122 133 144"), Social: Split("142 147 116123"),
			Free: "800", FreeLen: 9, premium: Split("900 930 939"), premiumLen: 9, shared: "810", sharedLen: 9, lunch: 12, Opens: 7.7, Closes: 16.9,
			friends: "DE CH IT HU SI CZ SK HR PL RO GB US RS", Holidays: "01-01 01-06 E+1 05-01 E+39 E+50 E+60 08-15 10-26 11-01 12-08 12-25 12-26"},
		{ISO: "CH", Zone: "Europe/Zurich", International: "00", Trunk: "0", Emergency: Split("112 117 118 144"), Social: Split("143 147 145"),
			Free: "800", FreeLen: 9, premium: Split("900 901 906"), premiumLen: 9, shared: "848", sharedLen: 9, lunch: 12, Opens: 7.8, Closes: 17.4,
			friends: "DE FR IT AT LI GB US ES PT NL RS XK TR", Holidays: "01-01 01-02 E-2 E+1 E+39 E+50 08-01 12-25 12-26"},
		{ISO: "IE", Zone: "Europe/Dublin", International: "00", Trunk: "0", Emergency: Split("112 999"), Social: Split("116123 116111"),
			Free: "1800", FreeLen: 10, premium: Split("1520 1530 1550"), premiumLen: 10, shared: "818", sharedLen: 9, lunch: 12.9, Opens: 8.8, Closes: 17.4,
			friends: "GB US DE FR PL ES NL IN BR IT", Holidays: "01-01 02-02 03-17 E+1 05-04 06-01 08-03 10-26 12-25 12-26"},
		{ISO: "DK", Zone: "Europe/Copenhagen", International: "00", Lengths: []int{8}, Emergency: Split("112 114"), Social: Split("70201201 116111"),
			Free: "80", FreeLen: 8, premium: Split("90"), premiumLen: 8, shared: "70", sharedLen: 8, lunch: 11.8, Opens: 7.8, Closes: 16.4,
			friends: "SE NO DE GB NL PL US FR IS GL FO", Holidays: "01-01 E-3 E-2 E+1 E+39 E+50 06-05 12-24 12-25 12-26"},
		{ISO: "NO", Zone: "Europe/Oslo", International: "00", Lengths: []int{8}, Emergency: Split("112 110 113"), Social: Split("116117 116111"),
			Free: "800", FreeLen: 8, premium: Split("820 829"), premiumLen: 8, shared: "810", sharedLen: 8, lunch: 11.5, Opens: 7.8, Closes: 16.2,
			friends: "SE DK GB DE PL NL FI US LT ES", Holidays: "01-01 E-3 E-2 E+1 05-01 05-17 E+39 E+50 12-25 12-26"},
		{ISO: "FI", Zone: "Europe/Helsinki", International: "00", Trunk: "0", Emergency: Split("112"), Social: Split("116117 116111"),
			Free: "800", FreeLen: 8, premium: Split("600 700"), premiumLen: 8, shared: "29", sharedLen: 8, lunch: 11.3, Opens: 7.8, Closes: 16.2,
			friends: "SE EE DE NO GB DK RU LV PL US", Holidays: "01-01 01-06 E-2 E+1 05-01 E+39 06-19 12-24 12-25 12-26"},
		{ISO: "CZ", Zone: "Europe/Prague", International: "00", Lengths: []int{9}, Emergency: Split("112 150 155 158"), Social: Split("116123 116111"),
			Free: "800", FreeLen: 9, premium: Split("900 906 909"), premiumLen: 9, shared: "844", sharedLen: 9, lunch: 11.7, Opens: 7.4, Closes: 16.4,
			friends: "SK DE PL AT HU UA GB IT FR US RO", Holidays: "01-01 E-2 E+1 05-01 05-08 07-06 09-28 10-28 11-17 12-24 12-25"},
		{ISO: "LU", Zone: "Europe/Luxembourg", International: "00", Lengths: []int{6, 8, 9}, Emergency: Split("112 113"), Social: Split("116111"),
			Free: "800", FreeLen: 8, premium: Split("900 901 905"), premiumLen: 8, shared: "801", sharedLen: 8, lunch: 12.2, Opens: 8.2, Closes: 17.4,
			friends: "FR BE DE NL PT GB CH IT US", Holidays: "01-01 E+1 05-01 E+39 E+50 06-23 08-15 11-01 12-25 12-26"},
		{ISO: "GR", Zone: "Europe/Athens", International: "00", Lengths: []int{10}, Emergency: Split("112 100 166 199"), Social: Split("1056 197"),
			Free: "800", FreeLen: 10, premium: Split("901 909"), premiumLen: 10, shared: "801", sharedLen: 10, lunch: 14, Opens: 8.6, Closes: 17,
			friends: "CY DE IT GB BG AL TR FR US NL RO", Holidays: "01-01 01-06 03-25 05-01 08-15 10-28 12-25 12-26"},
		{ISO: "CA", Zone: "America/Toronto", International: "011", Trunk: "1", Emergency: Split("911"), Social: Split("988 211"),
			Free: "866", FreeLen: 10, premium: Split("900"), premiumLen: 10, shared: "877", sharedLen: 10, lunch: 12.1, Opens: 8.3, Closes: 17,
			friends: "US GB FR IN MX DE CN PH JM", Holidays: "01-01 E-2 05-18 07-01 09-07 10-12 12-25 12-28"},
	}
}
