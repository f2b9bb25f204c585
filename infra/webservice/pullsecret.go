package webservice

import (
	"encoding/base64"
	"encoding/json"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// declarePullSecret returns a Pod's reference to the pull secret; nil without credentials.
func (p *parts) declarePullSecret() (corev1.LocalObjectReferenceArray, error) {
	credentials := p.args.PullCredentials
	if credentials == nil {
		return nil, nil
	}
	contents := pulumi.All(credentials.Registry, credentials.Username, credentials.Password).
		ApplyT(func(all []any) (string, error) {
			return dockerConfig(all[0].(string), all[1].(string), all[2].(string))
		}).(pulumi.StringOutput)
	secret, err := corev1.NewSecret(p.ctx, p.name+"-registry", &corev1.SecretArgs{
		Metadata:   p.Metadata(p.name+"-registry", nil),
		Type:       pulumi.String("kubernetes.io/dockerconfigjson"),
		StringData: pulumi.StringMap{".dockerconfigjson": contents}, // NewSecret makes it a secret to Pulumi too
	}, p.With()...)
	if err != nil {
		return nil, err
	}
	return corev1.LocalObjectReferenceArray{
		&corev1.LocalObjectReferenceArgs{Name: secret.Metadata.Name()},
	}, nil
}

// dockerConfig returns the credentials as Kubernetes wants them, in the form of the file that `docker login` writes.
func dockerConfig(registry, username, password string) (string, error) {
	if registry == "docker.io" {
		registry = "https://index.docker.io/v1/" // Docker Hub's name in that file, for historical reasons
	}
	type login struct {
		Username string `json:"username"`
		Password string `json:"password"`
		Auth     string `json:"auth"`
	}
	contents, err := json.Marshal(map[string]map[string]login{"auths": {registry: {
		Username: username,
		Password: password,
		Auth:     base64.StdEncoding.EncodeToString([]byte(username + ":" + password)),
	}}})
	return string(contents), err
}
