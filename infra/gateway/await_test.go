package gateway

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"example.com/hello-world/infra/internal/standin"
)

// What the controller says of the route decides how the wait ends, and when.
func TestAwait(t *testing.T) {
	pause, settled = time.Millisecond, 20*time.Millisecond
	const accepted, resolved = `{"type":"Accepted","status":"True","observedGeneration":2}`, `{"type":"ResolvedRefs","status":"True","observedGeneration":2}`
	const refused = `{"type":"Accepted","status":"False","observedGeneration":2,"reason":"NotAllowedByListeners","message":"no listener admits it"}`
	by := func(gateway string, conditions ...string) string {
		return fmt.Sprintf(`{"parentRef":{"namespace":"infra","name":%q},"conditions":[%s]}`, gateway, strings.Join(conditions, ","))
	}
	const programmed = `"addresses":[{"value":"192.0.2.1"}]`
	for name, test := range map[string]struct {
		parents []string // of the route's status, at one look after the other
		gateway string   // its status
		address string
		says    string // of the error
	}{
		"accepted":                   {[]string{by("web", accepted, resolved)}, programmed, "192.0.2.1", ""},
		"accepted later":             {[]string{"", by("web", refused), by("web", accepted), by("web", accepted, resolved)}, programmed, "192.0.2.1", ""},
		"refused":                    {[]string{by("web", refused)}, programmed, "", "Accepted is False: NotAllowedByListeners: no listener admits it"},
		"the Service is not there":   {[]string{by("web", accepted, `{"type":"ResolvedRefs","status":"False","observedGeneration":2,"reason":"BackendNotFound"}`)}, programmed, "", "ResolvedRefs is False: BackendNotFound"},
		"said of the route before":   {[]string{by("web", strings.ReplaceAll(accepted+","+resolved, ":2", ":1"))}, programmed, "", "no controller has answered within"},
		"somebody deleted it":        {[]string{"gone"}, programmed, "", "it was deleted from the cluster; `pulumi up --refresh` recreates it"},
		"another Gateway answers":    {[]string{by("other", accepted, resolved)}, programmed, "", "no controller has answered within"},
		"the Gateway is not ready":   {[]string{""}, `"conditions":[{"type":"Programmed","status":"False","reason":"AddressNotAssigned"}]`, "", "the Gateway itself is not ready: Programmed is False: AddressNotAssigned"},
		"it has no address":          {[]string{by("web", accepted, resolved)}, `"conditions":[]`, "", "or given it an address"},
		"its conditions are unknown": {[]string{by("web", `{"type":"Accepted","status":"Unknown","observedGeneration":2}`)}, programmed, "", "no controller has answered within"},
	} {
		t.Run(name, func(t *testing.T) {
			looks := 0
			cluster := standin.Reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case test.parents[0] == "gone" && strings.HasSuffix(r.URL.Path, "/httproutes/hello-route"):
					http.NotFound(w, r)
				case strings.HasSuffix(r.URL.Path, "/namespaces/hello/httproutes/hello-route"):
					fmt.Fprintf(w, `{"metadata":{"namespace":"hello","generation":2},"status":{"parents":[%s]}}`, test.parents[min(looks, len(test.parents)-1)])
					looks++
				case strings.HasSuffix(r.URL.Path, "/namespaces/infra/gateways/web"):
					fmt.Fprintf(w, `{"spec":{"gatewayClassName":"c"},"status":{%s}}`, test.gateway)
				default:
					fmt.Fprint(w, "{}")
				}
			})))
			way := Way{Cluster: cluster, NeedsAddress: true,
				Route: types.NamespacedName{Namespace: "hello", Name: "hello-route"}, Gateway: types.NamespacedName{Namespace: "infra", Name: "web"}}
			address, err := way.Await(t.Context(), 200*time.Millisecond)
			if address != test.address || (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("the address is %q, error %v", address, err)
			}
			if err != nil && !strings.HasPrefix(err.Error(), "the Gateway infra/web does not lead to the HTTPRoute hello-route: ") {
				t.Errorf("it says %v", err)
			}
		})
	}
}
