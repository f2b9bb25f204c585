package webservice

import (
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// addressTimeout is how long an Ingress controller or a load balancer may take to give an object its address.
func (p *parts) addressTimeout() time.Duration {
	if p.args.AddressTimeout == 0 {
		return patience
	}
	return p.args.AddressTimeout
}

// explainLateAddress warns, half-way through the wait for an object's address, what the cause may be: in the end the
// provider says only that it "timed out waiting for the condition". The wait begins once before is known.
func (p *parts) explainLateAddress(name string, object pulumi.CustomResource, before pulumi.Output, cause string) {
	if p.ctx.DryRun() {
		return
	}
	timeout := p.addressTimeout()
	addressed := make(chan struct{})
	object.ID().ApplyT(func(pulumi.ID) bool { close(addressed); return true })
	before.ApplyT(func(any) bool {
		go func() {
			select {
			case <-addressed:
			case <-time.After(timeout / 2):
				text := fmt.Sprintf("%s has no address after %s, and `pulumi up` gives up after %s: %s", name, timeout/2, timeout, cause)
				// About the component, since nothing can be said about an object before it is there.
				_ = p.ctx.Log.Warn(text, &pulumi.LogArgs{Resource: p.component})
			}
		}()
		return true
	})
}

// hostPort is an address of a load balancer's status, which is a host name or an IP address; "" if it is neither.
func hostPort(hostname, ip *string, port int) string {
	for _, host := range []*string{hostname, ip} {
		if host != nil && *host != "" {
			return net.JoinHostPort(*host, strconv.Itoa(port))
		}
	}
	return ""
}
