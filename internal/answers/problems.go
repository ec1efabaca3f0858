package answers

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/exchange"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// serverProblems are servers that are silent or lame, each in one sentence for all questions that went wrong in the
// same way.
func serverProblems(servers []Server, all []seen) []string {
	var sentences []string
	for _, server := range servers {
		failures := map[string]failure{}
		asked := 0
		for _, s := range all {
			if s.server != server {
				continue
			}
			asked++
			if wrong := s.wrong(); wrong != "" {
				f := failures[wrong]
				f.keys = append(f.keys, s.key.Relative()+"/"+s.key.Type)
				f.transports = append(f.transports, strings.ToUpper(s.transport))
				failures[wrong] = f
			}
		}
		for _, wrong := range slices.Sorted(maps.Keys(failures)) {
			sentences = append(sentences, fmt.Sprintf("The name server %s %s %s.", server, wrong, failures[wrong].extent(asked)))
		}
	}
	return sentences
}

// failure is to which questions a server gave no answer, and how they were asked.
type failure struct{ keys, transports []string }

// extent says how many of the questions a failure is about.
func (f failure) extent(asked int) string {
	slices.Sort(f.transports)
	text := "over " + strings.Join(slices.Compact(f.transports), " and ")
	if len(f.keys) < asked/2 {
		slices.Sort(f.keys)
		text += " when it is asked for " + strings.Join(slices.Compact(f.keys), ", ")
	}
	return text
}

// wrong is what is wrong with an answer, or "".
func (s seen) wrong() string {
	switch {
	case s.silent != "":
		return s.silent
	case s.lame != "":
		return "is lame: it " + s.lame
	default:
		return ""
	}
}

// differences are RRsets that the servers answer differently, or that none has.
func differences(keys []rrset.Key, all []seen) []string {
	var sentences []string
	for _, key := range keys {
		by := map[string][]string{}
		for _, s := range all {
			if s.key != key || s.holds == "" {
				continue
			}
			who := s.server.String()
			if s.transport == exchange.TCP {
				if slices.Contains(by[s.holds], who) {
					continue // the same as over UDP
				}
				who += " over TCP"
			}
			by[s.holds] = append(by[s.holds], who)
		}
		name := key.Relative() + "/" + key.Type
		answers := slices.Sorted(maps.Keys(by))
		if len(answers) == 1 && strings.HasPrefix(answers[0], "no such") {
			sentences = append(sentences, fmt.Sprintf("No name server has %s.", name))
		}
		if len(answers) < 2 {
			continue
		}
		var parts []string
		for _, a := range answers {
			parts = append(parts, fmt.Sprintf("%s from %s", a, strings.Join(by[a], " and ")))
		}
		sentences = append(sentences, fmt.Sprintf("The name servers differ about %s: %s.", name, strings.Join(parts, "; ")))
	}
	return sentences
}
