package acceptance

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// TestAccMoved takes over what other providers hold in their states, with a moved block and nothing else: the move
// writes nothing, and the plan shows what differs at the operator that was not managed before.
func TestAccMoved(t *testing.T) {
	t.Parallel()
	const both = "the operators hold the same"
	tests := []struct {
		name  string
		state string // a file in testdata/moved
		hcl   string
		// held is what is there before: operator, then name, type, TTL and values.
		held []edit
		// want is what the plan says; both means that it changes nothing.
		want []string
		// writes are the operators that the apply writes to.
		writes []string
	}{
		{
			name: "cloudflare_dns_record, nothing at deSEC", state: "cloudflare_dns_record",
			hcl: `
moved {
  from = cloudflare_dns_record.www
  to   = multidns_record.www
}
` + record("www", "www", "A", "  values = [\"192.0.2.1\"]\n  ttl = 3600\n  cloudflare = { ttl = 300 }"),
			held:   []edit{{"cloudflare", "www", "A", 300, []string{"192.0.2.1"}}},
			want:   []string{"cloudflare_dns_record.www", "1 to change", "missing: the operator holds no such RRset"},
			writes: []string{"desec"},
		},
		{
			name: "cloudflare_dns_record, two of one RRset", state: "cloudflare_dns_record_two",
			hcl: `
moved {
  from = cloudflare_dns_record.www
  to   = multidns_record.www
}

removed {
  from = cloudflare_dns_record.www_second
  lifecycle {
    destroy = false
  }
}
` + record("www", "www", "A", "  values = [\"192.0.2.1\", \"192.0.2.2\"]\n  ttl = 3600"),
			held: []edit{
				{"cloudflare", "www", "A", 3600, []string{"192.0.2.1", "192.0.2.2"}}, {"desec", "www", "A", 3600, []string{"192.0.2.1", "192.0.2.2"}},
			},
			want: []string{both},
		},
		{
			name: "cloudflare_record", state: "cloudflare_record",
			hcl: `
moved {
  from = cloudflare_record.mail
  to   = multidns_record.mail
}
` + record("mail", "@", "MX", "  values = [\"10 mail.example.net\"]"),
			held: []edit{{"cloudflare", "@", "MX", 3600, []string{"10 mail.example.net."}}, {"desec", "@", "MX", 3600, []string{"10 mail.example.net."}}},
			want: []string{both},
		},
		{
			name: "desec_rrset of timofurrer, another at Cloudflare", state: "desec_rrset_timofurrer",
			hcl: `
moved {
  from = desec_rrset.www
  to   = multidns_record.www
}
` + record("www", "www", "A", "  values = [\"192.0.2.1\"]"),
			held:   []edit{{"cloudflare", "www", "A", 3600, []string{"192.0.2.9"}}, {"desec", "www", "A", 3600, []string{"192.0.2.1"}}},
			want:   []string{"desec_rrset.www", "1 to change", "drifted: ", "192.0.2.9"},
			writes: []string{"cloudflare"},
		},
		{
			name: "desec_rrset of Valodim at the apex", state: "desec_rrset_valodim",
			hcl: `
moved {
  from = desec_rrset.text
  to   = multidns_record.text
}
` + record("text", "@", "TXT", "  values = [\"hello\"]"),
			held: []edit{{"cloudflare", "@", "TXT", 3600, []string{`"hello"`}}, {"desec", "@", "TXT", 3600, []string{`"hello"`}}},
			want: []string{both},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				s.needsMoves()
				for _, e := range test.held {
					s.edit(e.operator, e.name, e.typ, e.ttl, e.values...)
				}
				s.installForeign()
				s.configure(withForeign + test.hcl)
				s.takeState(test.state)
				s.forget()
				out := s.plan(2).Stdout
				for _, want := range test.want {
					if want == both {
						want = "0 to add, 0 to change, 0 to destroy"
					}
					if !strings.Contains(out, want) {
						t.Errorf("the plan does not say %q:\n%s", want, out)
					}
				}
				s.apply(0)
				for _, site := range s.box.Sites() {
					wrote := len(site.Log.Writes()) > 0
					if want := strings.Contains(strings.Join(test.writes, " "), site.Name); wrote != want {
						t.Errorf("%s was written: %v, want %v: %v", site.Name, wrote, want, paths(site.Log.Writes()))
					}
				}
				s.plan(0)
				s.sameValues()
			})
		})
	}
}

// edit is an RRset that an operator holds before anybody declares it.
type edit struct {
	operator, name, typ string
	ttl                 int
	values              []string
}

