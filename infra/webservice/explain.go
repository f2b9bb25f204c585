package webservice

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// explainNoAddress says why an object got no address: the provider says only that it "timed out waiting for the condition".
func (p *parts) explainNoAddress(object, cause string) (pulumi.ResourceOption, error) {
	hook, err := p.ctx.RegisterErrorHook(object, func(args *pulumi.ErrorHookArgs) (retry bool, err error) {
		if len(args.Errors) > 0 && !strings.Contains(args.Errors[0], "timed out") {
			return false, nil // the cluster refused it, and the provider quotes why
		}
		return false, p.ctx.Log.Error(object+" has no address: "+cause, &pulumi.LogArgs{Resource: p.component})
	})
	return pulumi.ResourceHooks(&pulumi.ResourceHookBinding{OnError: []*pulumi.ErrorHook{hook}}), err
}
