package cluster

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sigs.k8s.io/kind/pkg/apis/config/v1alpha4"
	"sigs.k8s.io/kind/pkg/cluster"
	"sigs.k8s.io/kind/pkg/log"

	"example.com/hello-world/supplier/progress"
)

// webNodePort is WebNodePort of infra/traefik.
const webNodePort = 30080

// definition returns what kind makes the cluster from.
func (c Cluster) definition(nodeImage string) *v1alpha4.Cluster {
	of := &v1alpha4.Cluster{
		TypeMeta: v1alpha4.TypeMeta{Kind: "Cluster", APIVersion: "kind.x-k8s.io/v1alpha4"},
		KubeadmConfigPatches: []string{
			// From 1.35 on, the kubelet refuses to run on cgroup v1 unless told otherwise.
			"kind: KubeletConfiguration\nfailCgroupV1: false\n",
		},
		// The only control plane has nobody to hand over to. On a busy machine, its controllers would stop when they could not
		// renew their lease, and be away for minutes.
		KubeadmConfigPatchesJSON6902: []v1alpha4.PatchJSON6902{{Group: "kubeadm.k8s.io", Version: "v1beta4", Kind: "ClusterConfiguration", Patch: `
- {op: add, path: /controllerManager/extraArgs/-, value: {name: leader-elect, value: "false"}}
- {op: add, path: /scheduler/extraArgs, value: [{name: leader-elect, value: "false"}]}
`}},
		// By default, containerd looks at every container once a second, which took a quarter of a core for eight idle nodes.
		// The kubelet asks every ten seconds.
		ContainerdConfigPatches: []string{"[plugins.\"io.containerd.cri.v1.runtime\"]\n  stats_collect_period = \"10s\"\n"},
		Nodes: []v1alpha4.Node{{
			Role: v1alpha4.ControlPlaneRole,
			// The Ingress controller runs on the node that the host's port leads to.
			Labels:            map[string]string{"ingress-ready": "true"},
			ExtraPortMappings: []v1alpha4.PortMapping{{ListenAddress: "127.0.0.1", HostPort: int32(c.HTTPPort), ContainerPort: webNodePort}},
		}},
	}
	for len(of.Nodes) < c.Nodes {
		of.Nodes = append(of.Nodes, v1alpha4.Node{Role: v1alpha4.WorkerRole})
	}
	for i := range of.Nodes {
		of.Nodes[i].Image = nodeImage
	}
	return of
}

// kind returns what makes and removes clusters. It shows its steps, and writes all that it says to a log.
func (c Cluster) kind(to io.Writer) *cluster.Provider {
	return cluster.NewProvider(cluster.ProviderWithDocker(), cluster.ProviderWithLogger(&steps{log: to, Cluster: c, began: time.Now()}))
}

// createLog creates the log of kind.
func (c Cluster) createLog() (*os.File, error) {
	folder := filepath.Join(c.root, "bin", "logs")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	return os.Create(filepath.Join(folder, "kind.log"))
}

// cause says why kind failed, and what to do if that is known.
func (c Cluster) cause(err error, log string) error {
	said := strings.SplitN(err.Error(), "\n", 2)[0]
	if text, _ := os.ReadFile(log); strings.Contains(string(text), "unable to apply caps") {
		said += `
  this machine lacks a capability that Docker gives the nodes. As root, run 'go build -C supplier -o /usr/local/bin/ ./bare/runc-bounded',
  add this to /etc/docker/daemon.json, and restart Docker:
    "default-runtime": "runc-bounded", "runtimes": {"runc-bounded": {"path": "/usr/local/bin/runc-bounded"}}`
	}
	return fmt.Errorf("%s\n  the log of kind is %s", said, log)
}

// steps shows what kind says in lines without its pictures: on a terminal each step when it ends, with its time, elsewhere when
// it begins. It is kind's logger.
type steps struct {
	Cluster
	log   io.Writer
	began time.Time
}

func (s *steps) Warn(message string)               { s.write(message) }
func (s *steps) Warnf(format string, args ...any)  { s.write(fmt.Sprintf(format, args...)) }
func (s *steps) Error(message string)              { s.write(message) }
func (s *steps) Errorf(format string, args ...any) { s.write(fmt.Sprintf(format, args...)) }
func (s *steps) V(level log.Level) log.InfoLogger  { return info{s, level} }

func (s *steps) write(message string) {
	fmt.Fprintln(s.log, strings.TrimRight(message, "\n"))
}

type info struct {
	*steps
	level log.Level
}

func (i info) Enabled() bool { return i.level <= 1 }

func (i info) Infof(format string, args ...any) { i.Info(fmt.Sprintf(format, args...)) }

func (i info) Info(message string) {
	if !i.Enabled() {
		return
	}
	i.write(message)
	mark, step, _ := strings.Cut(strings.TrimSpace(message), " ")
	text := "cluster " + i.Name + ": " + plain(step)
	switch {
	case mark == "•" && !i.Terminal:
		i.Begins("%s", text)
	case mark == "✓" && i.Terminal:
		i.Say("%s, %s", text, progress.Span(time.Since(i.began)))
		i.steps.began = time.Now()
	}
}

// plain returns what stands before a picture.
func plain(text string) string {
	if at := strings.IndexFunc(text, func(r rune) bool { return r > '~' }); at >= 0 {
		text = text[:at]
	}
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "..."))
}
