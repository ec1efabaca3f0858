package acceptance

import (
	"context"
	"testing"
	"time"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox/pdnstest"
	"github.com/multidns/terraform-provider-multidns/internal/sandbox/signing"
)

// playPowerDNS: deSEC is PowerDNS behind an API. Here the fake has the API, and a PowerDNS set up as deSEC's is the
// name server: it merges the keys that were added with its own, signs, and denies by NSEC3. The zone joins, PowerDNS
// rolls its key, the other operator is lost and leaves, while a resolver asks both.
func playPowerDNS(t *testing.T) {
	s := newSigned(t)
	s.replaceDesec(pdnstest.Start(t, s.box.Zone+".", servedTTL))
	j := s.watch("cloudflare", "desec")
	s.apply("publishing")
	s.free()
	s.same("served by PowerDNS", 2, len(s.list("served", "desec")))
	s.pass(25 * time.Hour)
	s.apply("ready")
	s.box.Parent.SetDS(s.list("ds")...)
	s.pass(2 * time.Hour)
	s.apply("complete")
	s.free() // CDS and CDNSKEY too: those of both stand beside each other
	j.allSecure()
	j.clean("joined")

	for _, step := range []string{signing.Publish, signing.Activate, signing.Retire} {
		s.step("desec", step)
		s.run.must(t, s.config, 0)
		s.pass(2 * time.Hour)
		s.run.must(t, s.config, 0)
		s.box.Parent.SetDS(s.list("ds")...)
		s.pass(2 * time.Hour)
		s.apply("complete")
		s.free()
	}
	j.allSecure()
	j.clean("PowerDNS has rolled its key")

	s.box.Cloudflare.SetDNSSilent(true)
	s.pass(0)
	j.allSecure()
	s.box.Cloudflare.SetDNSSilent(false)
	j.clean("Cloudflare was out")
	j.end()

	s.box.Parent.Delegate("ns1.desec.io.", "ns2.desec.org.")
	s.pass(2 * time.Hour)
	s.box.Parent.SetDS(s.dsOf("desec"))
	stays := s.watch("desec")
	s.refused("the DS of Cloudflare was gone for the first time")
	s.pass(2 * time.Hour)
	if r := s.run.project.Destroy(t.Context(), s.config); r.ExitCode != 0 {
		t.Fatalf("destroy: %s", r)
	}
	s.pass(0)
	stays.allSecure()
	stays.clean("Cloudflare has left")
}

// replaceDesec lets another server answer what deSEC's API has published.
func (s *signed) replaceDesec(server *pdnstest.Server) {
	s.t.Helper()
	s.dnsAddr["desec"] = server.Addr
	s.configure()
	ctx, stop := context.WithCancel(context.WithoutCancel(s.t.Context()))
	follow := func() error {
		return server.Hold(ctx, s.box.Desec.Published(s.box.Zone), s.box.Desec.API.Signing(s.box.Zone).Keys)
	}
	if err := follow(); err != nil {
		s.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		for {
			select {
			case <-ctx.Done():
				done <- nil
				return
			case <-time.After(100 * time.Millisecond):
			}
			if err := follow(); err != nil && ctx.Err() == nil {
				done <- err
				return
			}
		}
	}()
	s.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			s.t.Error(err)
		}
	})
}
