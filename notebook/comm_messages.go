package notebook

import (
	"encoding/json"
	"time"

	"gospark/launcher"
	"gospark/launcher/profile"
)

// The messages of StatusTarget, as docs/comm.md describes them. None holds a
// token, and values that a profile hides stay hidden.

// commRequest is what a front end says.
type commRequest struct {
	Version int             `json:"version"`
	ID      string          `json:"id"` // comes back with the answer
	Request string          `json:"request"`
	Params  json.RawMessage `json:"params,omitempty"`
}

// commAnswer is what it hears; one of Result and Error is set.
type commAnswer struct {
	Version int          `json:"version"`
	ID      string       `json:"id,omitempty"`
	Result  any          `json:"result,omitempty"` // of the request's own type
	Error   *commFailure `json:"error,omitempty"`
}

// commEvent is what it hears without having asked; the field of that name is set.
type commEvent struct {
	Version int               `json:"version"`
	Event   string            `json:"event"`
	Status  *commStatus       `json:"status,omitempty"`
	Report  *commReport       `json:"report,omitempty"`
	Catalog *commCatalogEvent `json:"catalog,omitempty"`
	Monitor *commMonitor      `json:"monitor,omitempty"`
}

// commFailure is an error for people: what failed, and what to try.
type commFailure struct {
	Name    string       `json:"name"`
	Message string       `json:"message"`
	Advice  []string     `json:"advice,omitempty"`
	Details string       `json:"details,omitempty"` // long: the end of a log
	InUse   []commClient `json:"in_use,omitempty"`  // who else would be affected
}

// commRequestID names a request that nobody wants to be answered any more.
type commRequestID struct {
	ID string `json:"id"`
}

// commNone is the result, and the parameters, where there is nothing to say.
type commNone struct{}

// commStatus is a connection's state.
type commStatus struct {
	State   string       `json:"state"`   // detached, connecting, ready, failed or lost
	Running int          `json:"running"` // cells of this notebook that run now
	Ended   int          `json:"ended"`   // and that have ended since the kernel began
	Profile string       `json:"profile"` // that the notebook wants
	Custom  bool         `json:"custom,omitempty"`
	Remote  string       `json:"remote,omitempty"`  // sc://host:port that it wants, which gospark does not start
	Phases  []commPhase  `json:"phases,omitempty"`  // while connecting, in their order
	Seconds float64      `json:"seconds,omitempty"` // while connecting, since the attempt began
	Session string       `json:"session,omitempty"` // when ready: Spark's session id
	Failure *commFailure `json:"failure,omitempty"` // when failed or lost
	Server  *commServer  `json:"server,omitempty"`  // when ready
}

// commPhase is a step of a start; Seconds is how long after the start it began.
type commPhase struct {
	Text    string  `json:"text"`
	Seconds float64 `json:"seconds"`
}

// commServer is the server that the notebook is connected to.
type commServer struct {
	Address string   `json:"address"` // sc://host:port
	Remote  bool     `json:"remote"`  // not one that gospark started on this machine
	Master  string   `json:"master,omitempty"`
	Profile string   `json:"profile,omitempty"`
	Version string   `json:"version,omitempty"` // of Spark
	UI      string   `json:"ui,omitempty"`
	Differs []string `json:"differs,omitempty"` // settings in which it is not what this notebook wants
}

// commOptions is the catalogue of Spark's properties.
type commOptions struct {
	Options []profile.Option `json:"options"`
}

// commStart asks for the server of a profile; what is not said is the profile's.
type commStart struct {
	Profile string            `json:"profile,omitempty"`
	Bundles []string          `json:"bundles,omitempty"` // in place of the profile's; nil: those
	Master  string            `json:"master,omitempty"`
	Conf    map[string]string `json:"conf,omitempty"`
}

// commConnect asks for a remote server.
type commConnect struct {
	URL string `json:"url"`
}

// commForce is for requests that others may suffer from.
type commForce struct {
	Profile string `json:"profile,omitempty"` // whose server; the notebook's own where it is empty
	Force   bool   `json:"force,omitempty"`
}

// commStartServer asks for the server of a profile, to which nobody is connected then.
type commStartServer struct {
	Profile string `json:"profile"`
}

// commWatch begins or ends reports.
type commWatch struct {
	On bool `json:"on"`
}

// commReport is what the user's servers do.
type commReport struct {
	Servers    []commProfileServer `json:"servers"`    // one for each profile
	Operations []commOperation     `json:"operations"` // of the server that the notebook is connected to
	Problem    string              `json:"problem,omitempty"`
}

// commProfileServer is the server of a profile, whether it runs or not.
type commProfileServer struct {
	Profile string       `json:"profile"`
	State   string       `json:"state"`         // stopped, starting, ready or failed; elsewhere: gospark does not start it
	Why     string       `json:"why,omitempty"` // it failed
	Mine    bool         `json:"mine"`          // this notebook is connected to it
	Address string       `json:"address,omitempty"`
	Master  string       `json:"master,omitempty"`
	Spark   string       `json:"spark,omitempty"`
	Java    string       `json:"java,omitempty"`
	Started time.Time    `json:"started,omitzero"`
	Ended   time.Time    `json:"ended,omitzero"`   // when it failed
	Memory  int64        `json:"memory,omitempty"` // bytes
	Idle    float64      `json:"idle"`             // seconds that it stays without a client; negative: for ever
	Clients []commClient `json:"clients"`
}

// commClient is somebody who is connected to a server.
type commClient struct {
	Name    string `json:"name"`
	PID     int    `json:"pid"`
	Session string `json:"session,omitempty"`
	Mine    bool   `json:"mine,omitempty"`
}

// commOperation is one plan that Spark works on.
type commOperation struct {
	ID       string    `json:"id"`
	Session  string    `json:"session"`
	Notebook string    `json:"notebook,omitempty"`
	Mine     bool      `json:"mine,omitempty"`
	Cell     string    `json:"cell,omitempty"` // msg_id of the execute_request
	About    string    `json:"about,omitempty"`
	Started  time.Time `json:"started,omitzero"`
	Tasks    int64     `json:"tasks"`
	Done     int64     `json:"done"`
}

// commCancel stops one operation; Session is whose it is, where it is not the
// notebook's own.
type commCancel struct {
	Operation string `json:"operation"`
	Session   string `json:"session,omitempty"`
}

// commCancelled are the operations that were stopped.
type commCancelled struct {
	Stopped []string `json:"stopped"`
}

// commLog asks for what stands in a server's log after a place. It is answered
// when there is something.
type commLog struct {
	Profile string            `json:"profile,omitempty"` // the notebook's where it is empty
	After   launcher.LogPlace `json:"after"`
	Match   string            `json:"match,omitempty"` // a regular expression: only these lines
}

// commLogPart is a part of a log.
type commLogPart struct {
	Text string            `json:"text"`
	Next launcher.LogPlace `json:"next"`
	Gap  bool              `json:"gap,omitempty"` // something before it is kept no more
	Left int64             `json:"left"`          // bytes that can be had at once
}
