// Command terraform-provider-multidns serves the provider multidns to
// Terraform and OpenTofu.
package main

import (
	"context"
	"flag"
	"log"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/multidns/terraform-provider-multidns/internal/provider"
)

// version is set by the release build (-ldflags "-X main.version=1.2.3").
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger, which attaches with TF_REATTACH_PROVIDERS")
	flag.Parse()
	err := providerserver.Serve(context.Background(), provider.New(version, time.Now), providerserver.ServeOpts{
		Address: "registry.terraform.io/multidns/multidns",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
