package main

import (
	"fmt"
	"net"
	"os/exec"
	"strings"

	"github.com/vishvananda/netlink"
)

// chain holds the masquerading rules, apart from those of kube-proxy.
const chain = "KIND-MASQ-AGENT"

// route sends what is for the Pods in subnet to the node at ip.
func route(subnet, ip string) error {
	_, destination, err := net.ParseCIDR(subnet)
	if err != nil {
		return err
	}
	return netlink.RouteReplace(&netlink.Route{Dst: destination, Gw: net.ParseIP(ip)})
}

// masquerade gives packets from Pods to the outside of the cluster the node's
// address, and leaves those between Pods alone.
func masquerade(podSubnet string) error {
	// Made last, so that the chain is never used half-filled.
	way := []string{"POSTROUTING", "-s", podSubnet, "-m", "addrtype", "!", "--dst-type", "LOCAL", "-j", chain}
	if iptables(append([]string{"-C"}, way...)...) == nil {
		return nil
	}
	iptables("-N", chain) // it may be there
	for _, rule := range [][]string{
		{"-F", chain},
		{"-A", chain, "-d", podSubnet, "-j", "RETURN"},
		{"-A", chain, "-j", "MASQUERADE"},
		append([]string{"-A"}, way...),
	} {
		if err := iptables(rule...); err != nil {
			return err
		}
	}
	return nil
}

func iptables(args ...string) error {
	args = append([]string{"-w", "-t", "nat"}, args...)
	output, err := exec.Command("iptables", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("iptables %s: %w: %s", strings.Join(args, " "), err, output)
	}
	return nil
}
