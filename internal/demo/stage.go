package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/tools/toolchain"
)

// Names of the fronts, as the sandbox and examples/failover call them.
const (
	firstFront  = "cf-front"
	secondFront = "bunny-front"
)

// frontDomain is where the fronts' host names live: outside of the zone, as with a real CDN.
const frontDomain = "example.net"

// silence is how long a silent API is waited for. A user would rather take 10s, the default; a demonstration shall not
// take long.
const silence = "3s"

// stage is where the acts are played: a sandbox, and a folder with the example in which one CLI runs.
type stage struct {
	story *story
	box   *sandbox.Sandbox
	work  *clitest.Workdir
	// before is what nobody declared, as each operator's API showed it before the first act.
	before map[string]map[string]string
	dir    string
}

// undeclared are RRsets that stand in the zone before the first apply and are none of the example's business.
var undeclared = []struct {
	name, typ string
	ttl       int
	values    []string
}{
	{"@", "MX", 3600, []string{"10 mail.example.com.", "20 mail.example.net."}},
	{"@", "TXT", 3600, []string{`"v=spf1 mx -all"`}},
	{"mail", "A", 7200, []string{"192.0.2.25"}},
	{"www2", "CNAME", 3600, []string{"www.example.com."}},
}

// openStage finds a CLI, builds the provider, starts the sandbox and installs the example.
func openStage(ctx context.Context, story *story, verbose bool) (s *stage, err error) {
	story.title("multidns: one zone, two DNS operators, two web fronts")
	story.tell("Everything here runs on this machine: imitations of the APIs and name servers of Cloudflare and deSEC, " +
		"two small web servers in place of the fronts, and a real Terraform or OpenTofu with the provider of this repository.")
	story.step("looking for Terraform or OpenTofu")
	cli, err := clitest.FindAny(ctx)
	if err != nil {
		return nil, err
	}
	story.detail("%s, %s", cli, cli.Path)
	story.step("building the provider")
	root, err := toolchain.Root()
	if err != nil {
		return nil, err
	}
	provider, err := clitest.BuildProvider(ctx)
	if err != nil {
		return nil, err
	}
	box, err := sandbox.Start(ctx, sandbox.Options{})
	if err != nil {
		return nil, err
	}
	s = &stage{story: story, box: box}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.dir, err = os.MkdirTemp("", "multidns-demo-"); err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	if s.work, err = clitest.NewWorkdir(s.dir, cli, provider, s.box.Environment()); err != nil {
		return nil, err
	}
	if verbose {
		s.work.Echo = story.out
	}
	return s, s.furnish(ctx, filepath.Join(root, "examples", "failover"))
}

// furnish fills the zones, copies the example and installs the provider.
func (s *stage) furnish(ctx context.Context, example string) error {
	for _, site := range s.box.Sites() {
		for _, r := range undeclared {
			if err := site.Edit(s.box.Zone, r.name, r.typ, r.ttl, r.values...); err != nil {
				return fmt.Errorf("fill zone at %s: %w", site.Name, err)
			}
		}
	}
	var err error
	if s.before, err = s.untouched(ctx); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(example, "*.tf"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("copy example: no *.tf in %s", example)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("copy example: %w", err)
		}
		if err := s.work.Write(filepath.Base(file), string(text)); err != nil {
			return err
		}
	}
	if err := s.work.Write("demo.auto.tfvars", s.variables()); err != nil {
		return err
	}
	s.story.step("installing it as a user does: init, from a local mirror instead of the registry")
	return s.work.Init(ctx).Must()
}

// variables are what is different from the example's defaults.
func (s *stage) variables() string {
	var text strings.Builder
	fmt.Fprintf(&text, "zone = %q\n", s.box.Zone)
	fmt.Fprintf(&text, "health_url = %q\n", "http://www."+s.box.Zone+"/health")
	for variable, name := range map[string]string{"cf_front": firstFront, "bunny_front": secondFront} {
		fmt.Fprintf(&text, "%s = { host = %q, connect_to = %q }\n", variable, name+"."+frontDomain, s.box.Front(name).Addr())
	}
	fmt.Fprintf(&text, "failback_delay = \"0s\"\nrequest_timeout = %q\n", silence)
	return text.String()
}

// close ends the sandbox and removes the folder.
func (s *stage) close() {
	s.box.Close()
	if s.dir != "" {
		_ = os.RemoveAll(s.dir) // nothing in it is worth an error
	}
}
