package lang

import (
	"fmt"
	"time"
)

var months = [...]string{
	M("January"), M("February"), M("March"), M("April"), M("May"), M("June"),
	M("July"), M("August"), M("September"), M("October"), M("November"), M("December"),
}

var weekdays = [...]string{
	M("Sunday"), M("Monday"), M("Tuesday"), M("Wednesday"), M("Thursday"), M("Friday"), M("Saturday"),
}

// Clock returns hours and minutes.
func Clock(t time.Time) string {
	l := Now()
	if !l.HalfDays() {
		return l.digits(t.Format("15:04"))
	}
	half := C("time", "am")
	if t.Hour() >= 12 {
		half = C("time", "pm")
	}
	return l.digits(t.Format("3:04")) + "\u00a0" + half
}

// Elapsed returns a time that has passed as clocks count it: 0:42, 3:00:30.
func Elapsed(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	text := fmt.Sprintf("%d:%02d", s/60, s%60)
	if s >= 3600 {
		text = fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return Now().digits(text)
}

// Date returns a whole date with its weekday.
func Date(t time.Time) string {
	l := Now()
	return plain(T("{weekday} {day} {month} {year}"),
		"{weekday}", T(weekdays[t.Weekday()]), "{day}", l.digits(t.Format("2")), "{month}", T(months[t.Month()-1]), "{year}", l.digits(t.Format("2006")))
}

// Weekday returns a weekday's name.
func Weekday(d time.Weekday) string { return T(weekdays[d]) }

// Written returns a whole date without its weekday.
func Written(t time.Time) string {
	l := Now()
	return plain(T("{day} {month} {year}"),
		"{day}", l.digits(t.Format("2")), "{month}", T(months[t.Month()-1]), "{year}", l.digits(t.Format("2006")))
}

// Day returns a date with its weekday, without its year.
func Day(t time.Time) string {
	l := Now()
	return plain(C("date without year", "{weekday}, {day} {month}"),
		"{weekday}", T(weekdays[t.Weekday()]), "{day}", l.digits(t.Format("2")), "{month}", T(months[t.Month()-1]))
}

// ShortDate returns a date without its year, in few letters.
func ShortDate(t time.Time) string {
	l := Now()
	return plain(C("short date", "{weekday} {day} {month}"),
		"{weekday}", ShortWeekday(t.Weekday()), "{day}", l.digits(t.Format("2")), "{month}", ShortMonth(t.Month()))
}

// Month returns a month and its year.
func Month(t time.Time) string {
	return plain(T("{month} {year}"), "{month}", T(months[t.Month()-1]), "{year}", Now().digits(t.Format("2006")))
}

// ShortMonth returns a month in few letters.
func ShortMonth(m time.Month) string {
	return C("short month", [...]string{
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
	}[m-1])
}

// ShortWeekday returns a weekday in few letters.
func ShortWeekday(d time.Weekday) string {
	return C("short weekday", [...]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}[d])
}

// TinyWeekday heads a column of a calendar.
func TinyWeekday(d time.Weekday) string {
	return C("tiny weekday", [...]string{"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"}[d])
}
