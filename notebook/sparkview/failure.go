package sparkview

import (
	"encoding/json"
	"errors"
	"strings"

	"gospark/display"
	"gospark/render"
	"gospark/sparkclient"
)

// failureMIME carries a [render.Failure] from the worker to the kernel.
const failureMIME = "application/vnd.gospark.failure+json"

// EncodeFailure puts what Spark said into a bundle; false where err is not
// Spark's.
func EncodeFailure(err error) (display.Bundle, bool) {
	f, ok := Failure(err)
	if !ok {
		return display.Bundle{}, false
	}
	return display.Bundle{Data: map[string]any{failureMIME: f}}, true
}

// DecodeFailure is the other side of [EncodeFailure].
func DecodeFailure(b *display.Bundle) (render.Failure, bool) {
	if b == nil || b.Data[failureMIME] == nil {
		return render.Failure{}, false
	}
	data, err := json.Marshal(b.Data[failureMIME])
	if err != nil {
		return render.Failure{}, false
	}
	var f render.Failure
	if json.Unmarshal(data, &f) != nil {
		return render.Failure{}, false
	}
	return f, true
}

// Failure finds the words for an error of Spark's: the message without its
// class, the place, what to try, and the causes and the JVM's trace as details.
func Failure(err error) (render.Failure, bool) {
	var e *sparkclient.Error
	if !errors.As(err, &e) {
		return render.Failure{}, false
	}
	f := render.Failure{Name: e.Class, Code: e.SQLState, Message: message(e), Advice: advice(e), Details: details(e)}
	if f.Name == "" {
		f.Name = "Spark error"
	}
	return f, true
}

// message is the first part of what Spark says, without "[CLASS] " before and
// "SQLSTATE: …" and the query's text after it: those have places of their own.
func message(e *sparkclient.Error) string {
	m := strings.TrimPrefix(e.Error(), "["+e.Class+"]")
	if at := strings.Index(m, "SQLSTATE: "); at > 0 {
		m = m[:at]
	}
	m, _, _ = strings.Cut(m, "\n== SQL")
	return strings.TrimSpace(m)
}

// advice is the next thing to type for the errors that people meet daily.
func advice(e *sparkclient.Error) []string {
	class, _, _ := strings.Cut(e.Class, ".")
	switch class {
	case "TABLE_OR_VIEW_NOT_FOUND":
		return []string{"`%spark tables` lists what is there"}
	case "UNRESOLVED_COLUMN", "UNRESOLVED_FIELD":
		if near := e.Params["proposal"]; near != "" {
			return []string{"there is " + near}
		}
	case "PATH_NOT_FOUND":
		return []string{"paths are the server's: give an absolute one"}
	case "CAST_INVALID_INPUT", "DIVIDE_BY_ZERO", "ARITHMETIC_OVERFLOW":
		return []string{"`try_cast`, `try_divide`, `try_add` and the like give NULL instead"}
	case "CANNOT_MODIFY_STATIC_CONFIG", "CANNOT_MODIFY_CONFIG":
		return []string{"it is set at the server's start: `%spark stop`, then `%spark start --conf K=V`"}
	}
	return nil
}

// details are the causes and the server's stack trace.
func details(e *sparkclient.Error) string {
	var b strings.Builder
	for _, cause := range e.Causes() {
		b.WriteString("caused by: " + cause.Error() + "\n")
	}
	b.WriteString(strings.Join(e.StackTrace, "\n"))
	return strings.TrimSpace(b.String())
}

// Snippet marks the part of a statement that an error is about. line is the
// statement's line in its cell, which title names; nil where Spark does not say.
func Snippet(err error, statement string, line int, title string) *render.Snippet {
	var e *sparkclient.Error
	if !errors.As(err, &e) {
		return nil
	}
	for _, c := range e.Contexts {
		if c.Start >= 0 && c.ObjectName == "" {
			start, stop := byteRange(statement, c.Start, c.Stop)
			return &render.Snippet{Title: title, Text: statement, Start: start, Stop: stop, Line: line}
		}
	}
	return parsePlace(e, statement, line, title)
}

// parsePlace reads the place of a syntax error, for which Spark has no query
// context, from its message: "(line 1, pos 7)".
func parsePlace(e *sparkclient.Error, statement string, line int, title string) *render.Snippet {
	at := strings.LastIndex(e.Message, "(line ")
	if at < 0 {
		return nil
	}
	row, column, ok := twoNumbers(e.Message[at:])
	if !ok {
		return nil
	}
	offset := 0
	for range row - 1 {
		next := strings.IndexByte(statement[offset:], '\n')
		if next < 0 {
			return nil
		}
		offset += next + 1
	}
	start, stop := byteRange(statement[offset:], column, column)
	return &render.Snippet{Title: title, Text: statement, Start: offset + start, Stop: offset + stop, Line: line}
}

// byteRange turns Spark's first and last character (UTF-16 units) to bytes.
func byteRange(s string, first, last int) (start, stop int) {
	start, stop = len(s), len(s)
	units := 0
	for i, r := range s {
		if units == first {
			start = i
		}
		if units == last+1 {
			stop = i
			break
		}
		units++
		if r > 0xffff {
			units++
		}
	}
	return start, max(stop, start)
}

// twoNumbers reads "(line 1, pos 7)".
func twoNumbers(s string) (a, b int, ok bool) {
	numbers := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if len(numbers) < 2 {
		return 0, 0, false
	}
	return atoi(numbers[0]), atoi(numbers[1]), true
}

func atoi(digits string) int {
	n := 0
	for _, d := range digits {
		if n > 1<<24 {
			return n
		}
		n = 10*n + int(d-'0')
	}
	return n
}
