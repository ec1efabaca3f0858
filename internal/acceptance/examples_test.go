package acceptance

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// snippets are the folders of examples/ in which every file stands for itself, as the registry shows them. Every other
// folder with *.tf is one configuration.
var snippets = []string{"provider", "resources", "data-sources", "functions"}

// example is a configuration from examples/, by file name.
type example struct {
	name  string // path below examples/
	files map[string]string
}

// isImport tells an import block, which is tried with the resource.tf beside it.
func (e example) isImport() bool { return strings.HasPrefix(filepath.Base(e.name), "import") }

func (e example) needsIdentity() bool { return strings.Contains(e.name, "identity") }

// hasProvider tells an example that says itself which provider it needs.
func (e example) hasProvider() bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(e.files)), func(text string) bool {
		return strings.Contains(text, "required_providers")
	})
}

// TestAccExamples applies every example as it stands. Two things are changed in its text: probes connect to the
// sandbox's fronts, and speak http, because the sandbox has no certificates.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	all := findExamples(t)
	if len(all) < 10 {
		t.Fatalf("only %d examples were found: %v", len(all), all)
	}
	for _, e := range all {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			on := onOneCLI
			if e.needsIdentity() {
				on = onEveryCLI // not every CLI has it
			}
			on(t, sandbox.Options{}, func(t *testing.T, s *stage) {
				switch {
				case !e.isImport():
					s.applyExample(e)
				case strings.HasSuffix(e.name, ".sh"):
					s.importByCommand(e)
				default:
					s.importByBlock(e)
				}
			})
		})
	}
}

// applyExample applies an example and expects that nothing is left to do and that both operators hold the same values.
func (s *stage) applyExample(e example) {
	s.t.Helper()
	for name, text := range e.files {
		if !e.hasProvider() {
			text = provider + text
		}
		s.write(name, s.forSandbox(text))
	}
	if strings.HasPrefix(e.name, "provider/") { // without a resource nobody looks at it
		s.write("more.tf", record("www", "www", "A", `values = ["192.0.2.1"]`))
	}
	if err := s.work.Init(s.t.Context()).Must(); err != nil {
		s.t.Fatal(err)
	}
	s.apply(0)
	s.plan(0)
	s.sameValues()
}

// importByCommand forgets what was applied, runs the commands of the example, and expects the state to be whole again.
func (s *stage) importByCommand(e example) {
	s.t.Helper()
	commands := regexp.MustCompile(`(?m)^terraform (import .+)$`).FindAllStringSubmatch(e.files[filepath.Base(e.name)], -1)
	if len(commands) == 0 {
		s.t.Fatal("the example has no command")
	}
	s.applyExample(example{"resources", map[string]string{"resource.tf": e.files["resource.tf"]}})
	for _, command := range commands {
		args := strings.Fields(command[1])
		s.forgetResource(args[1])
		if err := s.work.Run(s.t.Context(), args...).Must(); err != nil {
			s.t.Fatal(err)
		}
	}
	s.settleImport(e)
}

func (s *stage) importByBlock(e example) {
	s.t.Helper()
	if e.needsIdentity() && !s.work.CLI.HasIdentity() {
		s.t.Skipf("%s has no resource identity", s.work.CLI)
	}
	text := e.files[filepath.Base(e.name)]
	to := regexp.MustCompile(`(?m)^\s*to\s*=\s*(\S+)$`).FindStringSubmatch(text)
	if to == nil {
		s.t.Fatal("the example does not say what is imported")
	}
	s.applyExample(example{"resources", map[string]string{"resource.tf": e.files["resource.tf"]}})
	s.forgetResource(to[1])
	s.write(filepath.Base(e.name), text)
	if out := s.plan(2).Stdout; !strings.Contains(out, "1 to import") {
		s.t.Fatalf("nothing is imported:\n%s", out)
	}
	s.settleImport(e)
}

