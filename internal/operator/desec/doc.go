// Package desec speaks with deSEC's API as an operator.
//
// Reads are lists, writes are one verb: a bulk PATCH of whole RRsets, which creates, changes and deletes in one
// transaction and can be repeated without harm. It is one request to the account's budget however many RRsets it holds
// (design/facts/desec-api.md sections 4.3 and 7).
//
// What deSEC cannot hold is in rules.go, each rule with its source and the day on which it was verified.
package desec
