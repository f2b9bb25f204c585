package webservice

import (
	"fmt"
	"maps"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// inEnv says that the entries of an existing Secret become environment variables.
const inEnv = "env"

// scratch is the name of the writable volume.
const scratch = "scratch"

// existing yields the existing Secrets, and where their entries go, in the order of their names.
func (p *parts) existing(yield func(secret, where string) bool) {
	for _, secret := range slices.Sorted(maps.Keys(p.args.ExistingSecrets)) {
		if !yield(secret, p.args.ExistingSecrets[secret]) {
			return
		}
	}
}

// variablesFrom returns the existing Secrets whose entries are environment variables.
func (p *parts) variablesFrom() (from corev1.EnvFromSourceArray) {
	for secret, where := range p.existing {
		if where == inEnv {
			from = append(from, &corev1.EnvFromSourceArgs{SecretRef: &corev1.SecretEnvSourceArgs{Name: pulumi.String(secret)}})
		}
	}
	return from
}

// volumes returns what the container mounts: a writable /tmp, and the existing Secrets whose entries are files.
func (p *parts) volumes() (all corev1.VolumeArray) {
	if p.args.Scratch != "" {
		all = append(all, &corev1.VolumeArgs{
			Name: pulumi.String(scratch), EmptyDir: &corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String(p.args.Scratch)},
		})
	}
	for secret, where := range p.existing {
		if where != inEnv {
			all = append(all, &corev1.VolumeArgs{
				Name: volumeOf(len(all)), Secret: &corev1.SecretVolumeSourceArgs{SecretName: pulumi.String(secret)},
			})
		}
	}
	return all
}

// mounts returns where the container has its volumes, in their order.
func (p *parts) mounts() (all corev1.VolumeMountArray) {
	if p.args.Scratch != "" {
		all = append(all, &corev1.VolumeMountArgs{Name: pulumi.String(scratch), MountPath: pulumi.String("/tmp")})
	}
	for _, where := range p.existing {
		if where != inEnv {
			all = append(all, &corev1.VolumeMountArgs{
				Name: volumeOf(len(all)), MountPath: pulumi.String(where), ReadOnly: pulumi.Bool(true),
			})
		}
	}
	return all
}

// volumeOf names a volume by its place: a Secret's name may be too long for it.
func volumeOf(place int) pulumi.String { return pulumi.String(fmt.Sprintf("secret-%d", place)) }
