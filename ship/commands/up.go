package commands

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/ship/cluster"
	"example.com/hello-world/ship/docker"
	"example.com/hello-world/ship/service"
	"example.com/hello-world/ship/versions"
	"example.com/hello-world/supplier"
	"example.com/hello-world/supplier/images"
)

func up() *cobra.Command {
	return change("up", "Go from nothing to a service that answers",
		`It supplies the tools, starts the kind cluster if the stack runs there, and runs 'pulumi up', which builds and pushes the image and declares the objects. On kind it does not ask; elsewhere Pulumi shows what it would change, and asks. You can run it again at any time, also after an interruption.

CLUSTER, NODES, HTTP_PORT, REGISTRY and REGISTRY_PORT are the kind cluster's names and ports, PULUMI_BACKEND_URL is where the state is.`,
		func(cmd *cobra.Command, s session) error {
			ctx := cmd.Context()
			onKind, err := s.OnKind(s.stack)
			if err != nil {
				return err
			}
			kind, err := s.cluster()
			if err == nil && onKind {
				err = s.leadsTo(kind, "up")
			}
			if err == nil {
				err = s.supply(ctx)
			}
			if err != nil {
				return err
			}
			if !onKind {
				if err := s.selectStack(ctx); err != nil {
					return err
				}
				if err := s.pulumi.Ask(ctx, "up"); err != nil {
					return err
				}
				return s.status(ctx)
			}
			if err := kind.Up(ctx, s.images()...); err != nil {
				return err
			}
			if err := s.selectStack(ctx); err != nil {
				return err
			}
			return s.upOnKind(ctx, kind)
		})
}

// supply supplies the tools and images that the stack needs.
func (s session) supply(ctx context.Context) error { return supplier.All(ctx, s.Root, s.hasDatabase()) }

// hasDatabase reports whether the stack has a database to develop against.
func (s session) hasDatabase() bool {
	file, err := s.ReadStack(s.stack)
	return err == nil && file.Set("database")
}

// images returns the images that the stack needs in the cluster, beside the Ingress controller's.
func (s session) images() []string {
	if s.hasDatabase() {
		return []string{images.Postgres}
	}
	return nil
}

