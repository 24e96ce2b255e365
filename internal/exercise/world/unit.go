package world

import "time"

// Unit is one of the twelve national units that hand in leads.
type Unit struct {
	Code    string // "BE": country, and name of the unit in the exercise
	Name    string
	Desk    string   // code a letter carries in place of a person's name
	Reads   []string // languages its officers read
	weight  int      // share of the leads
	columns int      // which columns its spreadsheets have
}

// Units of the twelve states. The first leads the action.
func units() []Unit {
	return []Unit{
		{Code: "BE", Name: "Exercise unit Belgium", Reads: []string{"nl", "fr", "ar", "en"}, weight: 16},
		{Code: "FR", Name: "Exercise unit France", Reads: []string{"fr", "ar", "en"}, weight: 14},
		{Code: "DE", Name: "Exercise unit Germany", Reads: []string{"de", "ar", "tr", "en"}, weight: 13},
		{Code: "ES", Name: "Exercise unit Spain", Reads: []string{"es", "ar", "en"}, weight: 12},
		{Code: "NL", Name: "Exercise unit Netherlands", Reads: []string{"nl", "ar", "en"}, weight: 9},
		{Code: "IT", Name: "Exercise unit Italy", Reads: []string{"en", "ar", "fr"}, weight: 8},
		{Code: "SE", Name: "Exercise unit Sweden", Reads: []string{"en", "ar"}, weight: 6},
		{Code: "DK", Name: "Exercise unit Denmark", Reads: []string{"en", "ar", "de"}, weight: 5},
		{Code: "PL", Name: "Exercise unit Poland", Reads: []string{"en", "ru"}, weight: 5},
		{Code: "BG", Name: "Exercise unit Bulgaria", Reads: []string{"ru", "tr", "en"}, weight: 5},
		{Code: "PT", Name: "Exercise unit Portugal", Reads: []string{"es", "en"}, weight: 4},
		{Code: "HR", Name: "Exercise unit Croatia", Reads: []string{"en", "id"}, weight: 3},
	}
}

// The four days, in the civil time of the lead unit (Brussels, UTC+1 in
// November).
var (
	// Start is the morning the collection opens.
	Start = time.Date(2019, 11, 21, 7, 0, 0, 0, time.UTC)
	// Release is the hour before which nothing leaves.
	Release = time.Date(2019, 11, 21, 13, 0, 0, 0, time.UTC)
	// LastHandIn is when the last lists of the four days come in.
	LastHandIn = time.Date(2019, 11, 24, 17, 0, 0, 0, time.UTC)
	// End closes the action days; watching begins.
	End = time.Date(2019, 11, 24, 19, 0, 0, 0, time.UTC)
	// Horizon ends the watching, thirty days later.
	Horizon = End.AddDate(0, 0, 30)
	// LastReturn is when the last return may appear, so that what comes back
	// can still be found and answered within the exercise.
	LastReturn = Horizon.AddDate(0, 0, -5)
)

// HandInHours are the hours of each day (UTC) at which units hand in a list.
var handInHours = [...]int{7, 9, 11, 13, 15, 17}

// dayWeights say how the leads spread over the four days.
var dayWeights = []int{38, 32, 18, 12}
