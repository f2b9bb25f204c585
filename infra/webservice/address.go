package webservice

import (
	"cmp"
	"net"
	"strconv"
	"time"
)

// addressTimeout returns how long an Ingress controller or a load balancer may take to give an object its address.
func (p *parts) addressTimeout() time.Duration { return cmp.Or(p.args.AddressTimeout, patience) }

// hostPort returns an address in a load balancer's status, a host name or an IP address, with the port; "" if there is none.
func hostPort(hostname, ip *string, port int) string {
	for _, host := range []*string{hostname, ip} {
		if host != nil && *host != "" {
			return net.JoinHostPort(*host, strconv.Itoa(port))
		}
	}
	return ""
}
