package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func healthSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Asks whether something works. It never fails the plan because something is down: that is `healthy = false` with a `reason`, and it is `null` when nobody can tell. One attempt is one connection to one address, without hidden repeats. The whole takes at most `attempts × timeout + (attempts − 1) × interval`.",
		Attributes: map[string]schema.Attribute{
			"attempts": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "The largest number of attempts, 1 to 100. Default: 3. They stop as soon as the outcome is certain.",
				Validators:          []validator.Int64{int64validator.Between(1, 100)},
			},
			"attempts_made": schema.Int64Attribute{Computed: true, MarkdownDescription: "How many attempts were made."},
			"checks": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The attempts, in their order.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"latency_ms":     schema.Int64Attribute{Computed: true, MarkdownDescription: "Time to the verdict in milliseconds, name resolution included, rounded up like `latency_ms` of the whole."},
					"reason":         schema.StringAttribute{Computed: true, MarkdownDescription: "The verdict in a phrase."},
					"remote_address": schema.StringAttribute{Computed: true, MarkdownDescription: "`address:port` of the connection; null when there was none to try."},
					"status_code":    schema.Int64Attribute{Computed: true, MarkdownDescription: "HTTP status; null without an HTTP answer."},
					"success":        schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the attempt succeeded."},
				}},
			},
			"controls": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "URLs that work unless the runner itself is cut off. When the probe fails and every control fails too, `healthy` is null. Default: none, and the runner is assumed to have a network.",
			},
			"dns": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Asks a DNS server itself, not the system's resolver. Healthy when every expected value, or without any at least one record of the type, is in the answer. One of `dns`, `http`, `tcp` and `tls` must be set.",
				Attributes: map[string]schema.Attribute{
					"expected_values": schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Values that must be in the answer. Default: at least one record of the type must be."},
					"name":            schema.StringAttribute{Required: true, MarkdownDescription: "The name to ask for, in full."},
					"server":          schema.StringAttribute{Required: true, MarkdownDescription: "`host`, `host:port` or an address."},
					"type":            schema.StringAttribute{Required: true, MarkdownDescription: "The type to ask for, such as `A`."},
				},
			},
			"enabled": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "False: nothing is probed, and `healthy` is null. Default: true.",
			},
			"healthy": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "True, false, or null for unknown. In conditions write `data.multidns_health.NAME.healthy == true`.",
			},
			"http":     healthHTTP(),
			"interval": schema.StringAttribute{Optional: true, MarkdownDescription: "Pause between two attempts, `0s` or more. Default: `1s`.", Validators: []validator.String{durationValidator{zero: true}}},
			"latency_ms": schema.Int64Attribute{
				Computed: true, MarkdownDescription: "Latency of the attempt that decided, in milliseconds, rounded up to 50, 100, 200, 500 and so on: data sources stand in the state, and a run in which nothing happened shall not make a new one.",
			},
			"not_via": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Loop guard: names of routers. An error if the name that the probe connects to resolves through one of them, because such a probe sees whatever the router points to. Default: none.",
			},
			"reason": schema.StringAttribute{Computed: true, MarkdownDescription: "Why it is as it is, for people."},
			"required_successes": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "How many attempts must succeed, at least 1. Default: 2, or `attempts` if that is less.",
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"successes": schema.Int64Attribute{Computed: true, MarkdownDescription: "How many attempts succeeded."},
			"tcp": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Asks whether a TCP connection can be made. One of `dns`, `http`, `tcp` and `tls` must be set.",
				Attributes: map[string]schema.Attribute{
					"address": schema.StringAttribute{Required: true, MarkdownDescription: "`host:port`."},
				},
			},
			"timeout": schema.StringAttribute{Optional: true, MarkdownDescription: "Time limit of one attempt, more than `0s`. Default: `5s`.", Validators: []validator.String{durationValidator{}}},
			"tls": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Asks whether a TLS handshake succeeds with a certificate that verifies and lasts. One of `dns`, `http`, `tcp` and `tls` must be set.",
				Attributes: map[string]schema.Attribute{
					"address":            schema.StringAttribute{Required: true, MarkdownDescription: "`host:port`."},
					"ca_cert_pem":        schema.StringAttribute{Optional: true, MarkdownDescription: "Certificates that replace the system's roots. Default: the system's."},
					"minimum_days_valid": schema.Int64Attribute{Optional: true, MarkdownDescription: "How many days the certificate must still be valid, 0 or more. Default: 0.", Validators: []validator.Int64{int64validator.AtLeast(0)}},
					"server_name":        schema.StringAttribute{Optional: true, MarkdownDescription: "The name that the certificate must be for. Default: the host of `address`."},
				},
			},
		},
	}
}

func healthHTTP() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "Asks one URL. Proxies of the environment are not used. One of `dns`, `http`, `tcp` and `tls` must be set.",
		Attributes: map[string]schema.Attribute{
			"body_contains":    schema.StringAttribute{Optional: true, MarkdownDescription: "Text that the first MiB of the body must contain. A body that is looked at must end within 8 MiB. Default: the body is not looked at."},
			"body_regex":       schema.StringAttribute{Optional: true, MarkdownDescription: "Regular expression (RE2) that it must match. One that is costly to match looks at less of the body, and one of more than 1000 steps, such as repeats of repeats, is refused. Default: the body is not looked at."},
			"ca_cert_pem":      schema.StringAttribute{Optional: true, MarkdownDescription: "Certificates that replace the system's roots. Default: the system's."},
			"connect_to":       schema.StringAttribute{Optional: true, MarkdownDescription: "`host`, `host:port` or an address: where the connection goes, while URL, Host header and SNI stay. It is how one front is probed rather than whatever the router points to today. Default: the host of `url`."},
			"expected_status":  schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Codes and ranges, such as `[\"200-299\", \"304\"]`. Default: `[\"200-299\"]`."},
			"follow_redirects": schema.BoolAttribute{Optional: true, MarkdownDescription: "Follow up to ten redirects. Default: false: a redirect is judged by `expected_status`."},
			"headers":          schema.MapAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Request headers. They stand in the plan and in the state. Default: none but those of every request."},
			"ip_version":       schema.Int64Attribute{Optional: true, MarkdownDescription: "Number of the IP version, 4 or 6. Default: IPv4 where the name has such an address, else IPv6. To know about both, use two data sources.", Validators: []validator.Int64{int64validator.OneOf(4, 6)}},
			"method":           schema.StringAttribute{Optional: true, MarkdownDescription: "Request method. Default: `GET`.", Validators: []validator.String{stringvalidator.LengthAtLeast(1)}},
			"url":              schema.StringAttribute{Required: true, MarkdownDescription: "`http` or `https`."},
		},
	}
}
