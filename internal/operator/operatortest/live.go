package operatortest

import "testing"

// live are the scenarios that a service can take part in which is no fake: nothing has to go wrong in them, they stay
// below one name, and they write little. deSEC allows 100 writes to a domain in an hour (design/facts/desec-api.md
// section 7); these make fewer than 50.
var live = []string{
	"Content_A", "Content_TXT", "Content_EveryType", "Content_OneValueOfSeveralChanged", "Content_OnlyTheTTLChanged",
	"Content_TypeChangedInOneRequest", "Content_WildcardsAndUnderscores", "Content_LongTXT", "Content_TXTStringsKeepTheirBorders",
	"Content_CreatedOverAnEqualOne", "Content_GoneAlready",
}

// RunLive puts the operator through the scenarios that the service itself can take part in, one after the other. clean
// takes away what one has left behind.
func RunLive(t *testing.T, s Suite, clean func(t *testing.T)) {
	for _, name := range live {
		t.Run(name, func(t *testing.T) {
			t.Cleanup(func() { clean(t) })
			contents[name](begin(t, s))
		})
	}
}
