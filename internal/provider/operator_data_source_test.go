package provider

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/multidns/terraform-provider-multidns/internal/delegation"
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/sandboxtest"
)

// configured starts a sandbox and gives what Configure would make for it.
func configured(t *testing.T, o sandbox.Options, onOutage string) (*sandbox.Sandbox, *shared) {
	t.Helper()
	box := sandboxtest.Start(t, o)
	account := func(token, baseURL string) operator.Account {
		return operator.Account{
			Settings: operator.Settings{"api_token": token, "base_url": baseURL},
			Timeout:  2 * time.Second, MaxWait: 2 * time.Second,
		}
	}
	s := settings{
		accounts: map[string]operator.Account{
			"cloudflare": account(box.Cloudflare.Token, box.Cloudflare.BaseURL),
			"desec":      account(box.Desec.Token, box.Desec.BaseURL),
		},
		onOutage: onOutage, timeout: 2 * time.Second, maxWait: 2 * time.Second,
	}
	var diags diag.Diagnostics
	data := newShared(s, Process(), &diags)
	if diags.HasError() {
		t.Fatal(diags)
	}
	return box, data
}

// read reads a data source whose only argument is the zone.
func read(t *testing.T, d datasource.DataSourceWithConfigure, s *shared, zone string, model any) diag.Diagnostics {
	t.Helper()
	var configure datasource.ConfigureResponse
	if s != nil { // a nil *shared in an interface is not nil
		d.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: s}, &configure)
	}
	var schema datasource.SchemaResponse
	d.Schema(t.Context(), datasource.SchemaRequest{}, &schema)
	if diags := schema.Schema.ValidateImplementation(t.Context()); diags.HasError() {
		t.Fatal(diags)
	}
	object, _ := schema.Schema.Type().TerraformType(t.Context()).(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, typ := range object.AttributeTypes {
		values[name] = tftypes.NewValue(typ, nil)
	}
	values["zone"] = tftypes.NewValue(tftypes.String, zone)
	resp := datasource.ReadResponse{State: tfsdk.State{Schema: schema.Schema, Raw: tftypes.NewValue(object, nil)}}
	d.Read(t.Context(), datasource.ReadRequest{Config: tfsdk.Config{Schema: schema.Schema, Raw: tftypes.NewValue(object, values)}}, &resp)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Get(t.Context(), model)...)
	}
	return resp.Diagnostics
}

func texts(list types.List) []string {
	var all []string
	for _, v := range list.Elements() {
		s, _ := v.(types.String)
		all = append(all, s.ValueString())
	}
	return all
}

func refusingAsker() (delegation.Asker, error) {
	return delegation.Asker{Roots: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:1")}}, nil
}

func TestZoneDataSource_AsksEachOperatorOnce(t *testing.T) {
	box, s := configured(t, sandbox.Options{}, outageDegrade)
	for range 2 {
		var m zoneModel
		if diags := read(t, &zoneDataSource{asker: refusingAsker}, s, "EXAMPLE.com", &m); len(diags) > 0 {
			t.Fatal(diags)
		}
		if got := m.Operators["desec"].Status.ValueString(); got != "published" {
			t.Errorf("status at deSEC is %q", got)
		}
		if got := texts(m.Operators["desec"].DNSKEYs); len(got) != 1 || !strings.HasPrefix(got[0], "257 3 13 ") {
			t.Errorf("DNSKEYs at deSEC: %v", got)
		}
		if keys := m.Operators["cloudflare"].DNSKEYs; keys.IsNull() || len(keys.Elements()) != 0 {
			t.Errorf("DNSKEYs at Cloudflare, which does not sign: %v", keys)
		}
		if !m.DelegatedTo.IsNull() || m.Delegation != nil || !m.MissingNameservers.IsNull() {
			t.Errorf("the parent was not there: %v, %v, %v", m.DelegatedTo, m.Delegation, m.MissingNameservers)
		}
	}
	// Cloudflare: zone, list, once more whether it is empty, and the keys each time. deSEC: domain and list.
	if c, d := box.Cloudflare.Log.Count(nil), box.Desec.Log.Count(nil); c != 5 || d != 2 {
		t.Errorf("%d and %d requests, want 5 and 2", c, d)
	}
}

func TestZoneDataSource_SilentParentCostsItsTimeoutAlone(t *testing.T) {
	_, s := configured(t, sandbox.Options{}, outageDegrade)
	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	var m zoneModel
	diags := read(t, &zoneDataSource{asker: func() (delegation.Asker, error) {
		root := netip.MustParseAddrPort(silent.LocalAddr().String())
		return delegation.Asker{Roots: []netip.AddrPort{root, root, root}, Timeout: 100 * time.Millisecond}, nil
	}}, s, "example.com", &m)
	problems := texts(m.Problems)
	if len(diags) > 0 || !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, "no name server answered in time") }) {
		t.Errorf("diagnostics %v, problems %q", diags, problems)
	}
}

