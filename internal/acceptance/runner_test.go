package acceptance

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/acceptance/protocol"
	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// runner runs commands on one configuration and one state: a real CLI, or the protocol driver, which is a hundred times
// faster.
type runner interface {
	plan(ctx context.Context, c protocol.Config) ran
	apply(ctx context.Context, c protocol.Config) ran
	// give gives a command in some manner.
	give(ctx context.Context, c protocol.Config, m manner) ran
	// instances are the resources in state, by address.
	instances(ctx context.Context) map[string]instance
}

// ran is a finished command.
type ran struct {
	exit     int
	planned  bool     // the plan had no error: what it read is stored
	warnings []string // summaries
	text     string   // all of it, for failure messages
}

// instance is one resource in state.
type instance struct {
	typ     string
	tainted bool
	attr    func(path ...string) any
}

// The time-out of one exchange: long, because on a loaded machine an operator that is well must not look dead, and
// short where one is silent on purpose.
const (
	patientTimeout = "30s"
	silentTimeout  = "5s"
)

// settingsFor is the provider block for a sandbox.
func settingsFor(box *sandbox.Sandbox, timeout string) map[string]any {
	return map[string]any{
		"cloudflare": map[string]any{
			"api_token": box.Cloudflare.Token, "base_url": box.Cloudflare.BaseURL,
			"zone_ids": map[string]any{box.Zone: box.Cloudflare.ZoneID},
		},
		"desec":           map[string]any{"api_token": box.Desec.Token, "base_url": box.Desec.BaseURL},
		"request_timeout": timeout, "max_wait": "10s",
	}
}

// driven runs in this process.
type driven struct {
	project *protocol.Project
	saved   *protocol.SavedPlan
}

func newDriven(t *testing.T, box *sandbox.Sandbox, timeout string) driven {
	t.Helper()
	return driven{project: &protocol.Project{Provider: settingsFor(box, timeout), Cache: t.TempDir(), State: map[string]*protocol.Instance{}}}
}

func (d driven) plan(ctx context.Context, c protocol.Config) ran {
	return resultOf(d.project.Plan(ctx, c))
}
func (d driven) apply(ctx context.Context, c protocol.Config) ran {
	return resultOf(d.project.Apply(ctx, c))
}

func (d *driven) give(ctx context.Context, c protocol.Config, m manner) ran {
	p := d.project
	c = withLate(c, m.late)
	p.Targets, p.Replace, p.NoRefresh, p.InterruptAfter, p.Parallelism = m.targets, m.replace, m.noRefresh, m.interrupt, m.parallelism
	defer func() { p.Targets, p.Replace, p.NoRefresh, p.InterruptAfter, p.Parallelism = nil, nil, false, 0, 0 }()
	switch {
	case m.save:
		var r protocol.Result
		r, d.saved = p.Save(ctx, c)
		return resultOf(r)
	case m.saved:
		return resultOf(p.ApplySaved(ctx, d.saved))
	}
	return resultOf(p.Apply(ctx, c))
}

func resultOf(r protocol.Result) ran {
	done := ran{exit: r.ExitCode, planned: r.Planned, text: r.String()}
	for _, d := range r.Warnings() {
		done.warnings = append(done.warnings, d.Summary)
	}
	return done
}

func (d driven) instances(context.Context) map[string]instance {
	found := map[string]instance{}
	for address, i := range d.project.State {
		found[address] = instance{typ: i.Type, tainted: i.Tainted, attr: i.Attr}
	}
	return found
}

// typed runs a real CLI.
type typed struct {
	t       *testing.T
	box     *sandbox.Sandbox
	timeout string
	work    *clitest.Workdir
}

func newTyped(t *testing.T, cli clitest.CLI, box *sandbox.Sandbox, timeout string) *typed {
	t.Helper()
	return &typed{t: t, box: box, timeout: timeout, work: clitest.RequireWorkdir(t, cli, nil)}
}

func (r *typed) write(ctx context.Context, c protocol.Config) {
	r.t.Helper()
	if err := r.work.Write("main.tf", required+block(`provider "multidns"`, settingsFor(r.box, r.timeout))+hcl(c)); err != nil {
		r.t.Fatal(err)
	}
	if err := r.work.Ready(ctx); err != nil {
		r.t.Fatal(err)
	}
}

func (r *typed) plan(ctx context.Context, c protocol.Config) ran {
	r.write(ctx, c)
	return printed(r.work.PlanJSON(ctx))
}

func (r *typed) apply(ctx context.Context, c protocol.Config) ran { return r.give(ctx, c, manner{}) }

// savedFile is where a plan is saved.
const savedFile = "saved.plan"

