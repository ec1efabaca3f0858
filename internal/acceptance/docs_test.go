package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// docBlock is a fenced block of a page.
type docBlock struct {
	page     string // path in the repository
	line     int
	language string
	// note is what a comment before the block says about how it is run: <!-- block: … -->.
	note string
	text string
}

func (b docBlock) String() string { return fmt.Sprintf("%s:%d", b.page, b.line) }

func (b docBlock) isHCL() bool { return b.language == "hcl" || b.language == "terraform" }

func (b docBlock) isShell() bool { return b.language == "sh" || b.language == "shell" }

// The notes that a block can have; without one, HCL is applied as a configuration of its own and a shell block is run
// after the configuration before it on the page.
const (
	noteNotRun  = "not run, "   // and why
	noteTfvars  = "tfvars of "  // variables of an example
	noteInside  = "inside "     // arguments of a resource, in examples/failover
	noteState   = "from state " // with a state of testdata/moved
	noteExample = "in example " // a shell block, with an example applied
	mostNotRun  = 6             // blocks that cannot be run are few
)

// TestAccDocs_Blocks runs every block of HCL and of shell in the README and the documentation against the sandbox, with
// every CLI.
func TestAccDocs_Blocks(t *testing.T) {
	t.Parallel()
	examples := exampleTexts(t)
	var notRun []string
	before := map[string]docBlock{} // page -> the configuration before
	for _, b := range docBlocks(t) {
		reason, skipped := strings.CutPrefix(b.note, noteNotRun)
		switch {
		case skipped:
			if len(reason) < 10 {
				t.Errorf("%s is not run, and does not say why", b)
			}
			notRun = append(notRun, b.String())
			continue
		case !b.isHCL() && !b.isShell():
			continue
		case b.note == "" && slices.Contains(examples, strings.TrimSpace(b.text)):
			continue // TestAccExamples runs the very text
		}
		earlier := before[b.page]
		if b.isHCL() {
			before[b.page] = b
		}
		t.Run(b.String(), func(t *testing.T) {
			t.Parallel()
			onEveryCLI(t, sandbox.Options{}, func(t *testing.T, s *stage) { s.playBlock(b, earlier) })
		})
	}
	if len(notRun) > mostNotRun {
		t.Errorf("%d blocks are not run, more than %d: %v", len(notRun), mostNotRun, notRun)
	}
}

// playBlock runs one block. earlier is the configuration before it on the page.
func (s *stage) playBlock(b, earlier docBlock) {
	s.t.Helper()
	kind, what := b.note, ""
	for _, prefix := range []string{noteTfvars, noteInside, noteState, noteExample} {
		if rest, ok := strings.CutPrefix(b.note, prefix); ok {
			kind, what = prefix, rest
		}
	}
	switch {
	case b.isShell() && kind == noteExample:
		s.applyExample(s.exampleNamed(what))
		s.runShell(b.text)
	case b.isShell():
		s.configure(s.forSandbox(earlier.text))
		s.runShell(b.text)
	case kind == noteTfvars:
		e := s.exampleNamed(what)
		for name, text := range e.files {
			s.write(name, s.forSandbox(text))
		}
		s.write("terraform.tfvars", s.variablesForSandbox(b.text))
		s.finish()
	case kind == noteInside:
		e := s.exampleNamed("failover")
		for name, text := range e.files {
			// The last argument of the resource makes room for the block.
			s.write(name, strings.Replace(s.forSandbox(text), what+"\n", what+"\n"+b.text, 1))
		}
		s.finish()
	case kind == noteState:
		s.needsMoves()
		s.installForeign()
		for _, operator := range []string{"cloudflare", "desec"} {
			s.edit(operator, "www", "A", 3600, "192.0.2.1")
			if strings.Contains(what, "two") {
				s.edit(operator, "www", "A", 3600, "192.0.2.1", "192.0.2.2")
			}
		}
		s.configure(withForeign + b.text)
		s.takeState(what)
		s.forget()
		s.apply(0)
		s.plan(0)
		for _, site := range s.box.Sites() {
			if writes := site.Log.Writes(); len(writes) > 0 {
				s.t.Errorf("%s was written: %v", site.Name, paths(writes))
			}
		}
	case kind == "":
		text := s.forSandbox(b.text)
		if strings.Contains(text, "provider \"multidns\"") && !strings.Contains(text, "required_providers") {
			text = required + text
		}
		if strings.Contains(text, "moved {") {
			s.needsMoves()
		}
		s.configure(text)
		s.seedImports(b.text)
		s.apply(0)
		s.plan(0)
	default:
		s.t.Fatalf("%s: nobody knows what %q means", b, b.note)
	}
}

