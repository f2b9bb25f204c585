package main

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/wait"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/headlamp"
	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/traefik"
)

// deletionPatience is how long namespaces may take to go. Their Pods drain first. Usually it takes 25 s, and several times
// that on a slow machine.
const deletionPatience = 10 * time.Minute

// neededNamespace is a namespace that the stack declares, and the configuration that demands it.
type neededNamespace struct{ name, key, cause string }

func neededNamespaces(cfg config.Config) []neededNamespace {
	needed := []neededNamespace{{cfg.Namespace, "namespace", fmt.Sprintf("is %q", cfg.Namespace)}}
	if cfg.InstallsIngressController() {
		needed = append(needed, neededNamespace{traefik.Namespace, "ingressClass",
			fmt.Sprintf("is %q, whose controller goes into %q", cfg.IngressClass, traefik.Namespace)})
	}
	if cfg.Dashboard {
		needed = append(needed, neededNamespace{headlamp.Namespace, "dashboard",
			fmt.Sprintf("is true, and it goes into %q", headlamp.Namespace)})
	}
	return needed
}

// checkNamespaces refuses namespaces that the stack needs and that the state with that id may not have. Of the others, it returns
// those that no state has yet, and those that are being deleted.
func checkNamespaces(
	ctx *pulumi.Context, cfg config.Config, id string, cluster *kubeconfig.Connection,
) (unclaimed, leaving []string, err error) {
	var foreign config.Mistakes
	var otherState []neededNamespace
	seen := map[string]bool{}
	for _, needed := range neededNamespaces(cfg) {
		if seen[needed.name] {
			foreign = append(foreign, config.Mistake{Key: "namespace", Problem: fmt.Sprintf(
				"is %q, which the stack uses for something else, because %s %s: it must be another one", needed.name, needed.key, needed.cause)})
			continue
		}
		seen[needed.name] = true
		found, err := cluster.Namespace(ctx.Context(), needed.name)
		switch {
		case unlessHidden(err) != nil:
			return nil, nil, unusable(cfg, err)
		case found == nil:
		case needed.key == "namespace" && givenTo(found, namespace.Owner(ctx)):
			if len(cfg.NamespaceLabels) > 0 {
				foreign = append(foreign, config.Mistake{Key: "namespaceLabels", Problem: fmt.Sprintf(
					"has no effect on %q, which somebody else made for this stack: remove it", needed.name)})
			}
		case found.Annotations[namespace.OwnerAnnotation] != namespace.Owner(ctx) && !madeBy(found, id):
			foreign = append(foreign, refuseForeign(ctx, cfg, needed, found))
		case !claimable(found) && !madeBy(found, id):
			otherState = append(otherState, needed)
		case needed.key == "namespace" && !madeFor(found, app):
			foreign = append(foreign, refuseOtherService(needed, found))
		case found.DeletionTimestamp != nil:
			leaving = append(leaving, needed.name)
		case claimable(found):
			unclaimed = append(unclaimed, needed.name)
		}
	}
	if len(otherState) > 0 {
		foreign = append(foreign, refuseOtherState(cfg, otherState))
	}
	return unclaimed, leaving, foreign.OrNil()
}

// refuseForeign refuses a namespace of another owner. The Kubernetes provider would take it over silently, and `pulumi
// destroy` would delete it with all that its owner has there.
func refuseForeign(ctx *pulumi.Context, cfg config.Config, needed neededNamespace, found *kubeconfig.Object) config.Mistake {
	owner := "is not this stack's"
	wayOut := fmt.Sprintf(`To give it to this stack: "kubectl annotate namespace %s --context %s --overwrite %s=%s %s=%s"`,
		needed.name, quoted(cfg.Context), namespace.OwnerAnnotation, namespace.Owner(ctx), namespace.StateAnnotation, namespace.Released)
	if to := found.Annotations[namespace.GivenAnnotation]; to != "" {
		owner, wayOut = "is given to "+to, ""
	}
	if needed.name == "default" || strings.HasPrefix(needed.name, "kube-") {
		wayOut = "" // nobody would want that deleted
	}
	if stack := found.Annotations[namespace.OwnerAnnotation]; stack != "" {
		owner = "belongs to stack " + stack
		if path.Base(stack) == ctx.Stack() {
			wayOut = fmt.Sprintf(`If the project was called %s before: "pulumi stack rename --stack %s %s", in the place of the stack that `+
				`is there now, goes on with what runs`, path.Base(path.Dir(stack)), stack, namespace.Owner(ctx))
		}
	}
	return config.Mistake{Key: needed.key, Problem: strings.TrimSpace(fmt.Sprintf(
		"%s, a namespace that already exists and %s: it must be one that is not there yet, because "+
			`"pulumi destroy" deletes it with all that is in it. %s`, needed.cause, owner, wayOut))}
}

// claimable reports whether no state has a namespace: people released it, or a version of this program made it that did not
// say whose it is.
func claimable(found *kubeconfig.Object) bool {
	of := found.Annotations[namespace.StateAnnotation]
	return of == "" || of == namespace.Released
}

// madeBy reports whether a namespace names the state with that id. The stack may have had another name then: `pulumi stack
// rename` gives it, or its project, a new one.
func madeBy(found *kubeconfig.Object, id string) bool {
	return found.Annotations[namespace.StateAnnotation] == id
}

