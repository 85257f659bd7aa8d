package sparkview

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"gospark/display"
	"gospark/render"
	"gospark/sparkclient"
)

// Report is what the worker tells the kernel of an error of Spark's.
type Report struct {
	Failure render.Failure `json:"failure"`
	// Lost tells that the server or the session is gone.
	Lost bool `json:"lost,omitempty"`
}

// reportMIME carries a [Report] from the worker to the kernel.
const reportMIME = "application/vnd.gospark.report+json"

// EncodeReport describes err for [DecodeReport]; nil where err is not Spark's.
func EncodeReport(err error) *display.Bundle {
	r := Report{Lost: Lost(err)}
	var ok bool
	if r.Failure, ok = Failure(err); !ok {
		return nil
	}
	return &display.Bundle{Data: map[string]any{reportMIME: r}}
}

// DecodeReport is the other side of [EncodeReport].
func DecodeReport(b *display.Bundle) (Report, bool) {
	if b == nil || b.Data[reportMIME] == nil {
		return Report{}, false
	}
	data, err := json.Marshal(b.Data[reportMIME])
	if err != nil {
		return Report{}, false
	}
	var r Report
	return r, json.Unmarshal(data, &r) == nil
}

// Lost reports whether an error says that the server or the session is gone, or
// no longer takes the token: another connection is needed.
func Lost(err error) bool {
	return errors.Is(err, sparkclient.ErrSessionLost) || errors.Is(err, sparkclient.ErrUnavailable) || errors.Is(err, sparkclient.ErrUnauthenticated)
}

// Failure finds the words for an error of Spark's: the message without its
// class, the place, what to try, and the causes and the JVM's trace as details.
func Failure(err error) (render.Failure, bool) {
	var plot *PlotError
	if errors.As(err, &plot) {
		f := render.Failure{Name: "chart", Message: plot.Message}
		if plot.Advice != "" {
			f.Advice = []string{plot.Advice}
		}
		return f, true
	}
	var e *sparkclient.Error
	if !errors.As(err, &e) {
		return serverFailure(err)
	}
	first, rest := message(e)
	f := render.Failure{Name: e.Class, Code: e.SQLState, Message: first, Advice: advice(e), Details: details(e, rest)}
	if f.Name == "" {
		f.Name = "Spark error"
	}
	return f, true
}

// serverFailure is for errors that Spark did not get to answer.
func serverFailure(err error) (render.Failure, bool) {
	switch {
	case errors.Is(err, sparkclient.ErrUnavailable):
		return render.Failure{Name: "no Spark server", Message: err.Error(), Advice: []string{
			"run the cell again: the notebook connects anew, and starts the shared server where it ended",
			"`%spark` says what this notebook is connected to, `%spark logs` what the server did",
		}}, true
	case errors.Is(err, sparkclient.ErrUnauthenticated):
		return render.Failure{Name: "token refused", Message: err.Error(), Advice: []string{
			"give the right one: `%spark connect 'sc://HOST:PORT/;token=…'`",
		}}, true
	case errors.Is(err, sparkclient.ErrSessionLost):
		return render.Failure{Name: "session lost", Message: err.Error() + ": temporary views and settings are gone",
			Advice: []string{"run the cell again: a new session begins"}}, true
	}
	return render.Failure{}, false
}

// message is the first line of what Spark says, without "[CLASS] " before it;
// rest are its other lines, but for the query's text and the SQLSTATE, which
// have places of their own.
func message(e *sparkclient.Error) (first, rest string) {
	m := strings.TrimPrefix(e.Error(), "["+e.Class+"]")
	if at := strings.Index(m, "SQLSTATE: "); at > 0 {
		m = m[:at]
	}
	m, _, _ = strings.Cut(m, sqlText)
	first, rest, _ = strings.Cut(strings.TrimSpace(m), "\n")
	first, _, _ = strings.Cut(first, " Verify the spelling")
	if first = strings.TrimSpace(first); first == "" {
		first = "Spark gave no reason"
	}
	return first, strings.TrimSpace(rest)
}

// sqlText begins the query's own text in Spark's messages.
const sqlText = "\n== SQL"

// ParseError reads an error that Spark wrote as text, as EXPLAIN does.
func ParseError(text string) *sparkclient.Error {
	e := &sparkclient.Error{Message: strings.TrimSpace(text)}
	if rest, ok := strings.CutPrefix(e.Message, "["); ok {
		e.Class, _, _ = strings.Cut(rest, "]")
	}
	if _, state, ok := strings.Cut(e.Message, "SQLSTATE: "); ok && len(state) >= stateLength {
		e.SQLState = state[:stateLength]
	}
	return e
}

// stateLength is the length of every SQLSTATE.
const stateLength = 5

// advice is the next thing to type for the errors that people meet daily.
func advice(e *sparkclient.Error) []string {
	class, _, _ := strings.Cut(e.Class, ".")
	switch class {
	case "TABLE_OR_VIEW_NOT_FOUND":
		if format, path, ok := strings.Cut(e.Params["relationName"], "."); ok && strings.Contains(path, "/") {
			return []string{formatAdvice(format)} // delta.`/a/path`
		}
		return []string{"`%spark tables` lists what is there"}
	case "SCHEMA_NOT_FOUND":
		return []string{"`SHOW SCHEMAS` lists what is there"}
	case "TABLE_OR_VIEW_ALREADY_EXISTS", "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS":
		return []string{"`CREATE OR REPLACE` makes it anew, `IF NOT EXISTS` leaves it as it is"}
	case "PATH_NOT_FOUND":
		return []string{"paths are the server's: give an absolute one"}
	case "CAST_INVALID_INPUT", "DIVIDE_BY_ZERO", "ARITHMETIC_OVERFLOW":
		return []string{"`try_cast`, `try_divide`, `try_add` and the like give NULL instead"}
	case "MISSING_AGGREGATION", "MISSING_GROUP_BY":
		return []string{"name it in `GROUP BY`, or take one of the group's values: `any_value(…)`"}
	case "SQL_CONF_NOT_FOUND":
		return []string{"`%spark conf --grep WORD` finds settings by a part of their name"}
	case "CANNOT_MODIFY_STATIC_CONFIG", "CANNOT_MODIFY_CONFIG":
		return []string{"it is set at the server's start: `%spark stop`, then `%spark start --conf K=V`"}
	case "DATA_SOURCE_NOT_FOUND":
		return []string{formatAdvice(e.Params["provider"])}
	}
	return causeAdvice(e)
}

