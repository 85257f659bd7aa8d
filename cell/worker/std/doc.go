// Package std links the standard library into the cell worker.
//
// Loading a cell runs no package initialisation (facts of the plugin scheme),
// so whatever a cell may import must have been initialised by the worker.
// Packages of a newer Go that are missing here come through an imports plugin.
package std

//go:generate go run gen.go