// madeFor reports whether a namespace was made for that service. Those that earlier versions of this program made do not say.
func madeFor(found *kubeconfig.Object, service string) bool {
	of := found.Annotations[namespace.ServiceAnnotation]
	return of == "" || of == service
}

// refuseOtherService refuses the namespace of a service that the program has renamed. Pulumi would take that for a new
// service with a namespace of its own, which is there already, and delete the old one's with all that is in it.
func refuseOtherService(needed neededNamespace, found *kubeconfig.Object) config.Mistake {
	return config.Mistake{Key: needed.key, Problem: fmt.Sprintf(
		"%s, which was made for the service %q, and now that is called %q: the old service would take the namespace along. "+
			`"pulumi config set namespace NAME", where NAME is not there yet, moves the service to its new name`,
		needed.cause, found.Annotations[namespace.ServiceAnnotation], app)}
}

// refuseOtherState refuses namespaces that belong to another state of this stack. With two states for one namespace, each would
// undo what the other does, and `pulumi destroy` with either would take it from both.
func refuseOtherState(cfg config.Config, needed []neededNamespace) config.Mistake {
	var names []string
	for _, one := range needed {
		names = append(names, one.name)
	}
	all := strings.Join(names, " ")
	return config.Mistake{Key: needed[0].key, Problem: fmt.Sprintf(
		"%s, and another state of this stack has what runs there (%s): a lost one, or that of another checkout or machine. "+
			`To go on from here, type "kubectl annotate namespace %s --context %s --overwrite %s=%s" and then the same again. `+
			`From then on the other state is refused, and gets it back by the same command`,
		needed[0].cause, all, all, quoted(cfg.Context), namespace.StateAnnotation, namespace.Released)}
}

// refuseLeaving waits until namespaces of the stack that are being deleted are gone, and then refuses to update. An interrupted
// `pulumi destroy` or someone else deletes them. The stack's state still has them, so the update would put everything into a
// namespace that takes it along, and call that a success. Only a refresh can update the state, and that runs before the program.
func refuseLeaving(ctx *pulumi.Context, cfg config.Config, cluster *kubeconfig.Connection, names []string) error {
	if len(names) == 0 {
		return nil
	}
	if err := ctx.Log.Info(fmt.Sprintf("waiting for namespaces that are being deleted, usually 25s: %q", names), nil); err != nil {
		return err
	}
	var leaving string
	err := wait.PollUntilContextTimeout(ctx.Context(), time.Second, deletionPatience, true, func(context.Context) (gone bool, err error) {
		for _, leaving = range names {
			found, err := cluster.Namespace(ctx.Context(), leaving)
			if err != nil {
				return false, unusable(cfg, err)
			}
			if found != nil && found.DeletionTimestamp != nil {
				return false, nil
			}
		}
		return true, nil
	})
	if ctx.Context().Err() != nil {
		return ctx.Context().Err()
	}
	if wait.Interrupted(err) {
		return fmt.Errorf("nothing was changed, these namespaces are being deleted: %q, and %q is still there after %s; "+
			`"kubectl describe namespace %s --context %s" says why`, names, leaving, deletionPatience, leaving, cfg.Context)
	}
	if err != nil {
		return err
	}
	return fmt.Errorf(`nothing was changed, these namespaces were being deleted and are gone now: %q; `+
		`"pulumi up --refresh" recreates them`, names)
}

// uids are the uids of the namespaces that the program declares, by name; "" or unknown in a preview that would create one.
type uids map[string]pulumi.StringOutput

// confirmNamespaces ends the program if a namespace in the state no longer exists.
func (s *stack) confirmNamespaces() {
	for name, uid := range s.namespaces {
		uid.ApplyT(func(uid string) string {
			if err := confirmNamespace(s.ctx, s.cluster, name, uid); err != nil {
				fail(s.ctx, err, nil)
			}
			return uid
		})
	}
}

// claimNamespaces gives this state the namespaces that no state has: Pulumi marks only what it creates. It waits for the image,
// so that an update that fails before that claims nothing.
func (s *stack) claimNamespaces(image pulumi.StringInput) {
	if s.ctx.DryRun() || len(s.unclaimed) == 0 {
		return
	}
	_ = s.ctx.Log.Warn(fmt.Sprintf("this state takes over the namespaces %s. What only the last state declared there stays, such as "+
		"an autoscaler: delete it by hand", strings.Join(s.unclaimed, " ")), nil)
	for _, name := range s.unclaimed {
		pulumi.All(s.state, s.namespaces[name], image).ApplyT(func(all []any) bool {
			err := s.cluster.Annotate(s.ctx.Context(), kubeconfig.NamespacePath(name), namespace.StateAnnotation, all[0].(string))
			if err != nil {
				fail(s.ctx, err, nil)
			}
			return true
		})
	}
}

// confirmNamespace returns an error if a namespace in the stack's state is gone: someone deleted it, or a `pulumi destroy`
// did and was interrupted before it heard so. The engine, which asks only the state, would call it and all that was in it
// unchanged.
func confirmNamespace(ctx *pulumi.Context, cluster *kubeconfig.Connection, name, uid string) error {
	if uid == "" {
		return nil
	}
	found, err := cluster.Namespace(ctx.Context(), name)
	if err != nil || found != nil && string(found.UID) == uid {
		return nil // the provider reports whatever is wrong with the cluster
	}
	return fmt.Errorf(`namespace %q, which the stack's state has, was deleted from the cluster; `+
		`"pulumi up --refresh" recreates it, with all that was in it`, name)
}
