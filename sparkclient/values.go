package sparkclient

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/cockroachdb/apd/v3"
)

// Decimal is an exact decimal number; its Exponent is the column's scale,
// negated.
type Decimal = apd.Decimal

// Date is a calendar day: days since 1970-01-01.
type Date int32

// DateOf is the day of t in t's own time zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return NewDate(y, m, d)
}

// NewDate is the day of the Gregorian calendar.
func NewDate(year int, month time.Month, day int) Date {
	return Date(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), 86400))
}

// Time is the beginning of the day in UTC.
func (d Date) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String is the day as 2006-01-02.
func (d Date) String() string { return d.Time().Format(time.DateOnly) }

// MarshalText is [Date.String].
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// TimestampNTZ is a date and time of day without a time zone. It is kept as a
// UTC time, which stands for no place.
type TimestampNTZ struct{ time.Time }

// String is the timestamp as Spark prints it: 2006-01-02 15:04:05.999999999.
func (t TimestampNTZ) String() string { return t.Format("2006-01-02 15:04:05.999999999") }

// MarshalText is [TimestampNTZ.String].
func (t TimestampNTZ) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// MarshalJSON is [TimestampNTZ.String] in quotes.
func (t TimestampNTZ) MarshalJSON() ([]byte, error) { return []byte(`"` + t.String() + `"`), nil }

// TimeOfDay is the time since midnight in nanoseconds.
type TimeOfDay int64

// Duration is the time since midnight.
func (t TimeOfDay) Duration() time.Duration { return time.Duration(t) }

// String is the time as 15:04:05.999999999.
func (t TimeOfDay) String() string {
	return time.Unix(0, int64(t)).UTC().Format("15:04:05.999999999")
}

// MarshalText is [TimeOfDay.String].
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// YearMonthInterval is a number of months.
type YearMonthInterval int32

// String is the interval in SQL's form: 1-2 is a year and two months.
func (i YearMonthInterval) String() string {
	sign, months := "", int64(i)
	if months < 0 {
		sign, months = "-", -months
	}
	return fmt.Sprintf("%s%d-%d", sign, months/12, months%12)
}

// DayTimeInterval is a number of microseconds. Its range is that of Spark,
// which is wider than that of time.Duration.
type DayTimeInterval int64

// Duration is the interval as a Go duration; it is false when it does not fit.
func (i DayTimeInterval) Duration() (time.Duration, bool) {
	d := time.Duration(i) * time.Microsecond
	return d, int64(d)/1000 == int64(i)
}

// String is the interval in SQL's form: 1 02:03:04.5.
func (i DayTimeInterval) String() string {
	sign, micros := "", uint64(i)
	if i < 0 {
		sign, micros = "-", -micros
	}
	seconds := micros / 1e6
	text := fmt.Sprintf("%s%d %02d:%02d:%02d", sign, seconds/86400, seconds/3600%24, seconds/60%60, seconds%60)
	if part := micros % 1e6; part != 0 {
		text += strings.TrimRight(fmt.Sprintf(".%06d", part), "0")
	}
	return text
}

// CalendarInterval is Spark's old interval, whose parts cannot be turned into
// one another.
type CalendarInterval struct {
	Months, Days int32
	Microseconds int64
}

// String lists the parts: 1 years 2 months 3 days 4.5 seconds.
func (i CalendarInterval) String() string {
	var parts []string
	add := func(n int64, unit string) {
		if n != 0 {
			parts = append(parts, fmt.Sprint(n, " ", unit))
		}
	}
	add(int64(i.Months/12), "years")
	add(int64(i.Months%12), "months")
	add(int64(i.Days), "days")
	add(i.Microseconds/3600e6, "hours")
	add(i.Microseconds/60e6%60, "minutes")
	if rest := i.Microseconds % 60e6; rest != 0 {
		parts = append(parts, fmt.Sprint(float64(rest)/1e6, " seconds"))
	}
	if len(parts) == 0 {
		return "0 seconds"
	}
	return strings.Join(parts, " ")
}

// Map is a value of a [MapType]: entries in Spark's order, with keys of any
// type.
type Map []MapEntry

// MapEntry is one entry of a [Map].
type MapEntry struct{ Key, Value any }

// Get finds the value of a key that is equal to key.
func (m Map) Get(key any) (any, bool) {
	for _, e := range m {
		if equal(e.Key, key) {
			return e.Value, true
		}
	}
	return nil, false
}

func equal(a, b any) bool {
	switch a := a.(type) {
	case []byte:
		b, ok := b.([]byte)
		return ok && bytes.Equal(a, b)
	case *Decimal:
		b, ok := b.(*Decimal)
		return ok && a != nil && b != nil && a.Cmp(b) == 0
	case time.Time:
		b, ok := b.(time.Time)
		return ok && a.Equal(b)
	}
	return reflect.DeepEqual(a, b)
}

// String is {key -> value, …}.
func (m Map) String() string {
	parts := make([]string, len(m))
	for i, e := range m {
		parts[i] = text(e.Key) + " -> " + text(e.Value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// Geometry is a flat shape in well-known binary form.
type Geometry struct {
	SRID int32
	WKB  []byte
}

// Geography is a shape on the globe in well-known binary form.
type Geography struct {
	SRID int32
	WKB  []byte
}

// text prints a value as Spark's show does.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case time.Time:
		return v.Format("2006-01-02 15:04:05.999999999")
	case []byte:
		return fmt.Sprintf("[% X]", v)
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = text(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(v)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
