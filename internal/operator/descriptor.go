package operator

import (
	"fmt"
	"time"
)

// Descriptor says of an operator what must be known before it is opened: what it is called, what has to be known to
// reach it, and what it keeps with an RRset. Whoever offers operators to users makes the attributes of each out of its
// descriptor.
type Descriptor struct {
	// Name is the word that users write, such as "cloudflare".
	Name string
	// Title is the name as its people write it, such as "Cloudflare".
	Title string
	// Account are the settings that reach it.
	Account []Setting
	// Keeps are the settings that it keeps with an RRset, beside TTL and values.
	Keeps []Setting
	// Often says what usually differs here from the other operators, for the documentation; empty when that is nothing
	// in particular.
	Often string
	// Shows is what its API shows otherwise than others do, a sentence for each attribute, for the documentation:
	// "ttl", "apex_ns", "name_servers", "status".
	Shows map[string]string
	// Complete is called for every RRset that is declared. It returns the settings with what this operator assumes
	// where the user says nothing, and what contradicts itself. Nil: nothing is assumed.
	Complete func(Declaration) (Settings, []Violation)
	// ServedTTL is the TTL in the answers of the name servers where the API shows ttl. Nil: the same.
	ServedTTL func(ttl uint32) uint32
	// Rules are what it cannot hold. They need neither a client nor a request, so that a configuration can be judged
	// before anything is known of the zone.
	Rules []Rule
	// MovedFrom are the resources of other providers that hold its RRsets, by type: what a moved block may come from.
	MovedFrom map[string]Naming
	// Open makes the operator. It makes no request. The error says what is wrong with the account, and holds no secret.
	Open func(Account) (Operator, error)
}

// SettingKind is what kind of value a setting has.
type SettingKind int

// The kinds of setting, with the Go type of their values.
const (
	// Text is a string.
	Text SettingKind = iota
	// Secret is a string that nobody may see.
	Secret
	// Flag is a bool.
	Flag
	// List is a []string whose order says nothing.
	List
	// Map is a map[string]string. For accounts only.
	Map
)

// Setting describes one setting of an account or an RRset.
type Setting struct {
	// Name is the word that users write, such as "api_token".
	Name string
	Kind SettingKind
	// Title is its name in a sentence, such as "API token".
	Title string
	// Doc is its documentation, in Markdown.
	Doc string
	// Required: without it the operator cannot be reached. For accounts only.
	Required bool
	// Variables are the environment variables that hold it where the configuration does not, the first one first. For
	// accounts only.
	Variables []string
	// Check says what is wrong with a value; nil: nothing can be. For a Text of an account only.
	Check func(value string) error
	// Answers is set for a Flag that makes the operator answer with something else than the values, such as "addresses
	// of its proxy".
	Answers string
	// Hides are the types whose RRsets at the same name such an operator does not serve.
	Hides []string
}

// Account is how to reach an operator.
type Account struct {
	// Settings are those that the descriptor names and the user gave.
	Settings Settings
	// Timeout bounds one exchange, MaxWait what one call may spend waiting.
	Timeout, MaxWait time.Duration
	// UserAgent names this program to the operator.
	UserAgent string
}

// Naming says how the state of another provider's resource names its RRset. The resource may hold but one of several
// values; so no more than the key is taken from it, and the rest from the operators themselves.
type Naming struct {
	// Zone is the attribute that holds the name of the zone, ZoneID the one that holds the operator's identifier of it:
	// one of the two.
	Zone, ZoneID string
	// Names are the attributes that hold the owner name, the best one first. None of them is filled at an apex.
	Names []string
}

// Declaration is what a user declares for one RRset at one operator.
type Declaration struct {
	// Type is the RRset's type.
	Type string
	// OwnTTL says that a TTL is declared for this operator alone.
	OwnTTL   bool
	Settings Settings
}

// Completed are the settings of a declaration with what the operator assumes, and what contradicts itself in it.
func (d Descriptor) Completed(declared Declaration) (Settings, []Violation) {
	if d.Complete == nil {
		return declared.Settings, nil
	}
	return d.Complete(declared)
}

// Served is the TTL in the answers of the name servers where the API shows ttl.
func (d Descriptor) Served(ttl uint32) uint32 {
	if d.ServedTTL == nil {
		return ttl
	}
	return d.ServedTTL(ttl)
}

// Answering is the flag by which the operator answers with something else than the values that it holds; false when
// none of the settings is such a flag.
func (d Descriptor) Answering(settings Settings) (Setting, bool) {
	for _, s := range d.Keeps {
		if on, _ := settings.Bool(s.Name); on && s.Answers != "" {
			return s, true
		}
	}
	return Setting{}, false
}

// Credential names the setting that proves who is asking, and where else it is read from, such as "cloudflare.api_token
// (environment variable …)".
func (d Descriptor) Credential() string {
	for _, s := range d.Account {
		if s.Kind != Secret {
			continue
		}
		if len(s.Variables) == 0 {
			return d.Name + "." + s.Name
		}
		return fmt.Sprintf("%s.%s (environment variable %s)", d.Name, s.Name, s.Variables[0])
	}
	return d.Name
}
