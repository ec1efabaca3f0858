package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// anyUnknown reports whether a value, or anything in it at whatever depth, is not known yet.
func anyUnknown(v attr.Value) bool {
	if v.IsNull() || v.IsUnknown() {
		return v.IsUnknown()
	}
	raw, err := v.ToTerraformValue(context.Background())
	return err != nil || !raw.IsFullyKnown()
}

// The types of attributes that each element of a list or map must have. While an element is not known as a whole the
// framework takes what it has below for null, and reports it as missing (terraform-plugin-framework v1.19.0,
// internal/fwschemadata/data_value.go). Such a null is no value of the configuration and has no type: it is unknown
// here. The collection and its elements keep the plain types by a CustomType. An element that is null looks the same,
// so that the collection needs a validator against that.
type (
	elementString struct{ basetypes.StringType }
	elementSet    struct{ basetypes.SetType }
	elementList   struct{ basetypes.ListType }
)

var (
	eachString    = elementString{types.StringType}
	eachStringSet = elementSet{types.SetType{ElemType: types.StringType}}
	eachStrings   = elementList{types.ListType{ElemType: types.StringType}}
)

func (t elementString) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	if in.Type() == nil {
		return types.StringUnknown(), nil
	}
	return t.StringType.ValueFromTerraform(ctx, in)
}

func (t elementSet) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	if in.Type() == nil {
		return types.SetUnknown(t.ElemType), nil
	}
	return t.SetType.ValueFromTerraform(ctx, in)
}

func (t elementList) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	if in.Type() == nil {
		return types.ListUnknown(t.ElemType), nil
	}
	return t.ListType.ValueFromTerraform(ctx, in)
}
