package main

import (
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/blang/semver"
	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/integration"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

const urn = resource.URN("urn:pulumi:dev::test::" + imageType + "::hello")

// object is a property map in short.
type object map[string]any

func (o object) props() property.Map {
	values := map[string]property.Value{}
	for name, v := range o {
		switch v := v.(type) {
		case object:
			values[name] = property.New(v.props())
		case property.Value:
			values[name] = v
		default:
			value, err := property.Any(v)
			if err != nil {
				panic(err)
			}
			values[name] = value
		}
	}
	return property.NewMap(values)
}

func (o object) with(name string, v any) object {
	o = maps.Clone(o)
	o[name] = v
	return o
}

var (
	unknown = property.New(property.Computed)
	minimal = object{"imageName": "localhost:5001/hello", "build": object{"context": "app"}}
)

// startPlugin returns the plugin as the engine sees it, in a new directory that holds a build context, app.
func startPlugin(t *testing.T) integration.Server {
	t.Helper()
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	t.Chdir(t.TempDir())
	if err := os.Mkdir("app", 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "app/Dockerfile", "FROM scratch\n")
	server, err := integration.NewServer(t.Context(), "docker", semver.MustParse(version),
		integration.WithProvider(newProvider()))
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func writeFile(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func checked(t *testing.T, server integration.Server, in object) property.Map {
	t.Helper()
	response, err := server.Check(p.CheckRequest{Urn: urn, Inputs: in.props()})
	if err != nil || response.Failures != nil {
		t.Fatal(err, response.Failures)
	}
	return response.Inputs
}

func TestCheckAddsWhatTheOfficialPluginAdds(t *testing.T) {
	build := checked(t, startPlugin(t), minimal).Get("build").AsMap()
	for name, want := range map[string]string{
		"context":    "app",
		"dockerfile": "app/Dockerfile",
	} {
		if got := asText(build.Get(name)); got != want {
			t.Errorf("build.%s is %q, want %q", name, got, want)
		}
	}
	if digest := asText(build.Get("contextDigest")); len(digest) != 64 {
		t.Errorf("build.contextDigest is %q", digest)
	}
	if platform := asText(build.Get("platform")); !strings.HasPrefix(platform, "linux/") {
		t.Errorf("build.platform is %q", platform)
	}
}

func TestCheckLeavesTheUnknownOpen(t *testing.T) {
	in := checked(t, startPlugin(t), object{
		"imageName": unknown,
		"build":     object{"context": unknown, "args": object{"GREETING": unknown}},
		"registry":  unknown,
	})
	if digest := in.Get("build").AsMap().Get("contextDigest"); !digest.IsNull() {
		t.Errorf("contextDigest is %v", digest)
	}
}

func TestRefusedInputs(t *testing.T) {
	server := startPlugin(t)
	for want, in := range map[string]object{
		"imageName must be set":                minimal.with("imageName", ""),
		"imageName must name the registry":     minimal.with("imageName", "hello"),
		"imageName must be a string":           minimal.with("imageName", 3.0),
		"labels is not implemented":            minimal.with("labels", object{"a": "b"}),
		"skipPush must be false":               minimal.with("skipPush", true),
		"build must be an object":              minimal.with("build", "app"),
		"build.network is not implemented":     minimal.with("build", object{"network": "host"}),
		"build.cacheFrom is not implemented":   minimal.with("build", object{"cacheFrom": object{}}),
		"build.args must be a map of strings":  minimal.with("build", object{"args": object{"N": 1.0}}),
		"build.context: stat nowhere":          minimal.with("build", object{"context": "nowhere"}),
		"app/Dockerfile is not a directory":    minimal.with("build", object{"context": "app/Dockerfile"}),
		`so try "app/Dockerfile"`:              minimal.with("build", object{"context": "app", "dockerfile": "Dockerfile"}),
		"registry.insecure is not implemented": minimal.with("registry", object{"insecure": true}),
	} {
		response, err := server.Check(p.CheckRequest{Urn: urn, Inputs: in.props()})
		if err != nil {
			t.Fatal(err)
		}
		if len(response.Failures) != 1 || !strings.Contains(response.Failures[0].Reason, want) {
			t.Errorf("want one failure, %q; got %v", want, response.Failures)
		}
	}
}

func TestRefusedConfigurationAndResources(t *testing.T) {
	server := startPlugin(t)
	response, err := server.CheckConfig(p.CheckRequest{Inputs: object{"version": version, "host": "unix:///x"}.props()})
	if err != nil || len(response.Failures) != 1 || !strings.HasPrefix(response.Failures[0].Reason, "host ") {
		t.Errorf("got %v, %v", response.Failures, err)
	}

	const container = resource.URN("urn:pulumi:dev::test::docker:index/container:Container::c")
	_, checkErr := server.Check(p.CheckRequest{Urn: container})
	_, readErr := server.Read(p.ReadRequest{Urn: container})
	_, invokeErr := server.Invoke(p.InvokeRequest{Token: "docker:index/getNetwork:getNetwork"})
	for _, err := range []error{checkErr, readErr, invokeErr, server.Delete(p.DeleteRequest{Urn: container})} {
		if err == nil || !strings.Contains(err.Error(), "implements only docker:index/image:Image") {
			t.Errorf("got %v", err)
		}
	}
}

func TestDiff(t *testing.T) {
	server := startPlugin(t)
	registry := object{"server": "localhost:5001", "username": "me", "password": "old"}
	before := minimal.with("registry", registry)
	old := checked(t, server, before)

	diff := func(new property.Map) []string {
		response, err := server.Diff(p.DiffRequest{Urn: urn, OldInputs: old, Inputs: new})
		if err != nil {
			t.Fatal(err)
		}
		for path, d := range response.DetailedDiff {
			if strings.HasSuffix(string(d.Kind), "replace") {
				t.Errorf("%s: %s", path, d.Kind)
			}
		}
		if response.HasChanges != (len(response.DetailedDiff) > 0) {
			t.Errorf("HasChanges %v, but %v", response.HasChanges, response.DetailedDiff)
		}
		return slices.Sorted(maps.Keys(response.DetailedDiff))
	}
	for name, test := range map[string]struct {
		new  object
		want []string
	}{
		"nothing":      {before, nil},
		"new password": {before.with("registry", registry.with("password", property.New("new").WithSecret(true))), nil},
		"made secret":  {before.with("imageName", property.New("localhost:5001/hello").WithSecret(true)), nil},
		"server":       {before.with("registry", registry.with("server", "other")), []string{"registry.server"}},
		"name":         {before.with("imageName", "localhost:5001/other"), []string{"imageName"}},
		"unknown name": {before.with("imageName", unknown), []string{"imageName"}},
		"argument":     {before.with("build", object{"context": "app", "args": object{"a.b": "c"}}), []string{"build.args"}},
		"no registry":  {minimal, []string{"registry"}},
	} {
		if got := diff(checked(t, server, test.new)); !slices.Equal(got, test.want) {
			t.Errorf("%s: changed %v, want %v", name, got, test.want)
		}
	}

	writeFile(t, "app/Dockerfile", "FROM scratch\nLABEL edited=yes\n")
	if got := diff(checked(t, server, before)); !slices.Equal(got, []string{"build.contextDigest"}) {
		t.Errorf("edit: changed %v", got)
	}
}

func TestPreviewBuildsNothing(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///nowhere")
	server := startPlugin(t)
	response, err := server.Create(p.CreateRequest{Urn: urn, Properties: checked(t, server, minimal), DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	if name := asText(response.Properties.Get("baseImageName")); name != "localhost:5001/hello" {
		t.Errorf("baseImageName is %q", name)
	}
	if digest := response.Properties.Get("repoDigest"); !digest.IsComputed() {
		t.Errorf("repoDigest is %v", digest)
	}
}

func TestReadTrustsTheRecord(t *testing.T) {
	server := startPlugin(t)
	request := p.ReadRequest{Urn: urn, ID: "id", Inputs: minimal.props(), Properties: object{"repoDigest": "x@y"}.props()}
	response, err := server.Read(request)
	if err != nil || response.ID != "id" ||
		!property.New(response.Properties).Equals(property.New(request.Properties)) ||
		!property.New(response.Inputs).Equals(property.New(request.Inputs)) {
		t.Errorf("got %v, %v", response, err)
	}
}