// TestAccMoved_RecordAndRouter makes a router of a record and a record of the router again: nothing is written.
func TestAccMoved_RecordAndRouter(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.needsMoves()
		const common = "  zone  = \"example.com\"\n  name  = \"web\"\n"
		s.configure("resource \"multidns_record\" \"web\" {\n" + common + "  type = \"CNAME\"\n  ttl = 60\n  desec = { ttl = 3600 }\n  values = [\"b.example.net\"]\n}\n")
		s.apply(0)
		s.forget()
		s.configure(`
moved {
  from = multidns_record.web
  to   = multidns_router.web
}

resource "multidns_router" "web" {
` + common + `
  desec   = { ttl = 3600 }
  targets = [{ name = "a", values = ["a.example.net"], healthy = null }, { name = "b", values = ["b.example.net"], healthy = true }]
}
`)
		s.apply(0)
		s.state("multidns_router.web", "b", "active_target")
		s.plan(0)
		s.configure(`
moved {
  from = multidns_router.web
  to   = multidns_record.web
}
` + "resource \"multidns_record\" \"web\" {\n" + common + "  type = \"CNAME\"\n  ttl = 60\n  desec = { ttl = 3600 }\n  values = [\"b.example.net\"]\n}\n")
		if out := s.plan(2).Stdout; !strings.Contains(out, "0 to add, 0 to change, 0 to destroy") {
			t.Errorf("more than the address changes:\n%s", out)
		}
		s.apply(0)
		s.plan(0)
		for _, site := range s.box.Sites() {
			if writes := site.Log.Writes(); len(writes) > 0 {
				t.Errorf("%s was written for a move: %v", site.Name, paths(writes))
			}
		}
	})
}

// A router that was a record is in the state: what has gone meanwhile is made again, and an outage stops nothing. So is
// one that a command imported.
func TestAccMoved_RouterWhoseRRsetIsGone(t *testing.T) {
	t.Parallel()
	const common = "  zone  = \"example.com\"\n  name  = \"web\"\n  type  = \"CNAME\"\n  ttl   = 3600\n"
	const asRecord = "resource \"multidns_record\" \"web\" {\n" + common + "  values = [\"b.example.net\"]\n}\n"
	const asRouter = "resource \"multidns_router\" \"web\" {\n" + common +
		"  targets = [{ name = \"a\", values = [\"a.example.net\"], healthy = true }, { name = \"b\", values = [\"b.example.net\"], healthy = true }]\n" +
		"  failback = { mode = \"manual\" }\n}\n"
	const moved = "moved {\n  from = multidns_record.web\n  to   = multidns_router.web\n}\n"
	gone := func(s *stage) {
		for _, name := range bothOperators {
			s.edit(name, "web", "CNAME", 0)
		}
	}
	back := func(s *stage) {
		s.t.Helper()
		s.apply(0)
		for _, name := range bothOperators {
			s.holds(name, "web.example.com. 3600 CNAME b.example.net.")
		}
		s.state("multidns_router.web", "b", "active_target")
		s.settled()
	}
	for name, play := range map[string]func(*stage){
		"moved, gone": func(s *stage) {
			s.configure(asRecord)
			s.apply(0)
			gone(s)
			s.configure(moved + asRouter)
			back(s)
		},
		"moved, nobody answers": func(s *stage) {
			s.configure(asRecord)
			s.apply(0)
			for _, site := range s.box.Sites() {
				site.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
			}
			s.configure(moved + asRouter)
			s.saysAll(s.plan(2), "Cloudflare did not answer", "deSEC did not answer")
			for _, site := range s.box.Sites() {
				site.Faults.Clear()
			}
			back(s)
		},
		"moved, a token is refused": func(s *stage) {
			s.configure(asRecord)
			s.apply(0)
			s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Unauthorized})
			s.configure(moved + asRouter)
			s.saysAll(s.plan(2), "deSEC did not accept the token")
			s.box.Desec.Faults.Clear()
			back(s)
		},
		"imported, gone": func(s *stage) {
			s.configure(asRouter)
			for _, name := range bothOperators {
				s.edit(name, "web", "CNAME", 3600, "b.example.net.")
			}
			if err := s.work.Run(s.t.Context(), "import", "multidns_router.web", "example.com/web/CNAME").Must(); err != nil {
				s.t.Fatal(err)
			}
			gone(s)
			back(s)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				if strings.HasPrefix(name, "moved") {
					s.needsMoves()
				}
				play(s)
			})
		})
	}
}

