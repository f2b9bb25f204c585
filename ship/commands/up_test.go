package commands

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/hello-world/ship/checkout"
	"example.com/hello-world/ship/cluster"
)

// A stack goes to the cluster that is started for it, or nothing is started.
func TestUpToAnotherCluster(t *testing.T) {
	for _, test := range []struct {
		cluster, file string
		says          []string
	}{
		{"mine", "", []string{"the stack dev goes to the context kind-app-cluster", "but CLUSTER is mine",
			"pulumi stack select --create dev", "pulumi config set context kind-mine --stack dev", "make up CLUSTER=app-cluster"}},
		{"", "config: {hello-world:context: kind-other}", []string{"the context kind-other", "but CLUSTER is app-cluster", "make up CLUSTER=other"}},
		{"", "config: {hello-world:context: docker-desktop}", []string{"pulumi up, which starts no cluster"}},
	} {
		c := newCheckout(t)
		t.Setenv("CLUSTER", test.cluster)
		if test.file != "" {
			c.write(t, "Pulumi.dev.yaml", test.file)
		}
		c.write(t, "bin/pulumi", "#!/bin/sh\necho destroyed; exit 1\n")
		c.write(t, "bin/kubectl", "#!/bin/sh\n")
		for _, command := range []string{"up", "down"} {
			said, err := c.runs(t, command)
			for _, words := range test.says {
				words = strings.NewReplacer("make up", "make "+command, "pulumi up, which starts", map[string]string{
					"up": "pulumi up, which starts", "down": "pulumi destroy, which removes"}[command]).Replace(words)
				if err == nil || !strings.Contains(said, words) || strings.Contains(said, "destroyed") {
					t.Errorf("%s with CLUSTER=%s and %q: it lacks %q: %s, error %v", command, test.cluster, test.file, words, said, err)
				}
			}
		}
	}
}

// A cluster has ports of its own, and a stack that does not say them would use those of the usual cluster: its registry, say.
func TestUpWithOtherPorts(t *testing.T) {
	t.Setenv("CLUSTER", "mine")
	t.Setenv("HTTP_PORT", "9190")
	t.Setenv("REGISTRY_PORT", "9191")
	for file, says := range map[string]string{
		"config: {}": "the context kind-app-cluster, the registry localhost:5001, the ingressAddress 127.0.0.1:8080, but CLUSTER is mine",
		"config: {hello-world:context: kind-mine}":                                         "goes to the registry localhost:5001, the ingressAddress 127.0.0.1:8080, but CLUSTER is mine",
		"config: {hello-world:context: kind-mine, hello-world:registry: 'localhost:9191'}": "pulumi config set ingressAddress 127.0.0.1:9190 --stack dev",
	} {
		c := newCheckout(t)
		c.write(t, "Pulumi.dev.yaml", file)
		if said, err := c.runs(t, "up"); err == nil || !strings.Contains(said, says) || !strings.Contains(said, "make tools && eval") {
			t.Errorf("%s: it lacks %q: %s, error %v", file, says, said, err)
		}
	}
}

// The keys of a stack that was made under another name of the project are not read: it is told to rename it.
func TestRenamedProjectsCluster(t *testing.T) {
	c := newCheckout(t)
	c.write(t, "Pulumi.dev.yaml", "config: {before:context: kind-mine}")
	for project, leads := range map[string]bool{"hello-world": false, "before": true} {
		c.write(t, ".pulumi-state/.pulumi/stacks/"+project+"/dev.json", `{"urn": "x"}`)
		opened, err := checkout.Open(".")
		if err != nil {
			t.Fatal(err)
		}
		s := session{Checkout: opened, stack: "dev"}
		if err := s.leadsTo(cluster.Cluster{Name: "mine"}, "up"); (err == nil) != leads {
			t.Errorf("with a stack of %s: %v", project, err)
		}
		if err := os.RemoveAll(filepath.Join(string(c), ".pulumi-state")); err != nil {
			t.Fatal(err)
		}
	}
}