func (r *typed) give(ctx context.Context, c protocol.Config, m manner) ran {
	args := []string{"-json"}
	if m.parallelism > 0 {
		args = append(args, fmt.Sprintf("-parallelism=%d", m.parallelism))
	}
	if m.saved {
		return r.run(ctx, m, append([]string{"apply"}, append(args, savedFile)...))
	}
	r.write(ctx, c)
	for _, address := range m.targets {
		args = append(args, "-target="+address)
	}
	for _, address := range m.replace {
		args = append(args, "-replace="+address)
	}
	if m.noRefresh {
		args = append(args, "-refresh=false")
	}
	if m.save {
		return r.run(ctx, m, append([]string{"plan", "-detailed-exitcode", "-out=" + savedFile}, args...))
	}
	return r.run(ctx, m, append([]string{"apply", "-auto-approve"}, args...))
}

// run runs a command, and presses Ctrl-C after so many requests.
func (r *typed) run(ctx context.Context, m manner, args []string) ran {
	process := r.work.Start(ctx, args...)
	if before := r.asked(); m.interrupt > 0 {
		for waiting := true; waiting; {
			select {
			case <-process.Done():
				waiting = false
			case <-time.After(5 * time.Millisecond):
				waiting = r.asked() < before+m.interrupt
			}
		}
		_ = process.Signal(syscall.SIGINT) // it may have ended
	}
	result := process.Wait()
	done := printed(result, result.Diagnostics())
	// A plan says what it comes to, be it nothing, and with an error as well; what it read is stored before anything is
	// applied.
	planned := strings.Contains(result.Stdout, `"operation":"plan"`) && (result.ExitCode != 1 || strings.Contains(result.Stdout, `"type":"apply_start"`))
	done.planned = m.saved || planned
	return done
}

// asked is how many requests both operators have had.
func (r *typed) asked() (n int) {
	for _, site := range r.box.Sites() {
		n += site.Log.Count(nil)
	}
	return n
}

func printed(result clitest.Result, diagnostics []clitest.Diagnostic) ran {
	done := ran{exit: result.ExitCode, text: result.String()}
	for _, d := range clitest.WithSeverity("warning", diagnostics) {
		done.warnings = append(done.warnings, d.Summary)
	}
	return done
}

func (r *typed) instances(ctx context.Context) map[string]instance {
	r.t.Helper()
	state, err := r.work.Show(ctx)
	if err != nil {
		r.t.Fatal(err)
	}
	found := map[string]instance{}
	for address, resource := range state.Resources {
		if resource.Mode != "managed" {
			continue
		}
		found[address] = instance{typ: resource.Type, tainted: resource.Tainted, attr: func(path ...string) any {
			var steps []any
			for _, step := range path {
				steps = append(steps, step)
			}
			return resource.Attr(steps...)
		}}
	}
	return found
}

// hcl writes a configuration as a person would.
func hcl(c protocol.Config) string {
	var b strings.Builder
	for _, address := range slices.Sorted(maps.Keys(c.Data)) {
		source := c.Data[address]
		b.WriteString(block(fmt.Sprintf("data %q %q", source.Type, nameIn(address)), source.Args))
	}
	for _, address := range slices.Sorted(maps.Keys(c.Resources)) {
		r := c.Resources[address]
		text := block(fmt.Sprintf("resource %q %q", r.Type, nameIn(address)), r.Args)
		if r.CreateBeforeDestroy {
			text = strings.TrimSuffix(text, "}\n") + "  lifecycle {\n    create_before_destroy = true\n  }\n}\n"
		}
		b.WriteString(text)
	}
	for _, from := range slices.Sorted(maps.Keys(c.Moved)) {
		fmt.Fprintf(&b, "moved {\n  from = %s\n  to   = %s\n}\n", from, c.Moved[from])
	}
	return b.String()
}

func nameIn(address string) string { return address[strings.LastIndexByte(address, '.')+1:] }

func block(head string, args map[string]any) string {
	return head + " " + expression(args) + "\n"
}

func expression(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return fmt.Sprintf("%q", v)
	case protocol.Ref:
		return v.Data + "." + v.Attribute
	case []string:
		parts := make([]string, len(v))
		for i, s := range v {
			parts[i] = expression(s)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case []any:
		parts := make([]string, len(v))
		for i, element := range v {
			parts[i] = expression(element)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var b strings.Builder
		b.WriteString("{\n")
		for _, name := range slices.Sorted(maps.Keys(v)) {
			key := name
			if strings.ContainsAny(name, "./") {
				key = fmt.Sprintf("%q", name)
			}
			fmt.Fprintf(&b, "  %s = %s\n", key, expression(v[name]))
		}
		b.WriteString("}")
		return b.String()
	}
	return fmt.Sprint(v)
}

// must applies and expects one of the exit codes.
func (d driven) must(t *testing.T, c protocol.Config, exits ...int) {
	t.Helper()
	if r := d.project.Apply(t.Context(), c); !slices.Contains(exits, r.ExitCode) {
		t.Fatalf("apply: want exit code %v: %s", exits, r)
	}
}
