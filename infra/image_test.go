package main

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/declared"
	"example.com/hello-world/infra/preflight"
)

func TestImageIsBuiltAndRunByDigest(t *testing.T) {
	objects := deployed(t, "registry=localhost:5001")
	images := objects.OfType(":Image")
	if len(images) != 1 {
		t.Fatalf("%d images are built, want 1", len(images))
	}
	images[0].Expect(t, map[string]any{
		"imageName": "localhost:5001/hello-world:state-id", "build.context": "..", "build.dockerfile": "../Dockerfile",
		"build.platform": "linux/" + runtime.GOARCH, "registry": nil,
	})
	objects.One(t, ":Deployment", app).Expect(t, map[string]any{
		"spec.template.spec.containers.0.image": "localhost:5001/hello-world@" + declared.Digest,
	})
}

// An image that cannot be pushed leaves nothing behind in the cluster.
func TestNothingIsDeployedBeforeTheImage(t *testing.T) {
	objects := deployed(t, "registryUsername=me", "!registryPassword=geheim")
	image := slices.IndexFunc(objects, func(o declared.Object) bool { return strings.HasSuffix(o.Type, ":Image") })
	for i, object := range objects {
		if object.At("metadata.namespace") == "hello" || object.At("metadata.name") == app {
			if i < image {
				t.Errorf("%s %s is declared before the image is there", object.Type, object.Name)
			}
		}
	}
}

// A held version runs whatever else the stack says, and nothing is built.
func TestHold(t *testing.T) {
	const held = "localhost:5001/hello-world@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	objects := deployed(t, "registry=localhost:5001", "hold="+held)
	if images := objects.OfType(":Image"); len(images) > 0 {
		t.Errorf("%d images are built, want none", len(images))
	}
	objects.One(t, ":Deployment", app).Expect(t, map[string]any{"spec.template.spec.containers.0.image": held})
}

func TestPrebuiltImageIsNotBuilt(t *testing.T) {
	objects := deployed(t, "image="+prebuilt, "registryUsername=me", "!registryPassword=geheim")
	if images := objects.OfType(":Image"); len(images) != 0 {
		t.Errorf("%d images are built, want none", len(images))
	}
	objects.One(t, ":Deployment", app).Expect(t, map[string]any{"spec.template.spec.containers.0.image": prebuilt})
	secret := objects.One(t, ":Secret", app+"-registry")
	if contents, _ := secret.At("stringData", ".dockerconfigjson").(string); !strings.Contains(contents, `"ghcr.io"`) {
		t.Errorf("the pull secret is not for the image's registry: %s", contents)
	}
}

func TestBuildOptions(t *testing.T) {
	objects := deployed(t, "registry=ghcr.io/me", "platform=linux/arm64", `buildArgs={"GO_IMAGE":"golang:1.26"}`,
		"registryUsername=me", "!registryPassword=geheim")
	image := objects.OfType(":Image")[0]
	image.Expect(t, map[string]any{
		"imageName": "ghcr.io/me/hello-world:state-id", "build.platform": "linux/arm64", "build.args.GO_IMAGE": "golang:1.26",
		"registry.server": "ghcr.io", "registry.username": "me", "registry.password": "geheim",
	})
	if !image.Secret("registry") {
		t.Error("the push password is not a secret to Pulumi")
	}
	objects.One(t, ":Secret", app+"-registry")
}

// Nodes need not have the rights of builds.
func TestPullCredentials(t *testing.T) {
	objects := deployed(t, "registry=ghcr.io/me", "registryUsername=pusher", "!registryPassword=geheim",
		"pullUsername=puller", "!pullPassword=versteckt")
	objects.OfType(":Image")[0].Expect(t, map[string]any{"registry.username": "pusher", "registry.password": "geheim"})
	contents, _ := objects.One(t, ":Secret", app+"-registry").At("stringData", ".dockerconfigjson").(string)
	if !strings.Contains(contents, `"username":"puller","password":"versteckt"`) || strings.Contains(contents, "geheim") {
		t.Errorf("the pull secret is %s", contents)
	}
}

// A map that is configured as a secret stays one.
func TestSecretMaps(t *testing.T) {
	for _, mark := range []string{"", "!"} {
		objects := deployed(t, mark+`buildArgs={"TOKEN":"geheim"}`, mark+`ingressAnnotations={"example.com/token":"geheim"}`)
		for input, object := range map[string]declared.Object{
			"build": objects.OfType(":Image")[0], "metadata": objects.One(t, ":Ingress", app+"-ingress"),
		} {
			if object.Secret(input) != (mark == "!") {
				t.Errorf("with %q, the %s of %s is a secret: %v", mark, input, object.Type, object.Secret(input))
			}
		}
	}
}

// What is promoted is built nowhere again, and the key names the server's image only.
func TestFurtherImageIsNotPromoted(t *testing.T) {
	s := stack{Cleared: &preflight.Cleared{Config: config.Config{Image: prebuilt}}}
	if _, err := s.furtherImage("prices", "prices/Dockerfile"); err == nil || !strings.Contains(err.Error(), "nothing was changed") || !strings.Contains(err.Error(), "image of prices") {
		t.Errorf("a further image beside the key image: %v", err)
	}
}
