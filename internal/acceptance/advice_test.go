package acceptance

import (
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec"
)

// advice is a situation in which a text tells a person what to do, and what doing it to the letter comes to.
type advice struct {
	options sandbox.Options
	// before leads to the situation.
	before func(s *stage)
	// hcl is the configuration that is told about, and exit what a plan of it says.
	hcl  string
	exit int
	// says are the words that advise.
	says []string
	// followed is the configuration after the advice; empty: the same.
	followed string
	// do is what is done beside that, such as an import.
	do func(s *stage)
	// left is what a plan says after the apply; 0 is the usual.
	left int
	// heard are words that advised before, and were followed there.
	heard []string
}

const (
	oneA   = `values = ["192.0.2.1"]`
	otherA = "192.0.2.9"
)

var advices = map[string]advice{
	"conflict: declare what it holds": {
		before: func(s *stage) { s.edit("desec", "www", "A", 3600, otherA) },
		hcl:    record("r", "www", "A", oneA), exit: 1, says: []string{"declare what it holds, which is then adopted without a write"},
		followed: record("r", "www", "A", `values = ["`+otherA+`"]`),
	},
	"conflict: import it": {
		before: func(s *stage) { s.edit("desec", "www", "A", 3600, otherA) },
		hcl:    record("r", "www", "A", oneA), exit: 1, says: []string{"import it (terraform import ADDRESS 'example.com/www/A')"},
		do: func(s *stage) { s.run("import", "multidns_record.r", "example.com/www/A") },
	},
	"conflict: overwrite": {
		before: func(s *stage) { s.edit("desec", "www", "A", 3600, otherA) },
		hcl:    record("r", "www", "A", oneA), exit: 1, says: []string{"set overwrite = true to take it over"},
		followed: record("r", "www", "A", oneA+"\noverwrite = true"),
	},
	"conflict: remove what is there": {
		before: func(s *stage) { s.edit("desec", "www", "A", 3600, otherA) },
		hcl:    record("r", "www", "CNAME", `values = ["a.example.net"]`), exit: 1, says: []string{"remove what is there, or declare another name"},
		do: func(s *stage) { s.edit("desec", "www", "A", 0) },
	},
	"conflict: another name": {
		before: func(s *stage) { s.edit("desec", "www", "A", 3600, otherA) },
		hcl:    record("r", "www", "CNAME", `values = ["a.example.net"]`), exit: 1, says: []string{"declare another name"},
		followed: record("r", "web", "CNAME", `values = ["a.example.net"]`),
		do:       func(s *stage) { s.edit("desec", "www", "A", 0) },
	},
	"found late: declare what it holds": {
		before: foundLate, hcl: record("r", "www", "A", oneA), exit: 2, says: []string{"declare what it holds, which is then adopted without a write"},
		followed: record("r", "www", "A", `values = ["`+otherA+`"]`),
	},
	"found late: overwrite": {
		before: foundLate, hcl: record("r", "www", "A", oneA), exit: 2, says: []string{"set overwrite = true to take it over"},
		followed: record("r", "www", "A", oneA+"\noverwrite = true"),
	},
	"TTL below the zone's minimum: raise": {
		hcl: record("r", "www", "A", oneA+"\nttl = 300"), exit: 1, says: []string{"Raise ttl to 3600"}, followed: record("r", "www", "A", oneA+"\nttl = 3600"),
	},
	"TTL below the zone's minimum: the line": {
		hcl: record("r", "www", "A", oneA+"\nttl = 300"), exit: 1, says: []string{"desec = { ttl = 3600 }"},
		followed: record("r", "www", "A", oneA+"\nttl = 300\ndesec = { ttl = 3600 }"), left: different,
	},
	"TTL above the maximum": {
		hcl: record("r", "www", "A", oneA+"\nttl = 86401"), exit: 1, says: []string{"86400"}, followed: record("r", "www", "A", oneA+"\nttl = 86400"),
	},
	"declared twice": {
		hcl: record("r", "www", "A", oneA) + record("s", "www", "A", `values = ["192.0.2.2"]`), exit: 1, says: []string{"declare all its values in one resource"},
		followed: record("r", "www", "A", `values = ["192.0.2.1", "192.0.2.2"]`),
	},
	"declared twice in a map": {
		hcl: zoneRecords("", wwwA, `"WWW/a" = { values = ["192.0.2.2"] }`), exit: 1, says: []string{"declare all its values under one of them"},
		followed: zoneRecords("", `"www/A" = { values = ["192.0.2.1", "192.0.2.2"] }`),
	},
	"null in a map": {
		hcl: zoneRecords("", wwwA, `"x/A" = null`), exit: 1, says: []string{"leave the key out"}, followed: zoneRecords("", wwwA),
	},
	"key of a map": {
		hcl: zoneRecords("", `"www" = { values = ["192.0.2.1"] }`), exit: 1, says: []string{"expected name/type, for example www/A"}, followed: zoneRecords("", wwwA),
	},
	"apex NS of Cloudflare": {
		hcl: record("r", "@", "NS", `values = ["ada.ns.cloudflare.com", "ns1.desec.io"]`), exit: 1, says: []string{"write those of the other operators alone in `cloudflare = { values = […] }`"},
		followed: record("r", "@", "NS", "values = [\"ada.ns.cloudflare.com\", \"ns1.desec.io\"]\ncloudflare = { values = [\"ns1.desec.io\"] }"), left: different,
	},
	"proxied: say what the other answers": {
		hcl: record("r", "www", "A", oneA+"\ncloudflare = { proxied = true }"), exit: 2, says: []string{"with the declared values. Say in desec.values what deSEC shall answer, or leave proxied out"},
		followed: record("r", "www", "A", oneA+"\ncloudflare = { proxied = true }\ndesec = { values = [\"192.0.2.5\"] }"), left: different,
	},
	"tags on Free": {
		hcl: record("r", "www", "A", oneA+"\ncloudflare = { tags = [\"a:b\"] }"), exit: 1, says: []string{"take `tags` out, or use `comment`"},
		followed: record("r", "www", "A", oneA+"\ncloudflare = { comment = \"a\" }"),
	},
	"tag without a colon": {
		options: sandbox.Options{CloudflarePlan: "pro"},
		hcl:     record("r", "www", "A", oneA+"\ncloudflare = { tags = [\"a\"] }"), exit: 1, says: []string{`such as "owner:dns"`},
		followed: record("r", "www", "A", oneA+"\ncloudflare = { tags = [\"owner:dns\"] }"),
	},
	"angle of a location": {
		hcl: record("r", "loc", "LOC", `values = ["51 24 0.000 N 58 15 0.001 E 10m 2m 100m 10m"]`), exit: 1, says: []string{"Add 0.001 to its seconds"},
		followed: record("r", "loc", "LOC", `values = ["51 24 0.001 N 58 15 0.001 E 10m 2m 100m 10m"]`),
	},
	"raw TXT in half presentation form": {
		hcl: record("r", "www", "TXT", `values = ["p=AB\" \"CD"]`), exit: 1, says: []string{"write the text alone without any quotes, or all of it as quoted strings"},
		followed: record("r", "www", "TXT", `values = ["\"p=AB\" \"CD\""]`),
	},
	"outage while creating": {
		before: func(s *stage) { s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable}) },
		hcl:    record("r", "www", "A", oneA+"\non_outage = \"fail\""), exit: 1, says: []string{`Set it to "degrade"`},
		followed: record("r", "www", "A", oneA), left: owes,
	},
	"a token that is refused": {
		before: func(s *stage) {
			s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Unauthorized, Count: 1})
		},
		hcl: record("r", "www", "A", oneA), exit: 1, says: []string{"Check the token in", "created a minute ago is sometimes refused: then try again"},
	},
	"no such zone": {
		before: func(s *stage) { s.box.Desec.SetZone(s.box.Zone, false) },
		hcl:    record("r", "www", "A", oneA), exit: 1, says: []string{"create it there"},
		do: func(s *stage) { s.box.Desec.SetZone(s.box.Zone, true) },
	},
	"router without a clock": {
		hcl: routerWith("failback = { delay = \"10m\" }"), exit: 1, says: []string{"Add evaluated_at = plantimestamp()"},
		followed: routerWith("failback = { delay = \"10m\" }\nevaluated_at = plantimestamp()"),
	},
	"router with another clock": {
		hcl: routerWith("failback = { delay = \"10m\" }\nevaluated_at = timestamp()"), exit: 2, says: []string{"write evaluated_at = plantimestamp()"},
		followed: routerWith("failback = { delay = \"10m\" }\nevaluated_at = plantimestamp()"),
	},
	"router pinned to nothing": {
		hcl: routerWith(`pin = { target = "b", reason = "x" }`), exit: 1, says: []string{`is not the name of a target. Use one of: "a"`}, followed: routerWith(`pin = { target = "a", reason = "x" }`),
	},
	"HTTPS behind the proxy": {
		hcl: record("r", "www", "A", oneA+"\ncloudflare = { proxied = true }\ndesec = { values = [\"192.0.2.5\"] }") + record("h", "www", "HTTPS", `values = ["1 . alpn=h2"]`), exit: 2,
		says:     []string{"Leave out one of the two"},
		followed: record("r", "www", "A", oneA) + record("h", "www", "HTTPS", `values = ["1 . alpn=h2"]`),
	},
	"deletion that fails": {
		before: func(s *stage) {
			s.configure(record("r", "www", "A", oneA))
			s.apply(0)
			s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
			said := s.destroy(1)
			s.saysAll(said, "Run the same command again when the operator answers")
			s.box.Desec.Faults.Clear()
			s.destroy(0)
		},
		hcl: record("r", "www", "A", oneA), exit: 2,
		heard: []string{"Run the same command again when the operator answers"},
	},
	"deletion by an apply that fails": {
		before: func(s *stage) {
			kept := record("k", "kept", "A", oneA)
			s.configure(kept + record("r", "www", "A", oneA))
			s.apply(0)
			s.configure(kept)
			s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
			s.saysAll(s.apply(1), "Run the same command again when the operator answers")
			s.box.Desec.Faults.Clear()
			s.apply(0)
			for _, name := range bothOperators {
				s.holds(name, "kept.example.com. 3600 A 192.0.2.1")
			}
		},
		hcl: record("k", "kept", "A", oneA), exit: 0,
	},
	"deletion that is refused": {
		before: func(s *stage) {
			s.configure(record("r", "www", "A", oneA))
			s.apply(0)
			s.box.Desec.API.SetPolicies(desec.Policy{})
			said := s.destroy(1)
			s.saysAll(said, "Change what it objects to, there or in what the token may do, and run the same command again")
			if strings.Contains(said.Stderr, "when the operator answers") {
				s.t.Errorf("it has answered: %s", said.Stderr)
			}
			s.box.Desec.API.SetPolicies(desec.Policy{}, desec.Policy{Domain: new("example.com"), Write: true})
			s.destroy(0)
		},
		hcl: record("r", "www", "A", oneA), exit: 2,
		heard: []string{"change what it objects to, there or in what the token may do, and run the same command again"},
	},
	"replacement that is refused": {
		before: func(s *stage) {
			s.configure(record("r", "www", "A", oneA))
			s.apply(0)
			s.box.Desec.API.SetPolicies(desec.Policy{})
			s.configure(record("r", "web", "A", oneA))
			said := s.apply(1)
			s.saysAll(said, "not every operator has deleted it: see what is said of that", "Apply again when all can", "change what it objects to")
			s.holds("cloudflare", "www.example.com. 3600 A 192.0.2.1")
			s.holds("desec", "www.example.com. 3600 A 192.0.2.1")
			s.box.Desec.API.SetPolicies(desec.Policy{}, desec.Policy{Domain: new("example.com"), Write: true})
		},
		hcl: record("r", "web", "A", oneA), exit: 2,
		heard: []string{"Apply again when all can"},
	},
	"update that nobody answers": {
		before: func(s *stage) {
			s.configure(record("r", "www", "A", oneA))
			s.apply(0)
			s.configure(record("r", "www", "A", `values = ["192.0.2.2"]`))
			for _, site := range s.box.Sites() {
				site.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
			}
			s.saysAll(s.apply(1), "apply again when an operator answers")
			for _, site := range s.box.Sites() {
				site.Faults.Clear()
			}
		},
		hcl: record("r", "www", "A", `values = ["192.0.2.2"]`), exit: 2,
		heard: []string{"apply again when an operator answers"},
	},
	"creation that nobody answers": {
		before: func(s *stage) {
			for _, site := range s.box.Sites() {
				site.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
			}
			s.configure(record("r", "www", "A", oneA))
			s.saysAll(s.apply(1), "Apply again when the operator answers")
			for _, site := range s.box.Sites() {
				site.Faults.Clear()
			}
		},
		hcl: record("r", "www", "A", oneA), exit: 2,
		heard: []string{"Apply again when the operator answers"},
	},
	"import of what is nowhere": {
		before: func(s *stage) {
			s.configure(record("r", "www", "A", oneA))
			r := s.work.Run(s.t.Context(), "import", "multidns_record.r", "example.com/www/A")
			if err := r.Must(1); err != nil {
				s.t.Fatal(err)
			}
			s.saysAll(r, "Declare it and apply: it is then created at every operator")
		},
		hcl: record("r", "www", "A", oneA), exit: 2,
		heard: []string{"Declare it and apply: it is then created at every operator"},
	},
	"import identifier": {
		before: func(s *stage) {
			s.edit("desec", "www", "A", 3600, "192.0.2.1")
			s.edit("cloudflare", "www", "A", 3600, "192.0.2.1")
			s.configure(record("r", "www", "A", oneA))
			r := s.work.Run(s.t.Context(), "import", "multidns_record.r", "www.example.com")
			if err := r.Must(1); err != nil {
				s.t.Fatal(err)
			}
			s.saysAll(r, "for example example.com/www/A")
			s.run("import", "multidns_record.r", "example.com/www/A")
		},
		hcl: record("r", "www", "A", oneA), exit: 0,
	},
	"duration": {
		hcl: required + "provider \"multidns\" {\n  request_timeout = \"10\"\n}\n" + record("r", "www", "A", oneA), exit: 1, says: []string{`such as "10s"`},
		followed: required + "provider \"multidns\" {\n  request_timeout = \"10s\"\n}\n" + record("r", "www", "A", oneA),
	},
	"time": {
		hcl: routerWith(`evaluated_at = "today"`), exit: 1, says: []string{`such as "2026-11-22T15:04:05Z"`}, followed: routerWith(`evaluated_at = "2026-11-22T15:04:05Z"`),
	},
	"two targets of one name": {
		hcl: routerOfTargets("a", "a"), exit: 1, says: []string{"Give each target a name of its own"}, followed: routerOfTargets("a", "b"),
	},
	"a delegation beside other types": {
		hcl: record("r", "sub", "NS", `values = ["ns1.example.net"]`) + record("s", "sub", "A", oneA), exit: 1, says: []string{"declare that in the zone of those name servers"},
		followed: record("r", "sub", "NS", `values = ["ns1.example.net"]`),
	},
	"proxied: leave it out": {
		hcl: record("r", "www", "A", oneA+"\ncloudflare = { proxied = true }"), exit: 2, says: []string{"shall answer, or leave proxied out"},
		followed: record("r", "www", "A", oneA),
	},
	"a policy of the token": {
		before: func(s *stage) { s.box.Desec.API.SetPolicies(desec.Policy{}) },
		hcl:    record("r", "www", "A", oneA), exit: 2,
		heard: []string{"add a policy for the RRset to the token"},
		do: func(s *stage) {
			s.saysAll(s.apply(1), "add a policy for the RRset to the token")
			s.box.Desec.API.SetPolicies(desec.Policy{}, desec.Policy{Domain: new("example.com"), Write: true})
		},
	},
	"an update that is refused": {
		before: updateRefused,
		hcl:    record("r", "www", "A", `values = ["192.0.2.2"]`), exit: 2,
		heard: []string{"Change what it objects to, here or at the operator, and apply again."},
		do:    func(s *stage) { s.box.Desec.API.SetPolicies() },
	},
	"an update that is refused, changed here": {
		before: updateRefused,
		hcl:    record("r", "www", "A", `values = ["192.0.2.2"]`), exit: 2,
		followed: record("r", "www", "A", oneA),
	},
	"no such zone at Cloudflare": {
		before: func(s *stage) { s.box.Cloudflare.SetZone(s.box.Zone, false) },
		hcl:    record("r", "www", "A", oneA), exit: 1, says: []string{"add the zone, or give the token the permissions Zone Read and DNS Edit for it"},
		do: func(s *stage) { s.box.Cloudflare.SetZone(s.box.Zone, true) },
	},
	"a provider that hangs on a resource": {
		hcl: laterProvider + "data \"multidns_records\" \"all\" {\n  zone = \"example.com\"\n}\n", exit: 1, says: []string{"Apply what it depends on first (-target)"},
		do: func(s *stage) { s.run("apply", "-auto-approve", "-target=terraform_data.timeout") },
	},
	"a provider that hangs on a resource, by a variable": {
		hcl: laterProvider + "data \"multidns_records\" \"all\" {\n  zone = \"example.com\"\n}\n", exit: 1, says: []string{"or take it from a variable"},
		followed: required + "variable \"timeout\" {\n  default = \"5s\"\n}\nprovider \"multidns\" {\n  request_timeout = var.timeout\n}\ndata \"multidns_records\" \"all\" {\n  zone = \"example.com\"\n}\n",
	},
	"an update that fails on an outage": {
		before: func(s *stage) {
			s.configure(record("r", "www", "A", oneA+"\non_outage = \"fail\""))
			s.apply(0)
			s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable, Methods: sandbox.Writes})
			s.configure(record("r", "www", "A", `values = ["192.0.2.2"]`+"\non_outage = \"fail\""))
			s.saysAll(s.apply(1), "Apply again when it answers.")
			s.box.Desec.Faults.Clear()
		},
		heard: []string{"Apply again when it answers"},
		hcl:   record("r", "www", "A", `values = ["192.0.2.2"]`+"\non_outage = \"fail\""), exit: 2,
	},
	"a router that is slow to follow": {
		options: sandbox.Options{DesecMinimumTTL: 60},
		hcl:     routerUnder("3600"), exit: 2, says: []string{"Declare a smaller one if that operator takes it; otherwise allow for it"},
		followed: routerUnder("60"),
	},
	"parse_zone_yaml: quotes": {
		hcl: fromYAML("name: @"), exit: 1, says: []string{`such as "@"`}, followed: fromYAML(`name: "@"`),
	},
}

