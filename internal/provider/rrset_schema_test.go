package provider

import (
	"testing"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// An identity imports the RRset that it was taken from, also where the owner name repeats the zone.
func TestIdentityOf_IsReadBack(t *testing.T) {
	for _, name := range []string{"@", "www", "*.apps", "www.example.com.example.com."} {
		key, err := rrset.NewKey("example.com", name, "A")
		if err != nil {
			t.Fatal(err)
		}
		identity := identityOf(key)
		back, err := rrset.ParseID(identity.Zone.ValueString() + "/" + identity.Name.ValueString() + "/" + identity.Type.ValueString())
		if err != nil || back != key {
			t.Errorf("%s: the identity %v is read as %v (%v)", key, identity, back, err)
		}
	}
}
