// Command kindnet is the network of a kind cluster whose node image was built
// from source: kind's own kindnetd is not available as a Go module.
//
// On each node it configures the CNI plugins of the node image (ptp, host-local, portmap), routes to the Pods of the other
// nodes, masquerades what Pods send out of the cluster, and enforces NetworkPolicies.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// resync bounds how long a removed route or rule stays away.
const resync = 30 * time.Second

// pause is how long to wait after a failure.
const pause = time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		slog.Error("kindnet failed", "error", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	config, err := rest.InClusterConfig()
	if err != nil {
		return err
	}
	// kube-proxy, which makes the Service of the API server work, may start later
	// than this; kind says how to reach the server without it.
	if endpoint := os.Getenv("CONTROL_PLANE_ENDPOINT"); endpoint != "" {
		config.Host = "https://" + endpoint
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactory(client, resync)
	nodes := factory.Core().V1().Nodes()
	changed := make(chan struct{}, 1)
	notice := func() {
		select {
		case changed <- struct{}{}:
		default: // the next pass sees this too
		}
	}
	if _, err := nodes.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { notice() },
		UpdateFunc: func(any, any) { notice() }, // also at each resync
	}); err != nil {
		return err
	}
	policies, err := newPolicies(os.Getenv("NODE_NAME"), factory)
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())

	this := host{ip: os.Getenv("HOST_IP"), podSubnet: os.Getenv("POD_SUBNET")}
	go func() {
		err := decide(ctx, policies, func() { this.enforces.Store(true); notice() })
		if err != nil {
			slog.Error("network policies are not enforced", "error", err)
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
		there, err := nodes.Lister().List(labels.Everything())
		if err == nil {
			err = this.reconcile(there)
		}
		if err != nil {
			slog.Warn("will try again", "error", err)
			time.AfterFunc(pause, notice)
		}
	}
}

// host is this node's part of the cluster's network.
type host struct {
	ip        string      // of this node
	podSubnet string      // of all Pods, in CIDR notation
	enforces  atomic.Bool // whether it enforces network policies
}

func (h *host) reconcile(nodes []*corev1.Node) error {
	for _, node := range nodes {
		ip, subnet := internalIP(node), node.Spec.PodCIDR
		if ip == "" || subnet == "" {
			continue // still joining
		}
		var err error
		if ip == h.ip {
			err = writeCNIConfig(subnet)
		} else {
			err = route(subnet, ip)
		}
		if err != nil {
			return fmt.Errorf("node %s: %w", node.Name, err)
		}
	}
	if err := masquerade(h.podSubnet); err != nil || !h.enforces.Load() {
		return err
	}
	return hand(h.podSubnet, queue)
}

func internalIP(node *corev1.Node) string {
	for _, address := range node.Status.Addresses {
		if address.Type == corev1.NodeInternalIP {
			return address.Address
		}
	}
	return ""
}
