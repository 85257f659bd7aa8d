// Package display is what Go cells call to show things.
package display
