package main

import (
	"strings"
)

// sdkLogs are the levels of what the SDK logs about its own work, but for frameworkLogs.
var sdkLogs = []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO"}

// frameworkLogs is the level of the framework's log. Below INFO it names attributes by their path, and the path of an
// element of a set is the element: every value, sensitive ones too (design/sensitive-values.md). Whoever works on the
// framework asks for it by this name.
const frameworkLogs = "TF_LOG_SDK_FRAMEWORK"

// quietSDK keeps the SDK from writing what the CLI drops. A CLI shows a provider's log from the level in
// TF_LOG_PROVIDER or TF_LOG on, and nothing without them, but the SDK does not know that and writes everything. At
// level TRACE that is several lines for each attribute, each of them found through a context that grows by every
// attribute (terraform-plugin-framework v1.19.0, fwserver.MarkComputedNilsAsUnknown): the square of their number.
func quietSDK(lookup func(string) (string, bool), set func(name, value string) error) error {
	level := "WARN"
	for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER"} {
		if asked, _ := lookup(name); asked != "" {
			level = asked
		}
	}
	if strings.EqualFold(level, "JSON") { // all there is, as JSON
		level = "TRACE"
	}
	for _, name := range append(sdkLogs, frameworkLogs) {
		if _, own := lookup(name); own {
			continue
		}
		if name == frameworkLogs && (strings.EqualFold(level, "TRACE") || strings.EqualFold(level, "DEBUG")) {
			level = "INFO"
		}
		if err := set(name, level); err != nil {
			return err
		}
	}
	return nil
}
