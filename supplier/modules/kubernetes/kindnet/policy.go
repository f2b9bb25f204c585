package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/florianl/go-nfqueue/v2"
	"k8s.io/client-go/informers"
	"sigs.k8s.io/kube-network-policies/pkg/api"
	"sigs.k8s.io/kube-network-policies/pkg/network"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
	"sigs.k8s.io/kube-network-policies/pkg/podinfo"
)

// queue is where the kernel puts the first packet of each connection of a Pod, and waits for a verdict.
const queue = 100

// newPolicies returns the engine that judges packets by the cluster's NetworkPolicies, the same as kindnetd's. It does not
// use the engine's rules for the kernel, which are for nftables: not every kernel has its queues.
func newPolicies(node string, factory informers.SharedInformerFactory) (*networkpolicy.PolicyEngine, error) {
	pods, namespaces := factory.Core().V1().Pods(), factory.Core().V1().Namespaces()
	known, err := podinfo.NewInformerResolver(pods.Informer())
	if err != nil {
		return nil, err
	}
	return networkpolicy.NewPolicyEngine(
		podinfo.NewInformerProvider(pods, namespaces, nil, []podinfo.IPResolver{known}),
		[]api.PolicyEvaluator{networkpolicy.NewStandardNetworkPolicy(node, namespaces, pods, factory.Networking().V1().NetworkPolicies())},
	), nil
}

// decide waits until the policies are known, calls ready, and answers the kernel's questions until the context ends.
func decide(ctx context.Context, policies *networkpolicy.PolicyEngine, ready func()) error {
	for !policies.Ready() {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(100 * time.Millisecond):
		}
	}
	packets, err := nfqueue.Open(&nfqueue.Config{
		NfQueue:      queue,
		Flags:        nfqueue.NfQaCfgFlagGSO | nfqueue.NfQaCfgFlagFailOpen,
		MaxPacketLen: 128, // the headers
		MaxQueueLen:  1024,
		Copymode:     nfqueue.NfQnlCopyPacket,
		WriteTimeout: 100 * time.Millisecond,
	})
	if err != nil {
		return fmt.Errorf("opening the queue of packets: %w", err)
	}
	defer packets.Close()
	err = packets.RegisterWithErrorFunc(ctx, func(a nfqueue.Attribute) int {
		verdict := nfqueue.NfAccept
		if packet, err := network.ParsePacket(*a.Payload); err != nil {
			slog.Warn("passing a packet that cannot be read", "error", err)
		} else if allowed, err := policies.EvaluatePacket(ctx, &packet); err != nil {
			slog.Warn("passing a packet that cannot be judged", "packet", packet.String(), "error", err)
		} else if !allowed {
			verdict = nfqueue.NfDrop
		}
		if err := packets.SetVerdict(*a.PacketID, verdict); err != nil {
			slog.Warn("no verdict", "error", err)
		}
		return 0
	}, func(err error) int {
		if ctx.Err() == nil {
			slog.Warn("receiving a packet", "error", err)
		}
		return 0
	})
	if err != nil {
		return fmt.Errorf("listening to the queue of packets: %w", err)
	}
	ready()
	<-ctx.Done()
	return nil
}
