package preflight

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/kubeconfig"
)

// look compares what the stack claims with what is in the cluster.
type look struct {
	ctx     *pulumi.Context
	cfg     config.Config
	cluster *kubeconfig.Connection
	service string // its name
	state   string // the id of the stack's state

	known map[string]answer // by the API's path
}

// found is what a look found out.
type found struct {
	given     bool     // the service's namespace was given
	gateway   *Gateway // the one that the configuration names; nil if it names none
	gateways  bool     // the cluster has Gateway API
	former    []string // the API's paths of the stack's ways in other namespaces for the service's host and path
	replaces  bool     // an Ingress takes the place of an HTTPRoute, or the other way round
	unclaimed []claim  // what no state has
}

// claims refuses what the stack claims and somebody else has.
func (l *look) claims() (result found, err error) {
	if result.given, err = l.given(); err != nil {
		return result, l.unusable(err)
	}
	if result.gateway, result.gateways, err = l.gateway(); err != nil {
		return result, err
	}
	if err := l.stripping(); err != nil {
		return result, err
	}
	routes, replaces, err := l.routes(result.gateways)
	if err != nil {
		return result, l.unusable(err)
	}
	result.replaces = replaces
	var refused config.Mistakes
	var otherState, leaving []claim
	objects := l.objects(result.given, result.gateways)
	if i := slices.IndexFunc(objects[1:], func(c claim) bool { return c.path == objects[0].path }); i >= 0 {
		other := objects[1+i]
		return result, config.Refuse("namespace", "is %q, which the stack uses for something else, because %s %s: it must be another one",
			l.cfg.Namespace, other.key, other.cause)
	}
	for _, claim := range slices.Concat(objects, routes) {
		object, err := l.object(claim.path)
		if err != nil {
			return result, l.unusable(err)
		}
		if object == nil || claim.goesWith != "" && goesWith(object, claim.goesWith) {
			continue
		}
		owner, err := l.ownerOf(object)
		if err != nil {
			return result, l.unusable(err)
		}
		switch ours := owner.state == l.state; {
		case ours && claim.route:
			result.former = append(result.former, claim.path)
		case !ours && claim.means == "": // there may be two
		case !ours && owner.stack == namespace.Owner(l.ctx) && owner.hasState() && claim.kind == "Namespace":
			otherState = append(otherState, claim)
		case !ours && (owner.stack != namespace.Owner(l.ctx) || owner.hasState() || claim.route):
			refused = append(refused, l.refuse(claim, owner))
		case claim.key == "namespace" && owner.service != "" && owner.service != l.service:
			refused = append(refused, l.refuseOtherService(owner))
		case object.DeletionTimestamp != nil && claim.kind == "Namespace":
			leaving = append(leaving, claim)
		case !ours: // people released it
			result.unclaimed = append(result.unclaimed, claim)
		}
	}
	if len(otherState) > 0 {
		refused = append(refused, l.refuseOtherState(otherState))
	}
	if err := refused.OrNil(); err != nil {
		return result, err
	}
	return result, l.awaitGone(leaving)
}

// given reports whether an administrator made the service's namespace for this stack, or for all, and no state has claimed it.
func (l *look) given() (bool, error) {
	object, err := l.object(kubeconfig.NamespacePath(l.cfg.Namespace))
	if err != nil || object == nil {
		return false, err
	}
	to := object.Annotations[namespace.GivenAnnotation]
	return (to == namespace.Owner(l.ctx) || to == "all") && object.Annotations[namespace.StateAnnotation] == "", nil
}

// takeOver makes what no state has this state's. Pulumi would mark only what it creates.
func (l *look) takeOver(unclaimed []claim) error {
	if len(unclaimed) == 0 {
		return nil
	}
	var names []string
	for _, claim := range unclaimed {
		names = append(names, claim.released)
	}
	if err := l.ctx.Log.Warn("this state takes over: "+strings.Join(names, ", ")+`. From then on, "pulumi destroy" deletes that with all that `+
		"is in it. What only another state declared there stays until then, such as an autoscaler: delete it by hand", nil); err != nil || l.ctx.DryRun() {
		return err
	}
	for _, claim := range unclaimed {
		if err := l.cluster.Annotate(l.ctx.Context(), claim.path, namespace.StateAnnotation, l.state); err != nil {
			return err
		}
	}
	return nil
}

// object returns the object at a path of the API; nil if there is none, or if these credentials may not look.
func (l *look) object(path string) (*kubeconfig.Object, error) {
	object, err := l.ask(path)
	return object, unlessForbidden(err)
}

// ask returns what [kubeconfig.Connection.Object] does. It asks once.
func (l *look) ask(path string) (*kubeconfig.Object, error) {
	if said, known := l.known[path]; known {
		return said.object, said.err
	}
	object, err := l.cluster.Object(l.ctx.Context(), path)
	if unlessForbidden(err) == nil {
		l.remember(path, answer{object, err})
	}
	return object, err
}

// answer is what the cluster says of an object.
type answer struct {
	object *kubeconfig.Object
	err    error // that these credentials may not look
}

func (l *look) remember(path string, said answer) {
	if l.known == nil {
		l.known = map[string]answer{}
	}
	l.known[path] = said
}

func (l *look) unusable(err error) error { return unusable(l.cfg, err) }
