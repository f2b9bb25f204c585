package preflight

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/declared"
	"example.com/hello-world/infra/internal/standin"
	"example.com/hello-world/infra/kubeconfig"
)

// there is what a cluster has: the metadata of objects, by the last two steps of their paths. One with several answers gives
// one after another; "" says that it is gone.
type there map[string][]string

// Marks of objects.
const (
	ours    = `"annotations":{"hello-world/stack":"organization/hello-world/test","hello-world/state":"state-id"}`
	earlier = `"annotations":{"hello-world/stack":"organization/hello-world/test"}` // of versions without that
	another = `"annotations":{"hello-world/stack":"organization/hello-world/test","hello-world/state":"lost"}`
	free    = `"annotations":{"hello-world/stack":"organization/hello-world/test","hello-world/state":"released"}`
	theirs  = `"annotations":{"hello-world/stack":"organization/hello-world/prod","hello-world/state":"theirs"}`
	named   = `"annotations":{"hello-world/stack":"organization/before/test","hello-world/state":"state-id"}`
	before  = `"annotations":{"hello-world/stack":"organization/before/test","hello-world/state":"left"}`
	service = `"annotations":{"hello-world/stack":"organization/hello-world/test","hello-world/state":"state-id","hello-world/service":"mine"}`
	leaving = `,"deletionTimestamp":"2026-11-22T11:46:14Z"`

	toUs   = `"annotations":{"hello-world/given-to":"organization/hello-world/test"}`
	toAll  = `"annotations":{"hello-world/given-to":"all"}`
	toProd = `"annotations":{"hello-world/given-to":"organization/hello-world/prod"}`

	helms      = `"labels":{"app.kubernetes.io/managed-by":"Helm"}`
	withOurs   = `"ownerReferences":[{"kind":"Namespace","name":"traefik"}]`
	withOthers = `"ownerReferences":[{"kind":"Namespace","name":"elsewhere"}]`
)

