package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// beside is what goreleaser writes next to the files of a release.
var beside = []string{"artifacts.json", "config.yaml", "metadata.json", "digests.txt"}

// checkCommit makes two snapshots of the last commit, in clones in different folders. Each must be right, and both
// equal byte for byte.
func checkCommit(ctx context.Context, root, version string) error {
	config, err := readConfiguration(root)
	if err != nil {
		return err
	}
	temporary, err := os.MkdirTemp("", "multidns-release-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	// The one that is the last now: somebody may commit while the first is being made.
	commit, err := lastCommit(ctx, root)
	if err != nil {
		return err
	}
	var sums [2]string
	for i, name := range []string{"one", "the-other"} {
		tree := filepath.Join(temporary, name)
		if err := clone(ctx, root, tree, commit); err != nil {
			return err
		}
		if err := snapshot(ctx, tree, version); err != nil {
			return err
		}
		dir := filepath.Join(tree, snapshotDir)
		if err := checkSnapshot(ctx, tree, dir, version, config.Builds[0].Targets); err != nil {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, sumsName(version)))
		if err != nil {
			return err
		}
		sums[i] = string(text)
	}
	if sums[0] != sums[1] {
		return fmt.Errorf("two builds of one commit differ:\n%s\n%s", sums[0], sums[1])
	}
	fmt.Printf("%d archives, right and reproducible:\n%s", len(config.Builds[0].Targets), sums[0])
	return nil
}

func lastCommit(ctx context.Context, root string) (string, error) {
	output, err := exec.CommandContext(ctx, "git", "-C", root, "rev-parse", "HEAD").Output()
	if err != nil {
		return "", fmt.Errorf("find the last commit: %w", err)
	}
	return strings.TrimSpace(string(output)), nil
}

// clone makes a copy of the repository as it was at a commit.
func clone(ctx context.Context, root, to, commit string) error {
	for _, args := range [][]string{
		{"clone", "--quiet", "--no-hardlinks", "--no-checkout", root, to},
		{"-C", to, "checkout", "--quiet", "--detach", commit},
	} {
		if output, err := exec.CommandContext(ctx, "git", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("clone %s: %w\n%s", root, err, output)
		}
	}
	return nil
}

// checkSnapshot checks all that lies in dir. tree holds the sources that it was made from.
func checkSnapshot(ctx context.Context, tree, dir, version string, targets []target) error {
	manifest, err := os.ReadFile(filepath.Join(tree, "terraform-registry-manifest.json"))
	if err != nil {
		return err
	}
	problems := []error{checkManifest(manifest), checkFiles(dir, version, targets), checkSums(dir, version, targets, manifest)}
	for _, t := range targets {
		if err := checkTarget(dir, version, t); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", t, err))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return err
	}
	return checkRunning(ctx, dir, version)
}

// checkManifest checks what tells the registries which protocol the provider speaks: main.go serves version 6.
func checkManifest(text []byte) error {
	var manifest struct {
		Version  int `json:"version"`
		Metadata struct {
			Protocols []string `json:"protocol_versions"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return fmt.Errorf("read the manifest: %w", err)
	}
	if manifest.Version != 1 || !slices.Equal(manifest.Metadata.Protocols, []string{"6.0"}) {
		return fmt.Errorf("the manifest says %+v, want version 1 and protocol 6.0", manifest)
	}
	return nil
}

// checkFiles checks that every file is there, and none besides.
func checkFiles(dir, version string, targets []target) error {
	want := map[string]bool{sumsName(version): true}
	for _, t := range targets {
		want[archiveName(version, t)] = true
		want[modulesName(version, t)] = true
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || slices.Contains(beside, name) || name == manifestName(version) {
			continue
		}
		if !want[name] {
			err = errors.Join(err, fmt.Errorf("%s does not belong to a release", name))
		}
		delete(want, name)
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		err = errors.Join(err, fmt.Errorf("%s is missing", name))
	}
	return err
}

// checkSums checks that the checksums are right and name every file that is published.
func checkSums(dir, version string, targets []target, manifest []byte) error {
	text, err := os.ReadFile(filepath.Join(dir, sumsName(version)))
	if err != nil {
		return err
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(text)) {
		sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			return fmt.Errorf("%s: %q is no checksum", sumsName(version), line)
		}
		sums[name] = sum
	}
	want := map[string]string{manifestName(version): sumOf(manifest)}
	for _, t := range targets {
		for _, name := range []string{archiveName(version, t), modulesName(version, t)} {
			content, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				return err
			}
			want[name] = sumOf(content)
		}
	}
	if !maps.Equal(sums, want) {
		return fmt.Errorf("%s says %v, want %v", sumsName(version), sums, want)
	}
	return nil
}

func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// checkTarget checks the archive of one platform: what is in it, and what the binary says of its own build.
func checkTarget(dir, version string, t target) error {
	files, err := unzip(filepath.Join(dir, archiveName(version, t)))
	if err != nil {
		return err
	}
	want := []string{"CHANGELOG.md", "LICENSE", "README.md", binaryName(version, t)}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		return fmt.Errorf("the archive holds %v, want %v", got, want)
	}
	binary := files[binaryName(version, t)]
	if binary.mode&0o111 != 0o111 {
		return fmt.Errorf("the binary has mode %v and cannot be run", binary.mode)
	}
	info, err := buildinfo.Read(bytes.NewReader(binary.content))
	if err != nil {
		return fmt.Errorf("read what the binary says of its build: %w", err)
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	goos, goarch, _ := strings.Cut(string(t), "_")
	for key, value := range map[string]string{"GOOS": goos, "GOARCH": goarch, "CGO_ENABLED": "0", "-trimpath": "true"} {
		if settings[key] != value {
			return fmt.Errorf("the binary was built with %s=%q, want %q", key, settings[key], value)
		}
	}
	return checkModules(filepath.Join(dir, modulesName(version, t)), version, info)
}

// checkModules checks that the list names every module of the binary, with its version.
func checkModules(path, version string, info *buildinfo.BuildInfo) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var list struct {
		Format   string `json:"bomFormat"`
		Metadata struct {
			Component struct{ Name, Version string }
		}
		Components []struct{ Name, Version, PURL string }
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return fmt.Errorf("read the list of modules: %w", err)
	}
	if list.Format != "CycloneDX" || list.Metadata.Component.Version != "v"+version {
		return fmt.Errorf("the list of modules is %s of %s, want CycloneDX of v%s", list.Format, list.Metadata.Component.Version, version)
	}
	listed := map[string]string{}
	for _, c := range list.Components {
		listed[c.Name] = c.Version
	}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		if listed[module.Path] != module.Version {
			return fmt.Errorf("the list of modules has %s in version %q, the binary in %q", module.Path, listed[module.Path], module.Version)
		}
	}
	return nil
}

// zipped is a file in an archive.
type zipped struct {
	content []byte
	mode    os.FileMode
}

func unzip(path string) (map[string]zipped, error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", filepath.Base(path), err)
	}
	defer func() { _ = archive.Close() }()
	files := map[string]zipped{}
	for _, file := range archive.File {
		reader, err := file.Open()
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file.Name, err)
		}
		content, err := io.ReadAll(reader)
		if err := errors.Join(err, reader.Close()); err != nil {
			return nil, fmt.Errorf("read %s: %w", file.Name, err)
		}
		files[file.Name] = zipped{content, file.Mode()}
	}
	return files, nil
}
