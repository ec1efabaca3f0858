package rrset

import (
	"errors"
	"fmt"
)

// parseHost reads the types whose RDATA is one name.
func parseHost(f *fields) ([]byte, error) { return f.name("target") }

func printNS(w *wire) (string, error) {
	name := w.name()
	if len(name) == 0 {
		return "", errors.New(`the target is ".", and a zone cannot be delegated to the root; write a host name or remove the value`)
	}
	return printHostName("target", name)
}

func printPTR(w *wire) (string, error) { return printName(fold(w.name())), nil }

func parseMX(f *fields) ([]byte, error) {
	out, err := f.numbers(nil, 16, "preference")
	if err != nil {
		return nil, err
	}
	host, err := f.name("host")
	return append(out, host...), err
}

func printMX(w *wire) (string, error) {
	preference := w.u16()
	host, err := printHostName("host", w.name())
	return fmt.Sprintf("%d %s", preference, host), err
}

func parseSRV(f *fields) ([]byte, error) {
	out, err := f.numbers(nil, 16, "priority", "weight", "port")
	if err != nil {
		return nil, err
	}
	host, err := f.name("host")
	return append(out, host...), err
}

func printSRV(w *wire) (string, error) {
	priority, weight, port := w.u16(), w.u16(), w.u16()
	host, err := printHostName("host", w.name())
	return fmt.Sprintf("%d %d %d %s", priority, weight, port, host), err
}

const hostChars = "abcdefghijklmnopqrstuvwxyz0123456789-"

func lower(label []byte) string { return string(asciiLower(label)) }

// printHostName prints a name that is to be a host (RFC 952, RFC 1123 section
// 2.1): letters, digits and inner hyphens. It does so for MX, NS and SRV;
// "." is one of them where the type gives it a meaning.
func printHostName(what string, name [][]byte) (string, error) {
	for _, label := range name {
		text := lower(label)
		switch {
		case firstOutside(text, hostChars) != "":
			return "", fmt.Errorf("the %s is not a host name: it holds %s, and a host name has only letters, digits and hyphens", what, quoteShort(firstOutside(text, hostChars)))
		case text[0] == '-' || text[len(text)-1] == '-':
			return "", fmt.Errorf("the %s is not a host name: one of its labels begins or ends with a hyphen", what)
		}
	}
	return printName(fold(name)), nil
}
