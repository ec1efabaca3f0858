package acceptance

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/clitest"
)

// advising are the folders of which the texts reach a person.
var advising = []string{
	"answers", "delegation", "dependency", "dnssec", "exchange", "operator", "probe", "provider", "replica", "router", "rrset", "zonecheck", "zonefile",
}

// An advice begins like an order, where a text or a part of it begins.
var (
	order = regexp.MustCompile(`(?:^[\s(]*|[.;:(] |\n|, (?:or|and|else) |[;.] (?:then|else) |: (?:either|then) )` +
		`([Ww]rite|[Ss]et|[Uu]se|[Rr]emove|[Aa]dd|[Ii]mport|[Rr]un|[Ww]ait|[Cc]heck|[Gg]ive|[Mm]ove|[Dd]eclare|[Ll]eave|[Tt]ake|[Ss]ay|[Kk]eep|[Aa]pply|[Pp]lan|[Cc]reate|[Ll]ook|[Tt]ry|` +
		`[Rr]aise|[Ll]ower|[Cc]opy|[Cc]hange|[Hh]and|[Ee]nter|[Aa]sk|[Nn]ame|[Cc]hoose|[Pp]ut|[Ll]et|[Mm]ake|[Dd]elete|[Dd]estroy|[Ss]witch|[Mm]ind|[Ss]plit|[Ss]horten|[Dd]rop|[Ee]ncode|[Rr]eplace|[Qq]uote|[Pp]oint|` +
		`[Rr]epeat|[Pp]in|[Cc]lose|[Hh]ave|[Dd]o not|[Tt]urn|[Dd]elegate|[Rr]educe|[Ss]pell|[Ss]tart|[Cc]ut|[Ff]ix|[Rr]ename)\b`)
	verbOfFmt = regexp.MustCompile(`%(?:\[\d+\])?[-+# 0]*[\d.*]*[a-zA-Z]`)
)

// Why an advice is not played by one of the tables.
const (
	byPerson  = "needs a person at a service, a registrar or a registry"
	byAnother = "played by "
	noAdvice  = "no advice: "
)

