// Command multidns-sandbox runs both fake operators, their name servers and two web fronts on loopback, until it is
// interrupted.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "multidns-sandbox:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, out, errOut io.Writer) error {
	options, envFile, err := parse(args, errOut)
	if err != nil {
		return err
	}
	s, err := sandbox.Start(ctx, options)
	if err != nil {
		return err
	}
	defer s.Close()
	if envFile != "" {
		if err := writeEnv(envFile, s); err != nil {
			return err
		}
		defer func() { _ = os.Remove(envFile) }() // what it names is gone
	}
	if _, err := io.WriteString(out, summary(s, options, envFile)); err != nil {
		return fmt.Errorf("write summary: %w", err)
	}
	<-ctx.Done()
	return nil
}

// port sets an address on loopback from a flag; 0 takes a free port.
func port(addr *string) func(string) error {
	return func(text string) error {
		if _, err := strconv.ParseUint(text, 10, 16); err != nil {
			return errors.New("a port is a number from 0 to 65535")
		}
		*addr = "127.0.0.1:" + text
		return nil
	}
}

func parse(args []string, errOut io.Writer) (o sandbox.Options, envFile string, err error) {
	flags := flag.NewFlagSet("multidns-sandbox", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.StringVar(&o.Zone, "zone", sandbox.Zone, "`zone` that both operators hold")
	more := flags.String("more-zones", "", "further zones, separated by commas")
	flags.StringVar(&o.CloudflarePlan, "cloudflare-plan", "free", "`plan` of the zones at Cloudflare: free or pro")
	flags.IntVar(&o.DesecMinimumTTL, "desec-minimum-ttl", sandbox.DesecMinimumTTL, "smallest TTL at deSEC, in `seconds`")
	flags.BoolVar(&o.Limits, "limits", false, "enforce the request limits of both services")
	flags.DurationVar(&o.Latency, "latency", 0, "`time` that each API request takes at least, such as 80ms")
	flags.StringVar(&envFile, "env", "", "write a shell `file` with tokens and addresses; it is removed at the end")
	for name, p := range map[string]struct {
		addr *string
		what string
	}{
		"cloudflare-port":     {&o.CloudflareAddr, "Cloudflare API"},
		"desec-port":          {&o.DesecAddr, "deSEC API"},
		"cloudflare-dns-port": {&o.CloudflareDNSAddr, "Cloudflare name server"},
		"desec-dns-port":      {&o.DesecDNSAddr, "deSEC name server"},
		"cf-front-port":       {&o.FrontAddrs[0], "front cf-front"},
		"bunny-front-port":    {&o.FrontAddrs[1], "front bunny-front"},
		"control-port":        {&o.ControlAddr, "control API"},
	} {
		flags.Func(name, "`port` of the "+p.what+"; 0 takes a free one", port(p.addr))
	}
	if err := flags.Parse(args); err != nil {
		return o, "", err
	}
	if flags.NArg() > 0 {
		return o, "", fmt.Errorf("unexpected argument %q: all settings are flags, see -help", flags.Arg(0))
	}
	if o.DesecMinimumTTL < 1 || o.Latency < 0 {
		return o, "", errors.New("-desec-minimum-ttl must be positive and -latency must not be negative")
	}
	if o.CloudflarePlan != "free" && o.CloudflarePlan != "pro" {
		return o, "", fmt.Errorf("-cloudflare-plan is free or pro, not %q", o.CloudflarePlan)
	}
	for zone := range strings.SplitSeq(*more, ",") {
		if zone = strings.TrimSpace(zone); zone != "" {
			o.MoreZones = append(o.MoreZones, zone)
		}
	}
	return o, envFile, nil
}
