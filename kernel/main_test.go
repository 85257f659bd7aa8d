package kernel_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"testing"

	"gospark/kernel"
	"gospark/kernel/kerneltest"
	"gospark/kernel/wire"
	"gospark/kernel/zmq"
)

// asKernel makes the test binary a kernel: the name of a connection file. It
// lets front ends of the field (jupyter_client, pyzmq) talk to a real process.
const asKernel = "GOSPARK_TEST_CONNECTION"

func TestMain(m *testing.M) {
	if file := os.Getenv(asKernel); file != "" {
		if err := serveFile(file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func serveFile(file string) error {
	conn, err := wire.ReadConnection(file)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	ctx := context.Background()
	sockets, err := zmq.Listen(ctx, conn, zmq.Options{Log: log})
	if err != nil {
		return err
	}
	parent, _ := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	return kernel.Serve(ctx, kernel.Options{
		Sockets: sockets, Key: []byte(conn.Key), Parent: parent, Log: log,
		Interpreter: &kerneltest.Interpreter{OnExecute: lines},
	})
}

// lines is echo with two more commands: print N lines, or N bytes at once.
func lines(ctx context.Context, c kernel.Cell, out kernel.Output) (kernel.Result, error) {
	if rest, ok := strings.CutPrefix(c.Code, "lines "); ok {
		n, _ := strconv.Atoi(rest)
		for i := range n {
			out.Stream(wire.Stdout, "line "+strconv.Itoa(i)+"\n")
		}
		return kernel.Result{}, nil
	}
	if rest, ok := strings.CutPrefix(c.Code, "large "); ok {
		n, _ := strconv.Atoi(rest)
		out.Stream(wire.Stdout, strings.Repeat("0123456789abcdef0123456789abcde\n", n/32))
		return kernel.Result{}, nil
	}
	return echo(ctx, c, out)
}
