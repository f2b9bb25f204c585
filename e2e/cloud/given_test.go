//go:build e2e

package cloud

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// testGivenNamespace deploys with the rights of an ordinary user, who may not make namespaces, into one that an administrator
// made, with what the administrator put there: Secrets.
func testGivenNamespace(t *testing.T) {
	const namespace = "team"
	hello.Kubectl(t, "create", "namespace", namespace)
	hello.Kubectl(t, "create", "serviceaccount", "deployer", "-n", namespace)
	hello.Kubectl(t, "create", "rolebinding", "deployer", "-n", namespace, "--clusterrole=edit", "--serviceaccount="+namespace+":deployer")
	hello.Kubectl(t, "create", "secret", "generic", "settings", "-n", namespace, "--from-literal=LOG_LEVEL=loud")
	hello.Kubectl(t, "create", "secret", "generic", "authority", "-n", namespace, "--from-literal=ca.crt=a certificate")
	tenant := newStack(t, "tenant", config{"namespace": namespace, "kubeconfig": secret(kubeconfigOf(t, namespace, "deployer"))})
	refused(t, tenant, tooLong, "up", `namespace is "team"`, "already exists", "is not this stack's")

	hello.Kubectl(t, "annotate", "namespace", namespace, "hello-world/given-to=organization/hello-world/tenant")
	other := newStack(t, "other-tenant", config{"namespace": namespace})
	refused(t, other, tooLong, "up", `namespace is "team"`, "is given to organization/hello-world/tenant")
	configure(t, tenant, config{
		"rolloutTimeout": "20", "existingSecrets": `{"settings":"env","authority":"/etc/authority"}`,
		"serviceAccount": `{"eks.amazonaws.com/role-arn":"arn:aws:iam::1:role/tenant"}`,
	})
	refused(t, tenant, 10*time.Minute, "up", "hello ended with exit code 2", `LOG_LEVEL is`, "loud")

	// Somebody mends it, and nothing of the stack has to change.
	hello.Kubectl(t, "patch", "secret", "settings", "-n", namespace, "--patch", `{"stringData":{"LOG_LEVEL":"debug"}}`)
	configure(t, tenant, config{"rolloutTimeout": "600", "verify": "/tenant"})
	tenant.Pulumi(t, "up")
	drive.Eventually(t, tenant.Outputs(t).URL, drive.IsGreeting)
	pod := strings.Join(hello.Kubectl(t, "get", "pods", "-n", namespace, "-l", "app=hello", "-o",
		"jsonpath={.items[0].spec.serviceAccountName} {.items[0].spec.containers[0].volumeMounts[*].mountPath}"), " ")
	if pod != "hello /etc/authority" {
		t.Errorf("the Pods have the account and the folders %s", pod)
	}

	// Who may only look may preview, and no more.
	hello.Kubectl(t, "create", "serviceaccount", "viewer", "-n", namespace)
	hello.Kubectl(t, "create", "rolebinding", "viewer", "-n", namespace, "--clusterrole=view", "--serviceaccount="+namespace+":viewer")
	deployer := kubeconfigOf(t, namespace, "deployer")
	configure(t, tenant, config{"kubeconfig": secret(kubeconfigOf(t, namespace, "viewer")), "env": `{"LOG_LEVEL":"info"}`})
	if said := tenant.Pulumi(t, "preview", "--diff"); !strings.Contains(said, "LOG_LEVEL") {
		t.Errorf("the preview does not show what would change: %s", said)
	}
	refused(t, tenant, tooLong, "up", `"system:serviceaccount:team:viewer" cannot`)
	tenant.Pulumi(t, "config", "rm", "env")
	configure(t, tenant, config{"kubeconfig": secret(deployer)})
	tenant.Pulumi(t, "up")
	drive.Eventually(t, tenant.Outputs(t).URL, drive.IsGreeting)

	// The namespace is for others, too, but a name in it is for one.
	hello.Kubectl(t, "annotate", "namespace", namespace, "--overwrite", "hello-world/given-to=all")
	refused(t, other, tooLong, "up", `the Deployment "hello" in namespace "team" already exists and belongs to stack organization/hello-world/tenant`)
	tenant.Pulumi(t, "up", "--expect-no-changes")

	tenant.Pulumi(t, "destroy")
	left := strings.Join(hello.Kubectl(t, "get", "deployments,services,ingresses,networkpolicies,secrets,poddisruptionbudgets,serviceaccounts,jobs",
		"-n", namespace, "-o", "name"), " ")
	if left != "secret/authority secret/settings serviceaccount/default serviceaccount/deployer serviceaccount/viewer" {
		t.Errorf("in the namespace, it leaves %s", left)
	}
}

// kubeconfigOf returns the cluster's kubeconfig for a ServiceAccount.
func kubeconfigOf(t *testing.T, namespace, account string) string {
	t.Helper()
	administrator, err := os.ReadFile(site.KubeconfigFile(hello))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(file, administrator, 0o600); err != nil {
		t.Fatal(err)
	}
	token := hello.Kubectl(t, "create", "token", account, "-n", namespace, "--duration", "2h")[0]
	for _, change := range [][]string{
		{"set-credentials", account, "--token", token},
		{"set-context", "--current", "--user", account},
		{"view", "--minify", "--raw"},
	} {
		out, err := hello.Output("kubectl", append([]string{"--kubeconfig", file, "config"}, change...)...)
		if err != nil {
			t.Fatal(err)
		}
		administrator = []byte(out)
	}
	return string(administrator)
}
