package preflight

import (
	"fmt"
	"path"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/kubeconfig"
)

// owner says whose an object is.
type owner struct {
	stack   string // its full name; "" if no stack's
	state   string // the id of its state. The stack may have had another name then: `pulumi stack rename` gives it a new one
	givenTo string // the stack that an administrator made the namespace for, or "all"
	service string // what a namespace was made for; "" if earlier versions of this program made it
}

// hasState reports whether a state has the object. Otherwise people released it, or a version of this program made it that did
// not say whose it is.
func (o owner) hasState() bool { return o.state != "" && o.state != namespace.Released }

// ownerOf returns whose an object is: its annotations say so, or those of its namespace.
func (l *look) ownerOf(object *kubeconfig.Object) (owner, error) {
	marked := object
	if object.Namespace != "" && object.Annotations[namespace.StateAnnotation] == "" {
		of, err := l.object(kubeconfig.NamespacePath(object.Namespace))
		if err != nil {
			return owner{}, err
		}
		if of != nil {
			marked = of
		}
	}
	return owner{
		stack: marked.Annotations[namespace.OwnerAnnotation], state: marked.Annotations[namespace.StateAnnotation],
		givenTo: marked.Annotations[namespace.GivenAnnotation], service: marked.Annotations[namespace.ServiceAnnotation],
	}, nil
}

// goesWith reports whether the cluster deletes the object with that namespace.
func goesWith(object *kubeconfig.Object, namespace string) bool {
	for _, owner := range object.OwnerReferences {
		if owner.Kind == "Namespace" && owner.Name == namespace {
			return true
		}
	}
	return false
}

// refuse refuses what somebody else has. The Kubernetes provider would take it over silently.
func (l *look) refuse(c claim, of owner) config.Mistake {
	stack := namespace.Owner(l.ctx)
	whose, wayOut := "is not this stack's", ""
	if c.key == "namespace" && c.name != "default" && !strings.HasPrefix(c.name, "kube-") { // nobody would want those deleted
		wayOut = fmt.Sprintf(`. To give it to this stack, type "%s"`,
			l.annotate(c.released, namespace.OwnerAnnotation+"="+stack, namespace.StateAnnotation+"="+namespace.Released))
	}
	switch {
	case of.stack == stack:
		whose = "belongs to another state of this stack"
	case of.stack != "":
		whose = "belongs to stack " + of.stack
		if path.Base(of.stack) == l.ctx.Stack() && c.kind == "Namespace" {
			wayOut = fmt.Sprintf(`. If the project was called %s before: "pulumi stack rename --stack %s %s", in the place of the stack that `+
				`is there now, goes on with what runs`, path.Base(path.Dir(of.stack)), of.stack, stack)
		}
	case of.givenTo != "" && c.kind == "Namespace":
		whose, wayOut = "is given to "+of.givenTo, ""
	}
	return config.Mistake{Key: c.key, Problem: fmt.Sprintf("%s, but the %s already exists and %s. %s%s", c.cause, c.what(), whose, c.means, wayOut)}
}

// refuseOtherState refuses namespaces of another state of this stack. With two states for one namespace, each would undo what
// the other does, and `pulumi destroy` with either would take it from both.
func (l *look) refuseOtherState(claims []claim) config.Mistake {
	var names []string
	for _, one := range claims {
		names = append(names, one.name)
	}
	all := strings.Join(names, " ")
	return config.Mistake{Key: claims[0].key, Problem: fmt.Sprintf(
		"%s, and another state of this stack has what runs there (%s): a lost one, or that of another checkout or machine. "+
			`To go on from here, type "%s" and then the same again. From then on the other state is refused, and gets it back by the same command`,
		claims[0].cause, all, l.annotate("namespace "+all, namespace.StateAnnotation+"="+namespace.Released))}
}

// refuseOtherService refuses the namespace of a service that the program has renamed. Pulumi would take that for a new service
// with a namespace of its own, which is there already, and delete the old one's with all that is in it.
func (l *look) refuseOtherService(of owner) config.Mistake {
	return config.Mistake{Key: "namespace", Problem: fmt.Sprintf(
		"is %q, which was made for the service %q, and now that is called %q: its removal would delete the namespace. "+
			`"pulumi config set namespace NAME", where NAME is not there yet, moves the service to its new name`,
		l.cfg.Namespace, of.service, l.service)}
}

// annotate returns the command that annotates an object, given as kubectl names it.
func (l *look) annotate(object string, annotations ...string) string {
	return fmt.Sprintf("kubectl annotate %s --context %s --overwrite %s", object, shellescape.Quote(l.cfg.Context), strings.Join(annotations, " "))
}
