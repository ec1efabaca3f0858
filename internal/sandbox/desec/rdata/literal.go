package rdata

import (
	"regexp"
	"strconv"
	"strings"
)

// underscores may stand between two digits of a number in the library's language.
var underscores = regexp.MustCompile(`(\d)_(\d)`)

var integer = regexp.MustCompile(`^[+-]?\d+$`)

// parseInt reads a number as the library's language does, and complains in its words. A number beyond 32 bits is cut
// off: no range that anybody asks for goes that far.
func parseInt(text string) (int64, error) {
	digits := underscores.ReplaceAllString(Digits(strings.TrimSpace(text)), "$1$2")
	if !integer.MatchString(digits) {
		return 0, &valueError{"invalid literal for int() with base 10: " + literal(text)}
	}
	n, _ := strconv.ParseInt(digits, 10, 32) // the only error left is the one of the range
	return n, nil
}

// literal prints a string as the library's language does in complaints.
func literal(text string) string {
	return "'" + strings.ReplaceAll(text, `\`, `\\`) + "'"
}
