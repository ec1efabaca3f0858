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
	"syscall"

	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

func main() {
	toolchain.Main("tool", func(ctx context.Context) error { return run(ctx, os.Args[1:]) })
}

func run(ctx context.Context, args []string) error {
	onlyPath := len(args) > 0 && args[0] == "-path"
	if onlyPath {
		args = args[1:]
	}
	if len(args) == 0 {
		return errors.New("usage: go run ./tools/tool [-path] NAME [argument ...], NAME being a folder below tools/ with a go.mod")
	}
	binary, err := toolchain.Binary(ctx, args[0])
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
