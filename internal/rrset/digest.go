package rrset

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

var errNoData = errors.New("its data is missing")

// parseTLSA reads TLSA and SMIMEA (RFC 8162 section 2). Neither operator checks what the numbers mean or how long the
// data is.
func parseTLSA(f *fields) ([]byte, error) {
	var out []byte
	for _, field := range []struct {
		what  string
		known map[string]byte
	}{{"usage", usages}, {"selector", selectors}, {"matching type", matchings}} {
		n, err := numberOr(f, field.what, field.known)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	data, err := f.hex("data")
	return append(out, data...), err
}

// The acronyms of RFC 7218, in upper case. Zone files have them, and deSEC does not take them.
var (
	usages    = map[string]byte{"PKIX-TA": 0, "PKIX-EE": 1, "DANE-TA": 2, "DANE-EE": 3, "PRIVCERT": 255}
	selectors = map[string]byte{"CERT": 0, "SPKI": 1, "PRIVSEL": 255}
	matchings = map[string]byte{"FULL": 0, "SHA2-256": 1, "SHA2-512": 2, "PRIVMATCH": 255}
)

func printTLSA(w *wire) (string, error) {
	usage, selector, matching := w.u8(), w.u8(), w.u8()
	data := w.rest()
	if len(data) == 0 {
		return "", errNoData
	}
	return fmt.Sprintf("%d %d %d %x", usage, selector, matching, data), nil
}

func parseSSHFP(f *fields) ([]byte, error) {
	out, err := f.numbers(nil, 8, "algorithm", "fingerprint type")
	if err != nil {
		return nil, err
	}
	data, err := f.hex("fingerprint")
	return append(out, data...), err
}

func printSSHFP(w *wire) (string, error) {
	algorithm, kind := w.u8(), w.u8()
	data := w.rest()
	if len(data) == 0 {
		return "", errNoData
	}
	return fmt.Sprintf("%d %d %x", algorithm, kind, data), nil
}

// algorithms are the mnemonics of the IANA registry of DNSSEC algorithms that deSEC turns into numbers.
var algorithms = map[string]byte{
	"RSAMD5": 1, "DH": 2, "DSA": 3, "ECC": 4, "RSASHA1": 5, "DSANSEC3SHA1": 6, "RSASHA1NSEC3SHA1": 7,
	"RSASHA256": 8, "RSASHA512": 10, "ECCGOST": 12, "ECDSAP256SHA256": 13, "ECDSAP384SHA384": 14,
	"ED25519": 15, "ED448": 16, "INDIRECT": 252, "PRIVATEDNS": 253, "PRIVATEOID": 254,
}

// aliases are spellings of algorithms that deSEC does not know: those of BIND and the registry's own.
var aliases = map[string]byte{
	"NSEC3DSA": 6, "DSA-NSEC3-SHA1": 6, "NSEC3RSASHA1": 7, "RSASHA1-NSEC3-SHA1": 7, "ECC-GOST": 12,
}

// digestTypes are the mnemonics of the IANA registry of DS digest types, with and without their hyphens. deSEC takes
// numbers only.
var digestTypes = map[string]byte{
	"SHA-1": 1, "SHA1": 1, "SHA-256": 2, "SHA256": 2, "GOST": 3, "SHA-384": 4, "SHA384": 4,
}

// mnemonic reads a number of so many bits or a name out of known.
func mnemonic[N byte | uint16](f *fields, what string, bits int, known func(string) (N, bool)) (N, error) {
	text, err := f.text(what)
	if err != nil {
		return 0, err
	}
	if n, ok := known(string(text)); ok {
		return n, nil
	}
	n, err := strconv.ParseUint(string(text), 10, bits)
	if err != nil {
		return 0, fmt.Errorf("the %s is neither a number from 0 to %d nor a known mnemonic", what, uint64(1)<<bits-1)
	}
	return N(n), nil
}

// numberOr reads a number, for which a zone file may have a name out of known.
func numberOr(f *fields, what string, known map[string]byte) (byte, error) {
	if f.zoneFile {
		return mnemonic(f, what, 8, anyCase(known))
	}
	n, err := f.uint(what, 8)
	return byte(n), err
}

func (f *fields) algorithm() (byte, error) {
	return mnemonic(f, "algorithm", 8, func(text string) (byte, bool) {
		n, ok := anyCase(algorithms)(text)
		if !ok && f.zoneFile {
			n, ok = anyCase(aliases)(text)
		}
		return n, ok
	})
}

func anyCase[N byte | uint16](known map[string]N) func(string) (N, bool) {
	return func(text string) (N, bool) {
		n, ok := known[strings.ToUpper(text)]
		return n, ok
	}
}

func parseDS(f *fields) ([]byte, error) {
	out, err := f.numbers(nil, 16, "key tag")
	if err != nil {
		return nil, err
	}
	algorithm, err := f.algorithm()
	if err != nil {
		return nil, err
	}
	kind, err := numberOr(f, "digest type", digestTypes)
	if err != nil {
		return nil, err
	}
	digest, err := f.hex("digest")
	return append(append(out, algorithm, kind), digest...), err
}

// digestBytes is how long digests are, by type, as deSEC checks them: SHA-1, SHA-256, GOST R 34.11-94, SHA-384.
var digestBytes = map[uint8]int{1: 20, 2: 32, 3: 32, 4: 48}

func printDS(w *wire) (string, error) {
	tag, algorithm, kind := w.u16(), w.u8(), w.u8()
	digest := w.rest()
	want, known := digestBytes[kind]
	switch {
	case kind == 0:
		return "", errors.New("digest type 0 is reserved; write that of the digest, for example 2 for SHA-256")
	case len(digest) == 0:
		return "", errNoData
	case known && len(digest) != want:
		return "", fmt.Errorf("a digest of type %d has %d hexadecimal digits, and this one has %d", kind, 2*want, 2*len(digest))
	}
	return fmt.Sprintf("%d %d %d %x", tag, algorithm, kind, digest), nil
}

func parseDNSKEY(f *fields) ([]byte, error) {
	out, err := f.numbers(nil, 16, "flags field")
	if err != nil {
		return nil, err
	}
	if out, err = f.numbers(out, 8, "protocol"); err != nil {
		return nil, err
	}
	algorithm, err := f.algorithm()
	if err != nil {
		return nil, err
	}
	key, err := f.base64("key")
	return append(append(out, algorithm), key...), err
}

func printDNSKEY(w *wire) (string, error) {
	flags, protocol, algorithm := w.u16(), w.u8(), w.u8()
	key, err := printBase64(w)
	return fmt.Sprintf("%d %d %d %s", flags, protocol, algorithm, key), err
}

// certTypes are the mnemonics of RFC 4398 section 2.1.
var certTypes = map[string]uint16{
	"PKIX": 1, "SPKI": 2, "PGP": 3, "IPKIX": 4, "ISPKI": 5, "IPGP": 6, "ACPKIX": 7, "IACPKIX": 8, "URI": 253, "OID": 254,
}

func parseCERT(f *fields) ([]byte, error) {
	kind, err := mnemonic(f, "certificate type", 16, func(text string) (uint16, bool) {
		if f.zoneFile { // deSEC minds the case
			return anyCase(certTypes)(text)
		}
		n, ok := certTypes[text]
		return n, ok
	})
	if err != nil {
		return nil, err
	}
	out, err := f.numbers(append16(nil, uint64(kind)), 16, "key tag")
	if err != nil {
		return nil, err
	}
	algorithm, err := f.algorithm()
	if err != nil {
		return nil, err
	}
	data, err := f.base64("certificate")
	return append(append(out, algorithm), data...), err
}

func printCERT(w *wire) (string, error) {
	kind, tag, algorithm := w.u16(), w.u16(), w.u8()
	data, err := printBase64(w)
	return fmt.Sprintf("%d %d %d %s", kind, tag, algorithm, data), err
}

func parseOPENPGPKEY(f *fields) ([]byte, error) { return f.base64("key") }

func printOPENPGPKEY(w *wire) (string, error) { return printBase64(w) }

func printBase64(w *wire) (string, error) {
	data := w.rest()
	if len(data) == 0 {
		return "", errNoData
	}
	return base64.StdEncoding.EncodeToString(data), nil
}