// leadsTo refuses a command if the stack goes to another cluster than this one, or would use another one's registry or port.
func (s session) leadsTo(kind cluster.Cluster, command string) error {
	file, err := s.ReadStack(s.stack)
	if err != nil || file.Set("kubeconfig") || file.Set("clusterStack") {
		return err
	}
	if before := s.Earlier(s.stack); before != "" && before != s.Project {
		return nil // the keys are of the project's former name
	}
	var wrong, set []string
	differs := func(key, is, want string) {
		if is != want {
			wrong = append(wrong, fmt.Sprintf("the %s %s", key, is))
			set = append(set, fmt.Sprintf("pulumi config set %s %s --stack %s", key, want, s.stack))
		}
	}
	context := cmp.Or(file.Text("context"), usual("context"))
	differs("context", context, kind.Context())
	if command == "up" { // what the stack does not say is as on the usual cluster
		if !file.Set("registry") && !file.Set("image") {
			differs("registry", usual("registry"), kind.RegistryAddress())
		}
		if !file.Set("ingressAddress") && !file.Set("service") {
			differs("ingressAddress", usual("ingressAddress"), kind.WebAddress())
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	if s.Earlier(s.stack) == "" { // there may be none yet
		set = slices.Insert(set, 0, "pulumi stack select --create "+s.stack)
	}
	if s.HasTools() != nil {
		set = slices.Insert(set, 0, `make tools && eval "$(make env)"`)
	}
	refusal := fmt.Errorf("the stack %s goes to %s, but CLUSTER is %s\n  to go to that cluster:\n    %s",
		s.stack, strings.Join(wrong, ", "), kind.Name, strings.Join(set, "\n    "))
	if context == kind.Context() {
		return refusal
	}
	there := map[string]string{"up": "pulumi up, which starts no cluster", "down": "pulumi destroy, which removes no cluster"}[command]
	if name, isKind := strings.CutPrefix(context, "kind-"); isKind {
		there = "make " + command + " CLUSTER=" + name
	}
	return fmt.Errorf("%w\n  to go where the stack says:\n    %s", refusal, there)
}

// usual returns what a key is for target kind, unless the stack sets it.
func usual(key string) string {
	at := slices.IndexFunc(config.Keys, func(k config.Key) bool { return k.Name == key })
	return config.Keys[at].Default[config.Kind]
}

// selectStack selects the stack, or makes it. One that is not the selected one, but was named in STACK, does not become that.
func (s session) selectStack(ctx context.Context) error {
	look, create := []string{"stack", "select"}, []string{"stack", "init"}
	if s.stack != s.Selected() {
		look, create = []string{"stack", "--show-name"}, append(create, "--no-select")
	}
	if _, err := s.pulumi.Output(ctx, look...); err == nil {
		return nil
	}
	// A project that gets another name leaves its stacks behind.
	if before := s.Earlier(s.stack); before != "" {
		return fmt.Errorf("the stack %[1]s belongs to the project's former name, %[2]s, and still runs\n"+
			"  to go on with it:   pulumi stack rename --stack organization/%[2]s/%[1]s organization/%[3]s/%[1]s\n"+
			"  to make another:    make up STACK=NAME", s.stack, before, s.Project)
	}
	return s.pulumi.Ask(ctx, create...)
}

// upOnKind brings up the stack on the running cluster, and ends with an answer from the service.
func (s session) upOnKind(ctx context.Context, kind cluster.Cluster) error {
	// Recreate what the cluster lost since the last time: it may be a new one.
	args := []string{"--refresh"}
	// Push images again that the registry lost: Pulumi takes them to be there forever.
	lost := func(image string) bool { return !kind.HasImage(ctx, image) }
	if runs, err := s.service(ctx); err == nil && slices.ContainsFunc(append(slices.Collect(maps.Values(runs.Images)), runs.Image), lost) {
		args = append(args, "--replace", "**docker:index/image:Image::**")
	}
	if err := s.pulumi.Change(ctx, "up", args...); err != nil {
		return err
	}
	runs, err := s.service(ctx)
	if err != nil {
		return err
	}
	to, err := runs.Reach(ctx)
	if err != nil {
		return err
	}
	s.collect(ctx, kind, runs, to)
	if runs.Replicas == 0 {
		s.Say("stack %s: %s", s.stack, runs.Idle())
		return nil
	}
	// An Ingress controller takes half a second to learn that a Pod drains, and its answer would be no proof.
	pods, err := to.Pods(ctx, runs.Namespace, "app="+runs.App)
	if err == nil && slices.ContainsFunc(pods, kubeconfig.Pod.Leaves) {
		time.Sleep(time.Second)
	}
	answer, err := runs.Answer(ctx, 2*time.Minute, true)
	if err == nil {
		fmt.Fprintf(s.Out, "the service runs: %s\n%s\n", s.Bold(runs.URL), answer)
	}
	return err
}

// collect removes previous builds, which have lost their name, and from the cluster's registry the versions that are too old to
// go back to. If the state is in another backend, it removes none from there: that state cannot tell what is in use. Nothing
// depends on this, so a failure is only a warning.
func (s session) collect(ctx context.Context, kind cluster.Cluster, runs service.Service, to *kubeconfig.Connection) {
	err := docker.PruneBuilds(ctx)
	if err == nil && s.StateIsOwn() && runs.Context == kind.Context() {
		var used []byte // as the ReplicaSets name it
		if _, used, err = to.Get(ctx, "/apis/apps/v1/replicasets"); err == nil {
			var removed bool
			if removed, err = versions.Collect(ctx, string(used), s.StateFolder(), kind.Registry, kind.RegistryAddress()); removed {
				s.Say("registry %s: removed versions that are no longer in use", kind.Registry)
			}
		}
	}
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(s.Out, "warning: old versions stay:", err)
	}
}
