// Package toolchain builds the command line tools that this repository is tested, checked and documented with.
//
// Each tool has a folder next to this package with a go.mod of its own (tools/tofu, tools/lint and others), so that its
// hundreds of dependencies never meet the provider's. The go.mod pins the version, go.sum the content; a tool is
// compiled once per version and Go release, into a cache that all clones on one machine share. Nothing but Go and the
// module proxy is needed.
package toolchain
