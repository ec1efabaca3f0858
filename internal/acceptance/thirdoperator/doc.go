// Package thirdoperator proves that an operator is a folder and one line: its tests add one that speaks no HTTP to the
// provider, and nothing else.
package thirdoperator