// TestAccMoved_CloudflareOut: the state of another provider names its zone by an id. While Cloudflare cannot be asked
// for its name nothing is moved, and the message says how to do without.
func TestAccMoved_CloudflareOut(t *testing.T) {
	t.Parallel()
	onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.needsMoves()
		s.installForeign()
		s.edit("desec", "www", "A", 3600, "192.0.2.1")
		s.edit("cloudflare", "www", "A", 3600, "192.0.2.1")
		hcl := `
moved {
  from = cloudflare_dns_record.www
  to   = multidns_record.www
}
` + record("www", "www", "A", "  values = [\"192.0.2.1\"]")
		const router = `
moved {
  from = cloudflare_dns_record.www
  to   = multidns_router.www
}

resource "multidns_router" "www" {
  zone    = "example.com"
  name    = "www"
  type    = "A"
  ttl     = 3600
  targets = [{ name = "a", values = ["192.0.2.1"] }]
}
`
		for _, to := range []string{router, hcl} {
			s.configure(withForeign + to)
			s.takeState("cloudflare_dns_record")
			if out := s.plan(1, "-refresh=false").Stderr; !strings.Contains(out, "without -refresh=false") {
				t.Errorf("what nobody has read is planned:\n%s", out)
			}
		}
		s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Unavailable})
		if out := s.plan(1).Stderr; !strings.Contains(out, "zone_ids") || !strings.Contains(out, s.box.Cloudflare.ZoneID) {
			t.Errorf("the message does not say how to do without the look-up:\n%s", out)
		}
		s.configure(foreignRequired + "provider \"multidns\" {\n  max_wait = \"1s\"\n  cloudflare = { zone_ids = { \"example.com\" = \"" +
			s.box.Cloudflare.ZoneID + "\" } }\n}\n" + hcl)
		s.apply(0)
		s.box.Cloudflare.Faults.Clear()
		s.apply(0)
		s.plan(0)
		s.holds("desec", "www.example.com. 3600 A 192.0.2.1")
	})
}

// TestAccMoved_Foreign: what multidns cannot take over it says so, with the way that is left.
func TestAccMoved_Foreign(t *testing.T) {
	t.Parallel()
	onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) {
		s.needsMoves()
		s.configure(`resource "terraform_data" "x" {}`)
		s.apply(0)
		s.configure("moved {\n  from = terraform_data.x\n  to = multidns_record.www\n}\n" + record("www", "www", "A", "  values = [\"192.0.2.1\"]"))
		if out := s.plan(1).Stderr; !strings.Contains(out, "import block") {
			t.Errorf("the message does not say what to do:\n%s", out)
		}
		// "Take the moved block away, and declare the RRset with an import block. A removed block lets the other
		// resource go."
		for _, operator := range bothOperators {
			s.edit(operator, "www", "A", 3600, "192.0.2.1")
		}
		s.configure("removed {\n  from = terraform_data.x\n  lifecycle {\n    destroy = false\n  }\n}\nimport {\n  to = multidns_record.www\n  id = \"example.com/www/A\"\n}\n" +
			record("www", "www", "A", "  values = [\"192.0.2.1\"]"))
		s.apply(0)
		s.settled()
	})
}

// needsMoves skips a CLI without moves from one type to another (design.md: OpenTofu has them from 1.10 on).
func (s *stage) needsMoves() {
	s.t.Helper()
	if s.work.CLI.Name == clitest.OpenTofu && !s.work.CLI.AtLeast(1, 10) {
		s.t.Skipf("%s moves nothing from one type to another", s.work.CLI)
	}
}

// takeState puts a state from testdata/moved in place of the folder's own.
func (s *stage) takeState(name string) {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "moved", name+".json"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.write("terraform.tfstate", strings.ReplaceAll(string(text), "registry.terraform.io", s.registry()))
}

func (s *stage) registry() string {
	if s.work.CLI.Name == clitest.OpenTofu {
		return "registry.opentofu.org"
	}
	return "registry.terraform.io"
}

// foreignRequired is the beginning of a configuration on its way from other providers to this one.
const foreignRequired = `
terraform {
  required_providers {
    multidns   = { source = "multidns/multidns" }
    cloudflare = { source = "cloudflare/cloudflare" }
    timofurrer = { source = "timofurrer/desec" }
    valodim    = { source = "valodim/desec" }
  }
}
`

const withForeign = foreignRequired + `
provider "multidns" {
  request_timeout = "2s"
  max_wait        = "5s"
}
`

var buildForeign = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "multidns-foreign-")
	if err != nil {
		return "", err
	}
	to := filepath.Join(dir, "foreign")
	output, err := exec.CommandContext(context.Background(), "go", "build", "-buildvcs=false", "-o", to, "./foreign").CombinedOutput()
	if err != nil {
		return "", &exec.Error{Name: string(output), Err: err}
	}
	return to, nil
})

// installForeign makes the providers that people come from installable in the folder.
func (s *stage) installForeign() {
	s.t.Helper()
	binary, err := buildForeign()
	if err != nil {
		s.t.Fatal(err)
	}
	mirror := filepath.Join(s.work.Dir, ".clitest", "mirror")
	for _, provider := range [][2]string{{"cloudflare", "cloudflare"}, {"timofurrer", "desec"}, {"valodim", "desec"}} {
		dir := filepath.Join(mirror, s.registry(), provider[0], provider[1], "1.0.0", runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			s.t.Fatal(err)
		}
		content, err := os.ReadFile(binary)
		if err != nil {
			s.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "terraform-provider-"+provider[1]+"_v1.0.0"), content, 0o700); err != nil {
			s.t.Fatal(err)
		}
	}
	s.write("mirror.tfrc", "provider_installation {\n  filesystem_mirror {\n    path = \""+mirror+"\"\n  }\n}\n")
	s.work.Env["TF_CLI_CONFIG_FILE"] = filepath.Join(s.work.Dir, "mirror.tfrc")
}