// formatAdvice says how Spark learns a format that it does not have by itself.
func formatAdvice(format string) string {
	packages := map[string]string{"delta": "io.delta:delta-spark_2.13:VERSION", "iceberg": "org.apache.iceberg:iceberg-spark-runtime-SPARK_2.13:VERSION",
		"hudi": "org.apache.hudi:hudi-spark-bundle_2.13:VERSION", "avro": "org.apache.spark:spark-avro_2.13:VERSION", "kafka": "org.apache.spark:spark-sql-kafka-0-10_2.13:VERSION"}
	format, _, _ = strings.Cut(strings.ToLower(strings.Trim(format, "`")), ".")
	artifact, ok := packages[format]
	if !ok {
		artifact = "GROUP:ARTIFACT:VERSION"
	}
	return "Spark reads it with a package that the server gets at its start: `%spark stop`, then `%spark start -c spark.jars.packages=" + artifact + "`"
}

// causeAdvice is for errors that Spark gives no class of its own.
func causeAdvice(e *sparkclient.Error) []string {
	all := e.Error() + strings.Join(e.Types, " ")
	for _, cause := range e.Causes() {
		all += cause.Error() + strings.Join(cause.Types, " ")
	}
	switch {
	case strings.Contains(all, "AccessControlException"), strings.Contains(all, "AccessDeniedException"), strings.Contains(all, "Permission denied"):
		return []string{"the server may not read or write there: it runs as the user who started it, `%spark` names it"}
	case strings.Contains(all, "OutOfMemoryError"):
		return []string{"the server ran out of memory: `%spark stop`, then `%spark start -c spark.driver.memory=4g`; or take fewer rows"}
	}
	return nil
}

// details are the rest of the message, where it happened, the causes and the
// server's stack trace.
func details(e *sparkclient.Error, rest string) string {
	var b strings.Builder
	if rest != "" {
		b.WriteString(rest + "\n")
	}
	for _, c := range e.Contexts {
		if c.Summary != "" {
			b.WriteString(strings.TrimSpace(c.Summary) + "\n")
		}
	}
	for _, cause := range e.Causes() {
		b.WriteString("caused by: " + cause.Error() + "\n")
	}
	b.WriteString(strings.Join(e.StackTrace, "\n"))
	return strings.TrimSpace(b.String())
}

// Snippet marks the part of a statement that an error is about. prefix is what
// Spark was given before the statement, and line the statement's in its cell,
// which title names; nil where Spark does not say.
func Snippet(err error, prefix, statement string, line int, title string) *render.Snippet {
	var e *sparkclient.Error
	if !errors.As(err, &e) {
		return nil
	}
	start, stop, ok := place(e, prefix+statement)
	if !ok {
		return nil
	}
	start, stop = max(start-len(prefix), 0), max(stop-len(prefix), 0)
	return &render.Snippet{Title: title, Text: statement, Start: start, Stop: stop, Line: line}
}

// place is the range of bytes in query that an error is about.
func place(e *sparkclient.Error, query string) (start, stop int, ok bool) {
	for _, c := range e.Contexts {
		if c.Start >= 0 && c.ObjectName == "" {
			start, stop = byteRange(query, c.Start, c.Stop)
			return start, stop, true
		}
	}
	return messagePlace(e.Message, query)
}

// messagePlace reads the place of an error for which Spark has no query context
// from its message: "(line 1, pos 7)" of a syntax error, "; line 1 pos 7".
func messagePlace(message, query string) (start, stop int, ok bool) {
	message, _, _ = strings.Cut(message, sqlText)
	at := max(strings.LastIndex(message, "(line "), strings.LastIndex(message, "; line "))
	if at < 0 {
		return 0, 0, false
	}
	row, column, ok := twoNumbers(message[at:])
	if !ok {
		return 0, 0, false
	}
	offset := 0
	for range row - 1 {
		next := strings.IndexByte(query[offset:], '\n')
		if next < 0 {
			return 0, 0, false
		}
		offset += next + 1
	}
	start, stop = byteRange(query[offset:], column, column)
	return offset + start, offset + stop, true
}

// byteRange turns Spark's first and last character to bytes. Its parser counts
// code points, unlike Java's strings.
func byteRange(s string, first, last int) (start, stop int) {
	start, stop = len(s), len(s)
	at := 0
	for i := range s {
		if at == first {
			start = i
		}
		if at == last+1 {
			stop = i
			break
		}
		at++
	}
	return start, max(stop, start)
}

// twoNumbers reads "(line 1, pos 7)".
func twoNumbers(s string) (a, b int, ok bool) {
	numbers := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if len(numbers) < 2 {
		return 0, 0, false
	}
	a, errA := strconv.Atoi(numbers[0])
	b, errB := strconv.Atoi(numbers[1])
	return a, b, errA == nil && errB == nil
}
