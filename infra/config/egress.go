package config

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// Destination is where Pods may connect to: a namespace or a range of addresses; neither means anywhere.
type Destination struct {
	Namespace string // "" for addresses
	CIDR      string // "" for a namespace; such as 10.0.0.0/8, or 203.0.113.7/32 for one address
	Port      int    // 0 means any
}

// destinations accepts any, which leaves the field nil, none, which makes it an empty list, or a list, in which any is the zero
// Destination.
func destinations(field func(*Config) *[]Destination) value[Config] {
	const accepts = "none, or a list of any, namespaces and addresses, each with or without a port, such as any:443,db:5432,10.0.0.0/8,203.0.113.7"
	return value[Config]{accepts: accepts, set: func(config *Config, text string) bool {
		switch text {
		case "any":
			*field(config) = nil
			return true
		case "none":
			*field(config) = []Destination{}
			return true
		}
		var list []Destination
		for entry := range strings.SplitSeq(text, ",") {
			destination, ok := parseDestination(strings.TrimSpace(entry))
			if !ok || destination.Namespace == "none" { // it stands alone
				return false
			}
			if destination.Namespace == "any" {
				destination.Namespace = ""
			}
			list = append(list, destination)
		}
		*field(config) = list
		return true
	}}
}

func parseDestination(text string) (parsed Destination, ok bool) {
	where := text
	if host, port, err := net.SplitHostPort(text); err == nil {
		if !isPort(port) {
			return parsed, false
		}
		where = host
		parsed.Port, _ = strconv.Atoi(port)
	}
	if address, err := netip.ParseAddr(where); err == nil && address.Zone() == "" {
		parsed.CIDR = netip.PrefixFrom(address, address.BitLen()).String()
	} else if prefix, err := netip.ParsePrefix(where); err == nil && prefix == prefix.Masked() {
		parsed.CIDR = where
	} else if dnsLabel.holds(where) && !isPort(where) { // somebody who writes a port alone means any:PORT
		parsed.Namespace = where
	} else {
		return parsed, false
	}
	return parsed, true
}
