package cluster

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sigs.k8s.io/kind/pkg/cluster"
	"sigs.k8s.io/yaml"

	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/ship/docker"
	"example.com/hello-world/ship/lock"
	"example.com/hello-world/supplier/progress"
)

// Up starts the cluster and its registries, and waits until they are ready. Its nodes then find further images of Docker Hub in
// the registry, too. It can run again at any time, also after an interruption.
func (c Cluster) Up(ctx context.Context, further ...string) error {
	if !docker.Answers(ctx) {
		return errors.New("no Docker Engine answers: start Docker, or run 'make tools' as root on Debian, which installs and starts one")
	}
	release, err := lock.Take(ctx, filepath.Join(os.TempDir(), fmt.Sprintf("hello-world-%d-%s.lock", os.Getuid(), c.Name)), func() {
		c.Begins("cluster %s: waiting for another make up, which works on it", c.Name)
	})
	if err != nil {
		return err
	}
	defer release()
	nodes, err := c.nodes()
	if err == nil {
		err = c.check(ctx, nodes)
	}
	if err != nil {
		return err
	}
	nodeImage, traefik, err := c.images()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := c.registryUp(ctx); err != nil {
		return err
	}
	if nodes, err = c.nodesUp(ctx, nodes, nodeImage); err != nil {
		return err
	}
	to, err := c.awaitReady(ctx, nodes)
	for _, step := range []func() error{
		func() error { return c.readerUp(ctx) },
		func() error { return c.wire(ctx, nodes) },
		func() error { return c.shut(ctx) },
		func() error { return c.declare(ctx, to) },
		func() error { return c.declareGateways(ctx, to) },
		func() error { return c.fill(ctx, append(further, traefik)...) },
		func() error { return c.awaitCurrent(ctx, to, nodes) },
	} {
		if err == nil {
			err = step()
		}
	}
	if err == nil {
		c.Say("cluster %s: ready after %s", c.Name, progress.Span(time.Since(began)))
	}
	return err
}

// nodes returns the containers of the cluster's nodes.
func (c Cluster) nodes() (names []string, err error) {
	nodes, err := c.kind(io.Discard).ListNodes(c.Name)
	for _, node := range nodes {
		names = append(names, node.String())
	}
	return names, err
}

// nodesUp creates the cluster, or starts the one that is there.
func (c Cluster) nodesUp(ctx context.Context, nodes []string, image string) ([]string, error) {
	if c.HalfMade(ctx) {
		c.Begins("cluster %s: its creation was interrupted, recreating it", c.Name)
		if err := c.kind(io.Discard).Delete(c.Name, ""); err != nil {
			return nil, err
		}
		nodes = nil
	}
	if len(nodes) == 0 {
		if err := c.create(ctx, image); err != nil {
			return nil, err
		}
		return c.nodes()
	}
	for _, node := range nodes {
		if !running(ctx, node) {
			if _, err := docker.Run(ctx, "start", node); err != nil {
				return nil, err
			}
		}
	}
	return nodes, nil
}

func (c Cluster) create(ctx context.Context, image string) error {
	c.Begins("cluster %s: creating, usually 30s", c.Name)
	log, err := c.createLog()
	if err != nil {
		return err
	}
	defer log.Close()
	if _, err := docker.Run(ctx, "volume", "create", "--label", c.label(), c.creating()); err != nil {
		return err
	}
	made := make(chan error, 1)
	go func() { // kind cannot be interrupted
		made <- c.kind(log).Create(c.Name, cluster.CreateWithV1Alpha4Config(c.definition(image)), cluster.CreateWithDisplayUsage(false), cluster.CreateWithDisplaySalutation(false))
	}()
	select {
	case err = <-made:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err != nil {
		return c.cause(err, log.Name())
	}
	if _, err := docker.Run(ctx, "exec", c.controlPlane(), "touch", mark); err != nil {
		return err
	}
	_, err = docker.Run(ctx, "volume", "rm", c.creating())
	return err
}

// awaitReady waits until the cluster works, however slow the machine is. It never deletes one, whatever it lacks: other stacks
// may be on it.
func (c Cluster) awaitReady(ctx context.Context, nodes []string) (to *kubeconfig.Connection, err error) {
	exported := false
	return to, c.until(ctx, "waiting for its nodes, usually 20s", func() (missing []string, err error) {
		if !exported && c.kind(io.Discard).ExportKubeConfig(c.Name, "", false) != nil {
			return []string{"its control plane gives out no kubeconfig"}, nil
		}
		exported = true
		if to, err = c.connect(ctx); err != nil {
			return []string{"its API does not answer"}, nil
		}
		return notReady(ctx, to, nodes)
	}, func(missing string) error {
		return fmt.Errorf("cluster %s exists, but does not work after 10 minutes: %s\n"+
			"  'docker logs %s' may say why; 'make down' removes it with all that is on it", c.Name, missing, c.controlPlane())
	})
}

func (c Cluster) awaitCurrent(ctx context.Context, to *kubeconfig.Connection, nodes []string) error {
	return c.until(ctx, "waiting for the control plane to catch up, usually 30s", func() ([]string, error) { return c.outdated(ctx, to, nodes) }, func(outdated string) error {
		return fmt.Errorf("no news since the restart of %s: 'kubectl get nodes,pods --all-namespaces --context %s' shows what is missing", outdated, c.Context())
	})
}

//go:embed superseded.yaml
var superseded string

// declare declares what the project needs in the cluster beside its stacks.
func (c Cluster) declare(ctx context.Context, to *kubeconfig.Connection) error {
	const admission = "/apis/admissionregistration.k8s.io/v1/"
	paths := []string{admission + "validatingadmissionpolicies/hello-world-superseded", admission + "validatingadmissionpolicybindings/hello-world-superseded"}
	for i, text := range strings.Split(superseded, "\n---\n") {
		var object map[string]any
		if err := yaml.Unmarshal([]byte(text), &object); err != nil {
			return err
		}
		if err := to.Apply(ctx, paths[i], object); err != nil {
			return err
		}
	}
	return to.Apply(ctx, "/api/v1/namespaces/kube-public/configmaps/local-registry-hosting", map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{"name": "local-registry-hosting", "namespace": "kube-public"},
		"data": map[string]any{"localRegistryHosting.v1": "host: \"" + c.RegistryAddress() + "\"\n" +
			"help: \"https://kind.sigs.k8s.io/docs/user/local-registry/\"\n"},
	})
}
