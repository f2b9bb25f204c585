// Package declared runs Pulumi programs in tests, without an engine or a cluster, and returns what they declare.
package declared

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
)

// Digest is the digest of every image that a program builds here.
const Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// StateID is the id of every stack's state here.
const StateID = "state-id"

// Named returns the name that the provider gives an object without one, by its logical name.
func Named(logical string) string { return logical + "-1a2b3c4d" }

// UID returns the uid of the namespace with that logical name.
func UID(namespace string) string { return namespace + "-uid" }

// IngressStatus is what the Ingress controller reports.
var IngressStatus = map[string]any{
	"loadBalancer": map[string]any{"ingress": []any{map[string]any{"hostname": "ingress.example.net"}}},
}

// stackOutputs are the outputs of every other stack.
var stackOutputs = resource.PropertyMap{
	"kubeconfig": resource.MakeSecret(resource.NewStringProperty("current-context: made\ncontexts: [{name: made}, {name: second}]")),
	"object": resource.NewPropertyValue(map[string]any{
		"current-context": "object", "contexts": []any{map[string]any{"name": "object"}},
	}),
	"plain": resource.NewStringProperty("contexts: [{name: plain}]\nusers: [{name: u, user: {token: geheim}}]"),
}

// Object is one declared resource.
type Object struct {
	Type     string // such as "kubernetes:core/v1:Service"
	Name     string // its logical name
	Provider string // the reference of its provider
	inputs   map[string]any
	request  pulumi.MockResourceArgs
}

// At returns the input at a path such as "spec.ports.0.port", or nil if there is none. If a key has dots, as a label's does,
// give the path step by step: At("metadata", "labels", "example.com/name").
func (o Object) At(path ...string) any {
	if len(path) == 1 {
		path = strings.Split(path[0], ".")
	}
	var value any = o.inputs
	for _, step := range path {
		switch inner := value.(type) {
		case map[string]any:
			value = inner[step]
		case []any:
			index, err := strconv.Atoi(step)
			if err != nil || index >= len(inner) {
				return nil
			}
			value = inner[index]
		default:
			return nil
		}
	}
	return value
}

// Expect fails the test unless the inputs at these paths are as given.
func (o Object) Expect(t *testing.T, want map[string]any) {
	t.Helper()
	for path, value := range want {
		if got := o.At(path); got != value {
			t.Errorf("%s %s: %s is %v, want %v", o.Type, o.Name, path, got, value)
		}
	}
}

// Secret reports whether the input of that name, or something in it, is a secret.
func (o Object) Secret(input string) bool {
	return o.request.Inputs[resource.PropertyKey(input)].ContainsSecrets()
}

// DependsOn reports whether the object waits for other.
func (o Object) DependsOn(other Object) bool {
	return slices.ContainsFunc(o.request.RegisterRPC.GetDependencies(), func(dependency string) bool {
		urn := resource.URN(dependency)
		return string(urn.Type()) == other.Type && urn.Name() == other.Name
	})
}

// Ignores returns the inputs whose changes are ignored.
func (o Object) Ignores() []string { return o.request.RegisterRPC.GetIgnoreChanges() }

// DeletedWith returns the logical name of the resource whose deletion also deletes this one, or "".
func (o Object) DeletedWith() string {
	urn := resource.URN(o.request.RegisterRPC.GetDeletedWith())
	if urn == "" {
		return ""
	}
	return urn.Name()
}

// Component returns the logical name of the component that the object belongs to, or "" if it belongs to none.
func (o Object) Component() string {
	urn := resource.URN(o.request.RegisterRPC.GetParent())
	if urn == "" || urn.Type() == resource.RootStackType {
		return ""
	}
	return urn.Name()
}

// CreateTimeout returns how long creation may take, as declared; "" means the provider's default.
func (o Object) CreateTimeout() string { return o.request.RegisterRPC.GetCustomTimeouts().GetCreate() }

