// Package memory is an operator of test code: it holds its zones in memory and is asked without HTTP, a token or a
// status code. It has what the real operators do not: a rule of its own (at most three values), a setting of its own
// (note) and a largest TTL of its own in answers. With it a test adds a third operator to the provider.
package memory
