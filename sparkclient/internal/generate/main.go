// Command generate writes what sparkclient generates from Spark's protos:
// connect/pb, the gRPC stubs; internal/plan, the light mirror of plans; and
// functions/generated.go, from the table functions/functions.tsv.
//
// The protos below sparkclient/proto are those of Spark 4.3.0, unchanged: they
// come out of spark-connect_2.13-4.3.0.jar (in the pyspark wheel, folder jars),
// where they lie under spark/connect. To move to another Spark, unzip that
// folder over sparkclient/proto and run `go generate ./sparkclient`. It needs
// protoc on PATH.
package main

import (
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	root, err := filepath.Abs(root)
	if err != nil {
		log.Fatal(err)
	}
	for _, step := range []func(string) error{stubs, mirror, functions} {
		if err := step(root); err != nil {
			log.Fatal(err)
		}
	}
}