// unplayed are the advices that no table plays, by what they begin with.
var unplayed = map[string]string{
	"add it at the registrar":                                byPerson,
	"run the same command again when it is shown":            byAnother + "TestOutage_NoZoneShown",
	"add it there":                                           byAnother + "TestAccZone_SaysWhatIsMissingUntilItIsThere",
	"add its name servers there":                             byPerson,
	"add one of its DS at the registrar":                     byPerson,
	"give the name servers of the operators to":              byPerson,
	"give the token the right to read it":                    byPerson,
	"remove the DS at the registrar":                         byPerson,
	"remove it at the registrar":                             byPerson,
	"add it to the apex NS RRset":                            byAnother + "TestAccZone_SaysWhatIsMissingUntilItIsThere",
	"do not know of it. Add it there":                        byAnother + "TestAccZone_SaysWhatIsMissingUntilItIsThere",
	", so that nobody asks it, also while":                   byPerson,
	"switch DNSSEC on at":                                    byPerson,
	"have the operator change it":                            byPerson,
	"enter no DS until then":                                 byPerson,
	"enter all of ds at the registrar":                       byAnother + "TestDNSSEC_Life",
	"remove its name servers at the registrar until":         byPerson,
	"do not enter DS of both operators":                      byPerson,
	"ask the operator's support":                             byPerson,
	"ask the registry whether it follows CDS":                byPerson,
	"have it switched off for":                               byPerson,
	"remove the name servers of the operator that leaves":    byAnother + "TestDNSSEC_Life",
	"take its DS away at the registrar; wait":                byAnother + "TestDNSSEC_Life",
	"wait for the TTL of":                                    byAnother + "TestDNSSEC_Life",
	"then for that of DNSKEY and of the zone's data":         byAnother + "TestDNSSEC_Life",
	"name their addresses in servers":                        byAnother + "TestAccDNSSECResource",
	"name them in servers":                                   byAnother + "TestZoneAnswers",
	"write the name of the zone, such as example.com":        byAnother + "TestAccDNSSECResource_ImportIsEmpty",
	"leave that RRset out":                                   byAnother + "TestAccDNSSECResource_SecondDeclarations",
	"leave this RRset out":                                   byAnother + "TestAccDNSSECResource_SecondDeclarations",
	"remove it there if nobody needs it":                     byAnother + "TestDNSSEC_ForeignKeysAreAConflict",
	"import this resource (terraform import":                 byAnother + "TestDNSSEC_ForeignKeysAreAConflict",
	"apply again when one does":                              byAnother + "TestDNSSEC_OutageIsOwedAndHealed",
	"is not the one that the plan showed":                    byAnother + "TestDNSSEC_Life",
	"hand it over with a moved block":                        byAnother + "TestAccAlias_TwoProcessesShareAnRRset",
	"destroy -refresh=false begins without":                  byAnother + "TestAccDestroy_NothingThatIsToBeKeepsWhatIs",
	"import it again when that is":                           byAnother + "TestAccImport_HeldByTheOneThatIsOut",
	"take the moved block away":                              byAnother + "TestAccMoved_Foreign",
	"declare the RRset with an import block":                 byAnother + "TestAccMoved_Foreign",
	"declare it with an import block instead":                byAnother + "TestAccMoved_Foreign",
	"plan once without -refresh=false":                       byAnother + "TestAccMoved_CloudflareOut",
	"plan again when":                                        byAnother + "TestAccMoved_CloudflareOut",
	"plan again: that says what stands there":                byAnother + "TestAccBetween_Replacement",
	"ask again when":                                         byAnother + "TestRecordList_Outage",
	". set limit =":                                          byAnother + "TestAccRecordListResource",
	"is declared by another resource now, which could":       byAnother + "TestAccHandOver_OverAnOutage",
	"delete them by hand then":                               byAnother + "TestAdrift",
	"apply again when that is fixed":                         byAnother + "TestAccSuccession",
	"apply what its name, type or zone depends on first":     byAnother + "TestUnknownKey_ReplacedOnDemand",
	"keep them; nothing of that is in the state":             byAnother + "TestAccUnknownKey",
	"by now, and keep them; nothing of that is in the state": byAnother + "TestAccUnknownKey",
	", and the keys of the former zone stay. apply again":    byAnother + "TestAccUnknownKey",
	"fix what is reported above, and apply again":            byAnother + "TestAccUnknownKey",
	"apply again then":                                       byAnother + "TestAccUnknownKey",
	"name means something else in another zone":              noAdvice + "a summary",
	"declare it as":                                          byAnother + "TestUnknownKey_SpelledInFull",
	"apply one change after the other":                       byAnother + "TestUnknownKey_SpelledInFull",
	"set create_before_destroy = true in lifecycle":          byAnother + "TestAccNames_ReplacedInEitherOrder",
	", or none that the token can see, so there is nothing":  byPerson,
	"change any of its RRsets, and back":                     byAnother + "TestAccUnpublished_Deleted",
	"have from each other are declared by another resource":  byAnother + "TestDNSSEC_Renamed",
	"make a new plan and apply that":                         byAnother + "TestAccRouter_StalePlanDoesNotSwitch",
	"declare what it holds, or set overwrite = true":         byAnother + "TestAccAdvice_FollowedToTheLetterWorks",
	"change it there if it shall differ":                     byPerson,
	"remove it from the configuration":                       byAnother + "TestAccRouter_ManualFailbackAndPins",
	"remove it from the configuration or from the operator":  byPerson,
	"turn that product off in":                               byPerson,
	"take the RRset out of the configuration":                byAnother + "TestReadOnlyRecord_CannotBeChanged",
	"check it on the zone's overview page":                   byPerson,
	"delete it there by hand":                                byPerson,
	"look at DNS > Settings > DNSSEC":                        byPerson,
	"choose one with":                                        byAnother + "TestZone_SeveralOfOneName",
	"use a token of that account":                            byPerson,
	"write fewer":                                            byAnother + "TestParseYAML_BoundedByTheText",
	"bytes; write fewer":                                     byAnother + "TestParseYAML_BoundedByTheText",
	"write fewer or shorter values":                          byAnother + "TestRules_EachCanFire",
	". remove it":                                            byAnother + "TestRules_EachCanFire",
	"set connect_to to the target's own name or address":     byAnother + "TestAccHealth_LoopIsRefused",
	"use more than 0s":                                       byAnother + "TestPolicy_Validate",
	"use 0s or more":                                         byAnother + "TestPolicy_Validate",
	"write the key in base64":                                noAdvice + "a key that is no base64 says so by itself",
	"the target holds a quote, a backslash":                  byAnother + "TestAdvice_OfARecordWorks",
	"write the records of that file here, in HCL":            byAnother + "TestAdvice_OfAZoneFileWorks",

	"cannot process. then declare another value for it, or remove it": byAnother + "TestAccNeighbour_IndigestibleValue",

	"raise timeout":                             byAnother + "TestAccDependenciesDataSource",
	"remove it from the delegation":             byPerson,
	"let it serve the zone":                     byPerson,
	"keep a second":                             byPerson,
	", or let":                                  byPerson,
	"put a router (multidns_router) before":     byPerson,
	"change it at another operator as well":     byPerson,
	"delegate":                                  byPerson,
	"ask":                                       noAdvice + "what was tried",
	"look up the zone":                          noAdvice + "what was tried",
	"delete from another zone":                  noAdvice + "what was tried",
	"switch DNSSEC with several signers on for": noAdvice + "what was tried",
	"write the RRset":                           noAdvice + "what was tried",
	"write RRsets of":                           noAdvice + "what was tried",
	"encode the request":                        noAdvice + "what was tried",
	"desec: write to":                           noAdvice + "what was tried",
	"have different TTLs":                       noAdvice + "a statement",
	"name server":                               noAdvice + "a noun",
	"name no key of":                            noAdvice + "a statement",
	"name of the target":                        noAdvice + "a noun",
	"plan is too old":                           noAdvice + "a statement",
}

