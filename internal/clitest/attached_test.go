package clitest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// waiting gives a Workdir whose provider notes its process and waits, and whose CLI tells where it would find it.
func waiting(t *testing.T) *Workdir {
	t.Helper()
	w := script(t, `echo "$TF_REATTACH_PROVIDERS"`)
	w.binary = filepath.Join(w.Dir, "provider")
	text := "#!/bin/sh\necho $$ >> pids\nprintf '\\tTF_REATTACH_PROVIDERS='\"'%s'\"'\\n' '{\"any\":{\"Pid\":1}}'\nexec sleep 1000\n"
	if err := os.WriteFile(w.binary, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	w.Attach = true
	t.Cleanup(w.Detach)
	return w
}

// providers are the processes that were started, and how many of them live.
func providers(t *testing.T, w *Workdir) (pids []int, living int) {
	t.Helper()
	text, _ := os.ReadFile(filepath.Join(w.Dir, "pids"))
	for line := range strings.FieldsSeq(string(text)) {
		pid, err := strconv.Atoi(line)
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
		if syscall.Kill(pid, 0) == nil {
			living++
		}
	}
	return pids, living
}

func (w *Workdir) finds(t *testing.T, args ...string) string {
	t.Helper()
	r := w.Run(t.Context(), args...)
	if r.Err != nil || r.ExitCode != 0 {
		t.Fatal(r)
	}
	return strings.TrimSpace(r.Stdout)
}

func TestAttached_OneProviderForAllCommands(t *testing.T) {
	w := waiting(t)
	const where = `{"registry.opentofu.org/multidns/multidns":{"Pid":1},"registry.terraform.io/multidns/multidns":{"Pid":1}}`
	for range 3 {
		if got := w.finds(t, "plan"); got != where {
			t.Fatalf("it finds %q", got)
		}
	}
	if pids, living := providers(t, w); len(pids) != 1 || living != 1 {
		t.Errorf("%d providers, %d of them alive", len(pids), living)
	}
	w.Env = map[string]string{"TOKEN": "another"}
	w.finds(t, "plan")
	if pids, living := providers(t, w); len(pids) != 2 || living != 1 {
		t.Errorf("in another environment: %d providers, %d of them alive", len(pids), living)
	}
	w.Detach()
	if _, living := providers(t, w); living != 0 {
		t.Errorf("%d providers are left", living)
	}
}

// A test binary that is killed leaves no provider behind.
func TestAttached_EndsWithWhoStartedIt(t *testing.T) {
	w := waiting(t)
	w.finds(t, "plan")
	_ = w.provider.lifeline.Close()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if _, living := providers(t, w); living == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("it lives on")
		}
	}
}

// Where it would be noticed, each command has providers of its own.
func TestAttached_OnlyWhereNobodyNotices(t *testing.T) {
	block := "provider \"multidns\" {\n}\n"
	for _, c := range []struct {
		what string
		set  func(*Workdir)
		args []string
	}{
		{"not asked for", func(w *Workdir) { w.Attach = false }, nil},
		{"weighed", func(w *Workdir) { w.Weigh = true }, nil},
		{"its log is read", func(w *Workdir) { w.Env = map[string]string{"TF_LOG": "TRACE"} }, nil},
		{"installed", func(*Workdir) {}, []string{"init"}},
		{"locked", func(*Workdir) {}, []string{"-chdir=x", "providers", "lock"}},
		{"two of them", func(w *Workdir) { _ = w.Write("main.tf", block+"  "+block) }, nil},
		{"two of them in two files", func(w *Workdir) { _, _ = w.Write("a.tf", block), w.Write("b.tf", block) }, nil},
	} {
		w := waiting(t)
		c.set(w)
		if got := w.finds(t, append(c.args, "x")...); got != "" {
			t.Errorf("%s: it finds %q", c.what, got)
		}
	}
	w := waiting(t)
	if err := w.Write("main.tf", block+"data \"multidns_zone\" \"provider\" {}\n"); err != nil {
		t.Fatal(err)
	}
	if w.finds(t, "plan") == "" {
		t.Error("one provider block counts as two")
	}
}
