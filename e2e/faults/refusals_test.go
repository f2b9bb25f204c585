//go:build e2e

package faults

import (
	"fmt"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// refusal is a cluster that does not take a new version's Pods.
type refusal struct {
	name string
	yaml string // what an administrator has declared
	node string // a taint of all nodes
	set  string // a key of the stack, instead
	says string
	soak bool // it takes the way of another one through the program
}

// refusals are what no waiting mends: `pulumi up` ends long before its time is up, in the cluster's words.
var refusals = []refusal{
	{name: "Quota", says: "exceeded quota: small", yaml: `
apiVersion: v1
kind: ResourceQuota
metadata: {name: small}
spec: {hard: {pods: "3"}}`},
	{name: "LimitRange", soak: true, says: "minimum cpu usage per Container is 50m, but request is 25m", yaml: `
apiVersion: v1
kind: LimitRange
metadata: {name: large}
spec: {limits: [{type: Container, min: {cpu: 50m}}]}`},
	{name: "AdmissionPolicy", says: "no cheese, no Pods", yaml: `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: cheese}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}]}
  validations: [{expression: "has(object.metadata.annotations) && 'cheese' in object.metadata.annotations", message: "no cheese, no Pods"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: cheese}
spec:
  policyName: cheese
  validationActions: [Deny]
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}}`},
	{name: "Taint", soak: true, says: "untolerated taint", node: "cheese=none:NoSchedule"},
	{name: "Memory", soak: true, says: "Insufficient memory", set: "memory=4Ti/4Ti"},
}

// testRefusals ships a version to clusters that do not take it: the last one goes on.
func testRefusals(t *testing.T, soak bool) {
	for _, r := range refusals {
		if r.soak != soak {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			f := threeReplicas(t)
			hello.Ready(t, "replicas=3", "rolloutTimeout=300")
			yaml := strings.ReplaceAll(r.yaml, "NAMESPACE", f.Namespace)
			change := fmt.Sprintf(`env={"REFUSED":%q}`, r.name)
			switch {
			case r.yaml != "":
				file := drive.File(t, "refusal.yaml", yaml)
				hello.Kubectl(t, "apply", "-n", f.Namespace, "-f", file)
				t.Cleanup(func() { hello.Kubectl(t, "delete", "-n", f.Namespace, "-f", file) })
			case r.node != "":
				hello.Kubectl(t, "taint", "nodes", "--all", r.node)
				t.Cleanup(func() { hello.Kubectl(t, "taint", "nodes", "--all", r.node+"-") })
			default:
				change = r.set
			}
			hello.Configure(t, change)
			f.refusedUnderLoad(t, "the new version is not rolled out: it cannot get ready: ", r.says, "the last version keeps running")
		})
	}
}

// testSidecarFails has a mesh's container that prepares each Pod, and fails: restarts may mend that, and it is said at once.
func testSidecarFails(t *testing.T) {
	f := impatient(t)
	mesh := drive.File(t, "mesh.yaml", strings.NewReplacer("NAMESPACE", f.Namespace, "IMAGE", f.Image).Replace(mesh))
	hello.Kubectl(t, "apply", "-f", mesh)
	t.Cleanup(func() { hello.Kubectl(t, "delete", "-f", mesh) })
	hello.Configure(t, `env={"REFUSED":"by a sidecar"}`)
	f.refusedUnderLoad(t, "proxy ended with exit code 2", "waiting whether that mends", "the last version keeps running")
}

// mesh puts a container into each new Pod: the server, with a setting that it does not take.
const mesh = `
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: mesh}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}]}
  reinvocationPolicy: Never
  mutations:
    - patchType: JSONPatch
      jsonPatch:
        expression: >-
          [JSONPatch{op: "add", path: "/spec/initContainers", value: [Object.spec.initContainers{
            name: "proxy", image: "IMAGE",
            env: [Object.spec.initContainers.env{name: "PORT", value: "none"}],
            terminationMessagePolicy: "FallbackToLogsOnError",
            securityContext: Object.spec.initContainers.securityContext{
              allowPrivilegeEscalation: false,
              capabilities: Object.spec.initContainers.securityContext.capabilities{drop: ["ALL"]}
            }
          }]}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: mesh}
spec:
  policyName: mesh
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}}`
