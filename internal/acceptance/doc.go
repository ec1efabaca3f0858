// Package acceptance holds the tests that drive a real CLI against the sandbox, and nothing else. They assert on what
// the operators hold afterwards, on exit codes and on the state, with every CLI that can be had.
package acceptance
