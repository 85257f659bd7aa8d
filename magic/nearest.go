package magic

import near "gospark/nearest"

// nearest is the name that was probably meant by a wrong one.
func nearest(wrong string, names []string) string { return near.Of(wrong, names) }
