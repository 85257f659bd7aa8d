package wire

// KernelInfoRequest asks who the kernel is (specification: "Kernel info").
type KernelInfoRequest struct{}

// MsgType returns "kernel_info_request".
func (KernelInfoRequest) MsgType() string { return "kernel_info_request" }

// KernelInfoReply introduces the kernel.
type KernelInfoReply struct {
	Status                Status       `json:"status"`
	ProtocolVersion       string       `json:"protocol_version"`
	Implementation        string       `json:"implementation"`
	ImplementationVersion string       `json:"implementation_version"`
	LanguageInfo          LanguageInfo `json:"language_info"`
	Banner                string       `json:"banner"`
	Debugger              bool         `json:"debugger"`
	HelpLinks             []HelpLink   `json:"help_links"`
	SupportedFeatures     []string     `json:"supported_features"`
}

// Subshells is the supported feature of JEP 91.
const Subshells = "kernel subshells"

// MsgType returns "kernel_info_reply".
func (KernelInfoReply) MsgType() string { return "kernel_info_reply" }

// LanguageInfo describes the language for editors and exporters.
type LanguageInfo struct {
	Name              string `json:"name"`
	Version           string `json:"version"`
	MimeType          string `json:"mimetype"`
	FileExtension     string `json:"file_extension"` // with the dot
	PygmentsLexer     string `json:"pygments_lexer,omitempty"`
	CodemirrorMode    string `json:"codemirror_mode,omitempty"`
	NbconvertExporter string `json:"nbconvert_exporter,omitempty"`
}

// HelpLink is an entry of the front end's help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}
