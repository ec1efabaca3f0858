// Package rdata turns record content into the form that deSEC stores, or refuses it in deSEC's words.
//
// deSEC reads each record as zone file text, brings it into wire form and prints it again, and answers with the printed
// form (design/facts/desec-api.md section 5). The rules and the texts are those of the DNS library behind the API, so
// the package reads text with that library's tokens and not with Go's DNS library, which accepts and prints other
// things: it would hide the spellings that a client has to cope with. It shares no code with the product for the same
// reason.
//
// Limits: digits are ASCII digits, and the texts of refusals that were never observed follow the library's source.
package rdata
