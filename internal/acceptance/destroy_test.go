package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// refused is a configuration that follows an applied one and cannot be, and what it takes to destroy what is there.
type refused struct {
	applied string // default: one A
	world   func(s *stage)
	hcl     string
	by      wayOut
	// left is what is not ours, at deSEC.
	left []string
}

// wayOut is how a destruction gets by an error.
type wayOut int

const (
	// byItself: no error is raised on the way to a destruction.
	byItself wayOut = iota
	// byNoRefresh: the CLI begins with a plan of what is declared, and that is refused; -refresh=false begins without.
	byNoRefresh
	// byTakingOut: the CLI validates the configuration whatever it is to do; what is wrong is taken out of it, and an
	// apply destroys the rest.
	byTakingOut
)

const (
	otherZone = "resource \"multidns_record\" \"s\" {\n  zone = \"example.org\"\n  name = \"www\"\n  type = \"A\"\n  values = [\"192.0.2.1\"]\n}\n"
	foreignA  = "web.example.com. 3600 A 192.0.2.9"
	aDNSKEY   = `values = ["257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="]`
)

var (
	goodA       = record("r", "www", "A", oneA)
	routerUnder = func(ttl string) string { return strings.Replace(routerWith(""), "ttl = 3600", "ttl = "+ttl, 1) }
	foreignWeb  = func(s *stage) { s.edit("desec", "web", "A", 3600, otherA) }
	noRoots     = func(s *stage) { s.work.Env["MULTIDNS_ROOT_SERVERS"] = "x y" }
)

// refusals are all kinds of error that a plan can end in.
var refusals = map[string]refused{
	"a TTL below the zone's minimum":        {hcl: record("r", "www", "A", oneA+"\nttl = 300"), by: byNoRefresh},
	"a TTL below it for one operator":       {hcl: record("r", "www", "A", oneA+"\ndesec = { ttl = 300 }"), by: byNoRefresh},
	"a TTL below it in a map":               {applied: zoneRecords("", wwwA), hcl: zoneRecords("", `"www/A" = { values = ["192.0.2.1"], ttl = 300 }`), by: byNoRefresh},
	"a TTL below it of a router":            {applied: routerWith(""), hcl: routerUnder("300"), by: byNoRefresh},
	"tags on the Free plan":                 {hcl: record("r", "www", "A", oneA+"\ncloudflare = { tags = [\"a:b\"] }"), by: byNoRefresh},
	"a long comment on the Free plan":       {hcl: record("r", "www", "A", oneA+"\ncloudflare = { comment = \""+strings.Repeat("a", 101)+"\" }"), by: byNoRefresh},
	"declared twice":                        {hcl: goodA + record("s", "www", "A", oneA), by: byNoRefresh},
	"a CNAME beside other types":            {hcl: goodA + record("s", "www", "CNAME", `values = ["a.example.net"]`), by: byNoRefresh},
	"a delegation beside other types":       {hcl: goodA + record("s", "www", "NS", `values = ["a.example.net"]`), by: byNoRefresh},
	"keys of two signers declared":          {hcl: goodA + record("s", "@", "DNSKEY", aDNSKEY) + "resource \"multidns_dnssec\" \"d\" {\n  zone = \"example.com\"\n}\n", by: byNoRefresh},
	"a conflict of another creation":        {world: foreignWeb, hcl: goodA + record("s", "web", "A", oneA), by: byNoRefresh, left: []string{foreignA}},
	"a conflict of a replacement":           {world: foreignWeb, hcl: record("r", "web", "A", oneA), by: byNoRefresh, left: []string{foreignA}},
	"a conflict of a new key of a map":      {applied: zoneRecords("", wwwA), world: foreignWeb, hcl: zoneRecords("", wwwA, `"web/A" = { values = ["192.0.2.2"] }`), by: byNoRefresh, left: []string{foreignA}},
	"a zone that is nowhere":                {hcl: goodA + otherZone, by: byNoRefresh},
	"a question about a zone":               {hcl: goodA + "data \"multidns_zone\" \"z\" {\n  zone = \"a b\"\n}\n", by: byNoRefresh},
	"a question about no zone":              {hcl: goodA + "data \"multidns_records\" \"z\" {\n  zone = \"example.org\"\n}\n", by: byNoRefresh},
	"root servers that are none":            {world: noRoots, hcl: goodA + "resource \"multidns_dnssec\" \"d\" {\n  zone = \"example.com\"\n}\n", by: byNoRefresh},
	"a TTL that nobody stores":              {hcl: record("r", "www", "A", oneA+"\nttl = 30"), by: byTakingOut},
	"a value":                               {hcl: record("r", "www", "A", "values = [\"x\"]"), by: byTakingOut},
	"a type":                                {hcl: record("r", "www", "FOO", "values = [\"x\"]"), by: byTakingOut},
	"a key of a map twice":                  {applied: zoneRecords("", wwwA), hcl: zoneRecords("", wwwA, `"WWW/a" = { values = ["192.0.2.2"] }`), by: byTakingOut},
	"a target of a router":                  {applied: routerWith(""), hcl: routerWith(`pin = { target = "b", reason = "x" }`), by: byTakingOut},
	"a probe":                               {hcl: goodA + "data \"multidns_health\" \"h\" {\n  tcp = { address = \"x\" }\n}\n", by: byTakingOut},
	"a zone file":                           {hcl: goodA + "output \"o\" {\n  value = provider::multidns::parse_zone_file(\"example.com\", \"www IN A\")\n}\n", by: byTakingOut},
	"a zone that one operator has no more":  {hcl: goodA, world: func(s *stage) { s.box.Desec.SetZone(s.box.Zone, false) }},
	"a value that an older version took":    {hcl: goodA, world: func(s *stage) { s.spoil("192.0.2.1", "192.0.2.256") }},
	"a map that an older version took":      {applied: zoneRecords("", wwwA), hcl: zoneRecords("", wwwA), world: func(s *stage) { s.spoil("192.0.2.1", "192.0.2.256") }},
	"a router that an older version took":   {applied: routerWith(""), hcl: routerWith(""), world: func(s *stage) { s.spoil("a.example.net", "a..example.net") }},
	"a value that is found wrong in a plan": {hcl: "resource \"terraform_data\" \"t\" {\n  input = \"x\"\n}\n" + record("r", "www", "A", "values = [terraform_data.t.output]")},
}

