package route

import (
	"context"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/runtime"
	v1 "sigs.k8s.io/gateway-api/apis/v1"
)

// httpRoute declares an HTTPRoute. pulumi-kubernetes has no type for it, so it comes from Gateway API's own.
func (a *Args) httpRoute(ctx *pulumi.Context, name string, opts []pulumi.ResourceOption) (way pulumi.Resource, address pulumi.StringOutput, err error) {
	host := a.Host
	if host == nil {
		host = pulumi.String("")
	}
	spec := pulumi.All(a.Path, host, a.Gateway.Name, a.Service.Metadata.Name().Elem(), a.Service.Spec.Ports().Index(pulumi.Int(0)).Port()).
		ApplyT(func(all []any) (any, error) {
			return runtime.DefaultUnstructuredConverter.ToUnstructured(a.spec(all[0].(string), all[1].(string), all[2].(string), all[3].(string), all[4].(int)))
		}).(pulumi.AnyOutput)
	made, err := apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String(v1.GroupVersion.String()), Kind: pulumi.String("HTTPRoute"),
		Metadata: a.Metadata, OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, opts...)
	if err != nil || a.Gateway.Await == nil {
		return made, pulumi.String("").ToStringOutput(), err
	}
	return made, made.Metadata.ApplyTWithContext(ctx.Context(), func(ctx context.Context, is *metav1.ObjectMeta) (string, error) {
		return a.Gateway.Await(ctx, *is.Namespace, *is.Name)
	}).(pulumi.StringOutput), nil
}

// spec leads a prefix of a host, "" for any, to a Service.
func (a *Args) spec(path, host, gateway, service string, port int) *v1.HTTPRouteSpec {
	joins := v1.ParentReference{Namespace: new(v1.Namespace(a.Gateway.Namespace)), Name: v1.ObjectName(gateway)}
	if a.Gateway.Listener != "" {
		joins.SectionName = new(v1.SectionName(a.Gateway.Listener))
	}
	rule := v1.HTTPRouteRule{
		Matches: []v1.HTTPRouteMatch{{Path: &v1.HTTPPathMatch{Type: new(v1.PathMatchPathPrefix), Value: &path}}},
		BackendRefs: []v1.HTTPBackendRef{{BackendRef: v1.BackendRef{BackendObjectReference: v1.BackendObjectReference{
			Name: v1.ObjectName(service), Port: new(v1.PortNumber(port)),
		}}}},
	}
	if a.StripPrefix {
		rule.Filters = []v1.HTTPRouteFilter{
			{Type: v1.HTTPRouteFilterURLRewrite, URLRewrite: &v1.HTTPURLRewriteFilter{
				Path: &v1.HTTPPathModifier{Type: v1.PrefixMatchHTTPPathModifier, ReplacePrefixMatch: new("/")},
			}},
			{Type: v1.HTTPRouteFilterRequestHeaderModifier, RequestHeaderModifier: &v1.HTTPHeaderFilter{
				Set: []v1.HTTPHeader{{Name: "X-Forwarded-Prefix", Value: path}},
			}},
		}
	}
	spec := &v1.HTTPRouteSpec{CommonRouteSpec: v1.CommonRouteSpec{ParentRefs: []v1.ParentReference{joins}}, Rules: []v1.HTTPRouteRule{rule}}
	if host != "" {
		spec.Hostnames = []v1.Hostname{v1.Hostname(host)}
	}
	return spec
}
