package kubeconfig

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// plugin is a command that prints credentials, as those of the clouds do.
// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
type plugin struct {
	APIVersion  string `yaml:"apiVersion"`
	Command     string
	Args        []string
	Env         []struct{ Name, Value string }
	InstallHint string `yaml:"installHint"`
	ClusterInfo bool   `yaml:"provideClusterInfo"`
}

// execCredential is what a plugin is told, and what it prints.
type execCredential struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Spec       struct {
		Interactive bool         `json:"interactive"`
		Cluster     *clusterInfo `json:"cluster,omitempty"`
	} `json:"spec"`
	Status *struct {
		Token             string `json:"token"`
		ClientCertificate string `json:"clientCertificateData"`
		ClientKey         string `json:"clientKeyData"`
	} `json:"status,omitempty"`
}

type clusterInfo struct {
	Server   string `json:"server"`
	CA       string `json:"certificate-authority-data,omitempty"`
	Insecure bool   `json:"insecure-skip-tls-verify,omitempty"`
	TLSName  string `json:"tls-server-name,omitempty"`
	ProxyURL string `json:"proxy-url,omitempty"`
}

// run returns the credentials as those of a user. What the plugin complains about is in the error: most often, that
// somebody has to log in again.
func (p plugin) run(ctx context.Context, cluster cluster) (user, error) {
	command := exec.CommandContext(ctx, p.Command, p.Args...)
	question := execCredential{APIVersion: p.APIVersion, Kind: "ExecCredential"}
	if p.ClusterInfo {
		question.Spec.Cluster = &clusterInfo{cluster.Server, cluster.CA, cluster.Insecure, cluster.TLSName, cluster.ProxyURL}
	}
	asked, err := json.Marshal(question)
	if err != nil {
		return user{}, err
	}
	command.Env = append(os.Environ(), "KUBERNETES_EXEC_INFO="+string(asked))
	for _, variable := range p.Env {
		command.Env = append(command.Env, variable.Name+"="+variable.Value)
	}
	command.WaitDelay = time.Second // for a child that outlives it
	var complaint bytes.Buffer
	command.Stderr = &complaint
	printed, err := command.Output()
	switch {
	case ctx.Err() != nil:
		return user{}, fmt.Errorf("the command %s gave no credentials within %s: log in to the cluster with kubectl first",
			p.Command, patience)
	case errors.Is(err, exec.ErrNotFound):
		return user{}, fmt.Errorf("the command %s, which gives the credentials, is not there: install it. %s",
			p.Command, strings.TrimSpace(p.InstallHint))
	case err != nil:
		return user{}, fmt.Errorf("the command %s, which gives the credentials, failed: %w: %s",
			p.Command, err, strings.TrimSpace(complaint.String()))
	}
	var answer execCredential
	if json.Unmarshal(printed, &answer) != nil || answer.Status == nil {
		return user{}, fmt.Errorf("the command %s printed no credentials", p.Command)
	}
	encoded := func(pem string) string { return base64.StdEncoding.EncodeToString([]byte(pem)) }
	return user{
		Token:       answer.Status.Token,
		Certificate: encoded(answer.Status.ClientCertificate),
		KeyData:     encoded(answer.Status.ClientKey),
	}, nil
}
