package display

// Bundle is one rich output: the same thing in several representations. Data
// maps a MIME type to its value: a string for text types, base64 text for
// images, any JSON value for types that end in "+json" (messaging
// specification, "display_data"). Metadata is optional, per MIME type.
type Bundle struct {
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata,omitempty"`
}

// Text returns a bundle that holds only plain text.
func Text(s string) Bundle {
	return Bundle{Data: map[string]any{"text/plain": s}}
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
