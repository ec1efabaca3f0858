package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// environment is what a shell needs to use the sandbox, in a fixed order. The first five are the variables that the
// provider reads.
func environment(s *sandbox.Sandbox) [][2]string {
	return [][2]string{
		{"CLOUDFLARE_API_TOKEN", s.Cloudflare.Token},
		{"CLOUDFLARE_BASE_URL", s.Cloudflare.BaseURL},
		{"DESEC_API_TOKEN", s.Desec.Token},
		{"DESEC_BASE_URL", s.Desec.BaseURL},
		{"MULTIDNS_ROOT_SERVERS", s.Parent.DNSAddr},
		{"SANDBOX_ZONE", s.Zone},
		{"SANDBOX_CLOUDFLARE_ZONE_ID", s.Cloudflare.ZoneID},
		{"SANDBOX_CLOUDFLARE_DNS", s.Cloudflare.DNSAddr},
		{"SANDBOX_DESEC_DNS", s.Desec.DNSAddr},
		{"SANDBOX_PARENT_DNS", s.Parent.DNSAddr},
		{"SANDBOX_TRUST_ANCHOR", s.Parent.TrustAnchor()},
		{"SANDBOX_CF_FRONT_URL", s.Front("cf-front").URL},
		{"SANDBOX_BUNNY_FRONT_URL", s.Front("bunny-front").URL},
		{"SANDBOX_CONTROL_URL", s.ControlURL},
	}
}

// writeEnv writes the file in one step: a script that waits for it to appear never reads half of it.
func writeEnv(name string, s *sandbox.Sandbox) error {
	var text strings.Builder
	for _, variable := range environment(s) {
		fmt.Fprintf(&text, "export %s='%s'\n", variable[0], strings.ReplaceAll(variable[1], "'", `'\''`))
	}
	temporary := name + ".new"
	err := os.WriteFile(temporary, []byte(text.String()), 0o600)
	if err == nil {
		err = os.Rename(temporary, name)
	}
	if err != nil {
		_ = os.Remove(temporary)
		return fmt.Errorf("write environment: %w", err)
	}
	return nil
}

// dig splits an address for the command line of dig.
func dig(addr, name string) string {
	host, port, _ := strings.Cut(addr, ":")
	return fmt.Sprintf("dig @%s -p %s %s", host, port, name)
}

// summary tells people what listens where and what to do with it.
func summary(s *sandbox.Sandbox, o sandbox.Options, envFile string) string {
	var out strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	line("The sandbox holds %s at two operators. Everything is on loopback; Ctrl-C ends it.", s.Zone)
	line("")
	line("  Cloudflare API   %s", s.Cloudflare.BaseURL)
	line("             token %s, zone id %s", s.Cloudflare.Token, s.Cloudflare.ZoneID)
	line("       name server %s   %s", s.Cloudflare.DNSAddr, dig(s.Cloudflare.DNSAddr, "www."+s.Zone))
	line("  deSEC API        %s", s.Desec.BaseURL)
	line("             token %s, minimum TTL %d s", s.Desec.Token, o.DesecMinimumTTL)
	line("       name server %s   %s", s.Desec.DNSAddr, dig(s.Desec.DNSAddr, "www."+s.Zone))
	for _, front := range s.Fronts {
		line("  %-16s %s", front.Name, front.URL)
	}
	line("  control          %s", s.ControlURL)
	line("")
	line("What both hold    curl -s %s/state", s.ControlURL)
	line("Cloudflare down   curl -s %s/faults/cloudflare -d '{\"kind\":\"html500\"}'", s.ControlURL)
	line("... and up        curl -s -X DELETE %s/faults/cloudflare", s.ControlURL)
	line("A front falls ill curl -s %s/fronts/cf-front -d '{\"healthy\":false}'", s.ControlURL)
	line("Change by hand    curl -s %s/edit/desec -d '{\"zone\":\"%s\",\"name\":\"www\",\"type\":\"A\",\"ttl\":%d,\"values\":[\"192.0.2.9\"]}'",
		s.ControlURL, s.Zone, o.DesecMinimumTTL)
	line("deSEC, www A only curl -s %s/policies/desec -d '{\"policies\":[{\"perm_write\":false},{\"domain\":\"%s\",\"subname\":\"www\",\"type\":\"A\",\"perm_write\":true}]}'",
		s.ControlURL, s.Zone)
	line("The parent, %s  %s   and curl -s %s/parent -d '{\"ds\":[],\"ns\":[\"ns1.desec.io.\"]}'", s.Parent.Zone, dig(s.Parent.DNSAddr, s.Zone+" DS"), s.ControlURL)
	line("deSEC rolls a key curl -s %s/roll/desec -d '{\"zone\":\"%s\",\"step\":\"publish\"}'   then activate, retire", s.ControlURL, s.Zone)
	line("As seen in 2022   curl -s %s/signing/cloudflare -d '{\"leaves_out_foreign_257\":true}'   also algorithm (13 or 15), no_cds", s.ControlURL)
	line("DNS only          curl -s %s/dns/desec -d '{\"silent\":true}'   also max_ttl, of all answers", s.ControlURL)
	line("The zone is gone  curl -s %s/zones/desec -d '{\"zone\":\"%s\",\"present\":false}'", s.ControlURL, s.Zone)
	line("Requests so far   curl -s %s/log/cloudflare", s.ControlURL)
	kinds := make([]string, 0, len(sandbox.Kinds))
	for _, kind := range sandbox.Kinds {
		kinds = append(kinds, string(kind))
	}
	line("Kinds of faults   %s", strings.Join(kinds, ", "))
	if envFile != "" {
		line("")
		line("In another shell: . %s", envFile)
	}
	return out.String()
}
