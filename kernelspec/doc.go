// Package kernelspec makes gospark known to Jupyter: it writes kernel.json, the
// logos and the browser part into a Jupyter data folder, finds and removes them.
//
// It touches two folders per place, share/jupyter/kernels/gospark and
// share/jupyter/labextensions/gospark, and in them only files that it wrote:
// kernel.json and install.json list them, and a folder of that name that gospark
// did not write is refused. It does not know how to run a kernel.
//
// The logos are drawn in logo/logo-svg.svg; logo/render makes the PNGs of it.
package kernelspec
