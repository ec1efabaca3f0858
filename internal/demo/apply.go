package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// promptly is how soon deSEC must have a change, however long Cloudflare is silent.
const promptly = 2 * time.Second

// apply runs the CLI and checks its exit code. For an act in which Cloudflare is silent it also gives how long after
// the start of its write deSEC answered with the new front; a negative time when it never did.
func (s *stage) apply(ctx context.Context, a act, r *row) (took time.Duration, err error) {
	seen := make(chan time.Time, 1)
	watching, stop := context.WithCancel(ctx)
	defer stop()
	if a.owes() {
		name := "www." + s.box.Zone
		go func() { seen <- watch(watching, s.box.Desec.DNSAddr, name, a.want["desec"]+"."+frontDomain+".") }()
	}
	result := s.work.Apply(ctx)
	stop()
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	r.exit = result.ExitCode
	s.showApply(result)
	r.check(s.story, "the apply ends with exit code 0", result.Must(0))
	if !a.owes() {
		return 0, nil
	}
	when, began := <-seen, writeBegan(s.box.Desec.Log.Entries())
	if when.IsZero() || began.IsZero() {
		return -1, nil
	}
	return when.Sub(began), nil
}

// writeBegan is when the provider turned to the operator to write. It looks before it writes, so the time runs from the
// last look before the first write; zero when there was no write.
func writeBegan(entries []sandbox.Entry) time.Time {
	for i, e := range entries {
		if e.IsWrite() {
			return entries[max(0, i-1)].Start
		}
	}
	return time.Time{}
}

// showApply shows the lines of a finished command that matter to the story.
func (s *stage) showApply(result clitest.Result) {
	typed := slices.DeleteFunc(slices.Clone(result.Args), func(arg string) bool { return arg == "-no-color" })
	s.story.command(strings.Join(typed, " "), result.ExitCode, result.Duration)
	if s.work.Echo != nil {
		return // they were seen
	}
	for _, line := range highlights(result.Stdout) {
		s.story.quote(line)
	}
}

// highlights picks the planned change of the router, the warnings' and errors' summaries and the counts. The output of
// the same name as the router's attribute, and a warning that plan and apply both give, are the same news.
func highlights(output string) []string {
	var lines []string
	seen := map[string]bool{}
	for line := range strings.Lines(output) {
		line = strings.Join(strings.Fields(strings.TrimLeft(line, "│╷╵ ")), " ")
		subject := line
		switch {
		case strings.HasPrefix(line, "~ active_target ") && strings.Contains(line, "->"):
			subject = "active_target"
		case strings.HasSuffix(line, "known after apply"): // of no interest to people who see the apply as well
			continue
		case strings.HasPrefix(line, "Warning: "), strings.HasPrefix(line, "Error: "),
			strings.HasPrefix(line, "Plan: "), strings.HasPrefix(line, "Apply complete!"):
		default:
			continue
		}
		if !seen[subject] {
			lines = append(lines, line)
		}
		seen[subject] = true
	}
	return lines
}

// planOneChange runs a plan that must show exactly one update.
func (s *stage) planOneChange(ctx context.Context) error {
	result := s.work.Plan(ctx)
	s.showApply(result)
	if err := result.Must(2); err != nil {
		return err
	}
	if want := "Plan: 0 to add, 1 to change, 0 to destroy."; !strings.Contains(result.Stdout, want) {
		return fmt.Errorf("the plan does not say %q:\n%s", want, result.Stdout)
	}
	return nil
}

// within checks the time that deSEC took.
func within(took time.Duration) error {
	if took < 0 {
		return errors.New("deSEC never answered with it while the apply ran")
	}
	if took > promptly {
		return fmt.Errorf("it took %s, more than %s", took, promptly)
	}
	return nil
}
