// Package httpapi carries HTTP exchanges with an operator's API and sorts what can happen to them into answers,
// refusals and outages, in one place for all operators.
//
// A [Transport] paces requests, bounds each exchange in time and each answer in size, repeats what can be repeated
// without harm, and refuses redirects. It never lets the token leave for another host, and takes it out of whatever
// comes back, so that no answer, error or log line holds it. What it hands on is the whole answer of the API itself:
// JSON with a status below 300, or none (204). Everything else is an [operator.OutageError] or an
// [operator.RefusalError].
package httpapi
