package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// leavesNothing runs f with a folder for temporary files that must be empty afterwards.
func leavesNothing(t *testing.T, f func()) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	f()
	left, err := filepath.Glob(filepath.Join(dir, "multidns-demo-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("the demonstration left %v behind (%v)", left, err)
	}
}

func TestAccDemo_FiveActs(t *testing.T) {
	var out strings.Builder
	leavesNothing(t, func() {
		if err := run(t.Context(), nil, &out, os.Stderr, false); err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
	})
	for _, want := range []string{
		"(a) first apply          well      answers           cf-front         cf-front     exit 0  ok",
		"(b) front breaks         broken    answers           bunny-front      bunny-front  exit 0  ok",
		"(c) front mended         well      answers           cf-front         cf-front     exit 0  ok",
		"(d) and Cloudflare dead  broken    silent            cf-front         bunny-front  exit 0  ok",
		"(e) Cloudflare back      broken    answers           bunny-front      bunny-front  exit 0  ok",
		"All 5 acts went as they must.",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the story lacks %q:\n%s", want, out.String())
		}
	}
}

// A demonstration that cannot fail shows nothing.
func TestAccDemo_NoticesWhatIsWrong(t *testing.T) {
	leavesNothing(t, func() {
		s, err := openStage(t.Context(), newStory(io.Discard, false), false)
		if err != nil {
			t.Fatal(err)
		}
		defer s.close()
		rows, err := s.playAll(t.Context(), []act{
			{letter: "x", happen: func(*sandbox.Sandbox) {}, want: both(secondFront)},
			{letter: "y", want: both(firstFront), happen: func(box *sandbox.Sandbox) {
				edit(t, box, "desec", "mail", "A", 3600, "192.0.2.66")
			}},
			{letter: "z", want: both(firstFront), happen: func(box *sandbox.Sandbox) {
				box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.JSON500, Methods: sandbox.Writes})
				edit(t, box, "desec", "web-router", "CNAME", 0)
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"answers with bunny-front", "byte for byte", "plan right after is empty"} {
			if all := strings.Join(rows[i].problems, "\n"); !strings.Contains(all, want) {
				t.Errorf("act (%s): problems %q, want one with %q", rows[i].act, all, want)
			}
		}
	})
}

func TestAccDemo_EndsWhenInterrupted(t *testing.T) {
	leavesNothing(t, func() {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		out := &interrupting{cancel: cancel, at: "(a) The first apply"}
		if err := run(ctx, nil, out, io.Discard, false); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want that it was interrupted", err)
		}
	})
}

// interrupting cancels when it is told that.
type interrupting struct {
	cancel context.CancelFunc
	at     string
}

func (w *interrupting) Write(text []byte) (int, error) {
	if strings.Contains(string(text), w.at) {
		w.cancel()
	}
	return len(text), nil
}

func TestRun_WrongArguments(t *testing.T) {
	for _, args := range [][]string{{"examples/failover"}, {"-nosuch"}} {
		if err := run(t.Context(), args, io.Discard, io.Discard, false); err == nil {
			t.Errorf("%q was accepted", args)
		}
	}
	t.Setenv("TF_ACC_TERRAFORM_PATH", "/nonexistent/tofu")
	if err := run(t.Context(), nil, io.Discard, io.Discard, false); err == nil || !strings.Contains(err.Error(), "/nonexistent/tofu") {
		t.Errorf("error %v, want one that names the missing CLI", err)
	}
}