func TestZoneDataSource_NotReadAtOneOperator(t *testing.T) {
	for _, test := range []struct {
		name     string
		happens  func(*sandbox.Sandbox)
		warnings int
		says     string
	}{
		{"token refused", func(b *sandbox.Sandbox) { b.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Forbidden}) }, 1, "403"},
		{"no such zone", func(b *sandbox.Sandbox) { b.Desec.SetZone(sandbox.Zone, false) }, 0, "404"},
	} {
		t.Run(test.name, func(t *testing.T) {
			box, s := configured(t, sandbox.Options{}, outageDegrade)
			test.happens(box)
			var m zoneModel
			diags := read(t, &zoneDataSource{asker: refusingAsker}, s, "example.com", &m)
			if diags.HasError() || diags.WarningsCount() != test.warnings {
				t.Errorf("%v", diags)
			}
			at := m.Operators["desec"]
			if !at.Status.IsNull() || !at.DS.IsNull() || !at.ApexNS.IsNull() || !at.MinimumTTL.IsNull() || !at.NameServers.IsNull() || !at.ZoneID.IsNull() {
				t.Errorf("deSEC was not read: %+v", at)
			}
			if m.Operators["cloudflare"].ZoneID.ValueString() != sandbox.CloudflareZoneID {
				t.Errorf("Cloudflare was read: %+v", m.Operators["cloudflare"])
			}
			if problems := texts(m.Problems); !strings.HasPrefix(problems[0], "deSEC ") || !strings.Contains(problems[0], test.says) {
				t.Errorf("problems %q", problems)
			}
		})
	}
}

// TestDataSources_RefusalStopsNobody: the plan of what is in the state goes on beside an operator that refuses to be
// read, and a data source in the same plan does not stop it.
func TestDataSources_RefusalStopsNobody(t *testing.T) {
	box, s := configured(t, sandbox.Options{}, outageDegrade)
	box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.Quoting})
	var m recordsModel
	diags := read(t, &recordsDataSource{}, s, "example.com", &m)
	if diags.HasError() || diags.WarningsCount() != 1 || diags[0].Summary() != "deSEC refused" {
		t.Fatal(diags)
	}
	held := m.Operators.Elements()
	if !held["desec"].IsNull() || held["cloudflare"].IsNull() || !m.Differences.IsNull() {
		t.Errorf("%v, differences %v", m.Operators, m.Differences)
	}
}

func TestDataSources_OutageFails(t *testing.T) {
	for _, d := range []datasource.DataSourceWithConfigure{&zoneDataSource{asker: refusingAsker}, &recordsDataSource{}} {
		box, s := configured(t, sandbox.Options{}, outageFail)
		box.Desec.Faults.Set(sandbox.Fault{Kind: sandbox.JSON500})
		diags := read(t, d, s, "example.com", nil)
		if diags.ErrorsCount() != 1 || !strings.Contains(diags[0].Summary(), "deSEC could not be read") {
			t.Errorf("%T: %v", d, diags)
		}
	}
}