// TestAdvice_EveryOneIsPlayed finds every advice in the product's texts, and expects that a table plays it or that it
// says here why none does.
func TestAdvice_EveryOneIsPlayed(t *testing.T) {
	t.Parallel()
	played := sayings()
	used, tests := map[string]bool{}, testNames(t)
	for _, a := range findAdvice(t) {
		if slices.ContainsFunc(played, func(said string) bool {
			return strings.Contains(said, a.text) || len(said) >= shortest && strings.Contains(a.text, said)
		}) {
			continue
		}
		excused := false
		for begin := range unplayed {
			if strings.HasPrefix(a.text, flat(begin)) {
				excused, used[begin] = true, true
			}
		}
		if !excused {
			t.Errorf("%s: nothing plays %q", a.at, a.text)
		}
	}
	for begin, why := range unplayed {
		if !used[begin] {
			t.Errorf("no text advises %q any more, or a table plays it", begin)
		}
		if name, ok := strings.CutPrefix(why, byAnother); ok && !tests[name] {
			t.Errorf("%q: there is no test %s", begin, name)
		}
	}
}

// shortest is what a part of an advice must have to be told from others.
const shortest = 12

// sayings are what the tables expect to be said.
func sayings() []string {
	var all []string
	add := func(says ...string) {
		for _, s := range says {
			all = append(all, flat(s))
		}
	}
	for _, a := range advices {
		add(a.says...)
		add(a.heard...)
	}
	for _, a := range toldValues {
		add(a.says)
	}
	for _, a := range toldZoneFiles {
		add(a.says)
	}
	for _, a := range toldYAMLs {
		add(a.says)
	}
	for _, a := range toldQuestions {
		add(a.says)
	}
	for _, a := range toldProviders {
		add(a.says)
	}
	return all
}

// foundAdvice is one order, up to where something is filled in, and where it stands.
type foundAdvice struct{ at, text string }

func findAdvice(t *testing.T) []foundAdvice {
	t.Helper()
	root := clitest.RequireRoot(t)
	var all []foundAdvice
	for _, folder := range advising {
		err := filepath.WalkDir(filepath.Join(root, "internal", folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "operatortest") || strings.Contains(path, "proof") {
				return err
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if pair, ok := n.(*ast.KeyValueExpr); ok {
					name, _ := pair.Key.(*ast.Ident)
					return name == nil || !slices.Contains([]string{"MarkdownDescription", "Description", "Summary"}, name.Name)
				}
				if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
					text, _ := strconv.Unquote(literal.Value)
					for _, order := range ordersIn(text) {
						place, _ := filepath.Rel(root, files.Position(literal.Pos()).String())
						all = append(all, foundAdvice{place, order})
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// ordersIn are the orders of a text: each up to what is filled in, or with what stands before it where that leaves too
// little.
func ordersIn(text string) []string {
	var all []string
	if !strings.Contains(strings.TrimSpace(text), " ") {
		return nil
	}
	for _, piece := range verbOfFmt.Split(text, -1) {
		if !strings.Contains(text, piece) {
			continue
		}
		for _, at := range order.FindAllStringSubmatchIndex(piece, -1) {
			words := flat(strings.TrimRight(piece[at[2]:], " .,;:\"'`("))
			if len(words) < shortest {
				words = flat(strings.TrimRight(piece, " .,;:\"'`("))
			}
			all = append(all, words)
		}
	}
	return all
}
