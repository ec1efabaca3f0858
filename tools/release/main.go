// Command release makes what a release consists of, on a machine without keys, and proves it:
//
//	go run ./tools/release snapshot [-version 0.1.0]  all archives, checksums and module lists, in dist/release
//	go run ./tools/release check [-version 0.1.0]     two snapshots of the last commit, in fresh clones, are equal
//	go run ./tools/release bundle [-version 0.1.0]    dist/…-offline.tar.gz from the snapshot in dist/release
//
// goreleaser does the work, as it does for a real release (.goreleaser.yml); it and cyclonedx-gomod are pinned in
// tools/.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

func main() {
	toolchain.Main("release", func(ctx context.Context) error { return run(ctx, os.Args[1:]) })
}

func run(ctx context.Context, args []string) error {
	root, err := toolchain.Root()
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return errUsage
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	version := flags.String("version", "0.1.0", "version of the provider")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	dir := filepath.Join(root, snapshotDir)
	switch args[0] {
	case "snapshot":
		if err := snapshot(ctx, root, *version); err != nil {
			return err
		}
		fmt.Println("made", dir)
		return nil
	case "check":
		return checkCommit(ctx, root, *version)
	case "bundle":
		archive, err := bundle(root, dir, filepath.Join(root, "dist"), *version)
		if err == nil {
			fmt.Println("made", archive)
		}
		return err
	}
	return errUsage
}

var errUsage = errors.New("usage: go run ./tools/release snapshot|check|bundle [-version 0.1.0]")
