package provider

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/multidns/terraform-provider-multidns/internal/delegation"
	"github.com/multidns/terraform-provider-multidns/internal/dnssec"
	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/replica"
	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

// signers is one resource's view of the zone during one operation.
type signers struct {
	shared *shared
	// walk is that of all resources, until something was deleted that this one declares: see write.
	walk  *replica.Walk
	zone  string
	asker delegation.Asker
	// named are the addresses to ask, by operator, where the user named them.
	named map[string][]nameServer

	// known is what the operators were last seen to say.
	known map[string]dnssec.Held

	observed dnssec.Observation
	errs     map[string]error
	// held are the apex RRsets as the operators hold them, by operator and type.
	held map[string]map[string]*operator.RRset
	// dataTTL is that of the zone's data where signing was switched on.
	dataTTL map[string]uint32
	found   map[string]foundServers
}

// foundServers are looked up until they are found.
type foundServers struct {
	servers []nameServer
	why     string
}

// observe asks the APIs; name servers and parent are asked where dns is set.
func (s *signers) observe(ctx context.Context, askDNS bool) dnssec.Observation {
	o := dnssec.Observation{Zone: s.zone, Now: s.shared.now(), Signers: s.readAPIs(ctx)}
	if !askDNS {
		o.Parent.Unknown = "it was not asked"
		s.observed = o
		return o
	}
	var wg sync.WaitGroup
	wg.Go(func() { o.Parent = s.askParent(ctx) })
	s.find(ctx, o.Signers)
	for i := range o.Signers {
		signer := &o.Signers[i]
		signer.ServersUnknown = s.found[signer.Name].why
		wg.Go(func() { signer.Servers = askServers(ctx, s.zone, s.found[signer.Name].servers) })
	}
	wg.Wait()
	s.observed = o
	return o
}

// readAPIs reads what every operator says of the zone.
func (s *signers) readAPIs(ctx context.Context) []dnssec.Signer {
	names := operatorNames()
	// The RRsets first: whoever is out is out for the rest as well, and one outage costs one time-out.
	apex := map[string]map[string]replica.Observation{}
	for _, typ := range append([]string{"NS"}, dnssec.Types...) {
		apex[typ] = s.walk.Observe(ctx, rrset.Apex(s.zone, typ))
	}
	s.errs = map[string]error{}
	for _, name := range names {
		s.note(name, apex["NS"][name].Err)
		s.note(name, apex[dnssec.TypeDNSKEY][name].Err)
	}
	signing := s.walk.Signing(ctx, s.zone, dnssec.Types, s.errs)
	s.held = map[string]map[string]*operator.RRset{}
	all := make([]dnssec.Signer, len(names))
	var told []string
	for i, name := range names {
		all[i] = s.readAPI(ctx, name, signing[name], apex)
		told = append(told, all[i].Hosts...)
	}
	for i := range all {
		signer := &all[i]
		switch {
		case !signer.Known: // its name servers may well answer
			signer.Hosts = s.known[signer.Name].Hosts
		case len(signer.Hosts) == 0: // as in multidns_zone: one that tells no hosts has those that are nobody else's
			signer.Hosts = dnssec.Without(signer.ApexNS, told)
		}
		signer.ApexNS = dnssec.Union(signer.ApexNS, signer.Hosts)
	}
	return all
}

// readAPI reads the zone of one operator, and says what is known of it; apex is by type and operator.
func (s *signers) readAPI(ctx context.Context, name string, signing replica.Signing, apex map[string]map[string]replica.Observation) dnssec.Signer {
	signer := dnssec.Signer{Name: name, Title: title(name), Takes: signing.Takes, DataTTL: s.dataTTL[name]}
	s.note(name, signing.Err)
	if s.errs[name] != nil {
		return signer
	}
	zone, err := s.walk.Zone(ctx, name, s.zone)
	if err != nil {
		s.errs[name] = err
		return signer
	}
	signer.Known, signer.Held, signer.Hosts = true, heldOf(signing), slices.Clone(zone.NameServers)
	if ns := apex["NS"][name].Held; ns != nil {
		signer.ApexNS = ns.Values
	}
	s.held[name] = map[string]*operator.RRset{}
	for _, typ := range dnssec.Types {
		if held := apex[typ][name].Held; held != nil {
			s.held[name][typ] = held
			signer.Added[typ] = canonicalAll(typ, held.Values)
		}
	}
	return signer
}

