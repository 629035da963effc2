package simulate

// nation is a country as its own people dial it: the plan, the numbers with a meaning, its holidays and its neighbours.
type nation struct {
	iso, zone     string
	international string   // prefix for abroad
	trunk         string   // prefix of national numbers, "" where there is none
	lengths       []int    // digits of national numbers where there is no trunk prefix
	emergency     []string // numbers that are dialled in an emergency
	social        []string // helplines and the like, as dialled
	free          string   // leading digits of freephone numbers, national significant
	freeLen       int
	premium       []string // leading digits of premium numbers, national significant
	premiumLen    int
	shared        string // leading digits of shared-cost or company-wide numbers
	sharedLen     int
	lunch         float64 // hour at which lunch begins
	opens, closes float64 // usual office hours
	friends       string  // countries that its firms call, the nearest first
	holidays      string  // see calendar.go
}

// nations are the countries in which organisations can stand.
func nations() []nation {
	return []nation{
		{iso: "NL", zone: "Europe/Amsterdam", international: "00", trunk: "0", emergency: split("112"), social: split("113 116123 144 09008844"),
			free: "800", freeLen: 7, premium: split("900 906 909"), premiumLen: 7, shared: "88", sharedLen: 9, lunch: 12.2, opens: 8.2, closes: 17.6,
			friends: "BE DE GB FR US ES IT PL CH AT SE DK TR CN IN PT", holidays: "01-01 E+1 04-27 E+39 E+50 12-25 12-26"},
		{iso: "BE", zone: "Europe/Brussels", international: "00", trunk: "0", emergency: split("112 100 101"), social: split("116000 107 103"),
			free: "800", freeLen: 8, premium: split("902 903 904 905 906"), premiumLen: 8, shared: "78", sharedLen: 8, lunch: 12.3, opens: 8.5, closes: 17.4,
			friends: "NL FR DE LU GB US IT ES CH MA TR PL CD PT", holidays: "01-01 E+1 05-01 E+39 E+50 07-21 08-15 11-01 11-11 12-25"},
		{iso: "DE", zone: "Europe/Berlin", international: "00", trunk: "0", emergency: split("112 110"), social: split("116117 116116 08001110111"),
			free: "800", freeLen: 10, premium: split("9001 9003 9005"), premiumLen: 10, shared: "180", sharedLen: 10, lunch: 12, opens: 7.6, closes: 17,
			friends: "AT CH NL FR IT PL GB US CZ ES BE TR HU CN DK RO", holidays: "01-01 E-2 E+1 05-01 E+39 E+50 10-03 12-25 12-26"},
		{iso: "FR", zone: "Europe/Paris", international: "00", trunk: "0", emergency: split("112 15 17 18"), social: split("114 115 119 3919"),
			free: "805", freeLen: 9, premium: split("891 892 897 899"), premiumLen: 9, shared: "826", sharedLen: 9, lunch: 12.6, opens: 8.8, closes: 18.2,
			friends: "BE DE ES IT GB CH LU MA TN DZ US PT NL SN CI", holidays: "01-01 E+1 05-01 05-08 E+39 E+50 07-14 08-15 11-01 11-11 12-25"},
		{iso: "ES", zone: "Europe/Madrid", international: "00", lengths: []int{9}, emergency: split("112 061 062 091 092"), social: split("016 024 116111"),
			free: "900", freeLen: 9, premium: split("803 806 807"), premiumLen: 9, shared: "902", sharedLen: 9, lunch: 14, opens: 9, closes: 18.8,
			friends: "PT FR DE IT GB MX AR CO MA US NL BE CL PE", holidays: "01-01 01-06 E-2 05-01 08-15 10-12 11-01 12-06 12-08 12-25"},
		{iso: "IT", zone: "Europe/Rome", international: "00", lengths: []int{9, 10, 11}, emergency: split("112 113 115 118"), social: split("116117 114 1522"),
			free: "800", freeLen: 9, premium: split("899 895 892"), premiumLen: 9, shared: "848", sharedLen: 9, lunch: 13, opens: 8.6, closes: 18.2,
			friends: "DE FR CH ES GB AT RO US SI AL PL NL CN TN", holidays: "01-01 01-06 E+1 04-25 05-01 06-02 08-15 11-01 12-08 12-25 12-26"},
		{iso: "GB", zone: "Europe/London", international: "00", trunk: "0", emergency: split("999 112"), social: split("111 101 116123"),
			free: "800", freeLen: 10, premium: split("909 911 982"), premiumLen: 10, shared: "333", sharedLen: 10, lunch: 12.6, opens: 8.8, closes: 17.4,
			friends: "IE US FR DE NL ES IN AU PL CA ZA PK NG IT", holidays: "01-01 E-2 E+1 05-04 05-25 08-31 12-25 12-28"},
		{iso: "US", zone: "America/New_York", international: "011", trunk: "1", emergency: split("911"), social: split("988 211 311"),
			free: "888", freeLen: 10, premium: split("900"), premiumLen: 10, shared: "877", sharedLen: 10, lunch: 12.1, opens: 8.3, closes: 17.4,
			friends: "CA MX GB IN DE FR PH BR JP AU CN IL DO CO", holidays: "01-01 01-19 05-25 07-03 09-07 11-26 11-27 12-25"},
		{iso: "PL", zone: "Europe/Warsaw", international: "00", lengths: []int{9}, emergency: split("112 997 998 999"), social: split("116123 116111"),
			free: "800", freeLen: 9, premium: split("701 703 708"), premiumLen: 9, shared: "801", sharedLen: 9, lunch: 12.8, opens: 7.6, closes: 16.6,
			friends: "DE UA CZ GB SK NL IT FR LT NO SE US AT", holidays: "01-01 01-06 E+1 05-01 05-03 E+60 08-15 11-01 11-11 12-25 12-26"},
		{iso: "PT", zone: "Europe/Lisbon", international: "00", lengths: []int{9}, emergency: split("112"), social: split("808242424 116111 144"),
			free: "800", freeLen: 9, premium: split("760 761"), premiumLen: 9, shared: "808", sharedLen: 9, lunch: 13, opens: 9, closes: 18.4,
			friends: "ES FR BR GB DE CH AO MZ LU NL US CV", holidays: "01-01 E-2 04-25 05-01 E+60 06-10 08-15 10-05 11-01 12-01 12-08 12-25"},
		{iso: "SE", zone: "Europe/Stockholm", international: "00", trunk: "0", emergency: split("112"), social: split("1177 11414 116111"),
			free: "20", freeLen: 8, premium: split("900 939 944"), premiumLen: 8, shared: "77", sharedLen: 9, lunch: 11.6, opens: 7.8, closes: 16.8,
			friends: "NO DK FI DE GB NL US PL EE FR ES", holidays: "01-01 01-06 E-2 E+1 05-01 E+39 06-19 12-24 12-25 12-26"},
		{iso: "AT", zone: "Europe/Vienna", international: "00", trunk: "0", emergency: split("112 122 133 144"), social: split("142 147 116123"),
			free: "800", freeLen: 9, premium: split("900 930 939"), premiumLen: 9, shared: "810", sharedLen: 9, lunch: 12, opens: 7.7, closes: 16.9,
			friends: "DE CH IT HU SI CZ SK HR PL RO GB US RS", holidays: "01-01 01-06 E+1 05-01 E+39 E+50 E+60 08-15 10-26 11-01 12-08 12-25 12-26"},
		{iso: "CH", zone: "Europe/Zurich", international: "00", trunk: "0", emergency: split("112 117 118 144"), social: split("143 147 145"),
			free: "800", freeLen: 9, premium: split("900 901 906"), premiumLen: 9, shared: "848", sharedLen: 9, lunch: 12, opens: 7.8, closes: 17.4,
			friends: "DE FR IT AT LI GB US ES PT NL RS XK TR", holidays: "01-01 01-02 E-2 E+1 E+39 E+50 08-01 12-25 12-26"},
		{iso: "IE", zone: "Europe/Dublin", international: "00", trunk: "0", emergency: split("112 999"), social: split("116123 116111"),
			free: "1800", freeLen: 10, premium: split("1520 1530 1550"), premiumLen: 10, shared: "818", sharedLen: 9, lunch: 12.9, opens: 8.8, closes: 17.4,
			friends: "GB US DE FR PL ES NL IN BR IT", holidays: "01-01 02-02 03-17 E+1 05-04 06-01 08-03 10-26 12-25 12-26"},
		{iso: "DK", zone: "Europe/Copenhagen", international: "00", lengths: []int{8}, emergency: split("112 114"), social: split("70201201 116111"),
			free: "80", freeLen: 8, premium: split("90"), premiumLen: 8, shared: "70", sharedLen: 8, lunch: 11.8, opens: 7.8, closes: 16.4,
			friends: "SE NO DE GB NL PL US FR IS GL FO", holidays: "01-01 E-3 E-2 E+1 E+39 E+50 06-05 12-24 12-25 12-26"},
		{iso: "NO", zone: "Europe/Oslo", international: "00", lengths: []int{8}, emergency: split("112 110 113"), social: split("116117 116111"),
			free: "800", freeLen: 8, premium: split("820 829"), premiumLen: 8, shared: "810", sharedLen: 8, lunch: 11.5, opens: 7.8, closes: 16.2,
			friends: "SE DK GB DE PL NL FI US LT ES", holidays: "01-01 E-3 E-2 E+1 05-01 05-17 E+39 E+50 12-25 12-26"},
		{iso: "FI", zone: "Europe/Helsinki", international: "00", trunk: "0", emergency: split("112"), social: split("116117 116111"),
			free: "800", freeLen: 8, premium: split("600 700"), premiumLen: 8, shared: "29", sharedLen: 8, lunch: 11.3, opens: 7.8, closes: 16.2,
			friends: "SE EE DE NO GB DK RU LV PL US", holidays: "01-01 01-06 E-2 E+1 05-01 E+39 06-19 12-24 12-25 12-26"},
		{iso: "CZ", zone: "Europe/Prague", international: "00", lengths: []int{9}, emergency: split("112 150 155 158"), social: split("116123 116111"),
			free: "800", freeLen: 9, premium: split("900 906 909"), premiumLen: 9, shared: "844", sharedLen: 9, lunch: 11.7, opens: 7.4, closes: 16.4,
			friends: "SK DE PL AT HU UA GB IT FR US RO", holidays: "01-01 E-2 E+1 05-01 05-08 07-06 09-28 10-28 11-17 12-24 12-25"},
		{iso: "LU", zone: "Europe/Luxembourg", international: "00", lengths: []int{6, 8, 9}, emergency: split("112 113"), social: split("116111"),
			free: "800", freeLen: 8, premium: split("900 901 905"), premiumLen: 8, shared: "801", sharedLen: 8, lunch: 12.2, opens: 8.2, closes: 17.4,
			friends: "FR BE DE NL PT GB CH IT US", holidays: "01-01 E+1 05-01 E+39 E+50 06-23 08-15 11-01 12-25 12-26"},
		{iso: "GR", zone: "Europe/Athens", international: "00", lengths: []int{10}, emergency: split("112 100 166 199"), social: split("1056 197"),
			free: "800", freeLen: 10, premium: split("901 909"), premiumLen: 10, shared: "801", sharedLen: 10, lunch: 14, opens: 8.6, closes: 17,
			friends: "CY DE IT GB BG AL TR FR US NL RO", holidays: "01-01 01-06 03-25 05-01 08-15 10-28 12-25 12-26"},
		{iso: "CA", zone: "America/Toronto", international: "011", trunk: "1", emergency: split("911"), social: split("988 211"),
			free: "866", freeLen: 10, premium: split("900"), premiumLen: 10, shared: "877", sharedLen: 10, lunch: 12.1, opens: 8.3, closes: 17,
			friends: "US GB FR IN MX DE CN PH JM", holidays: "01-01 E-2 05-18 07-01 09-07 10-12 12-25 12-28"},
	}
}
