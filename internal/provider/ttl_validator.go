package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// ttlValidator wants a TTL that both services know, and says what to write for one
// that came with a zone file.
type ttlValidator struct{}

var _ validator.Int64 = ttlValidator{}

func (ttlValidator) Description(context.Context) string {
	return fmt.Sprintf("value must be between %d and %d", minTTL, maxTTL)
}

func (v ttlValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (ttlValidator) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	ttl := req.ConfigValue.ValueInt64()
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || ttl >= minTTL && ttl <= maxTTL {
		return
	}
	detail := fmt.Sprintf("%s must be between %d and %d, got %d. ", req.Path, minTTL, maxTTL, ttl)
	switch nearest := max(minTTL, min(maxTTL, ttl)); ttl {
	case 1:
		// design/facts/cloudflare-api.md section 3.2.
		detail += "1 is how Cloudflare writes its automatic TTL, in its exports too: it is served as 300 seconds, and no other operator knows it. " +
			"Write\n\n  ttl = 300\n\nor, for RRsets of a zone file, ttl = each.value.ttl == 1 ? 300 : each.value.ttl."
	default:
		detail += fmt.Sprintf("Write\n\n  ttl = %d\n\nor, for RRsets of a zone file, ttl = max(%d, min(%d, each.value.ttl)).", nearest, minTTL, maxTTL)
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid TTL", detail)
}
