// Package probe asks once whether a service works (HTTP, TCP, TLS, DNS), and Run repeats that until the outcome is
// certain.
//
// One attempt is one connection to one address, fresh each time: no Happy Eyeballs (RFC 8305), no kept-alive
// connection, no hidden second try. A prober that tries again by itself would hide the very failure that it is asked
// about, and a second address family would hide that the first is broken.
//
// Nothing that is down is an error: it is a Result with a Reason that a person understands. An error (always a
// *ConfigError) says that the question is wrong.
//
// Proxies of the environment (HTTP_PROXY and others) are never used: a proxy answers in the name of the service when
// the service is down, chooses the address and the address family itself, and would be another thing that can fail.
package probe
