// Command terraform-provider-multidns serves the provider multidns to Terraform and OpenTofu.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime/debug"

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
	// A plan of a map of 1000 RRsets makes some hundred MB of garbage in the framework, and collecting it took as much
	// of the processor as making it. So it may grow, but not far beyond what a small runner can spare.
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(400)
		debug.SetMemoryLimit(100 << 20)
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
	framework := providerserver.NewProtocol6(provider.New(version, provider.Process())())()
	server, ok := framework.(frameworkServer)
	if !ok {
		panic(fmt.Sprintf("the framework's %T has no list resources", framework))
	}
	return releasingServer{server}
}
