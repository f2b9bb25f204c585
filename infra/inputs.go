package main

import (
	"maps"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/webservice"
)

// optional returns nil for a value that is not configured.
func optional(value string) pulumi.StringInput {
	if value == "" {
		return nil
	}
	return pulumi.String(value)
}

// secret passes a secret of the configuration to Pulumi as a secret.
func secret(value config.Secret) pulumi.StringOutput {
	return pulumi.ToSecret(pulumi.String(value)).(pulumi.StringOutput)
}

// secrets returns secrets of the configuration as inputs.
func secrets(configured map[string]config.Secret) pulumi.StringMap {
	inputs := pulumi.StringMap{}
	for name, value := range configured {
		inputs[name] = secret(value)
	}
	return inputs
}

// texts returns the entries of a map in the configuration, as a secret if it is stored as one.
func texts(cfg config.Config, key string, entries map[string]string) pulumi.StringMapInput {
	if slices.Contains(cfg.Encrypted, key) {
		return pulumi.ToSecret(pulumi.ToStringMap(entries)).(pulumi.StringMapOutput)
	}
	return pulumi.ToStringMap(entries)
}

// existingSecrets converts the configuration's to the component's, in the order of their names.
func existingSecrets(configured map[string]string) (list []webservice.ExistingSecret) {
	for _, name := range slices.Sorted(maps.Keys(configured)) {
		folder := configured[name]
		if folder == config.InEnv {
			folder = ""
		}
		list = append(list, webservice.ExistingSecret{Name: pulumi.String(name), Folder: folder})
	}
	return list
}

// serviceAccount converts the configuration's account to the component's.
func serviceAccount(configured config.ServiceAccount) (account webservice.ServiceAccount) {
	if configured.Name != "" {
		account.Name = pulumi.String(configured.Name)
	}
	if configured.Annotations != nil {
		account.Annotations = pulumi.ToStringMap(configured.Annotations)
	}
	return account
}

// destinations converts the configuration's destinations to the component's: nil stays nil.
func destinations(configured []config.Destination) []webservice.Destination {
	if configured == nil {
		return nil
	}
	list := make([]webservice.Destination, len(configured))
	for i, destination := range configured {
		list[i] = webservice.Destination(destination)
	}
	return list
}

// workers converts the configuration's workers to the component's.
func workers(configured map[string]config.Worker) map[string]webservice.Worker {
	all := map[string]webservice.Worker{}
	for name, w := range configured {
		all[name] = webservice.Worker{
			Arguments: pulumi.ToStringArray(w.Args), Replicas: w.Replicas, CPU: webservice.Amount(w.CPU), Memory: webservice.Amount(w.Memory),
			Alive: pulumi.ToStringArray(w.Alive),
		}
	}
	return all
}

// jobs converts the configuration's jobs to the component's.
func jobs(configured map[string]config.Job) map[string]webservice.Job {
	all := map[string]webservice.Job{}
	for name, j := range configured {
		all[name] = webservice.Job{
			Arguments: pulumi.ToStringArray(j.Args), Schedule: j.Schedule, TimeZone: j.TimeZone, Timeout: time.Duration(j.Timeout) * time.Second,
		}
	}
	return all
}
