package webservice

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// explainLate warns half-way through the wait for a resource what the cause may be, if text knows one. The wait begins when
// before is known, and text gets that and the time.
func (p *parts) explainLate(
	resource pulumi.CustomResource, before pulumi.Output, timeout time.Duration, text func(before any, since time.Time) string,
) {
	if p.ctx.DryRun() {
		return
	}
	there := make(chan struct{})
	resource.ID().ApplyT(func(pulumi.ID) bool { close(there); return true })
	before.ApplyT(func(before any) bool {
		since := time.Now()
		go func() {
			select {
			case <-there:
			case <-time.After(timeout / 2):
				if text := text(before, since); text != "" {
					// Log it for the component: nothing can be logged for an object before it exists.
					_ = p.ctx.Log.Warn(text, &pulumi.LogArgs{Resource: p.component})
				}
			}
		}()
		return true
	})
}

// explainLateAddress says why an object has no address: the provider says only that it "timed out waiting for the condition".
func (p *parts) explainLateAddress(name string, object pulumi.CustomResource, before pulumi.Output, cause string) {
	timeout := p.addressTimeout()
	p.explainLate(object, before, timeout, func(any, time.Time) string {
		return fmt.Sprintf("%s has no address after %s, and `pulumi up` gives up after %s: %s", name, timeout/2, timeout, cause)
	})
}

// explainLateRollout says why new Pods are not ready, if WhyNotReady can tell.
func (p *parts) explainLateRollout(deployment pulumi.CustomResource) {
	if p.args.WhyNotReady == nil {
		return
	}
	timeout := p.rolloutTimeout()
	p.explainLate(deployment, pulumi.All(p.Namespace, p.args.Image), timeout, func(before any, since time.Time) string {
		why := p.args.WhyNotReady(p.ctx.Context(), before.([]any)[0].(string), since)
		if why == "" {
			return ""
		}
		return fmt.Sprintf("the new Pods are not ready after %s, and `pulumi up` gives up after %s: %s", timeout/2, timeout, why)
	})
}
