// Package desec is a fake of the deSEC API, as strict as the service.
//
// It holds domains and RRsets in memory, accepts and refuses what deSEC accepts and refuses, in the same order of
// checks and with the same texts (design/facts/desec-api.md), and answers what the name servers of the service would
// serve. Two recordings of the real server are replayed against it by the tests: the record contents and the exchanges
// of the facts.
//
// It answers below /api/v1/ (and /api/v2/, as the service does) and must not be mounted under an http.ServeMux: that
// one cleans paths with redirects of its own.
//
// Limits: one account with one token; token management, accounts, zone files, dynDNS and the limits of the web server
// in front (but for the size of a body) are not there, as no client of ours asks for them. Which of several records or
// types comes first is arbitrary at the service; here it is the order of arrival, or random with Options.Shuffle.
package desec
