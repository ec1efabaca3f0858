package clitest

import (
	"maps"
	"os"
	"slices"
	"strings"
)

// configName is the file that TF_CLI_CONFIG_FILE points to.
const configName = "cli.tfrc"

// strippedPrefixes are the variables that steer a CLI or this provider. A developer's TF_LOG, TF_CLI_ARGS or
// TF_REATTACH_PROVIDERS would change what a test sees, a GOGC what a provider weighs, a cache folder what it remembers,
// and a real token must never reach a test.
var strippedPrefixes = []string{"TF_", "TOFU_", "TERRAFORM_", "CHECKPOINT_", "CLOUDFLARE_", "CF_", "DESEC_", "GORACE=", "GOGC=", "XDG_CACHE_HOME="}

// briskly leaves out what makes up half of a command's CPU time and changes nothing that it says or does: each start of
// a provider makes two certificates for the socket between it and the CLI, and garbage is collected in processes that
// end within a second.
var briskly = []string{"TF_DISABLE_PLUGIN_TLS=1", "GOGC=400"}

// environ gives the environment of a CLI: the caller's without strippedPrefixes, what unattended use needs, and extra.
func environ(configPath string, extra map[string]string) []string {
	env := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return slices.ContainsFunc(strippedPrefixes, func(prefix string) bool {
			return strings.HasPrefix(variable, prefix)
		})
	})
	env = append(env,
		"TF_CLI_CONFIG_FILE="+configPath,
		"TF_IN_AUTOMATION=1", // leaves out hints such as "run terraform apply next"
		"TF_INPUT=0",         // a question would wait for ever
		"CHECKPOINT_DISABLE=1",
	)
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		env = append(env, name+"="+extra[name])
	}
	return env
}
