// Package render turns rows and values into MIME bundles: text/html that reads
// well in JupyterLab's light and dark themes, and aligned text/plain for
// consoles and logs.
//
// It is pure: columns and values come in, a [display.Bundle] comes out. It
// knows neither Jupyter's messages nor Spark's client, loads nothing from
// outside, and bounds the size of all it makes. Its one script is a constant
// that makes tables sortable where a front end runs scripts; without it they
// are whole. The one thing to keep in mind: everything that comes from data
// passes [escape] before it reaches HTML.
package render
