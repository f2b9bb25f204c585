// Package pairs makes configurations in which every two settings that may stand together do so at least once. Defects of keys
// show in pairs: each may work by itself.
package pairs

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"slices"
)

// Setting is a key with a value, as `pulumi config set` takes it, and what it needs beside it.
type Setting map[string]string

// Digest stands for an image's digest that a registry has.
const Digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000"

// Table has the settings of each key, plain ones before unusual ones. Those of a line exclude each other, and none of them may
// be set either. A key that only makes sense with another stands in that one's line.
var Table = [][]Setting{
	{{"target": "cloud"}},
	{{"replicas": "3"}, {"replicas": "0"}, {"replicas": "1-5"}},
	{{"rolloutTimeout": "90"}, {"rolloutTimeout": "3600"}},
	{{"image": "localhost:5001/hello-world@" + Digest}, {"hold": "localhost:5001/hello-world@" + Digest}},
	{{"registryUsername": "me", "registryPassword": "geheim"}, {"registryUsername": "ü@x", "registryPassword": "$(X) \"'\\\n"}},
	{{"pullUsername": "me", "pullPassword": "geheim"}},
	{{"platform": "linux/amd64"}},
	{{"buildArgs": `{"GOFLAGS":"-tags=x"}`}, {"buildArgs": `{}`}},
	{{"signingKey": SigningKey()}},
	{{"port": "9190"}, {"port": "80"}, {"port": "9090"}},
	{{"service": "NodePort"}, {"service": "LoadBalancer"}},
	{{"path": "/"}, {"path": "/a/b~c.d"}},
	{{"stripPrefix": "true"}},
	{
		{"host": "hello.example.com"},
		{"host": "hello.example.com", "tls": "secret/hello-tls", "ingressAddress": "127.0.0.1:8443"},
		{"host": "hello.example.com", "tls": "issuer/letsencrypt", "ingressAddress": "127.0.0.1:8443"},
		{"ingressAddress": "[::1]:8080"},
	},
	{{"ingressController": "none"}, {"ingressClass": "nginx"}},
	{{"gateway": "traefik/traefik"}, {"gateway": "traefik/traefik/web"}},
	{{"addressTimeout": "30"}, {"addressTimeout": "3600"}},
	{{"ingressAnnotations": `{"example.com/a":"b"}`}, {"ingressAnnotations": `{"pulumi.com/waitFor":"jsonpath={.metadata.name}"}`}},
	{{"dashboard": "true"}},
	{{"env": `{"A":"b"}`}, {"env": `{"GOMEMLIMIT":"off","A":"$(PORT) $$ \" ü\n"}`}},
	{{"secretEnv": `{"S":"geheim"}`}, {"secretEnv": `{"GOMEMLIMIT":"off","S":""}`}, {"secretEnv": `{}`}},
	{{"existingSecrets": `{"database":"env","ca.example.com":"/etc/own/ca"}`}, {"existingSecrets": `{}`}},
	{{"serviceAccount": "robot"}, {"serviceAccount": `{"eks.amazonaws.com/role-arn":"arn:aws:iam::1:role/x"}`}, {"serviceAccount": `{}`}},
	{{"args": `["--verbose"]`}, {"args": `["","$(PORT)","ü\n"]`}, {"args": `[]`}},
	{{"cpu": "100m/2"}, {"cpu": "200m"}},
	{{"memory": "512Mi/1Gi"}, {"memory": "64Mi"}},
	{{"scratch": "64Mi"}, {"scratch": "1Mi"}},
	{{"volume": `{"path":"/data","size":"1Gi"}`}},
	{{"database": "postgres"}},
	{{"runAsUser": "1000"}, {"runAsUser": "65535"}},
	{{"healthPath": "/hello"}, {"healthPath": "/hello /"}},
	{{"migrate": `["migrate"]`}, {"migrate": `{"args":["migrate","a b","$(PORT)"],"timeout":3600}`}},
	{{"workers": `{"mails":{"args":["work"]}}`}, {"workers": `{"a":{"args":["","$(X)"],"replicas":0,"cpu":"10m","memory":"16Mi","alive":["/server","alive"]},"b":{}}`}, {"workers": `{}`}},
	{{"jobs": `{"nightly":{"schedule":"0 3 * * *","args":["report"]}}`}, {"jobs": `{"c":{"schedule":"@daily","timeZone":"Europe/Zurich","timeout":1,"args":["$(X)"]},"d":{"schedule":"*/5 1-3 * 1 0"}}`}},
	{{"verify": "/hello"}, {"verify": "/nowhere 404"}},
	{{"egress": "none"}, {"egress": "traefik:8000,10.0.0.0/8,fd00::/8,[2001:db8::1]:443,203.0.113.7"}},
	{{"monitoring": "monitoring"}, {"monitoring": `{"from":"monitoring","port":9100,"path":"/stats"}`}, {"monitoring": `{"from":"monitoring","path":"none"}`}},
	{{"drainTime": "1"}, {"drainTime": "20"}},
	{{"namespaceLabels": `{"example.com/a":"b"}`}, {"namespaceLabels": `{"a":""}`}},
}

// SigningKey returns a new value of the key signingKey.
func SigningKey() string {
	_, key, _ := ed25519.GenerateKey(nil)
	der, _ := x509.MarshalPKCS8PrivateKey(key)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// PreviewOnly has the settings that no kind cluster of this project can bring up: an Ingress waits for an address, and nothing
// but the stack's own Traefik gives one; there are no load balancers, no cert-manager, and nobody who puts things into the
// namespace.
var PreviewOnly = []Setting{
	{"target": "cloud"},
	{"ingressController": "none"},
	{"ingressClass": "nginx"},
	{"service": "LoadBalancer"},
	{"host": "hello.example.com", "tls": "issuer/letsencrypt", "ingressAddress": "127.0.0.1:8443"},
	{"existingSecrets": `{"database":"env","ca.example.com":"/etc/own/ca"}`},
	{"serviceAccount": "robot"},
}

// OnKind returns the table without what is for previews only.
func OnKind() (table [][]Setting) {
	for _, line := range Table {
		table = append(table, slices.DeleteFunc(slices.Clone(line), func(setting Setting) bool {
			return slices.ContainsFunc(PreviewOnly, func(other Setting) bool { return maps.Equal(setting, other) })
		}))
	}
	return table
}

// Given has the keys that say where the stack is: whoever uses a configuration knows their values.
var Given = []string{"registry", "context", "kubeconfig", "clusterStack", "namespace"}
