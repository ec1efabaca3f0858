package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"

	"golang.org/x/mod/sumdb/dirhash"
)

//go:embed offline
var offline embed.FS

// common are the platforms that people and their runners have; the bundle holds those of them that were built.
var common = []target{"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"}

// registries are the hosts that the source "multidns/multidns" means, one CLI's default each.
var registries = []string{"registry.opentofu.org", "registry.terraform.io"}

const source = "multidns/multidns"

// bundle makes one archive in into, from the release in dir and from the repository at root: what a machine without a
// network needs. It gives the archive's path.
func bundle(root, dir, into, version string) (string, error) {
	var platforms []target
	for _, t := range common {
		if _, err := os.Stat(filepath.Join(dir, archiveName(version, t))); err == nil {
			platforms = append(platforms, t)
		}
	}
	if len(platforms) == 0 {
		return "", fmt.Errorf("bundle: %s holds no archive of version %s: run make release-snapshot first", dir, version)
	}
	name := "multidns-" + version + "-offline"
	b := &archive{top: name}
	// The mirror first: it tells the time.
	if err := errors.Join(b.addMirror(dir, version, platforms), b.addPages(root, version, platforms), b.addExample(root, dir, version, platforms)); err != nil {
		return "", fmt.Errorf("bundle: %w", err)
	}
	if err := os.MkdirAll(into, 0o750); err != nil {
		return "", fmt.Errorf("bundle: %w", err)
	}
	target := filepath.Join(into, name+".tar.gz")
	if err := b.write(target); err != nil {
		return "", fmt.Errorf("bundle: %w", err)
	}
	return target, nil
}

// addMirror adds the archives in the packed layout of a filesystem mirror
// (https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror). The second registry's are links
// to the first one's.
func (b *archive) addMirror(dir, version string, platforms []target) error {
	var sums strings.Builder
	for _, t := range platforms {
		name := archiveName(version, t)
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%s  %s\n", sumOf(content), name)
		first := path.Join("mirror", registries[0], source, name)
		b.add(first, content)
		for _, registry := range registries[1:] {
			b.link(path.Join("mirror", registry, source, name), first)
		}
		if b.clock.IsZero() {
			if b.clock, err = builtAt(content); err != nil {
				return err
			}
		}
	}
	b.add("SHA256SUMS", []byte(sums.String()))
	return nil
}

// builtAt is the clock in an archive: that of the commit.
func builtAt(content []byte) (time.Time, error) {
	files, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil || len(files.File) == 0 {
		return time.Time{}, fmt.Errorf("read an archive: %w", errors.Join(err, errors.New("it holds nothing")))
	}
	return files.File[0].Modified.UTC(), nil
}

func (b *archive) addPages(root, version string, platforms []target) error {
	pages, err := template.ParseFS(offline, "offline/*")
	if err != nil {
		return err
	}
	names := make([]string, len(platforms))
	for i, t := range platforms {
		names[i] = "`" + string(t) + "`"
	}
	for _, name := range []string{"README.md", "cli.tfrc"} {
		var text bytes.Buffer
		data := map[string]string{"Version": version, "Platforms": strings.Join(names, ", ")}
		if err := pages.ExecuteTemplate(&text, name, data); err != nil {
			return err
		}
		b.add(name, text.Bytes())
	}
	runbook, err := os.ReadFile(filepath.Join(root, "docs", "guides", "runbook.md"))
	if err != nil {
		return err
	}
	b.add("RUNBOOK.md", []byte(standalone(string(runbook))))
	license, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	b.add("LICENSE", license)
	return err
}

var (
	frontMatter  = regexp.MustCompile(`(?s)\A---\n.*?\n---\n+`)
	relativeLink = regexp.MustCompile(`\]\(((?:\.\./)?)([a-z-]+/)?([a-z_-]+\.md)(#[a-z-]+)?\)`)
)

// standalone makes a page of docs/guides one that can be read alone: what it refers to is at GitHub.
func standalone(page string) string {
	page = frontMatter.ReplaceAllString(page, "")
	return relativeLink.ReplaceAllStringFunc(page, func(link string) string {
		part := relativeLink.FindStringSubmatch(link)
		folder := "guides/"
		if part[1] != "" {
			folder = ""
		}
		return "](https://github.com/multidns/terraform-provider-multidns/blob/main/docs/" + folder + part[2] + part[3] + part[4] + ")"
	})
}

// addExample adds examples/failover, with the lock file that `init` would write where it could ask a registry.
func (b *archive) addExample(root, dir, version string, platforms []target) error {
	example := os.DirFS(filepath.Join(root, "examples", "failover"))
	names, err := fs.Glob(example, "*.tf")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(example, name)
		if err != nil {
			return err
		}
		b.add(path.Join("failover", name), text)
	}
	lock, err := lockFile(dir, version, platforms)
	b.add("failover/.terraform.lock.hcl", lock)
	return err
}

// lockFile holds both hashes of each archive: h1 of what is in it, which the CLIs compute when they install from a
// mirror, and zh of the archive, which a registry's checksums hold
// (https://developer.hashicorp.com/terraform/language/files/dependency-lock#checksum-verification).
func lockFile(dir, version string, platforms []target) ([]byte, error) {
	var hashes []string
	for _, t := range platforms {
		file := filepath.Join(dir, archiveName(version, t))
		h1, err := dirhash.HashZip(file, dirhash.Hash1)
		if err != nil {
			return nil, err
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, h1, "zh:"+sumOf(content))
	}
	slices.Sort(hashes)
	var text strings.Builder
	for _, registry := range registries {
		fmt.Fprintf(&text, "provider %q {\n  version = %q\n  hashes = [\n", registry+"/"+source, version)
		for _, hash := range hashes {
			fmt.Fprintf(&text, "    %q,\n", hash)
		}
		text.WriteString("  ]\n}\n\n")
	}
	return []byte(strings.TrimSuffix(text.String(), "\n")), nil
}

// archive is a tar file in the making. Equal content gives an equal file.
type archive struct {
	top   string // the one folder that everything is in
	clock time.Time
	files []tarred
}

type tarred struct {
	name, link string
	content    []byte
}

func (b *archive) add(name string, content []byte) {
	b.files = append(b.files, tarred{name: name, content: content})
}

func (b *archive) link(name, to string) { b.files = append(b.files, tarred{name: name, link: to}) }

func (b *archive) write(to string) error {
	var packed bytes.Buffer
	zipper := gzip.NewWriter(&packed)
	writer := tar.NewWriter(zipper)
	for _, file := range b.files {
		header := &tar.Header{
			Typeflag: tar.TypeReg, Name: path.Join(b.top, file.name), Size: int64(len(file.content)), Mode: 0o644, ModTime: b.clock,
		}
		if file.link != "" {
			header.Typeflag, header.Linkname = tar.TypeLink, path.Join(b.top, file.link)
		}
		if err := writer.WriteHeader(header); err != nil {
			return err
		}
		if _, err := writer.Write(file.content); err != nil {
			return err
		}
	}
	if err := errors.Join(writer.Close(), zipper.Close()); err != nil {
		return err
	}
	return os.WriteFile(to, packed.Bytes(), 0o644) //nolint:gosec // to be handed on
}
