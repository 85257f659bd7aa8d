// Command generate writes what sparkclient generates from Spark's protos:
// connect/pb, the gRPC stubs; internal/plan, the light mirror of plans;
// functions/generated.go, from the table functions/functions.tsv; and
// docs/spark-coverage.md, from the table internal/coverage/pyspark.tsv.
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

	"gospark/sparkclient/internal/coverage"
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
	for _, step := range []func(string) error{stubs, mirror, functions, page} {
		if err := step(root); err != nil {
			log.Fatal(err)
		}
	}
}

// page writes the comparison with PySpark as a page of the documentation.
func page(root string) error {
	names, err := coverage.Table()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, "..", "docs", "spark-coverage.md"), []byte(coverage.Page(names)), 0o644)
}
