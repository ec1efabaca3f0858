package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestQuietSDK_WritesWhatTheCLIShows(t *testing.T) {
	for name, test := range map[string]struct {
		env  map[string]string
		want map[string]string
	}{
		"nothing is shown": {nil, map[string]string{"TF_LOG_SDK": "WARN", "TF_LOG_SDK_PROTO": "WARN", "TF_LOG_SDK_FRAMEWORK": "WARN"}},
		"all is shown": {map[string]string{"TF_LOG": "trace"},
			map[string]string{"TF_LOG_SDK": "trace", "TF_LOG_SDK_PROTO": "trace", "TF_LOG_SDK_FRAMEWORK": "INFO"}},
		"as JSON": {map[string]string{"TF_LOG": "json"},
			map[string]string{"TF_LOG_SDK": "TRACE", "TF_LOG_SDK_PROTO": "TRACE", "TF_LOG_SDK_FRAMEWORK": "INFO"}},
		"the provider's alone": {map[string]string{"TF_LOG": "ERROR", "TF_LOG_PROVIDER": "DEBUG"},
			map[string]string{"TF_LOG_SDK": "DEBUG", "TF_LOG_SDK_PROTO": "DEBUG", "TF_LOG_SDK_FRAMEWORK": "INFO"}},
		"asked for by name": {map[string]string{"TF_LOG": "INFO", "TF_LOG_SDK_PROTO": "TRACE"},
			map[string]string{"TF_LOG_SDK": "INFO", "TF_LOG_SDK_FRAMEWORK": "INFO"}},
		"the framework's by name": {map[string]string{"TF_LOG": "TRACE", "TF_LOG_SDK_FRAMEWORK": "TRACE"},
			map[string]string{"TF_LOG_SDK": "TRACE", "TF_LOG_SDK_PROTO": "TRACE"}},
		"empty is unset": {map[string]string{"TF_LOG": ""},
			map[string]string{"TF_LOG_SDK": "WARN", "TF_LOG_SDK_PROTO": "WARN", "TF_LOG_SDK_FRAMEWORK": "WARN"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := map[string]string{}
			lookup := func(name string) (string, bool) { v, ok := test.env[name]; return v, ok }
			if err := quietSDK(lookup, func(name, value string) error { got[name] = value; return nil }); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("levels that are set (-want +got):\n%s", diff)
			}
		})
	}
}
