package zonefile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// recordSet are the records of one RRset so far.
type recordSet struct {
	line    int // of its first record
	ttl     uint32
	values  []string
	proxied bool
	problem error
}

// resourceRecord is one record of it.
type resourceRecord struct {
	line    int
	ttl     uint32
	value   string
	proxied bool
	problem error
}

func (r *reader) add(key rrset.Key, record resourceRecord) error {
	set := r.sets[key]
	if set == nil {
		set = &recordSet{line: record.line, ttl: record.ttl}
		r.sets[key] = set
	}
	if set.ttl != record.ttl {
		return fmt.Errorf("%s: its records have the TTLs %d and %d (lines %d and %d), and all records of an RRset have one (RFC 2181 section 5.2); make them equal",
			key, set.ttl, record.ttl, set.line, record.line)
	}
	set.values = append(set.values, record.value)
	// One proxied address makes all of its name so (design/facts/cloudflare-api.md section 3.2).
	set.proxied = set.proxied || record.proxied
	if set.problem == nil {
		set.problem = record.problem
	}
	return nil
}

// zone is all that was read. Whether an RRset can be declared is its Problem.
func (r *reader) zone() Zone {
	zone, types := Zone{}, map[string][]string{}
	for key := range r.sets {
		types[key.Name] = append(types[key.Name], key.Type)
	}
	for key, set := range r.sets {
		values := slices.Compact(slices.Sorted(slices.Values(set.values)))
		if key.Type == "CNAME" && len(values) > 1 {
			r.fail(set.line, fmt.Errorf("%s: a CNAME has one value, and this one has %d; keep one of them", key, len(values)))
		}
		rr := spell(key, set.ttl, values)
		rr.Proxied = set.proxied
		if problem := problemOf(key, set, values, types[key.Name]); problem != nil {
			rr.Problem = problem.Error()
		}
		zone[address(key)] = rr
	}
	return zone
}

// problemOf says why the RRset cannot be declared, or nil.
func problemOf(key rrset.Key, set *recordSet, values, types []string) error {
	if set.problem != nil {
		return set.problem
	}
	declared, err := rrset.NewKey(key.Zone, key.Name, key.Type)
	if err != nil {
		return err
	}
	if _, err = newRRset(declared, set.ttl, values); err != nil {
		return err
	}
	return besideProblem(key, types)
}

// besideProblem is about what stands at the same name. It is the CNAME that is told, and at a delegation what is beside
// it.
func besideProblem(key rrset.Key, types []string) error {
	var others []string
	for _, typ := range slices.Sorted(slices.Values(types)) {
		if key.Excludes(key.WithType(typ)) && (key.Type == "CNAME" || typ == "NS") {
			others = append(others, typ)
		}
	}
	if len(others) == 0 {
		return nil
	}
	return fmt.Errorf("%s, and this name has %s too", key.WhyNotBeside(key.WithType(others[0])), strings.Join(others, ", "))
}

// tags are what Cloudflare's export says of a record in its comment (design/facts/cloudflare-api.md section 4.4).
var tags = regexp.MustCompile(`(?i)(?:^|[\s;])cf_tags=(\S+)`)

func isProxied(comment string) bool {
	found := tags.FindStringSubmatch(comment)
	return found != nil && slices.Contains(strings.Split(strings.ToLower(found[1]), ","), "cf-proxied:true")
}
