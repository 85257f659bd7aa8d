package kerneltest

import (
	"encoding/json"
	"strings"
	"testing"
)

// The check finds what is wrong, and lets pass what is right.
func TestCheckMessage(t *testing.T) {
	const header = `{"msg_id":"1","session":"s","username":"u","date":"2026-01-02T03:04:05.000006Z","version":"5.4","msg_type":"TYPE"}`
	for _, tt := range []struct{ channel, typ, header, content, wrong string }{
		{"iopub", "stream", header, `{"name":"stdout","text":""}`, ""},
		{"iopub", "stream", header, `{"name":"stdlog","text":""}`, "name is no stdout stderr"},
		{"iopub", "stream", header, `{"name":"stdout"}`, "text is missing"},
		{"iopub", "stream", header, `{"name":"stdout","text":7}`, "text is no string"},
		{"iopub", "stream", header, `{"name":"stdout","text":"","more":1}`, "more is not in the specification"},
		{"shell", "stream", header, `{"name":"stdout","text":""}`, "came on shell"},
		{"iopub", "dance", header, `{}`, "has no message"},
		{"iopub", "status", strings.Replace(header, "2026", "yesterday", 1), `{"execution_state":"idle"}`, "date is no date"},
		{"iopub", "status", strings.Replace(header, `"u"`, "null", 1), `{"execution_state":"idle"}`, "username is no string"},
		{"iopub", "display_data", header, `{"data":{"text/plain":""},"metadata":{},"transient":{}}`, ""},
		{"iopub", "display_data", header, `{"data":{"plain":""},"metadata":{},"transient":{}}`, "data is no bundle"},
		{"iopub", "update_display_data", header, `{"data":{},"metadata":{},"transient":{}}`, "transient is no named display"},
		{"shell", "execute_reply", header, `{"status":"ok","execution_count":1,"payload":[],"user_expressions":{}}`, ""},
		{"shell", "execute_reply", header, `{"status":"ok","execution_count":1.5,"payload":[],"user_expressions":{}}`, "is no integer"},
		{"shell", "execute_reply", header, `{"status":"error","ename":"","evalue":"","traceback":[7]}`, "traceback is no list"},
		{"shell", "execute_reply", header, `{"status":"aborted"}`, ""},
		{"shell", "execute_reply", header, `{"status":"aborted","ename":""}`, "ename is not in"},
		{"shell", "history_reply", header, `{"status":"ok","history":[[1,2,"x"],[1,2,["x",null]]]}`, ""},
		{"shell", "history_reply", header, `{"status":"ok","history":[[1,"x"]]}`, "history is no list"},
	} {
		var h, c map[string]any
		if err := json.Unmarshal([]byte(strings.Replace(tt.header, "TYPE", tt.typ, 1)), &h); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(tt.content), &c); err != nil {
			t.Fatal(err)
		}
		err := checkMessage(tt.channel, h, nil, c)
		if (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("%s %s: %v, want %q", tt.typ, tt.content, err, tt.wrong)
		}
	}
}