// Objects are all resources of a program except components, in no particular order.
type Objects []Object

// OfType returns the objects whose type ends in suffix, such as ":Service".
func (o Objects) OfType(suffix string) Objects {
	return slices.DeleteFunc(slices.Clone(o), func(object Object) bool { return !strings.HasSuffix(object.Type, suffix) })
}

// One returns the object of a type and a metadata.name. It fails the test unless there is exactly one.
func (o Objects) One(t *testing.T, suffix, name string) Object {
	t.Helper()
	var found Objects
	for _, object := range o.OfType(suffix) {
		if object.At("metadata.name") == name {
			found = append(found, object)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d objects of type %s are called %s, want 1", len(found), suffix, name)
	}
	return found[0]
}

// By runs the program, and returns what it declared and its error.
func By(program pulumi.RunFunc, options ...pulumi.RunOption) (Objects, error) {
	recorder := &recorder{}
	options = append(slices.Clone(options), pulumi.WithMocks("hello-world", "test", recorder))
	err := pulumi.RunErr(program, options...)
	return recorder.objects, err
}

// recorder stands in for the engine and all providers.
type recorder struct {
	mutex   sync.Mutex
	objects Objects
}

func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if args.Custom {
		r.objects = append(r.objects, Object{
			Type: args.TypeToken, Name: args.Name, Provider: args.Provider, request: args,
			inputs: object.Plain(resource.NewObjectProperty(args.Inputs)).(map[string]any),
		})
	}
	outputs := resource.PropertyMap(maps.Clone(args.Inputs))
	for key, value := range answered(args) {
		outputs[key] = value
	}
	return args.Name + "-id", outputs, nil
}

func (r *recorder) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return resource.PropertyMap{}, nil
}

// answered returns the outputs that the real provider would add.
func answered(args pulumi.MockResourceArgs) resource.PropertyMap {
	switch args.TypeToken {
	case "docker:index/image:Image":
		image := args.Inputs["imageName"].StringValue()
		image = image[:strings.LastIndex(image, ":")] // without the tag
		return resource.PropertyMap{"repoDigest": resource.NewStringProperty(image + "@" + Digest)}
	case "kubernetes:core/v1:Namespace":
		metadata := args.Inputs["metadata"].ObjectValue().Copy()
		metadata["uid"] = resource.NewStringProperty(UID(args.Name))
		return resource.PropertyMap{"metadata": resource.NewObjectProperty(metadata)}
	case "pulumi:index:Stash":
		return resource.PropertyMap{"output": resource.NewStringProperty(StateID)}
	case "pulumi:pulumi:StackReference":
		return resource.PropertyMap{"outputs": resource.NewObjectProperty(stackOutputs)}
	case "kubernetes:core/v1:Secret":
		metadata := args.Inputs["metadata"].ObjectValue().Copy()
		if !metadata.HasValue("name") {
			metadata["name"] = resource.NewStringProperty(Named(args.Name))
		}
		return resource.PropertyMap{"metadata": resource.NewObjectProperty(metadata)}
	case "kubernetes:networking.k8s.io/v1:Ingress":
		return resource.PropertyMap{"status": resource.NewPropertyValue(IngressStatus)}
	case "kubernetes:core/v1:Service":
		spec := args.Inputs["spec"].ObjectValue().Copy()
		port := spec["ports"].ArrayValue()[0].ObjectValue().Copy()
		port["nodePort"] = resource.NewNumberProperty(31234)
		spec["clusterIP"] = resource.NewStringProperty("10.96.0.7")
		spec["ports"] = resource.NewArrayProperty([]resource.PropertyValue{resource.NewObjectProperty(port)})
		status := map[string]any{"loadBalancer": map[string]any{"ingress": []any{map[string]any{"ip": "192.0.2.7"}}}}
		return resource.PropertyMap{
			"spec":   resource.NewObjectProperty(spec),
			"status": resource.NewPropertyValue(status),
		}
	}
	return nil
}
