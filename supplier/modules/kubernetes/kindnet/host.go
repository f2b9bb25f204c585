package main

import (
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"

	"github.com/vishvananda/netlink"
)

// chain holds the masquerading rules, apart from kube-proxy's.
const chain = "KIND-MASQ-AGENT"

// route sends packets for the Pods in subnet to the node at ip.
func route(subnet, ip string) error {
	_, destination, err := net.ParseCIDR(subnet)
	if err != nil {
		return err
	}
	return netlink.RouteReplace(&netlink.Route{Dst: destination, Gw: net.ParseIP(ip)})
}

// masquerade gives packets from Pods the node's address if they leave the cluster.
func masquerade(podSubnet string) error {
	// Added last, so that a half-filled chain is never used.
	way := []string{"POSTROUTING", "-s", podSubnet, "-m", "addrtype", "!", "--dst-type", "LOCAL", "-j", chain}
	if iptables("nat", "-C", way...) == nil {
		return nil
	}
	iptables("nat", "-N", chain) // it may exist
	if err := iptables("nat", "-F", chain); err != nil {
		return err
	}
	for _, rule := range [][]string{{chain, "-d", podSubnet, "-j", "RETURN"}, {chain, "-j", "MASQUERADE"}, way} {
		if err := iptables("nat", "-A", rule...); err != nil {
			return err
		}
	}
	return nil
}

// hand makes the kernel put the first packet of each connection from or to a Pod into a queue, after it has resolved Services.
// Packets pass while no process listens there, and so do those of this node's root: the kubelet's probes.
func hand(podSubnet string, queue int) error {
	over := []string{"-m", "conntrack", "--ctstate", "NEW", "-j", "NFQUEUE", "--queue-num", strconv.Itoa(queue), "--queue-bypass"}
	for _, rule := range [][]string{
		{"POSTROUTING", "-d", podSubnet, "-m", "owner", "--uid-owner", "0", "-j", "ACCEPT"},
		append([]string{"POSTROUTING", "-d", podSubnet}, over...),
		append([]string{"POSTROUTING", "-s", podSubnet}, over...),
		append([]string{"INPUT", "-s", podSubnet}, over...), // for the node itself
	} {
		if iptables("mangle", "-C", rule...) == nil {
			continue
		}
		if err := iptables("mangle", "-A", rule...); err != nil {
			return err
		}
	}
	return nil
}

func iptables(table, does string, rule ...string) error {
	args := append([]string{"-w", "-t", table, does}, rule...)
	output, err := exec.Command("iptables", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("iptables %s: %w: %s", strings.Join(args, " "), err, output)
	}
	return nil
}
