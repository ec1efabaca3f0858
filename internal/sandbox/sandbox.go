package sandbox

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/cloudflare"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/desec"
)

// What a sandbox has unless it is told otherwise, and always: id and tokens.
const (
	Zone             = "example.com"
	CloudflareZoneID = "023e105f4ecef8ad9ca31a8372d0c353"
	CloudflareToken  = "cfut_sandbox-cloudflare-token"
	DesecToken       = "sandbox-desec-token-0000001"
	DesecMinimumTTL  = 3600 // seconds, of a deSEC account without special terms
)

// Options configure a sandbox. The zero value is a sandbox for example.com on free ports of 127.0.0.1.
type Options struct {
	Zone            string   // without the final dot
	MoreZones       []string // further zones at both operators
	CloudflarePlan  string   // free or pro
	CloudflareQuota int      // records of a zone; 0: what the plan gives
	DesecMinimumTTL int      // seconds
	DesecPageSize   int      // RRsets on one page; 0: 500
	DesecShuffle    bool     // deSEC shows records in another order at every read
	Limits          bool     // both services' request limits
	Latency         time.Duration
	Now             func() time.Time // the clock of both services, for their limits and dates

	// Addresses to listen on, "127.0.0.1:0" when empty: a free port.
	CloudflareAddr, DesecAddr, CloudflareDNSAddr, DesecDNSAddr, ControlAddr string
	FrontAddrs                                                              [2]string
}

// CloudflareSite is the fake Cloudflare.
type CloudflareSite struct {
	*Site
	API    *cloudflare.Server
	ZoneID string // of Options.Zone
}

// DesecSite is the fake deSEC.
type DesecSite struct {
	*Site
	API *desec.Server
}

// Sandbox is the whole world.
type Sandbox struct {
	Zone       string
	Cloudflare *CloudflareSite
	Desec      *DesecSite
	Parent     *Parent
	Fronts     []*Front // cf-front, bunny-front
	ControlURL string   // without a final slash

	control *door
	closing sync.Once
}

// Start opens everything. It ends with Close or with ctx.
func Start(ctx context.Context, o Options) (*Sandbox, error) {
	o = o.withDefaults()
	s := &Sandbox{Zone: o.Zone}
	if err := s.open(o); err != nil {
		s.Close()
		return nil, fmt.Errorf("start sandbox: %w", err)
	}
	context.AfterFunc(ctx, s.Close)
	return s, nil
}

func (o Options) withDefaults() Options {
	o.Zone = cmp.Or(apiZone(o.Zone), Zone)
	o.DesecMinimumTTL = cmp.Or(o.DesecMinimumTTL, DesecMinimumTTL)
	for _, addr := range []*string{
		&o.CloudflareAddr, &o.DesecAddr, &o.CloudflareDNSAddr, &o.DesecDNSAddr, &o.ControlAddr, &o.FrontAddrs[0], &o.FrontAddrs[1],
	} {
		*addr = cmp.Or(*addr, "127.0.0.1:0")
	}
	return o
}

func (s *Sandbox) open(o Options) error {
	if err := s.openCloudflare(o); err != nil {
		return err
	}
	if err := s.openDesec(o); err != nil {
		return err
	}
	if err := s.openParent(o); err != nil {
		return err
	}
	for i, name := range []string{"cf-front", "bunny-front"} {
		front, err := openFront(name, o.FrontAddrs[i])
		if err != nil {
			return err
		}
		s.Fronts = append(s.Fronts, front)
	}
	control, err := openDoor(o.ControlAddr, s.controlHandler())
	if err != nil {
		return fmt.Errorf("open control: %w", err)
	}
	s.control = control
	s.ControlURL = "http://" + control.addr
	return nil
}

func (s *Sandbox) openCloudflare(o Options) error {
	zones := []cloudflare.Zone{{ID: CloudflareZoneID, Name: o.Zone, Plan: o.CloudflarePlan, Quota: o.CloudflareQuota}}
	for _, name := range o.MoreZones {
		zones = append(zones, cloudflare.Zone{Name: name, Plan: o.CloudflarePlan, Quota: o.CloudflareQuota})
	}
	api := cloudflare.New(cloudflare.Options{Token: CloudflareToken, Zones: zones, Limits: o.Limits, Now: o.Now})
	site, err := openSite("cloudflare", o.CloudflareAddr, "/client/v4", CloudflareToken, api, cloudflareDialect, o.Latency)
	if err != nil {
		return err
	}
	s.Cloudflare = &CloudflareSite{Site: site, API: api, ZoneID: CloudflareZoneID}
	site.DNS, err = openDNS(site.Name, o.CloudflareDNSAddr, site)
	return err
}

func (s *Sandbox) openDesec(o Options) error {
	domains := []desec.Domain{{Name: o.Zone, MinimumTTL: o.DesecMinimumTTL}}
	for _, name := range o.MoreZones {
		domains = append(domains, desec.Domain{Name: name, MinimumTTL: o.DesecMinimumTTL})
	}
	api := desec.New(desec.Options{
		Token: DesecToken, Domains: domains, PageSize: o.DesecPageSize, Limits: o.Limits, Shuffle: o.DesecShuffle, Now: o.Now,
	})
	site, err := openSite("desec", o.DesecAddr, "/api/v1", DesecToken, api, desecDialect, o.Latency)
	if err != nil {
		return err
	}
	s.Desec = &DesecSite{Site: site, API: api}
	site.DNS, err = openDNS(site.Name, o.DesecDNSAddr, site)
	return err
}

// openParent delegates the zone to both operators, without DS.
func (s *Sandbox) openParent(o Options) error {
	var hosts []string
	for _, site := range s.Sites() {
		for _, set := range site.Published(o.Zone) {
			if set.Type == "NS" && set.Name == o.Zone+"." {
				hosts = append(hosts, set.Values...)
			}
		}
	}
	parent, err := openParent(o.Zone, hosts)
	s.Parent = parent
	return err
}

// Close ends everything: all ports are free, all requests that were held are dropped. It may be called more than once.
func (s *Sandbox) Close() {
	s.closing.Do(func() {
		if s.control != nil {
			s.control.close()
		}
		for _, front := range s.Fronts {
			front.door.close()
		}
		if s.Parent != nil && s.Parent.dns != nil {
			s.Parent.dns.Close()
		}
		if s.Desec != nil {
			s.Desec.close()
		}
		if s.Cloudflare != nil {
			s.Cloudflare.close()
		}
	})
}

// Sites lists both sites, for what is done to each.
func (s *Sandbox) Sites() []*Site { return []*Site{s.Cloudflare.Site, s.Desec.Site} }

// Site finds a site by its name; nil when there is none.
func (s *Sandbox) Site(name string) *Site {
	for _, site := range s.Sites() {
		if site.Name == name {
			return site
		}
	}
	return nil
}

// Environment is what makes the provider find the sandbox instead of the services, by name of variable.
func (s *Sandbox) Environment() map[string]string {
	return map[string]string{
		"CLOUDFLARE_API_TOKEN": s.Cloudflare.Token, "CLOUDFLARE_BASE_URL": s.Cloudflare.BaseURL,
		"DESEC_API_TOKEN": s.Desec.Token, "DESEC_BASE_URL": s.Desec.BaseURL,
	}
}

// Front finds a front by its name; nil when there is none.
func (s *Sandbox) Front(name string) *Front {
	for _, front := range s.Fronts {
		if front.Name == name {
			return front
		}
	}
	return nil
}
