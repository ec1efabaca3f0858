package provider

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/delegation"
)

// Surroundings are what the provider takes from the process that it runs in.
type Surroundings struct {
	// Now is the clock that ages are judged by.
	Now func() time.Time
	// Getenv is the value of an environment variable, empty if it is not set.
	Getenv func(name string) string
	// CacheDir is the folder in which programs keep what they can do without. An error says that there is none.
	CacheDir func() (string, error)
}

// Process are the surroundings of a provider that has a process of its own.
func Process() Surroundings {
	return Surroundings{Now: time.Now, Getenv: os.Getenv, CacheDir: os.UserCacheDir} //nolint:forbidigo // this is where the clock comes from
}

// environment is the first of some variables that is set.
func (in Surroundings) environment(names ...string) string {
	for _, name := range names {
		if v := in.Getenv(name); v != "" {
			return v
		}
	}
	return ""
}

const rootsVariable = "MULTIDNS_ROOT_SERVERS"

// roots are the root servers that the environment names because this network has others than the Internet; none when it
// says nothing.
func (in Surroundings) roots(port uint16) ([]netip.AddrPort, error) {
	servers := strings.FieldsFunc(in.Getenv(rootsVariable), func(r rune) bool { return r == ',' || r == ' ' })
	roots, err := parseRoots(servers, port)
	if err != nil {
		return nil, fmt.Errorf("the environment variable %s: %w", rootsVariable, err)
	}
	return roots, nil
}

// asker begins at those root servers, else at those of the Internet.
func (in Surroundings) asker() (delegation.Asker, error) {
	roots, err := in.roots(dnsPort)
	return delegation.Asker{Roots: roots}, err
}
