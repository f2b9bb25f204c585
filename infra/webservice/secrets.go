package webservice

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// declareSecrets returns the Secret with the secret environment variables, or nil if there are none.
func (p *parts) declareSecrets() (*corev1.Secret, error) {
	if len(p.args.SecretEnv) == 0 {
		return nil, nil
	}
	entries := pulumi.StringMap{}
	for name, value := range p.args.SecretEnv {
		entries[name] = pulumi.ToSecret(value).(pulumi.StringOutput)
	}
	return corev1.NewSecret(p.ctx, p.name+"-env", &corev1.SecretArgs{
		Metadata:   p.Metadata(p.name+"-env", nil),
		StringData: entries,
	}, p.With()...)
}
