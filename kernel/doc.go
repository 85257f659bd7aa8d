// Package kernel is the Jupyter kernel for any language.
package kernel
