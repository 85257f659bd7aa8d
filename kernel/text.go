package kernel

import (
	"bytes"
	"unicode/utf8"
)

// wholeText is the length of b without a character or an escape sequence whose
// end has not come yet.
func wholeText(b []byte) int {
	return wholeEscapes(b[:wholeRunes(b)])
}

// wholeRunes is the length of b without a character that is not complete.
func wholeRunes(b []byte) int {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if utf8.FullRune(b[i:]) {
				return len(b)
			}
			return i
		}
	}
	return len(b)
}

// maxEscape is how long an escape sequence may be to be waited for. Colours have
// some bytes, hyperlinks an address.
const maxEscape = 256

const escape = 0x1b

// wholeEscapes is the length of b without an ANSI escape sequence that is not
// complete.
func wholeEscapes(b []byte) int {
	from := max(0, len(b)-maxEscape)
	at := bytes.LastIndexByte(b[from:], escape)
	if at < 0 {
		return len(b)
	}
	at += from
	// The end of a hyperlink is an escape sequence itself.
	if at+1 == len(b) || b[at+1] == '[' && !endsControl(b[at+2:]) || b[at+1] == ']' && bytes.IndexByte(b[at:], '\a') < 0 {
		return at
	}
	return len(b)
}

// endsControl reports whether the final byte of a control sequence ("[…m") is
// there, or one that cannot belong to it.
func endsControl(b []byte) bool {
	return bytes.ContainsFunc(b, func(r rune) bool { return r < 0x20 || r > 0x3f })
}
