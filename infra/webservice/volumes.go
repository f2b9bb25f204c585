package webservice

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// variablesFrom returns the existing Secrets whose entries are environment variables.
func (p *parts) variablesFrom() (from corev1.EnvFromSourceArray) {
	for _, secret := range p.args.ExistingSecrets {
		if secret.Folder == "" {
			from = append(from, &corev1.EnvFromSourceArgs{SecretRef: &corev1.SecretEnvSourceArgs{Name: secret.Name.ToStringOutput()}})
		}
	}
	return from
}

// volumes returns what the container has, and where: the files that stay, a writable /tmp, and the existing Secrets whose entries
// are files.
func (p *parts) volumes() (all corev1.VolumeArray, mounts corev1.VolumeMountArray) {
	if p.hasVolume() {
		all = append(all, &corev1.VolumeArgs{
			Name: pulumi.String("data"), PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSourceArgs{ClaimName: pulumi.String(p.claim())},
		})
		mounts = append(mounts, &corev1.VolumeMountArgs{Name: pulumi.String("data"), MountPath: pulumi.String(p.args.Volume.Folder)})
	}
	if p.args.Scratch != "" {
		all = append(all, &corev1.VolumeArgs{
			Name: pulumi.String("scratch"), EmptyDir: &corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String(p.args.Scratch)},
		})
		mounts = append(mounts, &corev1.VolumeMountArgs{Name: pulumi.String("scratch"), MountPath: pulumi.String("/tmp")})
	}
	for _, secret := range p.args.ExistingSecrets {
		if secret.Folder == "" {
			continue
		}
		name := pulumi.String(fmt.Sprintf("secret-%d", len(all))) // by its place: a Secret's name may be too long
		all = append(all, &corev1.VolumeArgs{Name: name, Secret: &corev1.SecretVolumeSourceArgs{SecretName: secret.Name.ToStringOutput()}})
		mounts = append(mounts, &corev1.VolumeMountArgs{Name: name, MountPath: pulumi.String(secret.Folder), ReadOnly: pulumi.Bool(true)})
	}
	return all, mounts
}

// hasVolume reports whether these Pods have the volume. Only the server has it.
func (p *parts) hasVolume() bool { return p.args.Volume.Folder != "" && p.worker == nil }

func (p *parts) claim() string { return p.name + "-data" }

// declareVolume claims the volume, if there is one.
func (p *parts) declareVolume() error {
	if !p.hasVolume() {
		return nil
	}
	annotations := pulumi.StringMap{"pulumi.com/skipAwait": pulumi.String("true")} // it is bound once a Pod wants it
	_, err := corev1.NewPersistentVolumeClaim(p.ctx, p.claim(), &corev1.PersistentVolumeClaimArgs{
		Metadata: p.Metadata(p.claim(), annotations),
		Spec: &corev1.PersistentVolumeClaimSpecArgs{
			AccessModes: pulumi.StringArray{pulumi.String("ReadWriteOncePod")}, // or the successor of a deleted Pod would begin beside it
			Resources:   &corev1.VolumeResourceRequirementsArgs{Requests: pulumi.StringMap{"storage": pulumi.String(p.args.Volume.Size)}},
		},
	}, p.With(pulumi.Protect(true))...)
	return err
}
