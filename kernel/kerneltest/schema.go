package kerneltest

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// messagesJSON is the specification's list of messages that a kernel sends. A
// key with a question mark may be missing; a key that is not listed may not be
// there. Its value is a kind that the table kinds knows, "list of" one, or the
// words that may stand there.
//
//go:embed messages.json
var messagesJSON []byte

// schema is messages.json.
type schema struct {
	Header   shape            `json:"header"`
	Error    shape            `json:"error"`
	Aborted  shape            `json:"aborted"`
	Messages map[string]shape `json:"messages"`
}

// shape is what an object must look like.
type shape struct {
	Section  string            `json:"section"` // of the specification
	Channels string            `json:"channels"`
	Keys     map[string]string `json:"keys"`
}

var specification = sync.OnceValue(func() schema {
	var s schema
	if err := json.Unmarshal(messagesJSON, &s); err != nil {
		panic(fmt.Sprintf("messages.json: %v", err))
	}
	return s
})

// checkMessage compares a message that a kernel sent with the specification.
func checkMessage(channel string, header, parent, content map[string]any) error {
	spec := specification()
	if err := spec.Header.check(header); err != nil {
		return fmt.Errorf("header: %w", err)
	}
	if len(parent) > 0 && parent["msg_id"] == nil {
		return errors.New("a parent header without msg_id")
	}
	typ, _ := header["msg_type"].(string)
	want, ok := spec.Messages[typ]
	if !ok {
		return fmt.Errorf("the specification has no message %q from a kernel", typ)
	}
	if !slices.Contains(strings.Fields(want.Channels), channel) {
		return fmt.Errorf("%s came on %s instead of %s", typ, channel, want.Channels)
	}
	if _, isReply := want.Keys["status"]; isReply {
		switch content["status"] {
		case "error":
			want = spec.Error
		case "aborted":
			want = spec.Aborted
		}
	}
	if err := want.check(content); err != nil {
		return fmt.Errorf("%s (%s): %w", typ, want.Section, err)
	}
	return nil
}

// check says what is wrong with an object.
func (s shape) check(object map[string]any) error {
	var wrong []error
	for key, kind := range s.Keys {
		name, optional := strings.CutPrefix(key, "?")
		value, there := object[name]
		switch {
		case !there && !optional:
			wrong = append(wrong, fmt.Errorf("%s is missing", name))
		case there && !isKind(kind, value):
			wrong = append(wrong, fmt.Errorf("%s is no %s: %v", name, kind, value))
		}
	}
	for name := range object {
		if s.Keys[name] == "" && s.Keys["?"+name] == "" {
			wrong = append(wrong, fmt.Errorf("%s is not in the specification", name))
		}
	}
	return errors.Join(wrong...)
}

var (
	versionText = regexp.MustCompile(`^\d+\.\d+(\.\d+)?$`)
	mimeType    = regexp.MustCompile(`^[\w.+-]+/[\w.+-]+$`)
)

// isKind reports whether a JSON value is of a kind of messages.json.
func isKind(kind string, value any) bool {
	if each, ok := strings.CutPrefix(kind, "list of "); ok {
		list, ok := value.([]any)
		return ok && !slices.ContainsFunc(list, func(v any) bool { return !isKind(each, v) })
	}
	text, isText := value.(string)
	number, isNumber := value.(float64)
	object, isObject := value.(map[string]any)
	switch kind {
	case "string":
		return isText
	case "text": // that is not empty
		return text != ""
	case "string or null":
		return isText || value == nil
	case "boolean":
		_, ok := value.(bool)
		return ok
	case "number":
		return isNumber
	case "integer":
		return isNumber && number == math.Trunc(number)
	case "object":
		return isObject
	case "date":
		_, err := time.Parse(time.RFC3339Nano, text)
		return err == nil
	case "version":
		return versionText.MatchString(text)
	case "bundle":
		return isObject && isBundle(object)
	case "named display":
		return isObject && isKind("text", object["display_id"])
	case "history entry":
		return isHistoryEntry(value)
	}
	return isText && slices.Contains(strings.Fields(kind), text)
}

// isBundle reports whether every key is a MIME type.
func isBundle(object map[string]any) bool {
	for key := range object {
		if !mimeType.MatchString(key) {
			return false
		}
	}
	return true
}

// isHistoryEntry reports whether v is (session, line, input) or (session, line,
// (input, output)).
func isHistoryEntry(v any) bool {
	e, ok := v.([]any)
	if !ok || len(e) != 3 || !isKind("integer", e[0]) || !isKind("integer", e[1]) {
		return false
	}
	pair, withOutput := e[2].([]any)
	if !withOutput {
		return isKind("string", e[2])
	}
	return len(pair) == 2 && isKind("string", pair[0]) && isKind("string or null", pair[1])
}
