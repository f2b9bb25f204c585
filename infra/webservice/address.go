package webservice

import (
	"net"
	"strconv"
)

// hostPort returns an address in a load balancer's status, a host name or an IP address, with the port; "" if there is none.
func hostPort(hostname, ip *string, port int) string {
	for _, host := range []*string{hostname, ip} {
		if host != nil && *host != "" {
			return net.JoinHostPort(*host, strconv.Itoa(port))
		}
	}
	return ""
}
