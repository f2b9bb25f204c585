package kubeconfig

// Deployment is what matters about a Deployment.
type Deployment struct {
	Object
	Spec struct {
		Replicas int
		Template struct {
			Spec struct{ Containers []struct{ Image string } }
		}
	}
	Status struct {
		ObservedGeneration                           int64
		Replicas, UpdatedReplicas, AvailableReplicas int
		Conditions                                   []Condition
	}
}

// Complete reports what `kubectl rollout status` calls successfully rolled out.
func (d Deployment) Complete() bool {
	s := d.Status
	return d.Observed() && s.UpdatedReplicas >= d.Spec.Replicas && s.Replicas <= s.UpdatedReplicas && s.AvailableReplicas >= s.UpdatedReplicas
}

// Observed reports whether the status is that of what is declared.
func (d Deployment) Observed() bool { return d.Status.ObservedGeneration >= d.Generation }
