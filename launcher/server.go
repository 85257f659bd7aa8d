package launcher

import "time"

// State of a server.
const (
	Starting = "starting"
	Ready    = "ready"
)

// Server is one running, or starting, Spark Connect server.
type Server struct {
	Profile string `json:"profile"`
	// State is Starting or Ready; what a starting server does not know yet is empty.
	State string `json:"state"`
	// Address is host:port of Spark Connect, always on the loopback.
	Address string `json:"address,omitempty"`
	// Token is what a client sends as "authorization: Bearer …". Status leaves
	// it empty.
	Token string `json:"token,omitempty"`
	// UI is the address of the Spark Web UI for a browser, good for one use: ask
	// Status for another. Empty when the Web UI is off.
	UI string `json:"ui,omitempty"`
	// API is the address of the Web UI and of its REST interface (API +
	// "/api/v1") for programs. It holds a secret: Status leaves it empty.
	API          string `json:"api,omitempty"`
	Master       string `json:"master,omitempty"`
	SparkVersion string `json:"spark_version,omitempty"`
	JavaVersion  string `json:"java_version,omitempty"`
	SparkHome    string `json:"spark_home,omitempty"`
	// Version is gospark's own, of the supervisor.
	Version string `json:"version,omitempty"`
	// Generation tells one start of the server from the next.
	Generation string `json:"generation"`
	LogPath    string `json:"log_path"`
	// Warehouse is where managed tables are kept; see Dirs.
	Warehouse string `json:"warehouse,omitempty"`
	// Scratch is where its temporary files are.
	Scratch string `json:"scratch,omitempty"`
	// PID is the JVM's process, Supervisor the one that watches it.
	PID        int       `json:"pid,omitempty"`
	Supervisor int       `json:"supervisor"`
	Started    time.Time `json:"started"`
	// Clients is how many leases are open, Attached who holds them.
	Clients  int      `json:"clients"`
	Attached []Client `json:"attached,omitempty"`
	// Idle is how long the server stays without a lease; negative means for ever.
	Idle time.Duration `json:"idle"`
	// Memory is what the JVM holds of the machine's memory, in bytes; 0 where
	// nobody knows.
	Memory int64 `json:"memory,omitempty"`
}

// A Phase is one step of a start, for a person to read.
type Phase struct {
	Text string `json:"text"`
	// Elapsed is how long after the start began.
	Elapsed time.Duration `json:"elapsed"`
}

// request is the one line that a caller sends to a supervisor.
type request struct {
	Op      string  `json:"op"`
	Client  Client  `json:"client"`
	Profile Profile `json:"profile"` // opAttach: what is wanted
	Force   bool    `json:"force"`   // opStop: although others use it
	// Drain is how long running jobs may go on after opStop.
	Drain time.Duration `json:"drain,omitempty"`
}

const (
	opAttach = "attach"
	opStatus = "status"
	opStop   = "stop"
)

// event is one line that a supervisor sends; exactly one field is set, but for
// Differs, which comes with Server.
type event struct {
	Phase   *Phase      `json:"phase,omitempty"`
	Server  *Server     `json:"server,omitempty"`
	Differs []string    `json:"differs,omitempty"`
	Failed  *StartError `json:"failed,omitempty"`
	Gone    *GoneError  `json:"gone,omitempty"`
	InUse   []Client    `json:"in_use,omitempty"`
}
