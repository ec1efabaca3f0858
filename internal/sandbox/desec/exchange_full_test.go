package desec_test

import (
	"fmt"
	"strings"
)

// latin1 gives the bytes that were sent: the recording shows each byte of a raw body as a character.
func latin1(text string) string {
	raw := make([]byte, 0, len(text))
	for _, c := range text {
		if c > 0xff {
			return text
		}
		raw = append(raw, byte(c))
	}
	return string(raw)
}

// full gives bodies that the recording has shortened.
func full(id string, body any) any {
	addresses := func(from, to int, prefix string, ttl, keep bool) (all []any) {
		for i := from; i <= to; i++ {
			item := map[string]any{"subname": fmt.Sprintf("%s%04d", prefix, i), "type": "A", "records": []string{}}
			if ttl {
				item["ttl"] = 3600
			}
			if keep {
				item["records"] = []string{fmt.Sprintf("192.0.2.%d", i%256)}
			}
			all = append(all, item)
		}
		return all
	}
	switch id {
	case "b-0154":
		var records []string
		for i := range 300 {
			records = append(records, fmt.Sprintf("\"%s%04d\"", strings.Repeat("x", 250), i))
		}
		body.(map[string]any)["records"] = records
	case "b-0155":
		body.(map[string]any)["records"] = []string{`"` + strings.Repeat("x", 64500) + `"`}
	case "b-0156":
		body.(map[string]any)["records"] = []string{`"` + strings.Repeat("x", 60000) + `"`}
	case "b-0157":
		return "[" + strings.Repeat(" ", 1100000) + "]"
	case "e-0002":
		return addresses(0, 498, "h", true, true)
	case "e-0012":
		return addresses(500, 1004, "h", true, true)
	case "e-0026":
		return addresses(600, 1004, "h", false, false)
	case "e-0028":
		all := addresses(0, 19, "h", true, true)
		all[7].(map[string]any)["records"] = []string{"bad"}
		all[13].(map[string]any)["ttl"] = 60
		return all
	case "i-0061", "i-0063":
		var all []any
		for i := range 480 {
			var records []string
			for n := range 3 {
				records = append(records, fmt.Sprintf("2001:db8::%x:%d", i, n+1))
			}
			all = append(all, map[string]any{"subname": fmt.Sprintf("k%04d", i), "type": "AAAA", "ttl": 3600, "records": records})
		}
		return all
	}
	return body
}