func (s *stage) finish() {
	s.t.Helper()
	if err := s.work.Init(s.t.Context()).Must(); err != nil {
		s.t.Fatal(err)
	}
	s.apply(0)
	s.plan(0)
}

// seedImports puts what is imported into both zones.
func (s *stage) seedImports(text string) {
	s.t.Helper()
	id := regexp.MustCompile(`(?m)^\s*id = "[^/"]+/([^/"]+)/([A-Z]+)"`).FindStringSubmatch(text)
	values := regexp.MustCompile(`values = \["([^"]+)"\]`).FindStringSubmatch(text)
	if id == nil || values == nil {
		return
	}
	for _, operator := range []string{"cloudflare", "desec"} {
		s.edit(operator, id[1], id[2], 3600, values[1]+".")
	}
}

// hostVariable finds a front in a tfvars block.
var hostVariable = regexp.MustCompile(`(?m)^(cf|bunny)(_front\s*= \{ host = "[^"]+") \}`)

func (s *stage) variablesForSandbox(text string) string {
	text = hostVariable.ReplaceAllStringFunc(text, func(line string) string {
		front := s.box.Front(hostVariable.FindStringSubmatch(line)[1] + "-front")
		return strings.TrimSuffix(line, " }") + fmt.Sprintf(", connect_to = %q }", front.Addr())
	})
	return strings.ReplaceAll(text, `"https://`, `"http://`)
}

func (s *stage) exampleNamed(name string) example {
	s.t.Helper()
	for _, e := range findExamples(s.t) {
		if e.name == name {
			return e
		}
	}
	s.t.Fatalf("there is no example %s", name)
	return example{}
}

// runShell runs a block as a person would type it, with the stage's CLI under both names.
func (s *stage) runShell(text string) {
	s.t.Helper()
	if strings.Contains(text, "by-hand.sh") && !strings.Contains(text, "> by-hand.sh") {
		if _, err := exec.LookPath("curl"); err != nil {
			s.t.Skip("there is no curl here")
		}
		text = "tofu output -raw by_hand > by-hand.sh\n" + text
	}
	bin := s.t.TempDir()
	for _, name := range []string{clitest.Terraform, clitest.OpenTofu} {
		if err := os.Symlink(s.work.CLI.Path, filepath.Join(bin, name)); err != nil {
			s.t.Fatal(err)
		}
	}
	command := exec.CommandContext(s.t.Context(), "sh", "-eu", "-c", text)
	command.Dir = s.work.Dir
	command.Env = append(os.Environ(), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"TF_CLI_CONFIG_FILE="+filepath.Join(s.work.Dir, ".clitest", "cli.tfrc"), "TF_INPUT=0", "CHECKPOINT_DISABLE=1",
		"TF_CLI_ARGS_apply=-auto-approve") // nobody is there to say yes
	for name, value := range s.work.Env {
		command.Env = append(command.Env, name+"="+value)
	}
	if output, err := command.CombinedOutput(); err != nil {
		s.t.Fatalf("%v\n%s\n%s", err, text, output)
	}
}

// pages are the texts that a reader may follow.
func pages(t *testing.T) map[string]string {
	t.Helper()
	root := clitest.RequireRoot(t)
	all := map[string]string{}
	for _, pattern := range []string{"*.md", ".github/*.md", "docs/*.md", "docs/*/*.md", "examples/*/*.md", "design/*.md"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				t.Fatal(err)
			}
			all[filepath.ToSlash(name)] = string(text)
		}
	}
	if len(all) < 15 {
		t.Fatalf("only %d pages were found", len(all))
	}
	return all
}

