package desec

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec/rdata"
)

// write is one request that changes RRsets of a zone.
type write struct {
	server  *Server
	zone    *zone
	method  string
	partial bool          // PATCH: fields may be left out
	severed bool          // the name servers cannot be told
	begun   map[key]rrset // what there was when the request came, if it waited since
	allowed func(key) bool
}

// change is an item of a request after it was checked.
type change struct {
	key
	ttl     int      // 0: as it is
	records []string // canonical; nil: as they are, empty: delete
}

// failure is why an item cannot be. Either abort is the answer to the whole request, or problems are those of the item.
type failure struct {
	abort    *answer
	problems object
}

func fail(problems object) *failure { return &failure{problems: problems} }

func failItem(text string) *failure {
	return fail(object{{"non_field_errors", []string{text}}})
}

func abort(a answer) *failure { return &failure{abort: &a} }

// automatic types are made by the service itself.
var automatic = []string{"KEY", "NSEC", "NSEC3", "NSEC3PARAM", "OPT", "RRSIG", "SOA"}

// item is what is to be checked: an object as it was sent, and where it stands.
type item struct {
	sent     map[string]any
	existing *rrset // as far as the request may see it
	partial  bool
	bulk     bool
}

// check goes through an item in the order of the service (design/facts/desec-api.md section 4).
func (w *write) check(in item) (change, *failure) {
	c, present, problems := w.fields(in)
	if problems != nil {
		return change{}, fail(problems)
	}
	switch {
	case in.existing != nil:
		c.key = in.existing.key
	case !present.subname || !present.typ:
		// A deletion without subname or type makes the service's code fail (section 4.3).
		return change{}, abort(failed())
	}
	if !w.allowed(c.key) {
		return change{}, abort(detail(403, "Insufficient token permissions."))
	}
	if in.existing == nil {
		if _, exists := w.zone.rrsets[c.key]; exists {
			return change{}, failItem("Another RRset with the same subdomain and type exists for this domain. (Try modifying it.)")
		}
		if !in.bulk {
			if types := w.conflicts(c.key); len(types) > 0 {
				return change{}, failItem(conflict("database (" + strings.Join(types, ", ") + ")"))
			}
		}
	}
	if present.records {
		if f := w.canonicalise(&c); f != nil {
			return change{}, f
		}
	}
	if c.typ == "NS" && w.server.isLocal(w.zone.name) && (!present.records || len(c.records) > 0 || c.subname == "") {
		return change{}, fail(object{{"type", []string{"Cannot modify NS records for this domain."}}})
	}
	return c, nil
}

// present tells which fields came.
type present struct{ subname, records, typ bool }

// fields checks each field on its own.
func (w *write) fields(in item) (c change, p present, problems object) {
	add := func(field string, complaint any) { problems = append(problems, member{field, complaint}) }

	if value, ok := in.sent["subname"]; ok {
		p.subname = true
		var complaints []string
		if c.subname, complaints = subnameField.read(value); complaints == nil {
			complaints = w.checkSubname(c.subname, in.existing)
		}
		if complaints != nil {
			add("subname", complaints)
		}
	} else if !in.partial && (in.bulk || in.existing != nil) {
		add("subname", []string{required})
	} else if !in.partial {
		p.subname = true // the apex by default, but only for a single POST
	}

	if value, ok := in.sent["records"]; ok {
		p.records = true
		var complaint any
		if c.records, complaint = readRecords(value); complaint != nil {
			add("records", complaint)
		} else if w.method == http.MethodPost && len(c.records) == 0 {
			add("records", []string{"This field must not be empty when using POST."})
		}
	} else if !in.partial {
		add("records", []string{required})
	}

	if value, ok := in.sent["ttl"]; ok {
		var complaints []string
		if c.ttl, complaints = readTTL(value, w.zone.minimumTTL); complaints != nil {
			add("ttl", complaints)
		}
	} else if !in.partial {
		add("ttl", []string{required})
	}

	if value, ok := in.sent["type"]; ok {
		p.typ = true
		var complaints []string
		if c.typ, complaints = readType(value, in.existing); complaints != nil {
			add("type", complaints)
		}
	} else if !in.partial {
		add("type", []string{required})
	}
	return c, p, problems
}

func (w *write) checkSubname(subname string, existing *rrset) []string {
	if existing != nil && subname != existing.subname {
		return []string{onCreate}
	}
	if subname != "" && len(subname)+len(w.zone.name)+3 > 255 {
		return []string{"This field combined with the domain name must not exceed 255 characters."}
	}
	return nil
}

func readType(value any, existing *rrset) (string, []string) {
	typ, complaints := typeField.read(value)
	if typ != "" && existing != nil && typ != existing.typ {
		complaints = append(complaints, onCreate)
	}
	if complaints != nil {
		return typ, complaints
	}
	switch {
	case rdata.Manageable(typ):
		return typ, nil
	case slices.Contains(automatic, typ):
		return typ, []string{fmt.Sprintf("You cannot tinker with the %s RR set. It is managed automatically.", typ)}
	case strings.HasPrefix(typ, "TYPE"):
		return typ, []string{"Generic type format is not supported."}
	default:
		return typ, []string{fmt.Sprintf("The %s RR set type is currently unsupported.", typ)}
	}
}

// conflicts lists the types at a subname that cannot be beside k, the oldest first.
func (w *write) conflicts(k key) (types []string) {
	for _, set := range slices.Backward(newestFirst(w.zone.rrsets)) {
		if set.subname == k.subname && (set.typ == "CNAME") != (k.typ == "CNAME") {
			types = append(types, set.typ)
		}
	}
	return types
}

func conflict(where string) string {
	return "RRset with conflicting type present at same subname: " + where + ". (No other RRsets are allowed alongside CNAME.)"
}

// canonicalise puts the contents of c into the form of the service, and checks them together.
func (w *write) canonicalise(c *change) *failure {
	for i, record := range c.records {
		canonical, err := rdata.Canonical(c.typ, record)
		if refusal, ok := errors.AsType[*rdata.Refusal](err); ok {
			return failItem(refusal.Error())
		}
		if err != nil {
			return abort(failed())
		}
		c.records[i] = canonical
	}
	if len(c.records) > 1 {
		seen := map[string]bool{}
		for _, record := range c.records {
			wire, err := rdata.Digestible(c.typ, record)
			if err != nil {
				return abort(failed()) // what it printed itself: the service expects it to be readable
			}
			seen[wire] = true
		}
		if len(seen) < len(c.records) {
			return failItem("Duplicate: records must be semantically unique")
		}
	}
	// The formula of the service: a guess at the size of an answer with the RRset and its signature.
	size := 32 + len(w.zone.qname(c.subname)) + 256
	for _, record := range c.records {
		size += 12 + utf8.RuneCountInString(record)
	}
	if size > 65535 {
		return failItem(fmt.Sprintf("Total length of RRset exceeds limit by %d bytes.", size-65535))
	}
	return nil
}
