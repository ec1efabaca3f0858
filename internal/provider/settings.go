package provider

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

const (
	outageDegrade = "degrade"
	outageFail    = "fail"

	defaultTimeout = 10 * time.Second
	defaultMaxWait = 60 * time.Second
	// settleTimeout bounds the reading back of a write whose answer was lost.
	settleTimeout = 3 * time.Second
)

// settings are the provider's configuration with environment and defaults.
type settings struct {
	accounts map[string]operator.Account
	onOutage string
	timeout  time.Duration
	maxWait  time.Duration
}

// known reports whether every value of the configuration is known. While one is not (a token made in the same run), the
// CLI may defer what needs it; there is nothing to configure yet.
func (m providerModel) known() bool {
	for _, v := range []interface{ IsUnknown() bool }{m.MaxWait, m.OnOutage, m.RequestTimeout} {
		if v.IsUnknown() {
			return false
		}
	}
	for _, object := range m.accounts {
		if anyUnknown(object) {
			return false
		}
	}
	return true
}

func readSettings(ctx context.Context, m providerModel, version string, in Surroundings, diags *diag.Diagnostics) settings {
	s := settings{
		accounts: map[string]operator.Account{},
		onOutage: cmp.Or(m.OnOutage.ValueString(), outageDegrade),
		timeout:  duration(m.RequestTimeout, defaultTimeout),
		maxWait:  duration(m.MaxWait, defaultMaxWait),
	}
	for _, o := range Operators {
		s.accounts[o.Name] = operator.Account{
			Settings: readAccount(ctx, o, m.accounts[o.Name], in, diags),
			Timeout:  s.timeout, MaxWait: s.maxWait, UserAgent: "terraform-provider-multidns/" + version,
		}
	}
	return s
}

// readAccount takes each setting from the configuration, else from the environment.
func readAccount(ctx context.Context, o operator.Descriptor, object types.Object, in Surroundings, diags *diag.Diagnostics) operator.Settings {
	account, _ := readDeclared(ctx, o.Account, object, diags)
	for _, s := range o.Account {
		if s.Kind == operator.Text || s.Kind == operator.Secret {
			given, _ := account.Text(s.Name)
			account[s.Name] = strings.TrimSpace(cmp.Or(given, in.environment(s.Variables...)))
			if account[s.Name] == "" {
				delete(account, s.Name)
			}
		}
		checkAccount(o, s, account, diags)
	}
	return account
}

// checkAccount judges one setting.
func checkAccount(o operator.Descriptor, s operator.Setting, account operator.Settings, diags *diag.Diagnostics) {
	at := path.Root(o.Name).AtName(s.Name)
	_, there := account[s.Name]
	text, _ := account.Text(s.Name)
	where := o.Name + "." + s.Name + " in the provider block"
	if len(s.Variables) > 0 {
		where += ", or the environment variable " + s.Variables[0]
	}
	switch {
	case s.Required && !there:
		diags.AddAttributeError(at, "Missing "+s.Title, fmt.Sprintf(
			"multidns writes to %s and needs the %s of each: to write to one operator while you believe you write to all is the failure that it exists to prevent. "+
				"Set %s.", titles(), s.Title, where))
	case s.Kind == operator.Secret && strings.ContainsAny(text, " \t\r\n"):
		diags.AddAttributeError(at, "Invalid "+s.Title,
			"The "+s.Title+" for "+o.Title+" contains white space, which none ever does. Copy it again.")
	case s.Check != nil && text != "":
		if err := s.Check(text); err != nil {
			diags.AddAttributeError(at, "Invalid "+s.Title, fmt.Sprintf("%s. It comes from %s.", err, where))
		}
	}
}

// readDeclared reads the settings that an object declares; known is false while anything in it is not known.
func readDeclared(ctx context.Context, of []operator.Setting, object types.Object, diags *diag.Diagnostics) (declared operator.Settings, known bool) {
	declared = operator.Settings{}
	if anyUnknown(object) {
		return declared, false
	}
	for _, s := range of {
		switch v := object.Attributes()[s.Name].(type) {
		case basetypes.BoolValue:
			if !v.IsNull() {
				declared[s.Name] = v.ValueBool()
			}
		case basetypes.StringValue:
			if !v.IsNull() {
				declared[s.Name] = v.ValueString()
			}
		case basetypes.SetValue:
			if !v.IsNull() {
				var list []string
				diags.Append(v.ElementsAs(ctx, &list, false)...)
				slices.Sort(list)
				declared[s.Name] = list
			}
		case basetypes.MapValue:
			if !v.IsNull() {
				var entries map[string]string
				diags.Append(v.ElementsAs(ctx, &entries, false)...)
				declared[s.Name] = entries
			}
		}
	}
	return declared, true
}

// notesFolder is where a plan leaves notes for its apply; empty if there is no such place.
func (in Surroundings) notesFolder() string {
	cache, err := in.CacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "terraform-provider-multidns")
}

// scope tells apart the notes of states and services that have nothing to do with each other.
func (s settings) scope(in Surroundings) string {
	folder, _ := os.Getwd()
	parts := append([]string{folder}, in.state()...)
	for _, o := range Operators {
		address, _ := s.accounts[o.Name].Settings.Text("base_url")
		parts = append(parts, o.Name+"="+address)
	}
	return strings.Join(parts, "\n")
}

// state tells apart the states that the CLI may work on in one folder: the workspace, and where init was told that they
// are, of which only a digest is handed on. What cannot be read is as in a folder that has one state. A CLI tells a
// provider nothing of it; these are its own files, the same for Terraform and OpenTofu.
func (in Surroundings) state() []string {
	data := cmp.Or(in.Getenv("TF_DATA_DIR"), ".terraform")
	workspace := in.Getenv("TF_WORKSPACE")
	if workspace == "" {
		text, _ := os.ReadFile(filepath.Join(data, "environment")) //nolint:gosec // the folder is the caller's
		workspace = cmp.Or(strings.TrimSpace(string(text)), "default")
	}
	var init struct {
		Backend json.RawMessage `json:"backend"`
	}
	if text, err := os.ReadFile(filepath.Join(data, "terraform.tfstate")); err == nil { //nolint:gosec // as above
		_ = json.Unmarshal(text, &init)
	}
	return []string{"workspace=" + workspace, fmt.Sprintf("backend=%x", sha256.Sum256(init.Backend))}
}
