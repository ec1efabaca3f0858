package acceptance

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// run is what came of one scheduled run. alarm says that it ended by telling that an operator is behind.
type run struct {
	exit   int
	output string
	alarm  bool
}

// recipes are the schedules of examples/schedule, each as its forge or its machine would run it.
var recipes = map[string]recipe{
	"systemd": {run: (*stage).runOnSystemd},
	"github":  {run: (*stage).runOnGitHub, checkout: true},
	"gitlab":  {run: (*stage).runOnGitLab, checkout: true},
}

type recipe struct {
	run func(*stage) run
	// checkout says that each run begins with a fresh copy of the repository and installs the provider.
	checkout bool
}

// TestAccExamplesSchedule plays what a schedule meets: a first run, a quiet one, a front that breaks, an operator that
// cannot be told, and its return.
func TestAccExamplesSchedule(t *testing.T) {
	t.Parallel()
	for name, recipe := range recipes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onOneCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) { s.playSchedule(recipe) })
		})
	}
}

func (s *stage) playSchedule(r recipe) {
	s.t.Helper()
	s.installFailover()
	play := func() run {
		if r.checkout {
			s.freshCheckout()
		}
		return r.run(s)
	}
	expect := func(what string, got run, exit int, alarm bool, cloudflare, desec string) {
		s.t.Helper()
		if got.exit != exit || got.alarm != alarm {
			s.t.Fatalf("%s: exit code %d, alarm %t, want %d and %t:\n%s", what, got.exit, got.alarm, exit, alarm, got.output)
		}
		for _, token := range []string{s.box.Cloudflare.Token, s.box.Desec.Token} {
			if strings.Contains(got.output, token) {
				s.t.Fatalf("%s: a token is in the log:\n%s", what, got.output)
			}
		}
		for operator, front := range map[string]string{"cloudflare": cloudflare, "desec": desec} {
			if held := strings.Join(s.held(operator), "\n"); !strings.Contains(held, "CNAME "+front+".example.net.") {
				s.t.Fatalf("%s: %s does not lead to %s:\n%s\n%s", what, operator, front, held, got.output)
			}
		}
	}
	expect("first run", play(), 0, false, "cf-front", "cf-front")
	if r.checkout {
		s.breakRegistry()
	}
	s.forget()
	expect("quiet run", play(), 0, false, "cf-front", "cf-front")
	for _, site := range s.box.Sites() {
		if writes := site.Log.Writes(); len(writes) > 0 {
			s.t.Errorf("a run without a change wrote at %s: %v", site.Name, paths(writes))
		}
	}
	s.box.Front("cf-front").SetHealthy(false)
	expect("broken front", play(), 0, false, "bunny-front", "bunny-front")
	s.box.Front("cf-front").SetHealthy(true)
	s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Refused})
	expect("Cloudflare's API out", play(), -1, true, "bunny-front", "cf-front")
	s.box.Cloudflare.Faults.Clear()
	expect("Cloudflare's API back", play(), 0, false, "cf-front", "cf-front")
	s.sameValues()
	s.box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Refused})
	s.box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Refused})
	s.box.Front("cf-front").SetHealthy(false)
	if got := play(); got.exit == 0 || got.alarm {
		s.t.Errorf("nobody could be told, and the run ended with %d, alarm %t:\n%s", got.exit, got.alarm, got.output)
	}
}

// installFailover lays out the repository of a user: the folder failover/ with the configuration and its lock file.
func (s *stage) installFailover() {
	s.t.Helper()
	for _, e := range findExamples(s.t) {
		for name, text := range e.files {
			if e.name == "failover" {
				s.write("failover/"+name, s.forSandbox(text))
			}
		}
	}
	s.write("failover/test.auto.tfvars", "failback_delay = \"0s\"\nrequest_timeout = \"2s\"\n")
	// The recipes say tofu; both CLIs take part.
	bin := filepath.Join(s.work.Dir, "bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Symlink(s.work.CLI.Path, filepath.Join(bin, "tofu")); err != nil {
		s.t.Fatal(err)
	}
	s.work.Env["PATH"] = bin + string(os.PathListSeparator) + os.Getenv("PATH")
	s.work.Env["HOME"] = s.work.Dir
	inFolder := *s.work
	if err := inFolder.Run(s.t.Context(), "-chdir=failover", "init").Must(); err != nil {
		s.t.Fatal(err)
	}
}

