// Package live holds checks against the services themselves, for maintainers: `make live`. It is never part of CI, and
// needs a zone that nobody misses:
//
//	MULTIDNS_LIVE_ZONE=throw-away.example DESEC_API_TOKEN=… CLOUDFLARE_API_TOKEN=… make live
//
// With the token of one operator alone the other one is the sandbox. DESEC_BASE_URL and CLOUDFLARE_BASE_URL mean what
// they mean to the provider. All that it writes lies below the name multidns-live of the zone, and it is taken away at
// the end, after a failure and after Ctrl-C. The questions to Cloudflare, which
// design/facts/cloudflare-open-questions.sh asks, use names that begin with f-.
//
// Everything passes through a proxy in this process. It counts, and the run fails if a service ever had to say 429. One
// run writes some fifty times at deSEC, which allows a hundred writes an hour: what was sent is remembered in .cache,
// so that a third run within the hour waits.
package live
