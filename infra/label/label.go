// Package label names the labels of Pods that are not the service's: they have none of its labels, so that the Service does not
// send them requests. The value is the service's name, if it does not say otherwise.
package label

const (
	OneOffOf    = "hello-world/one-off-of"   // of all Pods that run once
	TrialOf     = "hello-world/trial-of"     // of one that tries a new version
	MigrationOf = "hello-world/migration-of" // of one that migrates for a new version
	CommandOf   = "hello-world/command-of"   // of one that somebody runs once
	Job         = "hello-world/job"          // of one that runs by a schedule, with the name in the configuration
)
