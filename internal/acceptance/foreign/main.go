// Command foreign stands in for the providers that people come from: it has the schemas of their record resources, so
// that a CLI can read states which they wrote, and does nothing. Which provider it is follows from where it is
// installed: …/HOST/NAMESPACE/TYPE/VERSION/PLATFORM/.
package main

import (
	"context"
	"log"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

func main() {
	path, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	namespace := filepath.Base(filepath.Dir(filepath.Dir(filepath.Dir(filepath.Dir(path)))))
	err = providerserver.Serve(context.Background(), func() provider.Provider { return providers[namespace] }, providerserver.ServeOpts{
		Address: "registry.terraform.io/" + namespace + "/" + providers[namespace].name,
	})
	if err != nil {
		log.Fatal(err)
	}
}

// foreignProvider has resources by type name.
type foreignProvider struct {
	name      string
	resources map[string]schema.Schema
}

func (p foreignProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = p.name
}

func (p foreignProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (p foreignProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (p foreignProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p foreignProvider) Resources(context.Context) []func() resource.Resource {
	var all []func() resource.Resource
	for name, s := range p.resources {
		all = append(all, func() resource.Resource { return foreignResource{name, s} })
	}
	return all
}

// foreignResource keeps what is in state.
type foreignResource struct {
	name   string
	schema schema.Schema
}

func (r foreignResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.name
}

func (r foreignResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema
}

func (r foreignResource) Create(_ context.Context, _ resource.CreateRequest, resp *resource.CreateResponse) {
	resp.Diagnostics.AddError("Nothing is created here", "This provider only reads states.")
}

func (r foreignResource) Read(_ context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	resp.State.Raw = req.State.Raw
}

func (r foreignResource) Update(_ context.Context, _ resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics.AddError("Nothing is changed here", "This provider only reads states.")
}

func (r foreignResource) Delete(_ context.Context, _ resource.DeleteRequest, resp *resource.DeleteResponse) {
	resp.Diagnostics.AddError("Nothing is deleted here", "This provider only reads states.")
}
