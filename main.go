// Command terraform-provider-multidns serves the provider multidns to
// Terraform and OpenTofu.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime/debug"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/multidns/terraform-provider-multidns/internal/provider"
)

// version is set by the release build (-ldflags "-X main.version=1.2.3").
var version = "dev"

func main() {
	attach := flag.Bool("debug", false, "serve for a debugger, which attaches with TF_REATTACH_PROVIDERS")
	flag.Parse()
	// A map of 1000 RRsets is in the framework several times while it is planned: 70 MB, which Go by itself would let
	// grow to 150 between two collections.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
	if err := quietSDK(os.LookupEnv, os.Setenv); err != nil {
		log.Fatal(err)
	}
	var options []tf6server.ServeOpt
	if *attach {
		options = append(options, tf6server.WithManagedDebug())
	}
	err := tf6server.Serve("registry.terraform.io/multidns/multidns", newServer, options...)
	if err != nil {
		log.Fatal(err)
	}
}

func newServer() tfprotov6.ProviderServer {
	framework := providerserver.NewProtocol6(provider.New(version, time.Now)())()
	server, ok := framework.(frameworkServer)
	if !ok {
		panic(fmt.Sprintf("the framework's %T has no list resources", framework))
	}
	return forgetful{server}
}
