package main

import "strings"

// target is a platform, as goreleaser and the registries write it: linux_amd64.
type target string

func (t target) os() string {
	name, _, _ := strings.Cut(string(t), "_")
	return name
}

func (t target) arch() string {
	_, arch, _ := strings.Cut(string(t), "_")
	return arch
}

// The names that both registries ask for
// (https://developer.hashicorp.com/terraform/registry/providers/publishing#manually-preparing-a-release).

func prefix(version string) string { return projectName + "_" + version }

func archiveName(version string, t target) string { return prefix(version) + "_" + string(t) + ".zip" }

func modulesName(version string, t target) string {
	return prefix(version) + "_" + string(t) + ".cdx.json"
}

func sumsName(version string) string { return prefix(version) + "_SHA256SUMS" }

func manifestName(version string) string { return prefix(version) + "_manifest.json" }

func binaryName(version string, t target) string {
	name := projectName + "_v" + version
	if t.os() == "windows" {
		name += ".exe"
	}
	return name
}