// TestAccDestroy_NothingThatIsToBeKeepsWhatIs goes from an applied state to a configuration that is refused, and
// destroys.
func TestAccDestroy_NothingThatIsToBeKeepsWhatIs(t *testing.T) {
	t.Parallel()
	for name, r := range refusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on := onOneCLI
			if r.world != nil { // what a provider may make of a state the CLIs judge each in its own way
				on = onEveryCLI
			}
			on(t, sandbox.Options{}, func(t *testing.T, s *stage) { s.destroyBeside(r) })
		})
	}
}

func (s *stage) destroyBeside(r refused) {
	s.t.Helper()
	if r.applied == "" {
		r.applied = goodA
	}
	s.configure(r.applied)
	s.apply(0)
	s.configure(r.hcl)
	if r.world != nil {
		r.world(s)
	}
	switch r.by {
	case byItself:
		s.destroy(0)
	case byNoRefresh:
		said := s.destroy(1)
		if strings.Contains(said.Stderr, "with multidns_record.r,") {
			s.saysAll(said, "destroy -refresh=false begins without")
		}
		s.destroy(0, "-refresh=false")
	case byTakingOut:
		s.destroy(1)
		s.destroy(1, "-refresh=false")
		s.configure("")
		s.apply(0)
	}
	s.holds("cloudflare")
	s.holds("desec", r.left...)
}

// spoil edits the state by hand.
func (s *stage) spoil(value, other string) {
	s.t.Helper()
	file := filepath.Join(s.work.Dir, "terraform.tfstate")
	state, err := os.ReadFile(file)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(state), `"`+value+`"`, `"`+other+`"`)), 0o600); err != nil {
		s.t.Fatal(err)
	}
}
