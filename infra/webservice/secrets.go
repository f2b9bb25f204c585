package webservice

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// declareSecrets returns the Secret with the secret environment variables, or nil if there are none.
//
// The Secret belongs to a version. Other values make another one, whose name rolls out the Pods that use it; Pulumi deletes the
// old one at the end of an update that succeeds. If the update fails, Pods of the old version can still restart.
func (p *parts) declareSecrets() (*corev1.Secret, error) {
	if len(p.args.SecretEnv) == 0 {
		return nil, nil
	}
	entries := pulumi.StringMap{}
	for name, value := range p.args.SecretEnv {
		entries[name] = pulumi.ToSecret(value).(pulumi.StringOutput)
	}
	metadata := p.Metadata("", nil)
	metadata.Name = nil // the provider adds random digits to the resource's name: from a hash, a secret could be guessed
	return corev1.NewSecret(p.ctx, p.name+"-env", &corev1.SecretArgs{
		Metadata:   metadata,
		Immutable:  pulumi.Bool(true),
		StringData: entries,
	}, p.With()...)
}