const laterProvider = required + "resource \"terraform_data\" \"timeout\" {\n  input = \"5s\"\n}\nprovider \"multidns\" {\n  request_timeout = terraform_data.timeout.output\n}\n"

func fromYAML(name string) string {
	return "resource \"multidns_record\" \"r\" {\n  for_each = provider::multidns::parse_zone_yaml(<<-EOT\n    domain: example.com\n    records:\n      - " + name +
		"\n        type: A\n        ttl: 3600\n        values: [192.0.2.1]\n  EOT\n  )\n  zone = each.value.zone\n  name = each.value.name\n  type = each.value.type\n  ttl = each.value.ttl\n  values = each.value.values\n}\n"
}

func routerWith(rest string) string {
	return "resource \"multidns_router\" \"r\" {\n  zone = \"example.com\"\n  name = \"www\"\n  ttl = 3600\n  targets = [{ name = \"a\", values = [\"a.example.net\"], healthy = true }]\n  " + rest + "\n}\n"
}

func routerOfTargets(names ...string) string {
	targets := ""
	for _, name := range names {
		targets += "{ name = \"" + name + "\", values = [\"a.example.net\"], healthy = true },"
	}
	return "resource \"multidns_router\" \"r\" {\n  zone = \"example.com\"\n  name = \"www\"\n  ttl = 3600\n  targets = [" + targets + "]\n}\n"
}