var note = regexp.MustCompile(`^<!-- block: (.+) -->$`)

// languages are those of blocks: two for HCL, two for shell, and what is there to be read.
var languages = []string{"hcl", "terraform", "sh", "shell", "text", "yaml", "ini", "mermaid", "json"}

// docBlocks are those of README and documentation, in order.
func docBlocks(t *testing.T) []docBlock {
	t.Helper()
	var all []docBlock
	texts := pages(t)
	for _, page := range slices.Sorted(mapsKeys(texts)) {
		if strings.HasPrefix(page, "design/") {
			continue // decisions, not instructions
		}
		var open *docBlock
		said := ""
		indent := ""
		for i, line := range strings.Split(texts[page], "\n") {
			trimmed := strings.TrimSpace(line)
			match := note.FindStringSubmatch(trimmed)
			switch {
			case match != nil:
				said = match[1]
			case open == nil && strings.HasPrefix(trimmed, "```"):
				indent = line[:strings.Index(line, "`")]
				open = &docBlock{page: page, line: i + 1, language: strings.TrimPrefix(trimmed, "```"), note: said}
				said = ""
				if !slices.Contains(languages, open.language) {
					t.Errorf("%s: a block in the language %q: what can be run is called terraform, hcl, sh or shell", open, open.language)
				}
			case open != nil && trimmed == "```":
				all = append(all, *open)
				open = nil
			case open != nil:
				open.text += strings.TrimPrefix(line, indent) + "\n"
			}
		}
	}
	return all
}

func mapsKeys(m map[string]string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// exampleTexts are the files of examples/, which other tests run.
func exampleTexts(t *testing.T) []string {
	t.Helper()
	root := clitest.RequireRoot(t)
	var texts []string
	for _, pattern := range []string{"examples/*/*", "examples/*/*/*"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if text, err := os.ReadFile(path); err == nil {
				texts = append(texts, strings.TrimSpace(string(text)))
			}
		}
	}
	return texts
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	fenced  = regexp.MustCompile("(?s)```.*?```")
	// ours are links to files of this repository at GitHub.
	ours = regexp.MustCompile(`^https://(?:github\.com/multidns/terraform-provider-multidns/(?:blob|tree)|raw\.githubusercontent\.com/multidns/terraform-provider-multidns)/main/(.+)$`)
)

// TestDocs_NoDeadLink follows every link to a page, a heading or a file of this repository.
func TestDocs_NoDeadLink(t *testing.T) {
	root := clitest.RequireRoot(t)
	texts := pages(t)
	for page, text := range texts {
		for _, found := range link.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
			to := found[1]
			if match := ours.FindStringSubmatch(to); match != nil {
				to = "/" + match[1]
			}
			if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
				continue
			}
			file, anchor, _ := strings.Cut(to, "#")
			target := page
			switch {
			case strings.HasPrefix(file, "/"):
				target = strings.TrimPrefix(file, "/")
			case file != "":
				target = filepath.ToSlash(filepath.Join(filepath.Dir(page), file))
			}
			if _, err := os.Stat(filepath.Join(root, target)); err != nil {
				t.Errorf("%s links to %s, which is not there", page, to)
				continue
			}
			if anchor == "" {
				continue
			}
			if !slices.Contains(anchors(texts[target]), anchor) && !strings.Contains(texts[target], `id="`+anchor+`"`) {
				t.Errorf("%s links to %s, and that page has no such heading", page, to)
			}
		}
	}
}

// anchors are the names under which the headings of a page can be linked to.
func anchors(text string) []string {
	var all []string
	for _, match := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		name := strings.ToLower(strings.NewReplacer("`", "", "*", "").Replace(match[1]))
		var anchor strings.Builder
		for _, r := range name {
			switch {
			case r == ' ':
				anchor.WriteRune('-')
			case r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127:
				anchor.WriteRune(r)
			}
		}
		all = append(all, anchor.String())
	}
	return all
}
