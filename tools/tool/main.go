// Command tool runs a pinned tool, building it first where need be:
//
//	go run ./tools/tool lint run ./...
//	go run ./tools/tool -path tofu
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "tool:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	onlyPath := len(args) > 0 && args[0] == "-path"
	if onlyPath {
		args = args[1:]
	}
	if len(args) == 0 {
		return errors.New("usage: go run ./tools/tool [-path] NAME [argument ...], NAME being a folder below tools/ with a go.mod")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	root, err := toolchain.Root()
	if err != nil {
		return err
	}
	binary, err := toolchain.Binary(ctx, root, args[0], os.Stderr)
	stop()
	if err != nil {
		return err
	}
	if onlyPath {
		fmt.Println(binary)
		return nil
	}
	// Replaces this process: exit code, signals and terminal are then the tool's own.
	return syscall.Exec(binary, append([]string{binary}, args[1:]...), os.Environ())
}
