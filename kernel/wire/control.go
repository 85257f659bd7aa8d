package wire

// InterruptRequest asks to stop the running cell (specification: "Kernel interrupt").
type InterruptRequest struct{}

// MsgType returns "interrupt_request".
func (InterruptRequest) MsgType() string { return "interrupt_request" }

// InterruptReply says that the cell was told.
type InterruptReply struct {
	Status Status `json:"status"`
}

// MsgType returns "interrupt_reply".
func (InterruptReply) MsgType() string { return "interrupt_reply" }

// ShutdownRequest asks the kernel to end (specification: "Kernel shutdown").
type ShutdownRequest struct {
	Restart bool `json:"restart"`
}

// MsgType returns "shutdown_request".
func (ShutdownRequest) MsgType() string { return "shutdown_request" }

// ShutdownReply is the kernel's last word.
type ShutdownReply struct {
	Status  Status `json:"status"`
	Restart bool   `json:"restart"`
}

// MsgType returns "shutdown_reply".
func (ShutdownReply) MsgType() string { return "shutdown_reply" }

// UsageRequest asks what the kernel uses of the machine. It is ipykernel's, not
// in the specification; jupyter-resource-usage sends it.
type UsageRequest struct{}

// MsgType returns "usage_request".
func (UsageRequest) MsgType() string { return "usage_request" }

// UsageReply tells it.
type UsageReply struct {
	Hostname     string  `json:"hostname"`
	PID          int     `json:"pid"`
	KernelCPU    float64 `json:"kernel_cpu"`    // percent of one CPU since the start
	KernelMemory int64   `json:"kernel_memory"` // resident bytes, children included
	CPUCount     int     `json:"cpu_count"`
}

// MsgType returns "usage_reply".
func (UsageReply) MsgType() string { return "usage_reply" }
