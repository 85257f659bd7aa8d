package connect

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // session time zones must not depend on the machine's files

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"gospark/sparkclient"
)

// newTemporal is a column of dates, times or intervals.
func newTemporal(t sparkclient.DataType, a arrow.Array, n nulls) sparkclient.Vector {
	switch a := a.(type) {
	case *array.Date32:
		if is[sparkclient.DateType](t) {
			return mapped[arrow.Date32]{n, a.Date32Values(), func(d arrow.Date32) any { return sparkclient.Date(d) }}
		}
	case *array.Timestamp:
		return newTimestamp(t, a, n)
	case *array.Time64:
		if is[sparkclient.TimeType](t) {
			unit := a.DataType().(*arrow.Time64Type).Unit.Multiplier()
			return mapped[arrow.Time64]{n, a.Time64Values(), func(v arrow.Time64) any { return sparkclient.TimeOfDay(int64(v) * int64(unit)) }}
		}
	case *array.MonthInterval:
		if is[sparkclient.YearMonthIntervalType](t) {
			return mapped[arrow.MonthInterval]{n, a.MonthIntervalValues(), func(m arrow.MonthInterval) any { return sparkclient.YearMonthInterval(m) }}
		}
	case *array.Duration:
		if is[sparkclient.DayTimeIntervalType](t) && a.DataType().(*arrow.DurationType).Unit == arrow.Microsecond {
			return mapped[arrow.Duration]{n, a.DurationValues(), func(d arrow.Duration) any { return sparkclient.DayTimeInterval(d) }}
		}
	case *array.MonthDayNanoInterval:
		if is[sparkclient.CalendarIntervalType](t) {
			return mapped[arrow.MonthDayNanoInterval]{n, a.MonthDayNanoIntervalValues(), calendarInterval}
		}
	}
	return nil
}

func calendarInterval(i arrow.MonthDayNanoInterval) any {
	return sparkclient.CalendarInterval{Months: i.Months, Days: i.Days, Microseconds: i.Nanoseconds / 1000}
}

func newTimestamp(t sparkclient.DataType, a *array.Timestamp, n nulls) sparkclient.Vector {
	kind := a.DataType().(*arrow.TimestampType)
	var instant func(arrow.Timestamp) time.Time
	switch kind.Unit {
	case arrow.Microsecond:
		instant = func(v arrow.Timestamp) time.Time { return time.UnixMicro(int64(v)) }
	case arrow.Nanosecond:
		instant = func(v arrow.Timestamp) time.Time { return time.Unix(0, int64(v)) }
	default:
		return nil
	}
	switch t.(type) {
	case sparkclient.TimestampType:
		zone := location(kind.TimeZone)
		return mapped[arrow.Timestamp]{n, a.TimestampValues(), func(v arrow.Timestamp) any { return instant(v).In(zone) }}
	case sparkclient.TimestampNTZType:
		return mapped[arrow.Timestamp]{n, a.TimestampValues(), func(v arrow.Timestamp) any { return sparkclient.TimestampNTZ{Time: instant(v).UTC()} }}
	}
	return nil
}

// location is the session's time zone: a name, or an offset as +01:00 or
// GMT+1; UTC where Go does not know it.
func location(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	if offset, err := parseOffset(strings.TrimPrefix(strings.TrimPrefix(name, "GMT"), "UTC")); err == nil {
		return time.FixedZone(name, offset)
	}
	return time.UTC
}

// parseOffset reads +h, +hh:mm and the like as seconds.
func parseOffset(text string) (int, error) {
	if text == "" || text[0] != '+' && text[0] != '-' {
		return 0, fmt.Errorf("%q is no offset", text)
	}
	seconds, unit := 0, 3600
	for part := range strings.SplitSeq(text[1:], ":") {
		n, err := strconv.ParseUint(part, 10, 6)
		if err != nil {
			return 0, fmt.Errorf("offset %s: %w", text, err)
		}
		seconds += int(n) * unit
		unit /= 60
	}
	if text[0] == '-' {
		seconds = -seconds
	}
	return seconds, nil
}

// mapped is a column of fixed size whose values need a conversion.
type mapped[T any] struct {
	nulls
	values  []T
	convert func(T) any
}

func (v mapped[T]) Value(i int) any {
	if v.IsNull(i) {
		return nil
	}
	return v.convert(v.values[i])
}
