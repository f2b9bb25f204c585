package config_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"example.com/hello-world/infra/config"
)

// A held version brings its own values of the keys that belong to a version; what it lacks is unset, whatever the stack says.
func TestHeldVersion(t *testing.T) {
	got, err := config.Parse(source(
		`!hold={"image":"`+image+`","images":{"prices":"`+image+`"},"env":{"A":"then"},"secretEnv":{"B":"geheim"},"args":["serve"],"port":"9190"}`,
		`env={"A":"now","C":"now"}`, "port=80", "memory=1Gi/1Gi", "healthPath=/health", "replicas=3"))
	if err != nil {
		t.Fatal(err)
	}
	usual, err := config.Parse(source())
	if err != nil {
		t.Fatal(err)
	}
	want := usual
	want.Hold, want.Replicas, want.Port = image, 3, 9190
	want.HeldImages = map[string]string{"prices": image}
	want.Env, want.SecretEnv, want.Args = map[string]string{"A": "then"}, map[string]config.Secret{"B": "geheim"}, []string{"serve"}
	want.Encrypted = []string{"secretEnv"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// An image alone is held with what the stack says.
func TestHeldImage(t *testing.T) {
	got, err := config.Parse(source("hold="+image, "port=80"))
	if err != nil || got.Hold != image || got.Port != 80 {
		t.Errorf("it holds %q on port %d, error %v", got.Hold, got.Port, err)
	}
}

func TestRefusedHold(t *testing.T) {
	for _, test := range []struct {
		hold, key, says string
	}{
		{`hold={"port":"80"}`, "hold", "has no image"},
		{`hold={"image":"hello:latest"}`, "hold", `is "hello:latest"`},
		{`hold={"image":"` + image + `","images":{"prices":"prices:latest"}}`, "hold", `has the images {"prices":"prices:latest"}: they must be`},
		{`hold={"image":"` + image + `","replicas":"3"}`, "hold", "has replicas, which does not belong to a version"},
		{`hold={"image":"` + image + `"`, "hold", "it must be an image"},
		{`hold={"image":"` + image + `","port":"geheim"}`, "port", `in hold is "geheim"`},
		{`!hold={"image":"` + image + `","port":"geheim"}`, "port", "in hold is a secret that is not shown"},
		{`hold={"image":"` + image + `","secretEnv":{"A":"geheim"}}`, "secretEnv", "in hold is stored in plain text"},
		{`hold={"image":"` + image + `","livenessPath":"/live"}`, "hold", "has livenessPath, which is not a key any more: healthPath takes it"},
		{"!hold=" + image, "hold", "stored as a secret"},
	} {
		_, err := config.Parse(source(test.hold))
		if got := mistakes(t, err); len(got) != 1 || got[0].Key != test.key || !strings.Contains(got[0].Problem, test.says) {
			t.Errorf("%s: got %v, want that %s %s", test.hold, err, test.key, test.says)
		}
		if secret := test.hold[0] == '!' || test.key == "secretEnv"; secret && strings.Contains(fmt.Sprint(err), "geheim") {
			t.Errorf("%s: the message shows a secret: %v", test.hold, err)
		}
	}
}
