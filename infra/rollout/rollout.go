// Package rollout tries a new version of a service, and waits until a Deployment's Pods are of it. The Kubernetes provider's
// own wait ends only when its time is up, and then says that it timed out. This one says what is wrong as soon as the cluster
// knows.
package rollout

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"example.com/hello-world/infra/kubeconfig"
)

// Rollout is the rollout of a Deployment, whose Pods have its name as their label app.
type Rollout struct {
	Watch
	Changed  bool                      // this update has changed the Deployment; otherwise, Pods that were ready once may be away
	Patience time.Duration             // how long the new Pods may take to get ready
	Progress func(ready, replicas int) // is told how far it is
}

// Await waits until all replicas are of the declared version and ready. The error says why they are not.
func (r Rollout) Await(ctx context.Context) error {
	var now deployment
	told := -1
	done := func() (bool, error) {
		if err := r.read(ctx, "deployments/"+r.Name, &now); err != nil {
			return false, err
		}
		if now.Complete() || !r.Changed && now.wasComplete() {
			return true, nil
		}
		if ready := now.ready(); ready != told {
			told = ready
			r.Progress(ready, now.Spec.Replicas)
		}
		return false, nil
	}
	err := r.until(ctx, r.Patience, done, func() (version, error) { return r.version(ctx, now) })
	if err == nil || ctx.Err() != nil {
		return err
	}
	remain := ""
	if declared, hidden := r.version(ctx, now); hidden == nil && declared.othersReady {
		remain = "; the last version keeps running"
	}
	return fmt.Errorf("the new version is not rolled out: %w%s", err, remain)
}

// AwaitOthersGone waits until no Pod of another version is left: while one drains, it answers on the connections that it has.
func (r Rollout) AwaitOthersGone(ctx context.Context, patience time.Duration) error {
	var now deployment
	var declared version
	err := r.until(ctx, patience, func() (bool, error) {
		err := r.read(ctx, "deployments/"+r.Name, &now)
		if err == nil {
			declared, err = r.version(ctx, now)
		}
		return err == nil && !declared.othersThere, err
	}, nothing)
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("old Pods are still there after %s", patience)
	}
	return err
}

// deployment is a Deployment that is rolled out.
type deployment struct{ kubeconfig.Deployment }

// wasComplete reports whether the declared version has been rolled out before, whatever has become of its Pods.
func (d deployment) wasComplete() bool {
	progress, _ := kubeconfig.ConditionOf(d.Status.Conditions, "Progressing")
	return d.Observed() && progress.Reason == "NewReplicaSetAvailable"
}

// ready returns how many new Pods are ready, if all old ones are.
func (d deployment) ready() int {
	if !d.Observed() {
		return 0
	}
	return max(0, d.Status.AvailableReplicas-(d.Status.Replicas-d.Status.UpdatedReplicas))
}

// revision is the annotation with which Kubernetes counts the versions of a Deployment.
const revision = "deployment.kubernetes.io/revision"

// hash is the label with which Kubernetes tells the Pods of one version from others.
const hash = "pod-template-hash"

// version returns the Pods of the declared version, and the ReplicaSet that creates them.
func (r Rollout) version(ctx context.Context, of deployment) (version, error) {
	if !of.Observed() {
		return version{}, nil
	}
	var sets struct {
		Items []struct {
			kubeconfig.Object
			Status struct{ Conditions []kubeconfig.Condition }
		}
	}
	err := r.read(ctx, "replicasets?labelSelector="+url.QueryEscape("app="+r.Name), &sets)
	if err != nil {
		return version{}, err
	}
	pods, err := r.Cluster.Pods(ctx, r.Namespace, "app="+r.Name)
	if err != nil {
		return version{}, err
	}
	v := version{kind: "ReplicaSet"}
	template := ""
	for _, set := range sets.Items {
		if set.Annotations[revision] == of.Annotations[revision] {
			v.creator, template = set.Name, set.Labels[hash]
			failure, _ := kubeconfig.ConditionOf(set.Status.Conditions, "ReplicaFailure")
			v.refused = failure.Message
		}
	}
	for _, pod := range pods {
		switch {
		case pod.Labels[hash] == template:
			v.pods = append(v.pods, pod)
		case !pod.Ended():
			v.othersThere = true
			v.othersReady = v.othersReady || pod.Ready() && !pod.Leaves()
			v.roomComes = v.roomComes || pod.Leaves()
		}
	}
	return v, nil
}

// read decodes what is at a path below the namespace's Deployments and ReplicaSets.
func (r Rollout) read(ctx context.Context, path string, into any) error {
	there, err := r.Cluster.Read(ctx, "/apis/apps/v1/namespaces/"+r.Namespace+"/"+path, into)
	if err == nil && !there {
		err = fmt.Errorf("the cluster has no %s in the namespace %s", path, r.Namespace)
	}
	return err
}