// settleImport expects an imported record to need nothing. A router has its first decision to make, and what it decides
// is written nowhere if the RRset is as it must be.
func (s *stage) settleImport(e example) {
	s.t.Helper()
	s.forget()
	if strings.Contains(e.name, "multidns_router") || strings.Contains(e.name, "multidns_dnssec") || filepath.Ext(e.name) == ".tf" {
		s.apply(0)
	}
	s.plan(0)
	s.sameValues()
	for _, site := range s.box.Sites() {
		if writes := site.Log.Writes(); len(writes) > 0 {
			s.t.Errorf("%s was written for an import: %v", site.Name, paths(writes))
		}
	}
}

func (s *stage) forgetResource(address string) {
	s.t.Helper()
	if err := s.work.Run(s.t.Context(), "state", "rm", address).Must(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) write(name, text string) {
	s.t.Helper()
	if err := s.work.Write(name, text); err != nil {
		s.t.Fatal(err)
	}
}

// connectTo finds where a probe connects.
var connectTo = regexp.MustCompile(`connect_to(\s*)= ("[^"]+"|each\.value)`)

// forSandbox changes what an example must not do in a test: leave this machine.
func (s *stage) forSandbox(text string) string {
	text = connectTo.ReplaceAllString(text, fmt.Sprintf("connect_to$1= %q", s.box.Fronts[0].Addr()))
	text = strings.NewReplacer(
		"resource \"multidns_dnssec\" \"main\" {\n", fmt.Sprintf("resource \"multidns_dnssec\" \"main\" {\n  servers = { cloudflare = [%q], desec = [%q] }\n", s.box.Cloudflare.DNSAddr, s.box.Desec.DNSAddr),
		`"https://www.example.com/health"`, `"http://www.example.com/health"`,
		`default     = { host = "www.example.com.cdn.cloudflare.net" }`,
		fmt.Sprintf("default = { host = %q, connect_to = %q }", "cf-front.example.net", s.box.Front("cf-front").Addr()),
		`default     = { host = "example.b-cdn.net" }`,
		fmt.Sprintf("default = { host = %q, connect_to = %q }", "bunny-front.example.net", s.box.Front("bunny-front").Addr()),
	).Replace(text)
	return text
}

// sameValues expects both operators to hold the same, apart from the apex NS RRset, which each brings along, and TTLs,
// which examples declare to differ.
func (s *stage) sameValues() {
	s.t.Helper()
	lines := map[string][]string{}
	for _, site := range s.box.Sites() {
		for _, line := range s.held(site.Name) {
			fields := strings.Fields(line)
			if slices.Contains(fields, "DNSKEY") { // each holds the other's
				continue
			}
			lines[site.Name] = append(lines[site.Name], strings.Join(slices.Delete(fields, 1, 2), " "))
		}
		slices.Sort(lines[site.Name])
	}
	if diff := cmp.Diff(lines["cloudflare"], lines["desec"]); diff != "" {
		s.t.Fatalf("the operators differ (-cloudflare +desec):\n%s", diff)
	}
}

func findExamples(t *testing.T) []example {
	t.Helper()
	root := clitest.RequireRoot(t)
	folders := map[string]map[string]string{}
	dir := filepath.Join(root, "examples")
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".tf" && entry.Name() != "import.sh" {
			return err
		}
		folder, err := filepath.Rel(dir, filepath.Dir(path))
		if err != nil || strings.Contains(folder, ".terraform") {
			return err
		}
		text, err := os.ReadFile(path)
		if folders[folder] == nil {
			folders[folder] = map[string]string{}
		}
		folders[folder][entry.Name()] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []example
	for _, block := range regexp.MustCompile("(?s)```hcl\n(.*?)```").FindAllStringSubmatch(string(readme), -1) {
		all = append(all, example{"README.md", map[string]string{"main.tf": block[1]}})
	}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		files := folders[folder]
		if top, _, _ := strings.Cut(folder, "/"); !slices.Contains(snippets, top) {
			all = append(all, example{folder, files})
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(files)) {
			e := example{folder + "/" + name, map[string]string{name: files[name]}}
			if e.isImport() {
				e.files["resource.tf"] = files["resource.tf"]
			}
			all = append(all, e)
		}
	}
	return all
}
