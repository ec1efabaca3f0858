package dependency

import "net/netip"

// NameServers are the addresses of those to which a zone is delegated, by host name. One without an address is there as
// well.
func (w World) NameServers(zone string) map[string][]netip.Addr {
	v := newView(Map{World: w})
	servers := map[string][]netip.Addr{}
	for _, c := range w.Cuts {
		for _, h := range c.Hosts {
			if c.Zone == zone {
				servers[h.Name] = v.addresses(h)
			}
		}
	}
	return servers
}

// Addresses are all that any server gave for a name, sorted.
func (w World) Addresses(name string) []netip.Addr {
	return newView(Map{World: w}).addresses(Host{Name: name})
}
