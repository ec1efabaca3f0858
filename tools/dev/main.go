// Command dev keeps the repository in order; `make` says what to run when:
//
//	go run ./tools/dev fmt [-check]   format Go and HCL, or tell what is not formatted
//	go run ./tools/dev docs [-check]  generate docs/ from schema, templates/ and examples/, or tell what differs
//	go run ./tools/dev examples       validate every example with every CLI
//
// Everything works offline once the pinned tools are built.
package main

import (
	"context"
	"errors"
	"os"
	"slices"

	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

func main() {
	toolchain.Main("dev", func(ctx context.Context) error { return run(ctx, os.Args[1:]) })
}

func run(ctx context.Context, args []string) error {
	root, err := toolchain.Root()
	if err != nil {
		return err
	}
	check := len(args) == 2 && args[1] == "-check"
	switch {
	case slices.Equal(args, []string{"fmt"}), check && args[0] == "fmt":
		return formatAll(ctx, root, check)
	case slices.Equal(args, []string{"docs"}), check && args[0] == "docs":
		return docs(ctx, root, check)
	case slices.Equal(args, []string{"examples"}):
		return examples(ctx, root)
	}
	return errors.New("usage: go run ./tools/dev fmt|docs [-check], or examples")
}
