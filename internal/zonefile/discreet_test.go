package zonefile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// secrets are values, whole and broken, that no error may repeat.
var secrets = []string{
	"sentinel-of-a-value", `"sentinel-of-a-value"`, `"sentinel-of-a-value`, "sentinel-of-a-value..", "v=sentinel-of-a-value; k=x", "( sentinel-of-a-value",
	"sentinel-of-a-value\n  p=sentinel-of-a-value", "\"a\"\n   \"sentinel-of-a-value\"", "\"a\"\n\"sentinel-of-a-value\"", "a\nsentinel-of-a-value=", "a\n2sentinel-of-a-value 2sentinel-of-a-value",
	"a\n$2a$10$sentinel-of-a-value", "a\nw 3sentinel-of-a-value A 192.0.2.1", "1 séntinel-of-a-value", "1 sentinel-of-a-value " + strings.Repeat("sentinel-of-a-value.", 20),
	"a.example.\nwww CNAME sentinel-of-a-value.", "[AGE:sentinel-of-a-value]", "1 . sentinel-of-a-value=1", "192.0.2.1 ; sentinel-of-a-value", `\# 2 sentinel-of-a-value`,
}

func discreet(t *testing.T, text string, err error) {
	t.Helper()
	if err != nil && strings.Contains(strings.ToLower(err.Error()), "entinel-of-a-value") {
		t.Errorf("%.80q: %s", text, err)
	}
}

func TestParseZoneFile_ErrorsRepeatNothingOfAValue(t *testing.T) {
	for _, typ := range append(rrset.Types(), "SPF", "HINFO", "DNAME", "SOA", "ALIAS", "FOO") {
		for _, secret := range secrets {
			for _, head := range []string{"", "10 ", "0 issue ", "1 . "} {
				text := fmt.Sprintf("www 300 IN %s %s%s\nwww 300 IN CNAME a.example.\n", typ, head, secret)
				_, err := ParseZoneFile(text, "example.com")
				discreet(t, text, err)
			}
		}
	}
}

func TestParseYAML_ErrorsRepeatNothingOfAValue(t *testing.T) {
	shapes := []string{
		"[%s]", "%s", "[*%s]", "[&%s a, *%[1]s]", "[!!int %s]", "{%s: a}", "[a, [%s]]", "[%%%s]", "[\t%s", "['%s]", "[a]\n    %s: a", "[a]\n%s", "[a]\n  %s", "|\n  %s", "[a, a]\n    ttl: %s",
	}
	for _, typ := range rrset.Types() {
		for _, shape := range shapes {
			text := "domain: example.com\nrecords:\n  - name: www\n    type: " + typ + "\n    values: " + fmt.Sprintf(shape, "sentinel-of-a-value") + "\n"
			_, err := ParseYAML(text)
			discreet(t, text, err)
		}
	}
}
