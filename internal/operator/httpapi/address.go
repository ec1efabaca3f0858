package httpapi

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// ParseBaseURL reads where an API is: https, or http to a loopback address, because a token in clear text must not
// leave the machine. The error says what is wrong without repeating credentials that somebody wrote into the URL.
func ParseBaseURL(raw string) (*url.URL, error) {
	base, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil:
		return nil, errors.New("base_url is not a URL; write it like https://api.example.com/v1")
	case base.User != nil:
		return nil, errors.New("base_url must not hold a user name or password; the token has an attribute of its own")
	case base.RawQuery != "" || base.Fragment != "":
		return nil, errors.New("base_url must end with its path: no query, no fragment")
	case base.Hostname() == "":
		return nil, fmt.Errorf("base_url %q names no host; write it like https://api.example.com/v1", raw)
	case base.Scheme == "https", base.Scheme == "http" && isLoopback(base.Hostname()):
		return base, nil
	case base.Scheme == "http":
		return nil, fmt.Errorf("base_url %q would send the token unencrypted; write https (http is for loopback addresses only)", raw)
	}
	return nil, fmt.Errorf("base_url %q must begin with https://", raw)
}

// CheckBaseURL says what is wrong with where an API is said to be.
func CheckBaseURL(raw string) error {
	_, err := ParseBaseURL(raw)
	return err
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && addr.IsLoopback())
}
