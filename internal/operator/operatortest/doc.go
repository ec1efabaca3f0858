// Package operatortest is the conformance suite of package operator: what an implementation must do so that the rest of
// the provider may rely on it.
//
// Scenarios are transitions, run through the operator against a fake of its service. They are judged by what the
// service holds afterwards; what a method returned is compared as well, but never alone. Nothing here names a service.
// Where one differs, its own [Suite] says so, beside the reason.
//
// Each scenario runs on a site of its own and under a root logger whose output must not contain the token.
package operatortest
