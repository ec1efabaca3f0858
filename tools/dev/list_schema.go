package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/multidns/terraform-provider-multidns/internal/provider"
)

// addListSchemas puts the list resources into the document that writeSchema got from the CLI. The provider itself is
// asked for them: OpenTofu has no `query` and leaves them out, and their pages would be missing.
func addListSchemas(ctx context.Context, document map[string]any) error {
	server, err := providerserver.NewProtocol6WithError(provider.New("docs", provider.Process())())()
	if err != nil {
		return fmt.Errorf("read list schemas: %w", err)
	}
	answer, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return fmt.Errorf("read list schemas: %w", err)
	}
	for _, d := range answer.Diagnostics {
		err = errors.Join(err, fmt.Errorf("read list schemas: %s: %s", d.Summary, d.Detail))
	}
	if err != nil {
		return err
	}
	schemas := map[string]any{}
	for name, schema := range answer.ListResourceSchemas {
		if schemas[name], err = listSchema(schema); err != nil {
			return fmt.Errorf("read list schemas: %s: %w", name, err)
		}
	}
	document["list_resource_schemas"] = schemas
	return nil
}

// listSchema is a schema as `terraform providers schema -json` shows it
// (https://developer.hashicorp.com/terraform/cli/commands/providers/schema#block-representation).
func listSchema(schema *tfprotov6.Schema) (map[string]any, error) {
	if len(schema.Block.BlockTypes) > 0 {
		return nil, errors.New("it has nested blocks, which nothing here shows yet")
	}
	attributes := map[string]any{}
	for _, a := range schema.Block.Attributes {
		if a.NestedType != nil {
			return nil, fmt.Errorf("attribute %s is nested, which nothing here shows yet", a.Name)
		}
		typ, err := a.Type.MarshalJSON() //nolint:staticcheck // the one form in which the documentation tool takes a type
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", a.Name, err)
		}
		attributes[a.Name] = map[string]any{
			"type": json.RawMessage(typ), "description": a.Description, "description_kind": kind(a.DescriptionKind),
			"required": a.Required, "optional": a.Optional, "computed": a.Computed,
		}
	}
	return map[string]any{"version": schema.Version, "block": map[string]any{
		"attributes": attributes, "description": schema.Block.Description, "description_kind": kind(schema.Block.DescriptionKind),
	}}, nil
}

func kind(k tfprotov6.StringKind) string { return strings.ToLower(k.String()) }
