package live

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
)

// askOpenQuestions prints a table of what the fact sheets mark with "(?)". The questions to Cloudflare are asked by a
// script of theirs; the others are listed, for a person to look at.
func (w *world) askOpenQuestions(t *testing.T) {
	root := clitest.RequireRoot(t)
	facts := filepath.Join(root, "design", "facts")
	for _, s := range w.services {
		doubts := openQuestions(t, filepath.Join(facts, s.name+"-api.md"))
		t.Logf("%s: %d statements of its sheet are open:\n%s", s.name, len(doubts), strings.Join(doubts, "\n"))
	}
	cloudflare := w.services[0]
	if !cloudflare.real {
		t.Log("cloudflare: not asked, because it is the sandbox")
		return
	}
	for _, tool := range []string{"bash", "curl", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the questions to Cloudflare need %s, which is not here", tool)
		}
	}
	command := exec.CommandContext(t.Context(), "bash", filepath.Join(facts, "cloudflare-open-questions.sh"))
	command.Env = append(os.Environ(), "A="+cloudflare.proxy.URL, "T="+cloudflare.token, "D="+w.zone)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil {
		t.Errorf("%v\n%s", err, output.String())
	}
	t.Logf("cloudflare answered:\n%s", answers(output.String()))
}

// openQuestions are the lines of a sheet that hold a doubt.
func openQuestions(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var doubts []string
	for i, line := range strings.Split(string(text), "\n") {
		if strings.Contains(line, "(?)") {
			doubts = append(doubts, fmt.Sprintf("  line %d: %s", i+1, shortened(strings.TrimSpace(line), 160)))
		}
	}
	return doubts
}

var (
	status = regexp.MustCompile(`\[HTTP (\d+)`)
	codes  = regexp.MustCompile(`"code":(\d+)`)
)

// answers makes a table of the script's output: question, HTTP status, error codes, beginning of the answer.
func answers(output string) string {
	var table strings.Builder
	for _, part := range strings.Split(output, "\n### ")[1:] {
		question, answer, _ := strings.Cut(part, "\n")
		http := ""
		if match := status.FindStringSubmatch(answer); match != nil {
			http = match[1]
		}
		var found []string
		for _, match := range codes.FindAllStringSubmatch(answer, -1) {
			found = append(found, match[1])
		}
		fmt.Fprintf(&table, "  %-60s %4s %-12s %s\n", shortened(question, 60), http, strings.Join(found, ","), shortened(strings.TrimSpace(answer), 120))
	}
	return table.String()
}

func shortened(text string, most int) string {
	text = strings.ReplaceAll(text, "\n", " ")
	if len(text) > most {
		return text[:most-1] + "…"
	}
	return text
}
