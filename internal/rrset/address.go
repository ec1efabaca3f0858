package rrset

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

func parseA(f *fields) ([]byte, error) {
	text, err := f.word("address")
	if err != nil {
		return nil, err
	}
	addr, err := netip.ParseAddr(text)
	switch {
	case err == nil && addr.Is4():
		return addr.AsSlice(), nil
	case err == nil:
		return nil, errors.New("it is an IPv6 address; use type AAAA for it")
	case strings.Contains(text, "/"):
		return nil, errors.New("it is a network; write one address")
	default:
		return nil, errors.New("it is not an IPv4 address: four decimal numbers from 0 to 255 without leading zeros")
	}
}

func printA(w *wire) (string, error) {
	return fmt.Sprintf("%d.%d.%d.%d", w.u8(), w.u8(), w.u8(), w.u8()), nil
}

func parseAAAA(f *fields) ([]byte, error) {
	text, err := f.word("address")
	if err != nil {
		return nil, err
	}
	addr, err := netip.ParseAddr(text)
	switch {
	case err == nil && addr.Zone() != "":
		return nil, errors.New("it holds an interface zone, which has no meaning in DNS; write what stands before the percent sign")
	case err == nil && addr.Is6():
		return addr.AsSlice(), nil
	case err == nil:
		return nil, errors.New("it is an IPv4 address; use type A for it")
	case strings.Contains(text, "/"):
		return nil, errors.New("it is a network; write one address")
	default:
		return nil, errors.New("it is not an IPv6 address")
	}
}

func printAAAA(w *wire) (string, error) {
	b := w.take(16)
	if w.short {
		return "", nil
	}
	addr := netip.AddrFrom16([16]byte(b))
	if addr.Is4In6() {
		// RFC 5952 section 5 recommends the dotted form and netip prints it; deSEC stores hex
		// (design/facts/desec-api.md section 5).
		return fmt.Sprintf("::ffff:%x:%x", uint16(b[12])<<8|uint16(b[13]), uint16(b[14])<<8|uint16(b[15])), nil
	}
	return addr.String(), nil
}
