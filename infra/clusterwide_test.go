package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/declared"
)

// Objects outside of all namespaces are the stack's if they go away with its namespace.
func TestCheckObjects(t *testing.T) {
	const (
		ours    = `"ownerReferences":[{"kind":"Namespace","name":"traefik"}]`
		theirs  = `"labels":{"app.kubernetes.io/managed-by":"Helm"}`
		another = `"ownerReferences":[{"kind":"Namespace","name":"elsewhere"}]`
	)
	onKind := config.Config{Target: config.Kind, IngressController: "traefik", IngressClass: "traefik"}
	for _, test := range []struct {
		name    string
		cfg     config.Config
		cluster map[string]string // by the end of the path
		says    []string
	}{
		{"none exists", onKind, nil, nil},
		{"all are ours", onKind, map[string]string{"ingressclasses/traefik": ours, "clusterroles/traefik": ours, "clusterrolebindings/traefik": ours}, nil},
		{"another's controller is used", config.Config{IngressClass: "traefik"}, map[string]string{"ingressclasses/traefik": theirs}, nil},
		{"all are Helm's", onKind, map[string]string{"ingressclasses/traefik": theirs, "clusterroles/traefik": theirs, "clusterrolebindings/traefik": theirs},
			[]string{"nothing was changed", "3 mistakes", `ingressController is "traefik"`, `IngressClass "traefik"`, `ClusterRole "traefik"`,
				"pulumi config set ingressController none"}},
		{"another namespace's", onKind, map[string]string{"clusterroles/traefik": another}, []string{"1 mistake", `ClusterRole "traefik"`}},
		{"the dashboard's", config.Config{Dashboard: true}, map[string]string{"clusterroles/headlamp-viewer": theirs},
			[]string{"dashboard is true", `ClusterRole "headlamp-viewer"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			cluster := reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				metadata, there := test.cluster[path.Base(path.Dir(r.URL.Path))+"/"+path.Base(r.URL.Path)]
				if !there && r.URL.Path != "/version" {
					w.WriteHeader(http.StatusNotFound)
				}
				fmt.Fprintf(w, `{"metadata":{%s}}`, metadata)
			})))
			_, err := declared.By(func(ctx *pulumi.Context) error { return checkObjects(ctx, test.cfg, cluster) })
			if len(test.says) == 0 && err != nil {
				t.Error(err)
			}
			for _, words := range test.says {
				if err == nil || !strings.Contains(err.Error(), words) {
					t.Errorf("the error lacks %q: %v", words, err)
				}
			}
		})
	}
}
