package desec

import (
	"fmt"
	"strconv"
	"strings"
)

// number is a JSON number as it was written.
type number struct{ text string }

// isInt reports whether the number is an integer to the service's language: no fraction, no
// exponent.
func (n number) isInt() bool { return !strings.ContainsAny(n.text, ".eE") }

// String is the number as the service's language prints it.
func (n number) String() string {
	if n.isInt() {
		return n.text
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		return "inf"
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if f >= 1e16 || f <= -1e16 {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// typeName is what the service's language calls the type of a value.
func typeName(value any) string {
	switch value := value.(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case string:
		return "str"
	case []any:
		return "list"
	case map[string]any:
		return "dict"
	case number:
		if value.isInt() {
			return "int"
		}
		return "float"
	default:
		return fmt.Sprintf("%T", value)
	}
}
