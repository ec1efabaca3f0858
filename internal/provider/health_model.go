package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/multidns/terraform-provider-multidns/internal/probe"
)

type healthModel struct {
	Attempts          types.Int64  `tfsdk:"attempts"`
	AttemptsMade      types.Int64  `tfsdk:"attempts_made"`
	Checks            types.List   `tfsdk:"checks"`
	Controls          []string     `tfsdk:"controls"`
	DNS               *dnsModel    `tfsdk:"dns"`
	Enabled           types.Bool   `tfsdk:"enabled"`
	Healthy           types.Bool   `tfsdk:"healthy"`
	HTTP              *httpModel   `tfsdk:"http"`
	Interval          types.String `tfsdk:"interval"`
	LatencyMS         types.Int64  `tfsdk:"latency_ms"`
	NotVia            []string     `tfsdk:"not_via"`
	Reason            types.String `tfsdk:"reason"`
	RequiredSuccesses types.Int64  `tfsdk:"required_successes"`
	Successes         types.Int64  `tfsdk:"successes"`
	TCP               *tcpModel    `tfsdk:"tcp"`
	Timeout           types.String `tfsdk:"timeout"`
	TLS               *tlsModel    `tfsdk:"tls"`
}

type httpModel struct {
	BodyContains    types.String      `tfsdk:"body_contains"`
	BodyRegex       types.String      `tfsdk:"body_regex"`
	CACertPEM       types.String      `tfsdk:"ca_cert_pem"`
	ConnectTo       types.String      `tfsdk:"connect_to"`
	ExpectedStatus  []string          `tfsdk:"expected_status"`
	FollowRedirects types.Bool        `tfsdk:"follow_redirects"`
	Headers         map[string]string `tfsdk:"headers"`
	IPVersion       types.Int64       `tfsdk:"ip_version"`
	Method          types.String      `tfsdk:"method"`
	URL             types.String      `tfsdk:"url"`
}

type tcpModel struct {
	Address types.String `tfsdk:"address"`
}

type tlsModel struct {
	Address          types.String `tfsdk:"address"`
	CACertPEM        types.String `tfsdk:"ca_cert_pem"`
	MinimumDaysValid types.Int64  `tfsdk:"minimum_days_valid"`
	ServerName       types.String `tfsdk:"server_name"`
}

type dnsModel struct {
	ExpectedValues []string     `tfsdk:"expected_values"`
	Name           types.String `tfsdk:"name"`
	Server         types.String `tfsdk:"server"`
	Type           types.String `tfsdk:"type"`
}

var checkType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"success": types.BoolType, "latency_ms": types.Int64Type, "reason": types.StringType,
	"status_code": types.Int64Type, "remote_address": types.StringType,
}}

// policy is how often and how patiently to ask. A data source has no schema defaults; these are they.
func (m *healthModel) policy() probe.Policy {
	p := probe.Policy{
		Timeout: duration(m.Timeout, 5*time.Second), Interval: duration(m.Interval, time.Second),
		Attempts: 3, RequiredSuccesses: 2,
	}
	if !m.Attempts.IsNull() {
		p.Attempts = int(m.Attempts.ValueInt64())
		p.RequiredSuccesses = min(p.RequiredSuccesses, p.Attempts)
	}
	if !m.RequiredSuccesses.IsNull() {
		p.RequiredSuccesses = int(m.RequiredSuccesses.ValueInt64())
	}
	return p
}

// question is the one prober that was asked for, the block it stands in, and the host it connects to. block is empty
// when there is not exactly one.
func (m *healthModel) question(now func() time.Time) (prober probe.Prober, block, host string, err error) {
	switch {
	case m.HTTP != nil:
		q := m.HTTP.question(now)
		prober, err = probe.NewHTTP(q)
		return prober, "http", q.Host(), err
	case m.TCP != nil:
		q := probe.TCP{Address: m.TCP.Address.ValueString()}
		prober, err = probe.NewTCP(q)
		return prober, "tcp", q.Host(), err
	case m.TLS != nil:
		q := probe.TLS{
			Address: m.TLS.Address.ValueString(), ServerName: m.TLS.ServerName.ValueString(),
			MinimumDaysValid: int(m.TLS.MinimumDaysValid.ValueInt64()), CACertPEM: m.TLS.CACertPEM.ValueString(), Now: now,
		}
		prober, err = probe.NewTLS(q)
		return prober, "tls", q.Host(), err
	case m.DNS != nil:
		q := probe.DNS{
			Server: m.DNS.Server.ValueString(), Name: m.DNS.Name.ValueString(),
			Type: m.DNS.Type.ValueString(), ExpectedValues: m.DNS.ExpectedValues,
		}
		prober, err = probe.NewDNS(q)
		return prober, "dns", q.Host(), err
	}
	return nil, "", "", nil
}

func (m *httpModel) question(now func() time.Time) probe.HTTP {
	return probe.HTTP{
		URL: m.URL.ValueString(), Method: m.Method.ValueString(), Headers: m.Headers,
		ExpectedStatus: m.ExpectedStatus, BodyContains: m.BodyContains.ValueString(), BodyRegex: m.BodyRegex.ValueString(),
		ConnectTo: m.ConnectTo.ValueString(), FollowRedirects: m.FollowRedirects.ValueBool(),
		IPVersion: int(m.IPVersion.ValueInt64()), CACertPEM: m.CACertPEM.ValueString(), Now: now,
	}
}

// set takes over an outcome.
func (m *healthModel) set(o probe.Outcome) {
	m.Healthy = types.BoolPointerValue(o.Healthy)
	m.Reason = types.StringValue(o.Reason)
	m.Successes = types.Int64Value(int64(o.Successes))
	m.AttemptsMade = types.Int64Value(int64(o.AttemptsMade))
	m.LatencyMS = types.Int64Value(0)
	if o.AttemptsMade > 0 {
		m.LatencyMS = types.Int64Value(steady(o.LatencyMS))
	}
	checks := make([]attr.Value, 0, len(o.Checks))
	for _, c := range o.Checks {
		status := types.Int64Null()
		if c.StatusCode != 0 {
			status = types.Int64Value(int64(c.StatusCode))
		}
		checks = append(checks, types.ObjectValueMust(checkType.AttrTypes, map[string]attr.Value{
			"success": types.BoolValue(c.Success), "latency_ms": types.Int64Value(steady(c.Latency.Milliseconds())),
			"reason": types.StringValue(c.Reason), "status_code": status, "remote_address": stringOrNull(c.RemoteAddress),
		}))
	}
	m.Checks = types.ListValueMust(checkType, checks)
}

// steady rounds a latency up to 50, 100, 200, 500, 1000 and so on, in milliseconds. Data sources stand in the state: a
// latency to the millisecond would make a new state in each run of a schedule in which nothing happened.
func steady(ms int64) int64 {
	for scale := int64(10); ; scale *= 10 {
		for _, step := range []int64{5 * scale, 10 * scale, 20 * scale} {
			if ms <= step {
				return step
			}
		}
	}
}
