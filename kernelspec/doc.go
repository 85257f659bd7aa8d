// Package kernelspec makes gospark known to Jupyter: it writes kernel.json and
// the logos into a Jupyter data folder, finds and removes them.
//
// It touches one folder per place, share/jupyter/kernels/gospark, and in it only
// files that it wrote: kernel.json lists them, and a folder of that name that
// gospark did not write is refused. It does not know how to run a kernel.
//
// The logos are drawn in logo/logo-svg.svg; logo/render makes the PNGs of it.
package kernelspec
