package main

import "strings"

// target is a platform, as goreleaser and the registries write it: linux_amd64.
type target string

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
	if strings.HasPrefix(string(t), "windows_") {
		name += ".exe"
	}
	return name
}
