package operator

import (
	"fmt"
	"strings"
)

// Listing shows values in a message; a long list is cut, because some messages end up in state.
func Listing(values []string) string {
	const most = 5
	shown := values[:min(len(values), most)]
	text := strings.Join(shown, ", ")
	if more := len(values) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return "[" + text + "]"
}

// And joins names for a sentence.
func And(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