// updateRefused: the token loses its right to write after the creation.
func updateRefused(s *stage) {
	s.configure(record("r", "www", "A", oneA))
	s.apply(0)
	s.box.Desec.API.SetPolicies(desec.Policy{})
	s.configure(record("r", "www", "A", `values = ["192.0.2.2"]`))
	s.saysAll(s.apply(1), "Change what it objects to, here or at the operator, and apply again")
}

func foundLate(s *stage) {
	s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
	s.configure(record("r", "www", "A", oneA))
	s.apply(0)
	s.box.Desec.Faults.Clear()
	s.edit("desec", "www", "A", 3600, otherA)
}

const (
	different = -1 // the plan is empty, and the operators differ as declared
	owes      = 2
)

// TestAccAdvice_FollowedToTheLetterWorks does what each text says.
func TestAccAdvice_FollowedToTheLetterWorks(t *testing.T) {
	t.Parallel()
	for name, a := range advices {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onOneCLI(t, a.options, func(t *testing.T, s *stage) { s.follow(a) })
		})
	}
}

func (s *stage) follow(a advice) {
	s.t.Helper()
	if a.before != nil {
		a.before(s)
	}
	s.configure(a.hcl)
	s.saysAll(s.plan(a.exit), a.says...)
	if a.do != nil {
		a.do(s)
	}
	if a.followed != "" {
		s.configure(a.followed)
	}
	s.apply(0)
	switch a.left {
	case different:
		s.plan(0)
	case 0:
		s.settled()
	default:
		s.plan(a.left)
	}
}

// run is any command of the CLI.
func (s *stage) run(args ...string) {
	s.t.Helper()
	if err := s.work.Run(s.t.Context(), args...).Must(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) destroy(exit int, args ...string) clitest.Result {
	s.t.Helper()
	r := s.work.Destroy(s.t.Context(), args...)
	if err := r.Must(exit); err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *stage) saysAll(r clitest.Result, words ...string) {
	s.t.Helper()
	for _, words := range words {
		if !strings.Contains(flat(r.Stdout+r.Stderr), flat(words)) {
			s.t.Fatalf("nothing says %q:\n%s%s", words, r.Stdout, r.Stderr)
		}
	}
}
