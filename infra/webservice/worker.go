package webservice

import (
	"cmp"
	"maps"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Worker is a process of the image that nobody sends requests to. Its Deployment is called after the service and itself, and so
// is the label app of its Pods.
type Worker struct {
	Arguments pulumi.StringArray // of the image's command
	Replicas  int                // how many Pods, 0 or more
	CPU       Amount             // the zero value means the server's
	Memory    Amount             // the zero value means the server's
	Alive     pulumi.StringArray // a command in the image that fails when only a restart helps; nil means none
}

// steady is how many seconds a worker must have run to be ready. Without it, one that fails at its start would pass.
const steady = 3

// declareWorkers declares the workers, which change once the server's new version is there. It returns the option of what waits
// for the server and all of them.
func (p *parts) declareWorkers(rolledOut pulumi.ResourceOption) (pulumi.ResourceOption, error) {
	all := []pulumi.ResourceOption{rolledOut}
	for _, name := range slices.Sorted(maps.Keys(p.args.Workers)) {
		w := p.process(name, p.args.Workers[name])
		if err := w.declareNetworkPolicy(); err != nil {
			return nil, err
		}
		if err := w.declareDisruptionBudget(); err != nil {
			return nil, err
		}
		deployment, err := w.declareDeployment(rolledOut)
		if err != nil {
			return nil, err
		}
		all = append(all, w.rolledOut(deployment))
	}
	return pulumi.Composite(all...), nil
}

// process returns the parts of a process beside the server.
func (p *parts) process(name string, of Worker) *parts {
	w, args := *p, *p.args
	args.Arguments, args.Replicas, args.MaxReplicas = of.Arguments, of.Replicas, 0
	args.CPU, args.Memory = cmp.Or(of.CPU, args.CPU), cmp.Or(of.Memory, args.Memory)
	args.Metrics, args.Migration = Metrics{}, ""
	w.name, w.args, w.worker = p.name+"-"+name, &args, &of
	w.labels = pulumi.StringMap{"app": pulumi.String(w.name)}
	w.Scope = p.Scope.Beside(p.component, w.labels)
	return &w
}

// probe runs the command that says whether the worker is alive; nil if it has none.
func (w Worker) probe() corev1.ProbePtrInput {
	if len(w.Alive) == 0 {
		return nil
	}
	return &corev1.ProbeArgs{
		Exec:                &corev1.ExecActionArgs{Command: w.Alive},
		InitialDelaySeconds: pulumi.Int(30), PeriodSeconds: pulumi.Int(10), TimeoutSeconds: pulumi.Int(5), FailureThreshold: pulumi.Int(3),
	}
}
