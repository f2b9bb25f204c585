package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	v1 "sigs.k8s.io/gateway-api/apis/v1"

	"example.com/hello-world/infra/kubeconfig"
)

// Way is an HTTPRoute and the Gateway that it joins.
type Way struct {
	Cluster *kubeconfig.Connection

	Route, Gateway types.NamespacedName

	NeedsAddress bool // wait for the Gateway's address, too
}

// Tests have less time.
var (
	pause   = 250 * time.Millisecond // between two looks
	settled = 5 * time.Second        // what the controller refuses for so long, it refuses for good
)

// Await waits until the Gateway's controller has accepted the route and found what it leads to. It returns the Gateway's address
// if that is needed. The error gives the controller's reason.
func (w Way) Await(ctx context.Context, patience time.Duration) (address string, err error) {
	var reason string   // why the controller does not take the route, in its words
	var since time.Time // when it said so first
	var silent error    // a moment without the cluster's API is no failure
	err = wait.PollUntilContextTimeout(ctx, pause, patience, true, func(context.Context) (bool, error) {
		var now string
		var taken bool
		if now, taken, silent = w.verdict(ctx); silent != nil {
			return false, nil
		}
		if now != reason {
			reason, since = now, time.Now()
		}
		if reason != "" && time.Since(since) >= settled {
			return false, errors.New(reason)
		}
		if !taken || !w.NeedsAddress {
			return taken, nil
		}
		var of *v1.Gateway
		if of, silent = Find(ctx, w.Cluster, w.Gateway); silent != nil {
			return false, nil
		}
		address = Address(of)
		return address != "", nil
	})
	switch {
	case err == nil:
		return address, nil
	case ctx.Err() != nil:
		return "", ctx.Err()
	case !wait.Interrupted(err):
	case silent != nil:
		err = silent
	case reason != "":
		err = errors.New(reason)
	default:
		err = w.unanswered(ctx, patience)
	}
	return "", fmt.Errorf("the Gateway %s does not lead to the HTTPRoute %s: %w", w.Gateway, w.Route.Name, err)
}

// verdict returns what the controller says of the route as it is now: see [Verdict].
func (w Way) verdict(ctx context.Context) (reason string, taken bool, err error) {
	var route v1.HTTPRoute
	there, err := w.Cluster.Read(ctx, RoutePath(w.Route), &route)
	if err != nil {
		return "", false, err
	}
	if !there {
		return "it was deleted from the cluster; `pulumi up --refresh` recreates it", false, nil
	}
	reason, taken = Verdict(&route, w.Gateway)
	return reason, taken, nil
}

// Verdict returns what a Gateway's controller says of a route: why it does not take it, or whether it does. If it has not said so
// yet, both are zero.
func Verdict(route *v1.HTTPRoute, gateway types.NamespacedName) (reason string, taken bool) {
	for _, parent := range route.Status.Parents {
		if Of(parent.ParentRef, route.Namespace) != gateway {
			continue
		}
		for _, condition := range parent.Conditions {
			if condition.ObservedGeneration < route.Generation {
				return "", false
			}
			if condition.Status == metav1.ConditionFalse && decides(condition.Type) {
				return said(condition), false
			}
		}
		return "", meta.IsStatusConditionTrue(parent.Conditions, string(v1.RouteConditionAccepted)) &&
			meta.IsStatusConditionTrue(parent.Conditions, string(v1.RouteConditionResolvedRefs))
	}
	return "", false
}

func decides(condition string) bool {
	return condition == string(v1.RouteConditionAccepted) || condition == string(v1.RouteConditionResolvedRefs)
}

// unanswered says why nobody answers for the Gateway, or why it has no address.
func (w Way) unanswered(ctx context.Context, patience time.Duration) error {
	of, err := Find(ctx, w.Cluster, w.Gateway)
	if err != nil {
		return err
	}
	if of == nil {
		return errors.New("it is not there any more")
	}
	for _, condition := range of.Status.Conditions {
		if condition.Status == metav1.ConditionFalse {
			return errors.New("the Gateway itself is not ready: " + said(condition))
		}
	}
	return fmt.Errorf("no controller has answered within %s, or given it an address; its class is %q, and "+
		"`kubectl describe gateway %s -n %s` shows what happened", patience, of.Spec.GatewayClassName, w.Gateway.Name, w.Gateway.Namespace)
}

// said returns a condition in its controller's words.
func said(condition metav1.Condition) string {
	if condition.Message == "" || condition.Message == condition.Reason {
		return condition.Type + " is False: " + condition.Reason
	}
	return condition.Type + " is False: " + condition.Reason + ": " + condition.Message
}
