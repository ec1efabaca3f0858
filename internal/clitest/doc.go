// Package clitest drives a real Terraform or OpenTofu with this provider, as a user would: the provider is installed
// from a filesystem mirror (never dev_overrides, which skips init and the lock file), and each command is a process of
// its own, whose exit code, output and state are what a test looks at.
//
// It knows nothing of the product's packages, and needs no testing.T: the demo and the benchmark use it too.
//
// The commands run in an environment of their own. Every TF_ variable and every token of a real account is taken out,
// so that a developer's shell can neither disturb a test nor lend it a real zone. It needs a Unix: processes are
// signalled by group, as a terminal's Ctrl-C does.
package clitest
