package display

// Bundle is one rich output: the same thing in several representations. Data
// maps a MIME type to its value: a string for text types, base64 text for
// images, any JSON value for types that end in "json" (messaging
// specification, "display_data"). Metadata is optional, per MIME type.
type Bundle struct {
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata,omitempty"`
}

// Plain returns a bundle that holds only plain text.
func Plain(s string) Bundle {
	return Bundle{Data: map[string]any{"text/plain": s}}
}

// Rich returns a bundle of one representation and its plain-text form, which
// front ends without a renderer for mime show.
func Rich(mime string, data any, text string) Bundle {
	return Bundle{Data: map[string]any{mime: data, "text/plain": text}}
}

// Empty reports whether there is nothing to show.
func (b Bundle) Empty() bool { return len(b.Data) == 0 }

// Text is the plain-text form, empty when the bundle has none.
func (b Bundle) Text() string {
	s, _ := b.Data["text/plain"].(string)
	return s
}

// Output is what a front end is asked to do with a bundle.
type Output struct {
	Bundle
	// ID names the output so that a later Output may replace it in place;
	// empty for one that never changes ("transient.display_id").
	ID string `json:"id,omitempty"`
	// Update replaces the outputs shown under ID instead of adding one.
	Update bool `json:"update,omitempty"`
}
