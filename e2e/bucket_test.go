//go:build e2e

package e2e

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// state keeps what Pulumi knows elsewhere than in the checkout.
var state = drive.Suite{Name: "State", Scenarios: []drive.Scenario{
	{Name: "Backup", Run: testBackup, Soak: true},
	{Name: "Bucket", Run: testBucket, Soak: true},
}}

// testBucket goes back a version and forward again with a stack whose state is in a bucket of S3.
func testBucket(t *testing.T) {
	hello.Running(t) // the Ingress controller
	const name, path = "bucket", "/bucket"
	stack := hello.With(
		"PULUMI_BACKEND_URL=s3://states/of/teams?endpoint=http://"+bucket(t, "states")+"&use_path_style=true",
		"AWS_ACCESS_KEY_ID=anybody", "AWS_SECRET_ACCESS_KEY=anything", "AWS_REGION=us-east-1",
	)
	stack.Pulumi(t, "stack", "init", name)
	t.Cleanup(func() {
		stack.Pulumi(t, "destroy", "--stack", name)
		stack.Pulumi(t, "stack", "rm", name, "--yes")
	})
	stack.Configure(t, append(drive.Configuration(site.Settings), "rolloutTimeout=600", "addressTimeout=600",
		"ingressController=none", "namespace="+name, "path="+path, "drainTime=1")...) // it is gone sooner

	stack.Pulumi(t, "up")
	first := stack.Outputs(t).Image
	hello.Edit(t, "app/hello.go", "Hello world", "Hello again")
	stack.Pulumi(t, "up")
	second := stack.Outputs(t).Image
	if first == second {
		t.Fatalf("two versions of the source gave one image, %s", first)
	}
	// The targets of make mean the stack that is selected there, not the one that is in the checkout.
	for _, to := range []struct{ target, image string }{{"rollback", first}, {"forward", second}} {
		if said, err := stack.Output("make", to.target); err != nil {
			t.Fatal(said, err)
		}
		if now := stack.Outputs(t).Image; now != to.image {
			t.Errorf("make %s runs %s, want %s", to.target, now, to.image)
		}
	}
	said, err := stack.Output("make", "history")
	for _, image := range []string{first, second} {
		_, digest, _ := strings.Cut(image, "@sha256:")
		if err != nil || !strings.Contains(said, digest[:12]) {
			t.Errorf("make history lacks %s: %s, error %v", image, said, err)
		}
	}

	elsewhere := stack.With("PULUMI_BACKEND_URL=https://api.example.com")
	if said, err := elsewhere.Output("make", "rollback", "STACK="+name); err == nil || !strings.Contains(err.Error(), "the state is in https://api.example.com, which does not give out old versions") {
		t.Errorf("a backend without old versions is not refused: %s, error %v", said, err)
	}
}

// bucket runs a stand-in for S3 on this machine with an empty bucket, and returns its address.
func bucket(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "s3")
	if said, err := hello.Output("go", "build", "-C", "e2e/testdata/bucket", "-o", program, "github.com/johannesboyne/gofakes3/cmd/gofakes3"); err != nil {
		t.Fatal(said, err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	cmd := hello.Command(context.Background(), program, "-host", address, "-backend", "memory", "-initialbucket", name)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	drive.Eventually(t, "http://"+address, func(int, string) bool { return true })
	return address
}