// freshCheckout leaves what a repository holds, and the state, which a backend would keep.
func (s *stage) freshCheckout() {
	s.t.Helper()
	for _, name := range []string{".terraform", "next.tfplan", "plan.txt"} {
		if err := os.RemoveAll(filepath.Join(s.work.Dir, "failover", name)); err != nil {
			s.t.Fatal(err)
		}
	}
}

// breakRegistry takes away what stands in for the registry.
func (s *stage) breakRegistry() {
	s.t.Helper()
	mirror := filepath.Join(s.work.Dir, ".clitest", "mirror")
	if err := os.Rename(mirror, mirror+".gone"); err != nil {
		s.t.Fatal(err)
	}
}

// shell runs a script with the environment of the CLI.
func (s *stage) shell(dir, shell string, args []string, env map[string]string) run {
	s.t.Helper()
	sh := *s.work
	sh.Dir, sh.CLI = dir, clitest.CLI{Name: shell, Path: "/bin/" + shell}
	sh.Env = map[string]string{}
	for _, from := range []map[string]string{s.work.Env, env} {
		for name, value := range from {
			sh.Env[name] = value
		}
	}
	result := sh.Run(s.t.Context(), args...)
	if result.Err != nil {
		s.t.Fatal(result)
	}
	return run{exit: result.ExitCode, output: result.Stdout + result.Stderr}
}

func (s *stage) runOnSystemd() run {
	s.t.Helper()
	script := s.recipe("systemd/run.sh", nil)
	r := s.shell(s.work.Dir, "sh", []string{script}, map[string]string{"MULTIDNS_DIR": filepath.Join(s.work.Dir, "failover")})
	if r.exit == 3 {
		r.exit, r.alarm = -1, strings.Contains(r.output, "cloudflare")
	}
	if r.exit == 0 && !strings.Contains(r.output, "Apply complete!") && r.output != "" {
		s.t.Errorf("a run that had nothing to do said:\n%s", r.output)
	}
	return r
}

// recipe gives the path of a file in examples/schedule, and reads it as YAML into to unless that is nil. YAML must not
// hold a key that to does not know: a typing error would pass for a setting.
func (s *stage) recipe(name string, to any) string {
	s.t.Helper()
	root := clitest.RequireRoot(s.t)
	path := filepath.Join(root, "examples", "schedule", filepath.FromSlash(name))
	if to == nil {
		return path
	}
	text, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(to); err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	return path
}

// workflow is the part of a GitHub workflow that the recipe uses.
type workflow struct {
	Name        string
	On          map[string]any
	Concurrency struct {
		Group            string
		CancelInProgress bool `yaml:"cancel-in-progress"`
	}
	Permissions map[string]string
	Defaults    struct {
		Run struct {
			Shell            string
			WorkingDirectory string `yaml:"working-directory"`
		}
	}
	Env  map[string]string
	Jobs map[string]struct {
		RunsOn         string `yaml:"runs-on"`
		TimeoutMinutes int    `yaml:"timeout-minutes"`
		Steps          []workflowStep
	}
}

type workflowStep struct {
	Name, ID, If, Uses, Run string
	With                    map[string]any
	Env                     map[string]string
}

// runOnGitHub runs the steps as the runner does: bash with -eo pipefail, each step's env for it alone, and conditions
// on the exit code of the plan. Actions are left out.
func (s *stage) runOnGitHub() run {
	s.t.Helper()
	var w workflow
	s.recipe("github-actions.yml", &w)
	steps := w.Jobs["failover"].Steps
	if w.On["schedule"] == nil || w.Concurrency.Group == "" || w.Concurrency.CancelInProgress || w.Permissions["contents"] != "read" || len(steps) == 0 {
		s.t.Fatalf("the workflow is not a schedule of runs one after the other: %+v", w)
	}
	outputs := filepath.Join(s.work.Dir, "outputs")
	if err := os.WriteFile(outputs, nil, 0o600); err != nil {
		s.t.Fatal(err)
	}
	all := run{}
	for _, step := range steps {
		if step.Run == "" || step.If != "" && !s.holdsAfterPlan(step.If, outputs) {
			continue
		}
		env := map[string]string{"GITHUB_OUTPUT": outputs, "CLOUDFLARE_API_TOKEN": "", "DESEC_API_TOKEN": ""}
		for name, value := range w.Env {
			env[name] = value
		}
		for name, value := range step.Env {
			if value != "${{ secrets."+name+" }}" {
				s.t.Fatalf("step %s: %s is %q, which is no secret of that name", step.Name, name, value)
			}
			env[name] = s.work.Env[name]
		}
		r := s.shell(filepath.Join(s.work.Dir, w.Defaults.Run.WorkingDirectory), w.Defaults.Run.Shell,
			[]string{"--noprofile", "--norc", "-eo", "pipefail", "-c", step.Run}, env)
		all.exit, all.output = r.exit, all.output+r.output
		if r.exit != 0 {
			break
		}
	}
	return judged(all)
}