// What is in the cluster decides whether a stack may have one of that name.
func TestClaims(t *testing.T) {
	t.Setenv("PULUMI_ORGANIZATION", "organization")
	plain := config.Config{Namespace: "hello", Path: "/hello", Context: "kind-c"}
	onKind := plain
	onKind.IngressController, onKind.IngressClass = "traefik", "traefik"
	both := onKind
	both.Dashboard = true
	routed := plain
	routed.IngressClass = "traefik"
	onHost := routed
	onHost.Host, onHost.Path = "a.test", "/"
	odd := plain
	odd.Context = "it's; rm"
	inTraefiks := onKind
	inTraefiks.Namespace = "traefik"
	inDefault := plain
	inDefault.Namespace = "default"
	joined := plain
	joined.Gateway = config.Gateway{Namespace: "infra", Name: "web"}
	onListener := joined
	onListener.Gateway.Listener = "nope"
	onKindsGateway := onKind
	onKindsGateway.Gateway = config.StacksGateway
	onKindsListener := onKindsGateway
	onKindsListener.Gateway.Listener = "https"
	leavesGateway := onKindsGateway
	leavesGateway.IngressController = "none"
	strips := joined
	strips.StripPrefix = true
	stripsByIngress := routed
	stripsByIngress.StripPrefix = true

	for _, test := range []struct {
		name  string
		cfg   config.Config
		there there
		says  []string // of the error; none if it is nil
		lacks string   // what the error does not say
		found found
	}{
		{name: "nothing is there", cfg: both},
		{name: "all is ours", cfg: both, there: there{"namespaces/hello": {ours}, "namespaces/traefik": {ours}, "namespaces/headlamp": {ours},
			"ingressclasses/traefik": {withOurs}, "clusterroles/traefik": {withOurs}, "clusterrolebindings/traefik": {withOurs}}},

		// Whose namespaces are.
		{name: "one is of an earlier version", cfg: onKind, there: there{"namespaces/hello": {earlier}, "namespaces/traefik": {ours}},
			found: found{unclaimed: []claim{{name: "hello"}}}},
		{name: "all are released", cfg: onKind, there: there{"namespaces/hello": {free}, "namespaces/traefik": {free}},
			found: found{unclaimed: []claim{{name: "hello"}, {name: "traefik"}}}},
		{name: "the state was lost", cfg: onKind, there: there{"namespaces/hello": {another}, "namespaces/traefik": {another}},
			says: []string{"nothing was changed", "1 mistake", `namespace is "hello"`, "another state of this stack has what runs there (hello traefik)",
				"kubectl annotate namespace hello traefik --context kind-c --overwrite hello-world/state=released"}},
		{name: "one is another state's", cfg: onKind, there: there{"namespaces/hello": {ours}, "namespaces/traefik": {another}},
			says: []string{`ingressController is "traefik"`, "kubectl annotate namespace traefik --context kind-c --overwrite hello-world/state=released"}},
		{name: "nobody marked it", cfg: plain, there: there{"namespaces/hello": {helms}},
			says: []string{"nothing was changed", `namespace is "hello"`, "not this stack's", "not there yet",
				"kubectl annotate namespace hello --context kind-c --overwrite hello-world/stack=organization/hello-world/test hello-world/state=released"}},
		{name: "the context needs quotes", cfg: odd, there: there{"namespaces/hello": {helms}}, says: []string{`--context 'it'"'"'s; rm' --overwrite`}},
		{name: "it is the cluster's own", cfg: inDefault, there: there{"namespaces/default": {helms}}, says: []string{"not there yet"}, lacks: "annotate"},
		{name: "all are another stack's", cfg: both, there: there{"namespaces/hello": {theirs}, "namespaces/traefik": {theirs}, "namespaces/headlamp": {theirs}},
			says: []string{"3 mistakes", `namespace is "hello"`, `ingressController is "traefik"`, "pulumi config set ingressController none", "dashboard is true", "belongs to stack organization/hello-world/prod"}},
		{name: "another stack's is leaving", cfg: plain, there: there{"namespaces/hello": {theirs + leaving}}, says: []string{"belongs to stack organization/hello-world/prod"}},
		{name: "the project was renamed, with its state", cfg: onKind, there: there{"namespaces/hello": {named}, "namespaces/traefik": {named}}},
		{name: "the project was renamed, without its state", cfg: plain, there: there{"namespaces/hello": {before}},
			says: []string{"belongs to stack organization/before/test", `project was called before`,
				`"pulumi stack rename --stack organization/before/test organization/hello-world/test"`}},
		{name: "the service was renamed", cfg: plain, there: there{"namespaces/hello": {service}},
			says: []string{"nothing was changed", `namespace is "hello"`, `made for the service "mine"`, `called "hello"`, "pulumi config set namespace NAME"}},
		{name: "it is also the controller's", cfg: inTraefiks, there: there{"namespaces/traefik": {strings.Replace(ours, "state-id\"", "state-id\",\"hello-world/service\":\"traefik\"", 1)}}, lacks: "made for", says: []string{"nothing was changed", `namespace is "traefik"`, "must be another one"}},
		// A namespace that is leaving takes along what is put into it.
		{name: "ours is leaving", cfg: plain, there: there{"namespaces/hello": {ours + leaving, ours + leaving, ours + leaving, ""}},
			says: []string{"nothing was changed", `["hello"]`, "pulumi up --refresh"}},
		{name: "ours is leaving, and made again", cfg: plain, there: there{"namespaces/hello": {ours + leaving, ours + leaving, ours + leaving, ours}},
			says: []string{"nothing was changed", `["hello"]`, "pulumi up --refresh"}},

		// An administrator may give one.
		{name: "given to us", cfg: plain, there: there{"namespaces/hello": {toUs}}, found: found{given: true}},
		{name: "given to all", cfg: plain, there: there{"namespaces/hello": {toAll}}, found: found{given: true}},
		{name: "given to another stack", cfg: plain, there: there{"namespaces/hello": {toProd}}, says: []string{"is given to organization/hello-world/prod."}},
		{name: "given, and we are there", cfg: plain, there: there{"namespaces/hello": {toAll}, "deployments/hello": {ours}}, found: found{given: true}},
		{name: "given, and it is released", cfg: plain, there: there{"namespaces/hello": {toAll}, "deployments/hello": {free}},
			found: found{given: true, unclaimed: []claim{{name: "hello"}}}},
		{name: "given, and nobody marked it", cfg: plain, there: there{"namespaces/hello": {toAll}, "deployments/hello": {`"namespace":"hello"`}},
			says: []string{`Deployment "hello" in namespace "hello" already exists and is not this stack's`,
				"kubectl annotate deployment hello -n hello --context kind-c --overwrite hello-world/stack=organization/hello-world/test hello-world/state=released"}},
		{name: "given, and another stack is there", cfg: plain, there: there{"namespaces/hello": {toAll}, "deployments/hello": {theirs}},
			says: []string{"belongs to stack organization/hello-world/prod"}},
		{name: "given, and another state is there", cfg: plain, there: there{"namespaces/hello": {toAll}, "deployments/hello": {another}},
			says: []string{"belongs to another state of this stack"}},
		{name: "given, and claimed", cfg: plain, there: there{"namespaces/hello": {strings.Replace(ours, "{", `{"hello-world/given-to":"all",`, 1)}}},

		// Cluster-scoped objects are the stack's if they go away with its namespace.
		{name: "another's controller is used", cfg: routed, there: there{"ingressclasses/traefik": {helms}}},
		{name: "the controller is Helm's", cfg: onKind, there: there{"ingressclasses/traefik": {helms}, "clusterroles/traefik": {helms}, "clusterrolebindings/traefik": {helms}},
			says: []string{"nothing was changed", "3 mistakes", `ingressController is "traefik"`, `IngressClass "traefik"`, `ClusterRole "traefik"`,
				"pulumi config set ingressController none"}},
		{name: "another namespace's", cfg: onKind, there: there{"clusterroles/traefik": {withOthers}}, says: []string{"1 mistake", `ClusterRole "traefik"`}},
		{name: "the dashboard is Helm's", cfg: both, there: there{"clusterroles/headlamp-viewer": {helms}}, says: []string{"dashboard is true", `ClusterRole "headlamp-viewer"`}},

		// Whoever comes later to a host and a path is refused.
		{name: "another stack has the path", cfg: routed, there: there{"namespaces/second": {theirs}, "ingress": {route("second", "traefik", "", "/hello")}},
			says: []string{`path is /hello, but the Ingress "web" in namespace "second" already exists and belongs to stack organization/hello-world/prod.`}},
		{name: "another state has the path", cfg: routed, there: there{"namespaces/second": {another}, "ingress": {route("second", "traefik", "", "/hello")}},
			says: []string{"belongs to another state of this stack"}},
		{name: "a released namespace has the path", cfg: routed, there: there{"namespaces/second": {free}, "ingress": {route("second", "traefik", "", "/hello")}},
			says: []string{"belongs to another state of this stack"}},
		{name: "somebody has the path", cfg: routed, there: there{"namespaces/second": {helms}, "ingress": {route("second", "traefik", "", "/hello")}},
			says: []string{"is not this stack's"}},
		{name: "it has the host", cfg: onHost, there: there{"namespaces/second": {theirs}, "ingress": {route("second", "traefik", "a.test", "/")}}, says: []string{"path is /, but"}},
		{name: "it has another host", cfg: onHost, there: there{"namespaces/second": {theirs}, "ingress": {route("second", "traefik", "", "/")}}},
		{name: "it has another path", cfg: routed, there: there{"namespaces/second": {theirs}, "ingress": {route("second", "traefik", "", "/")}}},
		{name: "it has another class", cfg: routed, there: there{"namespaces/second": {theirs}, "ingress": {route("second", "nginx", "", "/hello")}}},
		{name: "it came later", cfg: routed, there: there{"namespaces/second": {theirs}, "namespaces/hello": {ours},
			"ingress": {route("second", "traefik", "", "/hello"), route("hello", "traefik", "", "/hello")}}},

		// The same holds for HTTPRoutes of one Gateway. Traefik's serves Ingresses, too.
		{name: "another stack's HTTPRoute has the path", cfg: joined, there: gateways{"httproute": {httpRoute("second", "infra", "web", "", "/hello")}, "namespaces/second": {theirs}}.with(web),
			says: []string{`path is /hello, but the HTTPRoute "web" in namespace "second" already exists and belongs to stack organization/hello-world/prod.`}},
		{name: "it joins another Gateway", cfg: joined, there: gateways{"httproute": {httpRoute("second", "infra", "other", "", "/hello")}, "namespaces/second": {theirs}}.with(web)},
		{name: "it has another host", cfg: joined, there: gateways{"httproute": {httpRoute("second", "infra", "web", "a.test", "/hello")}, "namespaces/second": {theirs}}.with(web)},
		{name: "an HTTPRoute of Traefik has the Ingress's path", cfg: routed, there: gateways{"httproute": {httpRoute("second", "traefik", "traefik", "", "/hello")}, "namespaces/second": {theirs}}.with(web),
			says: []string{`HTTPRoute "web" in namespace "second"`}},
		{name: "an Ingress of Traefik has the HTTPRoute's path", cfg: onKindsGateway, there: gateways{"ingress": {route("second", "traefik", "", "/hello")}, "namespaces/second": {theirs}}.with(web),
			says: []string{`Ingress "web" in namespace "second"`}},
		{name: "an HTTPRoute takes the place of the Ingress", cfg: onKindsGateway, there: gateways{"ingress": {route("hello", "traefik", "", "/hello")}, "namespaces/hello": {ours}}.with(web),
			found: found{replaces: true}},
		{name: "an Ingress takes the place of the HTTPRoute", cfg: routed, there: gateways{"httproute": {httpRoute("hello", "traefik", "traefik", "", "/hello")}, "namespaces/hello": {ours}}.with(web),
			found: found{replaces: true}},
		{name: "an HTTPRoute moves", cfg: joined, there: gateways{"httproute": {httpRoute("old", "infra", "web", "", "/hello")}, "namespaces/old": {ours}}.with(web),
			found: found{former: []string{"/apis/gateway.networking.k8s.io/v1/namespaces/old/httproutes/web"}}},

		{name: "the stack's own Gateway", cfg: onKindsGateway, there: gateways{"namespaces/hello": {ours}, "namespaces/traefik": {ours}}.with(web)},
		{name: "the stack's own Gateway has no such listener", cfg: onKindsListener, there: gateways{}.with(web), says: []string{`gateway is "traefik/traefik/https"`, "there is web (HTTP)"}},
		{name: "the stack would remove it, and is warned", cfg: leavesGateway, there: gateways{"namespaces/hello": {ours}, "namespaces/traefik": {ours}, "gateways/traefik": {web}}.with("")},

		// The Gateway must be there, with what the service needs.
		{name: "no Gateway API", cfg: joined, says: []string{`gateway is "infra/web"`, "does not know Gateway API", "make cluster"}},
		{name: "no such Gateway", cfg: joined, there: gateways{"v1/gateways": {`{"items":[{"metadata":{"namespace":"a","name":"b"}}]}`}}.with(""), says: []string{"not in the cluster", "there are a/b"}},
		{name: "no GatewayClass", cfg: joined, there: gateways{"gatewayclasses/c": {""}}.with(web), says: []string{`GatewayClass "c" is not in the cluster`}},
		{name: "no such listener", cfg: onListener, there: gateways{}.with(web), says: []string{`gateway is "infra/web/nope"`, "has no listener for the service: there are http (HTTP), https (HTTPS for *.a.test)"}},
		{name: "no listener for this namespace", cfg: joined, there: gateways{}.with(strings.ReplaceAll(web, "All", "Same")),
			says: []string{"has no listener for the service: there are http (HTTP, no HTTPRoutes of the namespace hello)"}},
		{name: "no listener for its labels", cfg: joined, there: gateways{"namespaces/hello": {ours}}.with(selecting), says: []string{"no HTTPRoutes of the namespace hello"}},
		{name: "a listener for labels that it may not see", cfg: joined, there: gateways{"namespaces/hello": {hidden}}.with(selecting)},
		{name: "it strips", cfg: strips, there: gateways{}.with(web)},
		{name: "it cannot strip", cfg: strips, there: gateways{"gatewayclasses/c": {`{"status":{"supportedFeatures":[{"name":"HTTPRoute"}]}}`}}.with(web),
			says: []string{"stripPrefix is true", "does not support HTTPRoutePathRewrite"}},
		{name: "another's Traefik cannot strip", cfg: stripsByIngress, there: there{"namespaces/traefik": {helms}}, says: []string{"stripPrefix is true", "no stack has installed the Traefik", "set gateway"}},
		{name: "another stack's Traefik can", cfg: stripsByIngress, there: there{"namespaces/traefik": {theirs}}},

		// What leads the clients of a service that moves.
		{name: "it moves", cfg: plain, there: there{"namespaces/old": {ours}, "namespaces/gift": {toAll}, "namespaces/gift-too": {toAll},
			"ingress": {route("old", "x", "", "/hello"), route("old", "x", "a.test", "/hello"), route("old", "x", "", "/second"),
				strings.Replace(route("gift", "x", "", "/hello"), `"name"`, ours+`,"name"`, 1), route("gift-too", "x", "", "/hello")}},
			found: found{former: []string{"/apis/networking.k8s.io/v1/namespaces/old/ingresses/web", "/apis/networking.k8s.io/v1/namespaces/gift/ingresses/web"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			cluster := test.there.connect(t)
			var got found
			_, err := declared.By(func(ctx *pulumi.Context) (err error) {
				look := look{ctx: ctx, cfg: test.cfg, cluster: cluster, service: "hello", state: "state-id"}
				got, err = look.claims()
				return err
			})
			if len(test.says) == 0 && err != nil {
				t.Error(err)
			}
			for _, words := range test.says {
				if err == nil || !strings.Contains(err.Error(), words) {
					t.Errorf("the error lacks %q: %v", words, err)
				}
			}
			if test.lacks != "" && strings.Contains(err.Error(), test.lacks) {
				t.Errorf("the error has %q: %v", test.lacks, err)
			}
			if err != nil {
				return
			}
			same := slices.EqualFunc(got.unclaimed, test.found.unclaimed, func(a, b claim) bool { return a.name == b.name })
			if got.given != test.found.given || got.replaces != test.found.replaces || !slices.Equal(got.former, test.found.former) || !same {
				t.Errorf("found %+v, want %+v", got, test.found)
			}
		})
	}
}

func route(namespace, class, host, path string) string {
	return fmt.Sprintf(`{"metadata":{"name":"web","namespace":%q},"spec":{"ingressClassName":%q,"rules":[{"host":%q,"http":{"paths":[{"path":%q}]}}]}}`,
		namespace, class, host, path)
}

// web is a Gateway.
const web = `{"spec":{"gatewayClassName":"c","listeners":[{"name":"http","port":80,"protocol":"HTTP",` + all + `},{"name":"https","port":443,"protocol":"HTTPS","hostname":"*.a.test",` + all + `}]}}`

const all = `"allowedRoutes":{"namespaces":{"from":"All"}}`

// selecting is one for namespaces with a label.
var selecting = strings.ReplaceAll(web, `"All"`, `"Selector","selector":{"matchLabels":{"team":"shop"}}`)

// hidden is what these credentials may not look at.
const hidden = "403"

func httpRoute(namespace, gatewayNamespace, gateway, host, path string) string {
	hosts := ""
	if host != "" {
		hosts = fmt.Sprintf("%q", host)
	}
	return fmt.Sprintf(`{"metadata":{"namespace":%q,"name":"web"},"spec":{"parentRefs":[{"namespace":%q,"name":%q}],"hostnames":[%s],"rules":[{"matches":[{"path":{"type":"PathPrefix","value":%q}}]}]}}`,
		namespace, gatewayNamespace, gateway, hosts, path)
}

// gateways are objects of a cluster that knows Gateway API.
type gateways there

// with adds the Gateway infra/web and its class, unless that is there already.
func (objects gateways) with(web string) there {
	objects["gateway.networking.k8s.io/v1"], objects["gateways/web"] = []string{"{}"}, []string{web}
	if objects["gatewayclasses/c"] == nil {
		objects["gatewayclasses/c"] = []string{"{}"}
	}
	return there(objects)
}

// connect connects to a cluster that has these objects, and no others.
func (objects there) connect(t *testing.T) *kubeconfig.Connection {
	t.Helper()
	var connections atomic.Int32
	asked := map[string]bool{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := path.Base(path.Dir(r.URL.Path)) + "/" + path.Base(r.URL.Path)
		switch answers := objects[key]; {
		case r.URL.Path == "/version":
			fmt.Fprint(w, "{}")
		case key == "v1/ingresses":
			fmt.Fprintf(w, `{"items":[%s]}`, strings.Join(objects["ingress"], ","))
		case key == "v1/httproutes":
			fmt.Fprintf(w, `{"items":[%s]}`, strings.Join(objects["httproute"], ","))
		case len(answers) > 0 && strings.HasPrefix(answers[0], "{"):
			fmt.Fprint(w, answers[0])
		case len(answers) > 0 && answers[0] == hidden:
			http.Error(w, "", http.StatusForbidden)
		case len(answers) == 0 || answers[0] == "":
			http.NotFound(w, r)
		default:
			fmt.Fprintf(w, `{"metadata":{%s}}`, answers[0])
			if len(answers) == 1 && asked[key] && !strings.Contains(answers[0], "deletionTimestamp") {
				t.Errorf("it asks for %s again", key)
			}
			asked[key] = len(answers) == 1
			if len(answers) > 1 {
				objects[key] = answers[1:]
			}
		}
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew && connections.Add(1) > 1 {
			t.Error("that took several connections, want one")
		}
	}
	server.Start()
	return standin.Reached(t, server)
}

// Whoever interrupts the wait is not told that it took too long.
func TestInterruptedWait(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	cluster := standin.Reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/version" {
			interrupt()
		}
		fmt.Fprint(w, `{"metadata":{"deletionTimestamp":"2026-11-22T11:46:14Z"}}`)
	})))
	program, err := pulumi.NewContext(ctx, pulumi.RunInfo{Mocks: struct{ pulumi.MockResourceMonitor }{}})
	if err != nil {
		t.Fatal(err)
	}
	look := look{ctx: program, cluster: cluster}
	if err := look.awaitGone([]claim{{name: "hello", path: kubeconfig.NamespacePath("hello")}}); err != context.Canceled {
		t.Errorf("it ends with %v", err)
	}
}

// A take-over marks what no state has, and a preview does not.
func TestTakeOver(t *testing.T) {
	var changed []string
	cluster := standin.Reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch {
			changed = append(changed, r.URL.Path)
		}
		fmt.Fprint(w, "{}")
	})))
	unclaimed := []claim{namespaceClaim("hello", "", "", ""), namespaceClaim("traefik", "", "", "")}
	for _, preview := range []bool{true, false} {
		changed = nil
		var want []string
		if !preview {
			want = []string{"/api/v1/namespaces/hello", "/api/v1/namespaces/traefik"}
		}
		_, err := declared.By(func(ctx *pulumi.Context) error {
			look := look{ctx: ctx, cluster: cluster, state: "state-id"}
			return look.takeOver(unclaimed)
		}, func(info *pulumi.RunInfo) { info.DryRun = preview })
		if err != nil || !slices.Equal(changed, want) {
			t.Errorf("preview %t: %v changed, error %v, want %v", preview, changed, err, want)
		}
	}
}