// note keeps the first error of an operator.
func (s *signers) note(name string, err error) {
	if err != nil && s.errs[name] == nil {
		s.errs[name] = err
	}
}

func heldOf(s replica.Signing) dnssec.Held {
	held := dnssec.Held{Ready: s.Ready, Added: map[string][]string{}}
	for _, k := range s.Keys {
		held.Keys = append(held.Keys, dnssec.Key{DNSKEY: k.DNSKEY, SignsZone: k.SignsZone})
	}
	return held
}

func canonicalAll(typ string, values []string) []string {
	var all []string
	for _, v := range values {
		all = append(all, canonicalApex(typ, v))
	}
	slices.Sort(all)
	return all
}

// find finds the addresses to ask: those that the user named, else those of the hosts that are known.
func (s *signers) find(ctx context.Context, all []dnssec.Signer) {
	if s.found == nil {
		s.found = map[string]foundServers{}
	}
	var unknown []dnssec.Signer
	var hosts []string
	for _, signer := range all {
		if named, ok := s.named[signer.Name]; ok {
			s.found[signer.Name] = foundServers{servers: named}
		} else if s.found[signer.Name].servers == nil {
			unknown = append(unknown, signer)
			hosts = append(hosts, signer.Hosts...)
		}
	}
	if len(unknown) == 0 {
		return
	}
	world := lookUp(ctx, s.asker, dnssec.Union(hosts))
	for _, signer := range unknown {
		servers, why := serversOf(world, signer.Hosts, cmp.Or(s.asker.Port, dnsPort))
		s.found[signer.Name] = foundServers{servers, why}
	}
}

func (s *signers) askParent(ctx context.Context) dnssec.Parent {
	d, err := s.asker.Ask(ctx, s.zone)
	if err == nil {
		err = d.DSErr
	}
	if err != nil {
		return dnssec.Parent{Zone: d.Parent, Unknown: err.Error()}
	}
	return dnssec.Parent{Zone: d.Parent, DS: d.DSs, TTL: d.DSTTL, NS: d.NameServers}
}

// holdings compare what operators hold with what they shall hold.
func (s *signers) holdings(before holdings, memory dnssec.Memory, v dnssec.Verdict) holdings {
	all := holdings{}
	for _, signer := range s.observed.Signers {
		name := signer.Name
		if err := s.errs[name]; err != nil {
			_, ever := memory.Signers[name]
			switch all[name] = before[name].unread(err); {
			case operator.NoZone(err):
				all[name] = heldAs(nil).outOfSync(noZone)
			case !ever:
				all[name] = heldAs(nil).outOfSync("owed: it could not be read (" + operator.Reason(err) + "); the next apply that reaches it exchanges the keys")
			}
			continue
		}
		all[name] = heldAs(s.held[name][dnssec.TypeDNSKEY]).inSync()
		if message := owedKeys(signer, v); message != "" {
			all[name] = all[name].outOfSync(message)
		}
	}
	return all
}

// owedKeys says what an operator lacks or has too much; empty: nothing.
func owedKeys(signer dnssec.Signer, v dnssec.Verdict) string {
	if !signer.Ready {
		return "it does not sign the zone in the form that takes keys of others; the next apply switches that on"
	}
	var owed []string
	for _, typ := range dnssec.Types {
		if _, is := owedAt(signer, v, typ); is {
			owed = append(owed, typ)
		}
	}
	if len(owed) == 0 {
		return ""
	}
	return "drifted or owed: " + operator.And(owed) + " at the apex do not hold what the other operators' keys make necessary; the next apply writes them"
}

// owedAt is what an operator shall hold at the apex, and whether it holds something else.
func owedAt(signer dnssec.Signer, v dnssec.Verdict, typ string) (want []string, owed bool) {
	want, told := v.Want[signer.Name][typ]
	return want, told && !slices.Equal(dnssec.Union(want), dnssec.Union(signer.Added[typ]))
}

// report reports the operators that could not be read. ok is false when nothing can be done.
func (s *signers) report(m *dnssecModel, creating bool, diags *diag.Diagnostics) (ok bool) {
	fails := s.shared.failsOnOutage(m.OnOutage)
	for _, name := range operatorNames() {
		err := s.errs[name]
		switch {
		case err == nil:
		case creating:
			s.shared.reportUnreadCreation(fails, name, err, owed(name), diags)
		default:
			s.shared.reportUnread(fails, name, err, owed(name), diags)
		}
	}
	return !diags.HasError()
}
