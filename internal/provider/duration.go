package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// durationValidator accepts what time.ParseDuration does. zero allows "0s".
type durationValidator struct{ zero bool }

func (v durationValidator) Description(context.Context) string {
	return `a duration such as "10s" or "1m30s"`
}

func (v durationValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v durationValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	d, err := time.ParseDuration(req.ConfigValue.ValueString())
	if err != nil || d < 0 || (d == 0 && !v.zero) {
		resp.Diagnostics.AddAttributeError(outermost(req.Path), "Invalid duration", fmt.Sprintf(
			`%s: %q is not a positive duration. Write a number and a unit, such as "10s", "5m" or "1h30m".`, req.Path, req.ConfigValue.ValueString()))
	}
}

// duration reads a validated value.
func duration(v types.String, otherwise time.Duration) time.Duration {
	d, err := time.ParseDuration(v.ValueString())
	if err != nil {
		return otherwise
	}
	return d
}

// timeValidator accepts an RFC 3339 date and time.
type timeValidator struct{}

func (timeValidator) Description(context.Context) string { return "a date and time as in RFC 3339" }

func (v timeValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (timeValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := time.Parse(time.RFC3339, req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(outermost(req.Path), "Invalid time", fmt.Sprintf(
			`%s: %q is not a time as in RFC 3339. Write one such as "2026-11-22T15:04:05Z", or plantimestamp().`, req.Path, req.ConfigValue.ValueString()))
	}
}

// instant reads a validated time; the zero time when there is none.
func instant(v types.String) time.Time {
	t, err := time.Parse(time.RFC3339, v.ValueString())
	if err != nil {
		return time.Time{}
	}
	return t
}
