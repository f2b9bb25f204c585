package pulumi

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"example.com/hello-world/supplier/progress"
)

const (
	project   = "urn:pulumi:dev::hello-world::"
	service   = project + "hello-world:index:WebService$kubernetes:core/v1:Service::hello-service"
	namespace = project + "kubernetes:core/v1:Namespace::hello"
	preview   = `{"preludeEvent": {}} {"resourcePreEvent": {"metadata": {"op": "update", "urn": "` + service + `"}, "planning": true}}
		{"resOutputsEvent": {"metadata": {"op": "update", "urn": "` + service + `"}, "planning": true}}
		{"diagnosticEvent": {"urn": "` + namespace + `", "severity": "warning", "message": "of the preview"}}
		{"summaryEvent": {"isPreview": true, "resourceChanges": {"update": 1}}} {"preludeEvent": {}}`
)

func step(op, urn string) string {
	return `{"resourcePreEvent": {"metadata": {"op": "` + op + `", "urn": "` + urn + `"}}} {"resOutputsEvent": {"metadata": {"op": "` + op + `", "urn": "` + urn + `"}}}`
}

// Of what Pulumi says, the screen keeps a line for each object that was changed, and none for the others.
func TestShow(t *testing.T) {
	for name, test := range map[string]struct{ events, want string }{
		"changes": {preview + step("create", project+"hello-world:index:WebService::hello") + step("create", project+"docker:index/image:Image::hello-world") +
			step("create-replacement", project+"kubernetes:apps/v1:Deployment::hello") + step("update", service) + step("same", namespace) +
			`{"diagnosticEvent": {"urn": "` + project + `docker:index/image:Image::hello-world", "severity": "info", "message": "built in 3s\n"}}
			{"diagnosticEvent": {"urn": "` + namespace + `", "severity": "warning", "message": "something to know\n"}}
			{"summaryEvent": {"resourceChanges": {"create": 2, "update": 1, "same": 17}}}`,
			"  Image hello-world: created in 0.0s\n  Deployment hello: created in 0.0s\n  Service hello-service: updated in 0.0s\n\n" +
				"  kubernetes:core/v1:Namespace (hello):\n    warning: something to know\n  stack dev: + 2 created, ~ 1 updated, 17 unchanged, after 0s\n"},
		"nothing": {`{"preludeEvent": {}} {"summaryEvent": {"resourceChanges": {"same": 20}}}`, "  stack dev: 20 unchanged, after 0s\n"},
		"refused": {`{"preludeEvent": {}} {"diagnosticEvent": {"urn": "` + project + `pulumi:pulumi:Stack::hello-world-dev", "severity": "error", "message": "nothing was changed"}}`,
			"\n  pulumi:pulumi:Stack (hello-world-dev):\n    error: nothing was changed\n\n  stack dev: failed after 0s\n"},
		"about no resource": {`{"preludeEvent": {}} {"diagnosticEvent": {"severity": "warning", "message": "held at a version\n"}} {"summaryEvent": {"resourceChanges": {"same": 20}}}`,
			"\n  stack dev:\n    warning: held at a version\n  stack dev: 20 unchanged, after 0s\n"},
		"without its cluster": {step("delete", namespace) + `{"diagnosticEvent": {"urn": "` + namespace + `", "severity": "warning", "message": "the cluster is unreachable"}}
			{"diagnosticEvent": {"urn": "` + namespace + `", "severity": "warning", "message": "the deleteUnreachable option is enabled"}}
			{"summaryEvent": {"resourceChanges": {"delete": 1}}}`, "  Namespace hello: deleted in 0.0s\n  stack dev: - 1 deleted, after 0s\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			d := newDisplay(progress.Printer{Out: &out}, "dev")
			if err := read(strings.NewReader(test.events), d.take); err != nil {
				t.Error(err)
			}
			d.end("")
			// A terminal shows of a line what follows the last order to erase it.
			if got := regexp.MustCompile(`(?m)^.*\r\x1b\[K`).ReplaceAllString(out.String(), ""); got != test.want {
				t.Errorf("the screen shows\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}