func TestDataSources_BadInput(t *testing.T) {
	_, s := configured(t, sandbox.Options{}, outageDegrade)
	for _, test := range []struct {
		name, zone, says string
		shared           *shared
	}{
		{"no zone", ".", "names nothing", s},
		{"no name", "a b", "domain name", s},
		{"provider not configured", "example.com", "not known yet", nil},
	} {
		for _, d := range []datasource.DataSourceWithConfigure{&zoneDataSource{asker: refusingAsker}, &recordsDataSource{}} {
			diags := read(t, d, test.shared, test.zone, nil)
			if diags.ErrorsCount() != 1 || !strings.Contains(diags[0].Detail(), test.says) {
				t.Errorf("%s, %T: %v", test.name, d, diags)
			}
		}
	}
}

func TestZoneDataSource_BadRootServers(t *testing.T) {
	_, s := configured(t, sandbox.Options{}, outageDegrade)
	asker := func() (delegation.Asker, error) { return delegation.Asker{}, errors.New("no address") }
	if diags := read(t, &zoneDataSource{asker: asker}, s, "example.com", nil); diags.ErrorsCount() != 1 || diags[0].Summary() != "Invalid root servers" {
		t.Errorf("%v", diags)
	}
}

func TestAskerFromEnvironment(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
		bad  bool
	}{
		{"", nil, false},
		{"192.0.2.1", []string{"192.0.2.1:53"}, false},
		{"192.0.2.1:5353, 2001:db8::1,[2001:db8::2]:54", []string{"192.0.2.1:5353", "[2001:db8::1]:53", "[2001:db8::2]:54"}, false},
		{"ns.example.com", nil, true},
		{"192.0.2.1:", nil, true},
	} {
		t.Setenv(rootsVariable, test.text)
		asker, err := Process().asker()
		if test.bad {
			if err == nil || !strings.Contains(err.Error(), rootsVariable) {
				t.Errorf("%q: error %v, want one that names %s", test.text, err, rootsVariable)
			}
			continue
		}
		var got []string
		for _, root := range asker.Roots {
			got = append(got, root.String())
		}
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got):\n%s", test.text, err, diff)
		}
	}
}

// TestRecordsDataSource_ReadsAllPages: a list that stopped early because few names were asked for is read to its end.
func TestRecordsDataSource_ReadsAllPages(t *testing.T) {
	for _, warm := range []bool{false, true} {
		t.Run(fmt.Sprintf("after a resource %t", warm), func(t *testing.T) {
			box, s := configured(t, sandbox.Options{DesecPageSize: 5}, outageDegrade)
			for i := range 11 {
				for _, site := range box.Sites() {
					if err := site.Edit("example.com", fmt.Sprintf("n%02d", i), "A", 3600, "192.0.2.1"); err != nil {
						t.Fatal(err)
					}
				}
			}
			if warm {
				var z zoneModel
				if diags := read(t, &zoneDataSource{asker: refusingAsker}, s, "example.com", &z); len(diags) > 0 {
					t.Fatal(diags)
				}
			}
			var m recordsModel
			if diags := read(t, &recordsDataSource{}, s, "example.com", &m); len(diags) > 0 {
				t.Fatal(diags)
			}
			for name, want := range map[string]int{"cloudflare": 11, "desec": 12} {
				list, _ := m.Operators.Elements()[name].(types.List)
				if got := len(list.Elements()); got != want {
					t.Errorf("%d RRsets at %s, want %d", got, name, want)
				}
			}
			if got := len(m.Differences.Elements()); got != 1 {
				t.Errorf("%d differences, want that of the apex NS: %v", got, m.Differences)
			}
			// Three pages. After a resource that needed one name: the first page, that name, the domain, then three
			// pages.
			if got := box.Desec.Log.Count(nil); got > map[bool]int{false: 3, true: 6}[warm] {
				t.Errorf("%d requests to deSEC", got)
			}
		})
	}
}
