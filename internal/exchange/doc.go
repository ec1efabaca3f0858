// Package exchange asks one DNS server one question. It is the only place of the product that sends one; who to ask,
// and what an answer means, is for the packages above.
package exchange