// exitCodeIs is the one kind of condition that the recipe has.
var exitCodeIs = regexp.MustCompile(`steps\.plan\.outputs\.exitcode == '(\d)'`)

func (s *stage) holdsAfterPlan(condition, outputs string) bool {
	s.t.Helper()
	match := exitCodeIs.FindStringSubmatch(condition)
	if match == nil {
		s.t.Fatalf("condition %q is not understood", condition)
	}
	text, err := os.ReadFile(outputs)
	if err != nil {
		s.t.Fatal(err)
	}
	return slices.Contains(strings.Fields(string(text)), "exitcode="+match[1])
}

// pipeline is the part of a GitLab pipeline that the recipe uses.
type pipeline struct {
	Failover struct {
		Image struct {
			Name       string
			Entrypoint []string
		}
		Rules         []map[string]string
		ResourceGroup string `yaml:"resource_group"`
		Interruptible bool
		Timeout       string
		Variables     map[string]string
		Cache         struct {
			Key   map[string][]string
			Paths []string
		}
		BeforeScript []string `yaml:"before_script"`
		Script       []string
		Artifacts    struct {
			When     string
			Paths    []string
			ExpireIn string `yaml:"expire_in"`
		}
	}
}

// runOnGitLab runs before_script and script as the runner does: as one shell script that ends at the first failure.
func (s *stage) runOnGitLab() run {
	s.t.Helper()
	var p pipeline
	s.recipe("gitlab-ci.yml", &p)
	job := p.Failover
	if job.ResourceGroup == "" || job.Interruptible || len(job.Rules) == 0 || len(job.Script) == 0 {
		s.t.Fatalf("the pipeline does not run one after the other: %+v", job)
	}
	env := map[string]string{}
	for name, value := range job.Variables {
		env[name] = strings.ReplaceAll(value, "$CI_PROJECT_DIR", s.work.Dir)
	}
	script := strings.Join(slices.Concat([]string{"set -eu"}, job.BeforeScript, job.Script), "\n")
	return judged(s.shell(s.work.Dir, "sh", []string{"-c", script}, env))
}

// judged tells a run that failed from one that succeeded and gave the alarm.
func judged(r run) run {
	if r.exit != 0 && strings.Contains(r.output, `an operator is behind: {"cloudflare":"owed:`) {
		r.exit, r.alarm = -1, true
	}
	return r
}

// TestSchedule_UnitsNameWhatExists checks the units for what systemd itself would only say on the machine.
func TestSchedule_UnitsNameWhatExists(t *testing.T) {
	root := clitest.RequireRoot(t)
	for unit, wants := range map[string][]string{
		"multidns.service": {"Type=oneshot", "ExecStart=/usr/local/lib/multidns/run.sh", "EnvironmentFile=/etc/multidns.env", "ReadWritePaths=/var/lib/multidns"},
		"multidns.timer":   {"OnUnitInactiveSec=2min", "WantedBy=timers.target"},
	} {
		text, err := os.ReadFile(filepath.Join(root, "examples", "schedule", "systemd", unit))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !slices.Contains(strings.Split(string(text), "\n"), want) {
				t.Errorf("%s has no line %q", unit, want)
			}
		}
		for i, line := range strings.Split(string(text), "\n") {
			if !regexp.MustCompile(`^($|#.*|\[(Unit|Service|Timer|Install)\]|[A-Z][A-Za-z]+=.+)$`).MatchString(line) {
				t.Errorf("%s:%d: %q is neither a section nor a setting", unit, i+1, line)
			}
		}
	}
	if info, err := os.Stat(filepath.Join(root, "examples", "schedule", "systemd", "run.sh")); err != nil || info.Mode().Perm()&0o111 == 0 {
		t.Error(fmt.Errorf("run.sh is not executable: %w", err))
	}
}
