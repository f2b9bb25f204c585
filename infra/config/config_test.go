package config_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"example.com/hello-world/infra/attestation/signature"
	"example.com/hello-world/infra/config"
)

const (
	image      = "ghcr.io/me/hello@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	kubeconfig = "current-context: one\ncontexts: [{name: one}, {name: two}]\nusers: [{name: u, user: {token: geheim}}]"
)

// source makes a configuration as Pulumi passes it, from entries "key=value". A key that starts with "!" is encrypted.
func source(entries ...string) config.Source {
	source := config.Source{Project: "hello-world", Values: map[string]string{"kubernetes:context": "not ours"}}
	for _, entry := range entries {
		key, value, _ := strings.Cut(entry, "=")
		key, encrypted := strings.CutPrefix(key, "!")
		source.Values["hello-world:"+key] = value
		if encrypted {
			source.Secrets = append(source.Secrets, "hello-world:"+key)
		}
	}
	return source
}

func mistakes(t *testing.T, err error) config.Mistakes {
	t.Helper()
	mistakes, ok := err.(config.Mistakes)
	if err != nil && !ok {
		t.Fatalf("the error is a %T, want config.Mistakes: %v", err, err)
	}
	return mistakes
}

// setting returns what ship/cluster has unless the environment overrides it.
func setting(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../ship/cluster/settings.go")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`"` + name + `"\)?, "?([\w-]+)`).FindSubmatch(text)
	if found == nil {
		t.Fatalf("ship/cluster does not set %s", name)
	}
	return string(found[1])
}

func TestDefaultsOfKind(t *testing.T) {
	for _, given := range []config.Source{source(), source("target=kind"), {Project: "hello-world"}} {
		got, err := config.Parse(given)
		if err != nil {
			t.Fatal(err)
		}
		want := config.Config{
			Target: config.Kind, Replicas: 1, Registry: "localhost:" + setting(t, "REGISTRY_PORT"), Platform: "linux/" + runtime.GOARCH,
			Context:   "kind-" + setting(t, "CLUSTER"),
			Namespace: "hello", Port: 8080, Service: "ClusterIP", Path: "/hello", IngressController: "traefik", IngressClass: "traefik",
			IngressAddress: "127.0.0.1:" + setting(t, "HTTP_PORT"), RolloutTimeout: 60, AddressTimeout: 60, DrainTime: 10,
			CPU: config.Amount{Request: "25m", Limit: "1"}, Memory: config.Amount{Request: "32Mi", Limit: "128Mi"}, RunAsUser: 65532,
		}
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if !got.InstallsIngressController() {
			t.Error("the Ingress controller is not installed by default")
		}
	}
}

// `make dev` has Pods drain for less time, unless the stack says for how long.
func TestDrainTimeOfMakeDev(t *testing.T) {
	for _, test := range []struct {
		dev  string
		set  []string
		want int
	}{{"", nil, 10}, {"1", nil, 1}, {"1", []string{"drainTime=30"}, 30}} {
		t.Setenv("DEV_DRAIN_TIME", test.dev)
		given := config.SourceOf("hello-world", "", "", source(test.set...).Values, nil)
		if got, err := config.Parse(given); err != nil || got.DrainTime != test.want {
			t.Errorf("with %q and %q Pods drain for %d s, want %d, error %v", test.dev, test.set, got.DrainTime, test.want, err)
		}
	}
}

func TestAccepted(t *testing.T) {
	for _, entries := range [][]string{
		{"replicas=0"}, {"replicas=1000"}, {"port=9190"}, {"port=1"}, {"port=65535"},
		{"service=NodePort"}, {"service=LoadBalancer"}, {"dashboard=false"},
		{"dashboard=true"}, {"dashboard=true", "ingressAddress=localhost:80"}, {"dashboard=true", "ingressAddress=[::1]:80"},
		{"dashboard=true", "host=a.b", "tls=secret/certificate", "ingressAddress=192.0.2.7:443"},
		{"dashboard=true", "path=/dashboard/hello"}, {"path=/dashboard"},
		{"path=/"}, {"path=/a/b-c.d_e~f"}, {"host=hello.example.com"}, {"host=localhost"},
		{"namespace=a"}, {"namespace=a-1"}, {"platform=linux/arm64"},
		{"registry=ghcr.io/me"}, {"registry=registry.local:5000/team/x"}, {"registry=kind-registry:5000"},
		{"image=" + image}, {"image=localhost:5001/hello:v1@" + image[strings.Index(image, "sha256"):]},
		{"image=docker.io/nginx@" + image[strings.Index(image, "sha256"):]}, {"registry=index.docker.io/me"},
		{"registryUsername=me", "!registryPassword=geheim"},
		{"pullUsername=me", "!pullPassword=geheim"}, {`!buildArgs={"TOKEN":"geheim"}`}, {`!ingressAnnotations={"a":"geheim"}`},
		{"context=arn:aws:eks:eu-central-1:1:cluster/x"},
		{"!kubeconfig=" + kubeconfig}, {"!kubeconfig=" + kubeconfig, "context=two"},
		{"ingressClass=nginx"}, {"ingressAddress=[::1]:80"}, {"ingressAddress=example.com:8443"},
		{`ingressAnnotations={"example.com/a":"x","b":true,"c":1}`}, {`ingressAnnotations={}`},
		{`buildArgs={"GO_IMAGE":"golang:1.26","GOPROXY":"https://proxy.example"}`},
		{"host=a.b", "tls=secret/certificate", "ingressAddress=127.0.0.1:8443"},
		{"host=a.b", "tls=issuer/ca", "ingressAddress=127.0.0.1:8443"},
		{"!signingKey=" + pemOf(signingKey)}, {"!signingKey=" + signature.PublicKey(signingKey), "image=" + image},
		{"clusterStack=organization/eks/prod"}, {"clusterStack=organization/eks/prod:config", "context=two"},
		{"replicas=1-5"}, {"replicas=5-5"}, {`migrate=["up"]`}, {`migrate={"args":["up"],"timeout":86400}`}, {"addressTimeout=3600"}, {"rolloutTimeout=300"},
		{"image=" + image, "registryUsername=me", "!registryPassword=geheim"}, // to pull
		{"stripPrefix=true"}, {"stripPrefix=true", "gateway=a/b", "path=/a/b/c/d/e/f"},
		{"gateway=traefik/traefik"}, {"gateway=infra/web/https", "ingressAddress=10.0.0.1:443", "host=a.b"},
		{"service=LoadBalancer", `ingressAnnotations={"a":"x"}`}, // kind has an Ingress all the same
		{`env={"LOG_LEVEL":"debug","A":1}`}, {`!secretEnv={"DATABASE_URL":"geheim"}`}, {`args=["--verbose","serve"]`},
		{"cpu=100m"}, {"cpu=0.5/2"}, {"memory=512Mi/1Gi"}, {"memory=1e9"}, {"scratch=64Mi"}, {"runAsUser=101"},
		{`volume={"path":"/data","size":"1Gi"}`}, {`volume={"path":"/data","size":"1Gi"}`, "replicas=0"},
		{"database=postgres"},
		{`workers={"mails":{}}`}, {`workers={"mails":{"args":["work",1],"replicas":0,"cpu":"100m/2","memory":"64Mi","alive":["/server","alive"]}}`},
		{`jobs={"nightly":{"schedule":"0 3 * * *"}}`}, {`jobs={"nightly":{"schedule":"@daily","args":["x"],"timeZone":"Europe/Zurich","timeout":60}}`}, {`jobs={}`},
		{"healthPath=/health"}, {"healthPath=/ /alive"},
		{"verify=/"}, {"verify=/hello"}, {"verify=/admin 401"},
		{"egress=any"}, {"egress=none"}, {"egress=db"}, {"egress=db:5432, 10.0.0.0/8,203.0.113.7:443,[2001:db8::/32]:443,2001:db8::1"},
		{"monitoring=monitoring"}, {"monitoring=monitoring", "healthPath=/a", "path=/"}, {`monitoring={"from":"monitoring"}`},
		{`monitoring={"from":"m","by":"operator","port":9100,"path":"/stats","labels":{"release":"kube-prometheus-stack"}}`}, {`monitoring={"from":"m","path":"none"}`},
		{"drainTime=300"}, {`namespaceLabels={"elbv2.k8s.aws/pod-readiness-gate-inject":"enabled","a":true}`},
	} {
		if _, err := config.Parse(source(entries...)); err != nil {
			t.Errorf("%q: %v", entries, err)
		}
	}
}

// pemOf returns the PEM of a private key.
func pemOf(key any) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

var (
	_, signingKey, _ = ed25519.GenerateKey(nil)
	anotherSort, _   = ecdsa.GenerateKey(elliptic.P256(), nil)
)

func TestRefused(t *testing.T) {
	for _, test := range []struct {
		entries []string
		key     string
		says    []string // the value, if it may be shown, and what is accepted
	}{
		{[]string{"target=moon"}, "target", []string{`"moon"`, "kind or cloud"}},
		{[]string{"stripPrefix=true", "ingressClass=nginx"}, "stripPrefix", []string{"is true", "only ingressClass traefik", "ingressAnnotations"}},
		{[]string{"stripPrefix=true", "path=/a/b/c/d/e/f"}, "path", []string{"more than 5 segments"}},
		{[]string{"gateway=web"}, "gateway", []string{`"web"`, "NAMESPACE/NAME of a Gateway"}},
		{[]string{"gateway=infra/web/"}, "gateway", []string{`"infra/web/"`, "NAMESPACE/NAME/LISTENER"}},
		{[]string{"gateway=a/b/c/d"}, "gateway", []string{`"a/b/c/d"`}},
		{[]string{"gateway=a/b", "ingressClass=nginx"}, "ingressClass", []string{"gateway makes an HTTPRoute", "remove one of the two"}},
		{[]string{"gateway=a/b", `ingressAnnotations={"a":"b"}`}, "ingressAnnotations", []string{"gateway makes an HTTPRoute"}},
		{[]string{"gateway=a/b", "host=a.b", "tls=secret/x", "ingressAddress=10.0.0.1:443"}, "tls", []string{"the certificate is the listener's"}},
		{[]string{"replicas=many"}, "replicas", []string{`"many"`, "0 to 1000"}},
		{[]string{"replicas=-1"}, "replicas", []string{`"-1"`, "0 to 1000"}},
		{[]string{"replicas=+3"}, "replicas", []string{`"+3"`, "0 to 1000"}},
		{[]string{"replicas=007"}, "replicas", []string{`"007"`, "0 to 1000"}},
		{[]string{"registry=localhost:99999"}, "registry", []string{`"localhost:99999"`, "a port or a path"}},
		{[]string{"ingressAddress=h:080"}, "ingressAddress", []string{`"h:080"`, "127.0.0.1:8080"}},
		{[]string{`ingressAnnotations={"a..b/x": "y"}`}, "ingressAnnotations", []string{"annotation names"}},
		{[]string{`ingressAnnotations={"a":"` + strings.Repeat("x", 120_000) + `"}`}, "ingressAnnotations", []string{"at most 120000 bytes"}},
		{[]string{"replicas=1001"}, "replicas", []string{`"1001"`, "0 to 1000"}},
		{[]string{"replicas="}, "replicas", []string{`""`, "0 to 1000"}},
		{[]string{"port=99999"}, "port", []string{`"99999"`, "1 to 65535"}},
		{[]string{"port=0"}, "port", []string{`"0"`, "1 to 65535"}},
		{[]string{"service=Magic"}, "service", []string{`"Magic"`, "ClusterIP, NodePort or LoadBalancer"}},
		{[]string{"service=clusterip"}, "service", []string{`"clusterip"`, "ClusterIP, NodePort or LoadBalancer"}},
		{[]string{"namespace=Hello"}, "namespace", []string{`"Hello"`, "lower-case"}},
		{[]string{"namespace=" + strings.Repeat("a", 64)}, "namespace", []string{"1 to 63"}},
		{[]string{"path=hello"}, "path", []string{`"hello"`, "/hello"}},
		{[]string{"path=/hello/"}, "path", []string{`"/hello/"`, "no slash at the end"}},
		{[]string{"path=/a/../b"}, "path", []string{`"/a/../b"`, "no . or .. segment"}},
		{[]string{"path=/a b"}, "path", []string{`"/a b"`, "only letters"}},
		{[]string{"path=/a?b=c"}, "path", []string{`"/a?b=c"`, "only letters"}},
		{[]string{"host=Hello.example.com"}, "host", []string{`"Hello.example.com"`, "lower-case host name"}},
		{[]string{"host=10.0.0.1"}, "host", []string{`"10.0.0.1"`, "not an IP address"}},
		{[]string{"platform=linux"}, "platform", []string{`"linux"`, "linux/amd64, linux/arm64"}},
		{[]string{"registry=me"}, "registry", []string{`"me"`, "ghcr.io/me"}},
		{[]string{"registry=Me"}, "registry", []string{`"Me"`, "ghcr.io/me"}},
		{[]string{"registry=https://ghcr.io/me"}, "registry", []string{`"https://ghcr.io/me"`, "ghcr.io/me"}},
		{[]string{"image=ghcr.io/me/hello:v1"}, "image", []string{`"ghcr.io/me/hello:v1"`, "pinned by digest"}},
		{[]string{"image=" + image, "registry=ghcr.io"}, "registry", []string{"together with image"}},
		{[]string{"image=" + image, "platform=linux/amd64"}, "platform", []string{"together with image"}},
		{[]string{"image=" + image, "buildArgs={}"}, "buildArgs", []string{"together with image"}},
		{[]string{"registryUsername=me"}, "registryUsername", []string{"registryPassword"}},
		{[]string{"registryUsername=me:x", "!registryPassword=geheim"}, "registryUsername", []string{"without a colon"}},
		{[]string{"!registryPassword=geheim"}, "registryUsername", []string{"together"}},
		{[]string{"registryUsername=me", "registryPassword=geheim"}, "registryPassword", []string{"plain text", "--secret"}},
		{[]string{"registryUsername=me", "!registryPassword= "}, "registryPassword", []string{"not shown", "not empty"}},
		{[]string{"!kubeconfig={geheim"}, "kubeconfig", []string{"not shown", "contents of a kubeconfig"}},
		{[]string{"!kubeconfig=" + kubeconfig, "context=three"}, "context", []string{`"three"`, "one, two"}},
		{[]string{"ingressAddress=127.0.0.1"}, "ingressAddress", []string{`"127.0.0.1"`, "127.0.0.1:8080"}},
		{[]string{"ingressAddress=127.0.0.1:0"}, "ingressAddress", []string{`"127.0.0.1:0"`, "host and a port"}},
		{[]string{"ingressAnnotations=a"}, "ingressAnnotations", []string{`"a"`, "a map"}},
		{[]string{`ingressAnnotations={"a":{}}`}, "ingressAnnotations", []string{"to text"}},
		{[]string{`ingressAnnotations={"a b":"x"}`}, "ingressAnnotations", []string{"annotation names"}},
		{[]string{`buildArgs={"GO-IMAGE":"x"}`}, "buildArgs", []string{"letters, digits and underscores"}},
		{[]string{`env={"A-B":"x"}`}, "env", []string{"letters, digits and underscores"}},
		{[]string{`env={"` + strings.Repeat("A", 256) + `":"x"}`}, "env", []string{"letters, digits and underscores"}},
		{[]string{`env={"PORT":"1"}`}, "env", []string{"PORT", "which the stack sets itself"}},
		{[]string{`env={"A":"x"}`, `!secretEnv={"A":"geheim"}`}, "env", []string{"has A, and so has secretEnv"}},
		{[]string{`secretEnv={"A":"geheim"}`}, "secretEnv", []string{"plain text", "--secret"}},
		{[]string{`!secretEnv={"A-B":"geheim"}`}, "secretEnv", []string{"not shown", "letters, digits and underscores"}},
		{[]string{`existingSecrets={"database":"ENV"}`}, "existingSecrets", []string{`ENV`, "env, or a folder such as /etc/certificates"}},
		{[]string{`existingSecrets={"ca":"/"}`}, "existingSecrets", []string{"env, or a folder"}},
		{[]string{`existingSecrets={"a_b":"env"}`}, "existingSecrets", []string{"names of Secrets"}},
		{[]string{`existingSecrets={"a":"/etc/x","b":"/etc/x"}`}, "existingSecrets", []string{"has b in /etc/x, and so has a"}},
		{[]string{`existingSecrets={"a":"/tmp"}`, "scratch=1Mi"}, "existingSecrets", []string{"has a in /tmp, and so has scratch"}},
		{[]string{"serviceAccount=Robot"}, "serviceAccount", []string{`"Robot"`, "the name of one, or a map of annotations"}},
		{[]string{`serviceAccount={"a..b/x":"y"}`}, "serviceAccount", []string{"a map of annotations"}},
		{[]string{"args=--verbose"}, "args", []string{`"--verbose"`, "a list of text", `["--verbose", "serve"]`}},
		{[]string{`args=["a",["geht nicht"]]`}, "args", []string{`has ["geht nicht"]`, "a list of text"}},
		{[]string{`args=["a\u0000"]`}, "args", []string{`has "a\x00"`, "without zero bytes"}},
		{[]string{`args=["` + strings.Repeat("x", 120_000) + `"]`}, "args", []string{"at most 120000 bytes"}},
		{[]string{`env={"A":"` + strings.Repeat("x", 100) + `","B":null}`}, "env", []string{`has "B": null`, "to text"}},
		{[]string{`env={"A":"x","B":"a\u0000"}`}, "env", []string{`has "B": "a\x00"`, "without zero bytes"}},
		{[]string{`env={"A":"x"}}`}, "env", []string{"a map from"}},
		{[]string{`args=["x"]]`}, "args", []string{"a list of text"}},
		{[]string{`!secretEnv={"GEHEIM":"a\u0000"}`}, "secretEnv", []string{"not shown", "without zero bytes"}},
		{[]string{"cpu=1/500m"}, "cpu", []string{`"1/500m"`, "a limit no smaller"}},
		{[]string{"memory=0"}, "memory", []string{`"0"`, "512Mi/1Gi"}},
		{[]string{"memory=512m"}, "memory", []string{`"512m"`, "from 1Mi to 1Pi", "512Mi/1Gi"}},
		{[]string{"memory=512"}, "memory", []string{`"512"`, "from 1Mi to 1Pi"}},
		{[]string{"memory=32Mi/128"}, "memory", []string{`"32Mi/128"`, "from 1Mi to 1Pi"}},
		{[]string{"cpu=500"}, "cpu", []string{`"500"`, "from 1m to 256", "100m/2"}},
		{[]string{"scratch=64"}, "scratch", []string{`"64"`, "from 1Mi to 1Pi", "64Mi"}},
		{[]string{"memory=1GB"}, "memory", []string{`"1GB"`, "a Kubernetes quantity"}},
		{[]string{"scratch=big"}, "scratch", []string{`"big"`, "64Mi"}},
		{[]string{"runAsUser=0"}, "runAsUser", []string{`"0"`, "1 to 65535"}},
		{[]string{"healthPath=health"}, "healthPath", []string{`"health"`, "'/ready /live'", "no slash at the end"}},
		{[]string{"healthPath=/a b"}, "healthPath", []string{`"/a b"`, "'/ready /live'"}},
		{[]string{"healthPath=/a /b /c"}, "healthPath", []string{`"/a /b /c"`, "or two of these"}},
		{[]string{"healthPath=/a "}, "healthPath", []string{`"/a "`, "or two of these"}},
		{[]string{"livenessPath=/a"}, "livenessPath", []string{"not a key any more", "'/ready /live'"}},
		{[]string{"verify=hello"}, "verify", []string{`"hello"`, "begins with /"}},
		{[]string{"verify=/a 99"}, "verify", []string{`"/a 99"`, "the status"}},
		{[]string{"verify=/a 0401"}, "verify", []string{`"/a 0401"`, "the status"}},
		{[]string{"verify=/a +401"}, "verify", []string{`"/a +401"`, "the status"}},
		{[]string{"verify=/a ok"}, "verify", []string{`"/a ok"`, "the status"}},
		{[]string{"egress="}, "egress", []string{`""`, "none, or a list of any"}},
		{[]string{"egress=none "}, "egress", []string{`"none "`, "none, or a list of any"}},
		{[]string{"egress=443"}, "egress", []string{`"443"`, "any:443"}},
		{[]string{"egress=none,db"}, "egress", []string{`"none,db"`, "none, or a list of any"}},
		{[]string{"egress=db:0"}, "egress", []string{`"db:0"`, "a port"}},
		{[]string{"egress=db,"}, "egress", []string{`"db,"`, "namespaces and addresses"}},
		{[]string{"egress=10.0.0.1/8"}, "egress", []string{`"10.0.0.1/8"`, "10.0.0.0/8"}},
		{[]string{"egress=db.example.com:5432"}, "egress", []string{`"db.example.com:5432"`, "namespaces and addresses"}},
		{[]string{"metricsFrom=monitoring"}, "metricsFrom", []string{"not a key any more", "monitoring takes it", `"by": "operator"`}},
		{[]string{"monitoring=true"}, "monitoring", []string{`is "true"`, "the namespace of Prometheus"}},
		{[]string{`monitoring={"from":"m","by":"operator","labels":{"a b":"c"}}`}, "monitoring", []string{"label names such as"}},
		{[]string{"monitoring=Monitoring"}, "monitoring", []string{`is "Monitoring"`, "the namespace of Prometheus", "from (required), by (annotations), port, path (/metrics), labels"}},
		{[]string{`monitoring={"by":"operator"}`}, "monitoring", []string{"has no from", "lower-case"}},
		{[]string{`monitoring={"from":"m","by":"magic"}`}, "monitoring", []string{`has the by "magic"`, "annotations or operator"}},
		{[]string{`monitoring={"from":"m","port":0}`}, "monitoring", []string{"has the port 0", "1 to 65535"}},
		{[]string{`monitoring={"from":"m","path":"metrics"}`}, "monitoring", []string{`has the path "metrics"`, "none, / or a path"}},
		{[]string{`monitoring={"from":"m","by":"operator","labels":{"a b":"c"}}`}, "monitoring", []string{`has the labels {"a b":"c"}`, "a map from"}},
		{[]string{`monitoring={"from":"m","labels":{"a":"b"}}`}, "monitoring", []string{"has labels", "set by to operator"}},
		{[]string{`monitoring={"from":"m","path":"none","port":9100}`}, "monitoring", []string{"has the port 9100, and the path none"}},
		{[]string{"drainTime=0"}, "drainTime", []string{`"0"`, "1 to 300"}},
		{[]string{`namespaceLabels={"a":"b c"}`}, "namespaceLabels", []string{"letter or digit at either end"}},
		{[]string{`namespaceLabels={"pod-security.kubernetes.io/enforce":"privileged"}`}, "namespaceLabels", []string{"but none of pod-security.kubernetes.io"}},
		{[]string{"tls=secret/x", "ingressAddress=a:1"}, "tls", []string{"needs host"}},
		{[]string{"tls=issuer/x", "ingressAddress=a:1"}, "tls", []string{"needs host"}},
		{[]string{"tls=secret/x", "host=a"}, "tls", []string{"needs ingressAddress", "HTTPS"}},
		{[]string{"tls=x", "host=a", "ingressAddress=a:1"}, "tls", []string{`"x"`, "secret/NAME", "issuer/NAME"}},
		{[]string{"tls=secret/", "host=a", "ingressAddress=a:1"}, "tls", []string{`"secret/"`, "secret/NAME"}},
		{[]string{"tls=Secret/x", "host=a", "ingressAddress=a:1"}, "tls", []string{`"Secret/x"`, "secret/NAME"}},
		{[]string{"tlsSecret=x"}, "tlsSecret", []string{"not a key any more", "secret/certificate"}},
		{[]string{"clusterIssuer=x"}, "clusterIssuer", []string{"not a key any more", "issuer/letsencrypt"}},
		{[]string{"!signingKey=geheim"}, "signingKey", []string{"not shown", "the PEM of an Ed25519 key"}},
		{[]string{"signingKey=" + pemOf(signingKey)}, "signingKey", []string{"plain text", "--secret signingKey"}},
		{[]string{"!signingKey=" + signature.PublicKey(signingKey)}, "signingKey", []string{"signs nothing", "or image"}},
		{[]string{"!signingKey=" + pemOf(anotherSort)}, "signingKey", []string{"not shown", "the PEM of an Ed25519 key"}},
		{[]string{"migrateTimeout=60"}, "migrateTimeout", []string{"not a key any more", `"timeout": 3600`}},
		{[]string{"migrate=up"}, "migrate", []string{`is "up"`, `["migrate", "up"]`, "args (required), timeout (600)"}},
		{[]string{"migrate=[]"}, "migrate", []string{`is "[]"`, `["migrate", "up"]`}},
		{[]string{`migrate={"args":["up"],"timeout":5}`}, "migrate", []string{"has the timeout 5", "10 to 86400"}},
		{[]string{"cpuTarget=50"}, "cpuTarget", []string{"not a key any more", "70 % of what cpu requests", "pulumi config rm cpuTarget"}},
		{[]string{"volume=/data"}, "volume", []string{`is "/data"`, "a map with path (required), size (required)"}},
		{[]string{`volume={"path":"/data"}`}, "volume", []string{"has no size", "64Mi"}},
		{[]string{`volume={"path":"data","size":"1Gi"}`}, "volume", []string{`the path "data"`, "/data"}},
		{[]string{`volume={"path":"/data","size":"1Gi"}`, "replicas=3"}, "volume", []string{"one Pod at a time", "set replicas, which is 3, to 1"}},
		{[]string{`volume={"path":"/data","size":"1Gi"}`, "replicas=1-3"}, "volume", []string{"one Pod at a time", "which is 1-3"}},
		{[]string{`volume={"path":"/data","size":"1Gi"}`, "verify=/"}, "volume", []string{"one Pod at a time", "verify"}},
		{[]string{`volume={"path":"/tmp","size":"1Gi"}`, "scratch=1Mi"}, "volume", []string{"is in /tmp, and so is scratch"}},
		{[]string{`volume={"path":"/a","size":"1Gi"}`, `existingSecrets={"a":"/a"}`}, "existingSecrets", []string{"has a in /a, and so has volume"}},
		{[]string{`volume={"path":"/data","size":"1Gi"}`, "target=cloud", "context=c", "registry=ghcr.io/me"}, "volume", []string{"by target cloud is 2"}},
		{[]string{"database=mysql"}, "database", []string{`"mysql"`, "it must be postgres"}},
		{[]string{"database=postgres", `!secretEnv={"DATABASE_URL":"geheim"}`}, "database", []string{"and so does secretEnv"}},
		{[]string{"database=postgres", `env={"DATABASE_URL":"x"}`}, "database", []string{"and so does env"}},
		{[]string{"database=postgres", "target=cloud", "context=c", "registry=ghcr.io/me"}, "database", []string{"target is cloud", `secretEnv["DATABASE_URL"]`}},
		{[]string{"workers=mails"}, "workers", []string{`"mails"`, "a map from names", "args, replicas (1), cpu, memory, alive"}},
		{[]string{`workers={"Mails":{}}`}, "workers", []string{`has "Mails"`, "lower-case"}},
		{[]string{`workers={"one-off":{}}`}, "workers", []string{`has "one-off"`, "not migrate, one-off, run or trial"}},
		{[]string{`workers={"mails":["work"]}`}, "workers", []string{`has mails, which is ["work"]`, "a map with args"}},
		{[]string{`workers={"mails":{"replicas":-1}}`}, "workers", []string{"has mails, which has the replicas -1", "0 to 1000"}},
		{[]string{`workers={"mails":{"args":"work"}}`}, "workers", []string{`has the args "work"`, "a list of text"}},
		{[]string{`workers={"mails":{"port":80}}`}, "workers", []string{`has mails, which has "port"`, "args, replicas (1)"}},
		{[]string{`jobs={"nightly":{}}`}, "jobs", []string{"has nightly, which has no schedule", "0 3 * * *"}},
		{[]string{`jobs={"nightly":{"schedule":"daily"}}`}, "jobs", []string{`the schedule "daily"`, "five fields"}},
		{[]string{`jobs={"nightly":{"schedule":"61 3 * * *"}}`}, "jobs", []string{`the schedule "61 3 * * *"`, "five fields"}},
		{[]string{`jobs={"nightly":{"schedule":"0 0 30 2 *"}}`}, "jobs", []string{`the schedule "0 0 30 2 *"`, "five fields"}},
		{[]string{`jobs={"nightly":{"schedul":"@daily"}}`}, "jobs", []string{`has nightly, which has "schedul"`, "schedule (required)"}},
		{[]string{`jobs={"a-name-of-21-letters.":{"schedule":"@daily"}}`}, "jobs", []string{"1 to 20"}},
		{[]string{`jobs={"nightly":{"schedule":"TZ=UTC 0 3 * * *"}}`}, "jobs", []string{"five fields"}},
		{[]string{`jobs={"nightly":{"schedule":"@daily","timeZone":"Mars/Base"}}`}, "jobs", []string{`the timeZone "Mars/Base"`, "Europe/Zurich"}},
		{[]string{`jobs={"mails":{"schedule":"@daily"}}`, `workers={"mails":{}}`}, "jobs", []string{"has mails, and so has workers"}},
		{[]string{"replicas=2-many"}, "replicas", []string{`"2-many"`, "such as 2-10"}},
		{[]string{"maxReplicas=5"}, "maxReplicas", []string{"not a key any more", "as in 2-10"}},
		{[]string{"replicas=5-3"}, "replicas", []string{`"5-3"`, "a range of them from 1"}},
		{[]string{"replicas=0-3"}, "replicas", []string{`"0-3"`, "a range of them from 1"}},
		{[]string{"rolloutTimeout=9"}, "rolloutTimeout", []string{`"9"`, "10 to 3600"}},
		{[]string{"addressTimeout=1m"}, "addressTimeout", []string{`"1m"`, "1 to 3600"}},
		{[]string{"clusterStack=eks"}, "clusterStack", []string{`"eks"`, "organization/project/stack"}},
		{[]string{"clusterOutput=x"}, "clusterOutput", []string{"not a key any more", "organization/eks/prod:kubeconfig"}},
		{[]string{"clusterStack=organization/eks/prod:"}, "clusterStack", []string{"organization/project/stack:kubeconfig"}},
		{[]string{"clusterStack=a/b/c", "!kubeconfig=" + kubeconfig}, "clusterStack", []string{"kubeconfig exclude each other"}},
		{[]string{"dashboard=true", "ingressAddress=192.0.2.7:80"}, "dashboard", []string{"needs TLS", "host and tls", "127.0.0.1:8080"}},
		{[]string{"dashboard=true", "ingressAddress=example.com:80"}, "dashboard", []string{"needs TLS"}},
		{[]string{"dashboard=true", "ingressAddress=example.com"}, "ingressAddress", []string{"host and a port"}},
		{[]string{"dashboard=true", "target=cloud", "context=c", "registry=ghcr.io/me", "host=a.b"}, "dashboard", []string{"needs TLS"}},
		{[]string{"dashboard=true", "target=cloud", "context=c", "registry=ghcr.io/me", "ingressAddress=127.0.0.1:8080"}, "dashboard", []string{"needs TLS"}},
		{[]string{"dashboard=true", "path=/dashboard"}, "path", []string{`"/dashboard"`, "another one"}},
		{[]string{"dashboard=yes"}, "dashboard", []string{`"yes"`, "true or false"}},
		{[]string{"replica=3"}, "replica", []string{"not a key", "did you mean replicas?"}},
		{[]string{"ingressclass=x"}, "ingressclass", []string{"did you mean ingressClass?"}},
		{[]string{"colour=red"}, "colour", []string{"not a key", "port, args"}},
		{[]string{"!namespace=Geheim"}, "namespace", []string{"without --secret"}},
		{[]string{"!buildArgs=Geheim"}, "buildArgs", []string{"not shown"}},
		{[]string{"ingressController=nginx"}, "ingressController", []string{`"nginx"`, "traefik or none"}},
		{[]string{"ingressController=traefik", "ingressClass=nginx"}, "ingressController", []string{"ingressClass must be traefik"}},
		{[]string{"pullUsername=me"}, "pullUsername", []string{"together"}},
		{[]string{"pullUsername=me", "pullPassword=geheim"}, "pullPassword", []string{"plain text", "--secret pullPassword"}},
	} {
		_, err := config.Parse(source(test.entries...))
		found := mistakes(t, err)
		if len(found) != 1 || found[0].Key != test.key {
			t.Errorf("%q: got %v, want one mistake in %s", test.entries, err, test.key)
			continue
		}
		for _, words := range append(test.says, test.key) {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%q: the message lacks %q: %v", test.entries, words, err)
			}
		}
		if strings.Contains(strings.ToLower(err.Error()), "geheim") {
			t.Errorf("%q: the message shows a secret: %v", test.entries, err)
		}
	}
}

// For every key, an empty value, an endless one, or one of the wrong sort is a mistake in this key.
func TestEveryKeyRefuses(t *testing.T) {
	for _, key := range config.Keys {
		for name, value := range map[string]string{
			"nothing": "", "spaces": "  ", "an endless text": strings.Repeat("9", 1<<20), "a list": "[1, 2]\n\x00",
		} {
			if name == "a list" && strings.Contains(key.Accepts(), "16384 bytes") {
				continue // is a text
			}
			entry := key.Name + "=" + value
			if key.Secrecy == config.Always {
				entry = "!" + entry
			}
			_, err := config.Parse(source(entry))
			found := mistakes(t, err)
			if !slices.ContainsFunc(found, func(m config.Mistake) bool { return m.Key == key.Name }) {
				t.Errorf("%s: %s is accepted, or another key is blamed: %.300v", key.Name, name, err)
			} else if len(err.Error()) > 4096 {
				t.Errorf("%s: the message about %s has %d bytes", key.Name, name, len(err.Error()))
			}
		}
	}
}

func TestEveryMistakeInOneRun(t *testing.T) {
	_, err := config.Parse(source("replicas=many", "target=moon", "port=99999", "service=Magic", "replica=3",
		"registryPassword=geheim", "tls=secret/x", "dashboard=yes"))
	var keys []string
	for _, mistake := range mistakes(t, err) {
		keys = append(keys, mistake.Key)
	}
	for _, key := range []string{"replicas", "target", "port", "service", "replica", "registryPassword",
		"registryUsername", "tls", "dashboard"} {
		if !slices.Contains(keys, key) {
			t.Errorf("the mistake in %s is not reported: %v", key, err)
		}
	}
	if !strings.Contains(err.Error(), "nothing was changed") {
		t.Errorf("the message does not say that nothing was changed: %v", err)
	}
}

func TestDefaultsOfCloud(t *testing.T) {
	got, err := config.Parse(source("target=cloud", "registry=ghcr.io/me", "context=prod"))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Target: config.Cloud, Replicas: 2, Registry: "ghcr.io/me", Platform: "linux/amd64", Context: "prod",
		Namespace: "hello", Port: 8080, Service: "ClusterIP", Path: "/hello", IngressController: "none",
		RolloutTimeout: 60, AddressTimeout: 600, DrainTime: 10,
		CPU: config.Amount{Request: "25m", Limit: "1"}, Memory: config.Amount{Request: "32Mi", Limit: "128Mi"}, RunAsUser: 65532,
	}
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got.InstallsIngressController() {
		t.Error("an Ingress controller would be installed in a cluster that is not ours")
	}
}

func TestCloud(t *testing.T) {
	for _, test := range []struct {
		entries  []string
		mistakes []string
	}{
		{[]string{"image=" + image, "!kubeconfig=" + kubeconfig}, nil},
		{[]string{"image=" + image, "clusterStack=organization/eks/prod"}, nil},
		{[]string{"image=" + image, "context=prod", "host=a.b", "tls=secret/x"}, nil}, // the address is the Ingress's
		{[]string{"image=" + image, "context=prod", "ingressClass=traefik"}, nil},
		{[]string{"image=" + image}, []string{"context"}},
		{[]string{"context=prod"}, []string{"registry"}},
		{[]string{"replicas=many"}, []string{"context", "registry", "replicas"}},
		{[]string{"registry=", "context=prod"}, []string{"registry"}},
		{[]string{"image=" + image, "context= "}, []string{"context"}},
		{[]string{"image=" + image, "context=prod", "service=LoadBalancer", `ingressAnnotations={"a":"x"}`}, []string{"ingressAnnotations"}},
		{[]string{"image=" + image, "context=prod", "service=LoadBalancer", `ingressAnnotations={"a":"x"}`, "host=a.b"}, nil},
	} {
		_, err := config.Parse(source(append(test.entries, "target=cloud")...))
		var keys []string
		for _, mistake := range mistakes(t, err) {
			keys = append(keys, mistake.Key)
		}
		slices.Sort(keys)
		if !slices.Equal(keys, test.mistakes) {
			t.Errorf("%q: mistakes in %q, want %q: %v", test.entries, keys, test.mistakes, err)
		}
	}
}

func TestContextOfKubeconfigKey(t *testing.T) {
	got, err := config.Parse(source("!kubeconfig=" + kubeconfig))
	if err != nil {
		t.Fatal(err)
	}
	if got.Context != "one" {
		t.Errorf("the context is %q, want the kubeconfig's current one", got.Context)
	}
}

// The kubeconfig of another stack is treated like one in the configuration.
func TestKubeconfigOfAnotherStack(t *testing.T) {
	for _, test := range []struct {
		entries  []string
		contents config.Secret
		context  string
		key      string // of the mistake
		says     string
	}{
		{nil, kubeconfig, "one", "", ""},
		{[]string{"context=two"}, kubeconfig, "two", "", ""},
		{nil, `{"current-context":"json","contexts":[{"name":"json"}]}`, "json", "", ""},
		{[]string{"context=three"}, kubeconfig, "", "context", `"three"`},
		{nil, "geheim", "", "clusterStack", "contents of a kubeconfig"},
		{nil, "{}", "", "clusterStack", "at least one context"},
	} {
		given := source(append(test.entries, "clusterStack=organization/eks/prod")...)
		parsed, err := config.Parse(given)
		if err != nil {
			t.Fatal(err)
		}
		got, err := parsed.WithKubeconfig(given, test.contents, true)
		if test.key == "" {
			if err != nil || got.Context != test.context || got.Kubeconfig != test.contents {
				t.Errorf("%q: got context %q, %v", test.entries, got.Context, err)
			}
			continue
		}
		found := mistakes(t, err)
		if len(found) != 1 || found[0].Key != test.key || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: got %v, want a mistake in %s that says %q", test.entries, err, test.key, test.says)
		}
		if strings.Contains(fmt.Sprint(err), "geheim") {
			t.Errorf("the message shows a secret: %v", err)
		}
	}
}

func TestIngressControllerOfOthers(t *testing.T) {
	for _, entry := range []string{"ingressClass=nginx", "ingressController=none"} {
		got, err := config.Parse(source(entry))
		if err != nil {
			t.Fatal(err)
		}
		if got.InstallsIngressController() {
			t.Errorf("%s: a controller would be installed", entry)
		}
	}
}

// What the empty passphrase encrypts is no secret, so it is refused on a target that others can reach.
func TestEmptyPassphrase(t *testing.T) {
	const salt = "encryptionsalt: v1:x\n"
	for _, test := range []struct {
		name, file, target string
		passphrase         any // nil: not set; bytes: in a file
		open               bool
	}{
		{"kind", salt, "kind", "", true},
		{"cloud", salt, "cloud", "", true},
		{"a passphrase", salt, "cloud", "good", false},
		{"in a file", salt, "cloud", []byte("good\n"), false},
		{"an empty file", salt, "cloud", []byte("\n"), true},
		{"from elsewhere", salt, "cloud", nil, false},
		{"a key management service", "secretsprovider: awskms://alias/x\nencryptedkey: x\n", "cloud", "", false},
		{"Pulumi Cloud", "config: {}\n", "cloud", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("PULUMI_CONFIG_PASSPHRASE", "") // restores it at the end
			if passphrase, set := test.passphrase.(string); set {
				os.Setenv("PULUMI_CONFIG_PASSPHRASE", passphrase)
			} else {
				os.Unsetenv("PULUMI_CONFIG_PASSPHRASE")
			}
			root := t.TempDir()
			if passphrase, inFile := test.passphrase.([]byte); inFile {
				file := filepath.Join(root, "passphrase")
				if err := os.WriteFile(file, passphrase, 0o600); err != nil {
					t.Fatal(err)
				}
				t.Setenv("PULUMI_CONFIG_PASSPHRASE_FILE", file)
			}
			if err := os.WriteFile(filepath.Join(root, "Pulumi.prod.yaml"), []byte(test.file), 0o600); err != nil {
				t.Fatal(err)
			}
			set := source("target="+test.target, "context=c", "registry=ghcr.io/me", "registryUsername=me", "!registryPassword=geheim")
			given := config.SourceOf(set.Project, "prod", root, set.Values, set.Secrets)

			_, err := config.Parse(given)
			refused := strings.Contains(fmt.Sprint(err), "registryPassword is encrypted with the empty passphrase")
			if refused != (test.open && test.target == "cloud") || err != nil && !refused {
				t.Errorf("it is refused with %v", err)
			}
			if warned := strings.HasPrefix(given.Warning(), "registryPassword: encrypted with the empty passphrase"); warned != test.open {
				t.Errorf("it warns %q", given.Warning())
			}
		})
	}
}

// Nodes that need not push should not be able to. Where nobody else gets the password, nothing is said.
func TestWarningOfPullingAsThePusher(t *testing.T) {
	pusher := []string{"context=c", "registryUsername=me", "!registryPassword=geheim"}
	for set, warned := range map[string]bool{
		"target=cloud registry=ghcr.io/me":                                             true,
		"target=cloud registry=ghcr.io/me pullUsername=reader !pullPassword=versteckt": false,
		"target=cloud image=ghcr.io/me/hello-world@sha256:" + strings.Repeat("0", 64):  false,
		"target=kind registry=ghcr.io/me":                                              false,
	} {
		cfg, err := config.Parse(source(append(strings.Fields(set), pusher...)...))
		if got := cfg.Warning(); err != nil || strings.Contains(got, "can push to ghcr.io") != warned || (got == "") == warned || strings.Contains(got, "geheim") {
			t.Errorf("%s: it warns %q, error %v", set, got, err)
		}
	}
	if cfg, err := config.Parse(source("target=cloud", "context=c", "registry=ghcr.io/me")); err != nil || cfg.Warning() != "" {
		t.Errorf("without a password it warns %q, error %v", cfg.Warning(), err)
	}
}

// Pulumi takes a map with one encrypted entry for a secret, and what is beside it stays in the file for all to read.
func TestPlainEntryBesideAnEncryptedOne(t *testing.T) {
	for file, refused := range map[string]bool{
		"config:\n  hello-world:secretEnv:\n    A:\n      secure: v1:x\n    B:\n      secure: v1:y\n": false,
		"config:\n  hello-world:secretEnv:\n    A:\n      secure: v1:x\n    B: geheim\n":              true,
		"config:\n  hello-world:secretEnv:\n    secure: v1:x\n":                                       false,
	} {
		root := t.TempDir()
		if err := os.WriteFile(filepath.Join(root, "Pulumi.dev.yaml"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		set := source(`!secretEnv={"A":"x","B":"geheim"}`)
		given := config.SourceOf(set.Project, "dev", root, set.Values, set.Secrets)
		_, err := config.Parse(given)
		const command = "secretEnv has B in plain text: replace it with `pulumi config set --secret --path 'secretEnv[\"B\"]'`"
		if strings.Contains(fmt.Sprint(err), command) != refused || err != nil && !refused {
			t.Errorf("%s: %v", file, err)
		}
	}
	if _, err := config.Parse(source("secretEnv={}")); err != nil {
		t.Errorf("a map without entries: %v", err)
	}
}

// What YAML reads as a number or a date arrives as written, or not at all.
func TestMisreadValues(t *testing.T) {
	refused := func(entries, want, read string) {
		t.Helper()
		root := t.TempDir()
		if err := os.WriteFile(filepath.Join(root, "Pulumi.dev.yaml"), []byte("config:\n  hello-world:"+entries), 0o600); err != nil {
			t.Fatal(err)
		}
		given := source(`env={}`, `args=[]`, `workers={}`, `drainTime=5`, `ingressAnnotations={}`)
		given = config.SourceOf(given.Project, "dev", root, given.Values, nil)
		_, err := config.Parse(given)
		want += " in the stack's file, which YAML reads as " + read + ": write it in quotes"
		if strings.Contains(fmt.Sprint(err), want) != (read != "") {
			t.Errorf("%s: %v", entries, err)
		}
	}
	for written, read := range map[string]string{
		"1.10": "1.1", "007": "7", "0x1F": "31", "1e3": "1000", "2026-05-01": "2026-05-01 00:00:00 +0000 UTC", "True": "true",
		"12345678901234567890": "12345678901234567000", "+4915112345678": "4915112345678", "1_000": "1000",
		"~": "no value", "null": "no value", ".inf": "+Inf", "0o17": "15", "-0": "0", ".5": "0.5",
		"7": "", "1.5": "", "-3": "", "4915112345678": "", "true": "", "yes": "", `"007"`: "", "'1.10'": "", "on": "", "1.2.3": "", "0.00001": "",
	} {
		for form, want := range map[string]string{
			"env:\n    VERSION: %s\n":       "env has VERSION: " + written,
			"env: {A: 007, VERSION: %s}\n":  "env has VERSION: " + written, // all are told at once
			"args: [--version, %s]\n":       "args has " + written,
			"workers: {a: {args: [%s]}}\n":  "workers has args: " + written,
			"drainTime: %s\n":               "drainTime has " + written,
			"ingressAnnotations: {a: %s}\n": "ingressAnnotations has a: " + written,
			"ingressAnnotations: {%s: a}\n": "ingressAnnotations has " + written, // a name
		} {
			refused(fmt.Sprintf(form, written), want, read)
		}
	}
	refused("env:\n    COLOUR: #ff0000\n", "env has COLOUR: #ff0000", "no value")
	refused("env:\n    A: x\n    B:\n", "env has B: nothing", "no value")
}

func TestSecretsAreNotFormatted(t *testing.T) {
	got, err := config.Parse(source("registryUsername=me", "!registryPassword=geheim"))
	if err != nil {
		t.Fatal(err)
	}
	if got.RegistryPassword != "geheim" {
		t.Errorf("the password is %q", string(got.RegistryPassword))
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if shown := fmt.Sprintf(verb, got); strings.Contains(shown, "geheim") {
			t.Errorf("%s shows the password: %s", verb, shown)
		}
	}
}

// A secret is not shown even if it is stored in plain text, or wrong.
func TestPlainSecretsAreNotShown(t *testing.T) {
	_, err := config.Parse(source("kubeconfig={geheim"))
	if found := mistakes(t, err); len(found) != 2 || found[0].Key != "kubeconfig" || found[1].Key != "kubeconfig" {
		t.Errorf("got %v, want two mistakes in kubeconfig", err)
	}
	if strings.Contains(fmt.Sprint(err), "geheim") {
		t.Errorf("the message shows a secret: %v", err)
	}
}

func TestContextIsLookedUp(t *testing.T) {
	directory := t.TempDir()
	file := func(name, contents string) string {
		path := filepath.Join(directory, name)
		if err := os.WriteFile(path, []byte(contents), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	kind := file("kind", "contexts: [{name: kind-app-cluster}]")
	others := file("others", "current-context: prod\ncontexts: [{name: prod}, {name: test}]")
	broken := file("broken", "contexts: geheim")
	missing := filepath.Join(directory, "missing")
	list := func(files ...string) string { return strings.Join(files, string(filepath.ListSeparator)) }

	for _, test := range []struct {
		kubeconfig string
		entries    []string
		says       []string // of the one mistake; none if there is none
	}{
		{kubeconfig: kind},
		{kubeconfig: list(missing, others, kind)},
		{kubeconfig: others, entries: []string{"context=test"}},
		{kubeconfig: others, says: []string{`"kind-app-cluster"`, others, "prod, test"}},
		{kubeconfig: list(kind, others), entries: []string{"context=nowhere"}, says: []string{`"nowhere"`, "kind-app-cluster, prod, test"}},
		{kubeconfig: missing, says: []string{`"kind-app-cluster"`, missing, "create the cluster"}},
		{kubeconfig: "./kc", says: []string{`"kind-app-cluster"`, "relative path ./kc", `must be "$PWD/kc"`}},
		{kubeconfig: broken, says: []string{broken, "cannot be read"}},
		// The kubeconfig key replaces the files.
		{kubeconfig: missing, entries: []string{"!kubeconfig=" + kubeconfig}},
		// So does the output of clusterStack.
		{kubeconfig: missing, entries: []string{"clusterStack=organization/eks/prod"}},
		// A refused context is not looked up.
		{kubeconfig: others, entries: []string{"context= "}, says: []string{"not empty"}},
	} {
		t.Setenv("KUBECONFIG", test.kubeconfig)
		_, err := config.Load(source(test.entries...))
		found := mistakes(t, err)
		if len(test.says) == 0 {
			if err != nil {
				t.Errorf("%s: %v", test.kubeconfig, err)
			}
			continue
		}
		if len(found) != 1 || found[0].Key != "context" {
			t.Errorf("%s: got %v, want one mistake in context", test.kubeconfig, err)
			continue
		}
		for _, words := range test.says {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%s: the message lacks %q: %v", test.kubeconfig, words, err)
			}
		}
		if strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: the message shows the file's contents: %v", test.kubeconfig, err)
		}
	}
}

// Every default must be an accepted value, and every key must explain itself.
func TestKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, key := range config.Keys {
		if seen[key.Name] || key.Meaning == "" || key.Accepts() == "" {
			t.Errorf("%s is twice in the table, or lacks its meaning or what it accepts", key.Name)
		}
		seen[key.Name] = true
		for target, value := range key.Default {
			if target == config.Kind {
				continue // TestDefaultsOfKind
			}
			_, err := config.Parse(source("target="+string(target), "registry=ghcr.io/me", "context=prod"))
			for _, mistake := range mistakes(t, err) {
				if mistake.Key == key.Name && key.Name != "target" {
					t.Errorf("%s: the default %q on %s is refused: %s", key.Name, value, target, mistake.Problem)
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("replicas", "3", "geheim!")
	f.Add("path", "/../x", "contexts: [")
	f.Add("ingressAnnotations", `{"a":null}`, "{}")
	f.Add("replica", "\xff", "current-context: x")
	f.Add("kubeconfig", "contexts: [{name: a}]", "a")
	f.Add("hold", `{"image":"`+image+`","port":"0","env":null}`, "a")
	f.Fuzz(func(t *testing.T, key, value, secret string) {
		const mark = "a1b2c3d4e5" // makes the secret one that no message contains by chance
		_, err := config.Parse(source(key+"="+value, "!registryPassword="+mark+secret, "!kubeconfig="+mark+secret))
		if err != nil && !strings.Contains(value+key, mark) && strings.Contains(err.Error(), mark) {
			t.Errorf("the message shows a secret: %v", err)
		}

		config, err := config.Parse(source(key + "=" + value))
		if err != nil {
			return
		}
		if config.Replicas < 0 || config.Replicas > 1000 || config.Port < 1 || config.Port > 65535 ||
			!strings.HasPrefix(config.Path, "/") || strings.ContainsAny(config.Path, " ?#%") ||
			config.Namespace == "" || len(config.Namespace) > 63 ||
			config.Context == "" && config.ClusterStack.Stack == "" ||
			config.IngressAddress == "" && config.Target == "kind" {
			t.Errorf("%q=%q is accepted as %+v", key, value, config)
		}
	})
}

// If you rename the project in Pulumi.yaml, the keys of its stacks still have the old name.
func TestKeysOfAnotherProject(t *testing.T) {
	given := config.Source{Project: "new", Values: map[string]string{
		"new:port": "3000", "old:replicas": "3", "kubernetes:namespace": "x", "other:thing": "y",
	}}
	_, err := config.Parse(given)
	if got := mistakes(t, err); len(got) != 1 || got[0].Key != "old:replicas" || !strings.Contains(got[0].Problem, "rename it to new:replicas") {
		t.Errorf("got %v, want one mistake, of old:replicas", err)
	}
}

func TestEgress(t *testing.T) {
	for given, want := range map[string][]config.Destination{
		"any":  nil,
		"none": {},
		"db:5432, 10.0.0.0/8,203.0.113.7:443": {
			{Namespace: "db", Port: 5432}, {CIDR: "10.0.0.0/8"}, {CIDR: "203.0.113.7/32", Port: 443},
		},
		"any:443,any,db":                  {{Port: 443}, {}, {Namespace: "db"}},
		"[2001:db8::/32]:443,2001:db8::1": {{CIDR: "2001:db8::/32", Port: 443}, {CIDR: "2001:db8::1/128"}},
	} {
		got, err := config.Parse(source("egress=" + given))
		if err != nil || !reflect.DeepEqual(got.Egress, want) {
			t.Errorf("%s: got %+v, %v, want %+v", given, got.Egress, err, want)
		}
	}
}

// Only what leads clients to the server can make metrics on its only port public.
func TestMetricsArePublic(t *testing.T) {
	for _, test := range []struct {
		entries string
		want    bool
	}{
		{"path=/", false},
		{"monitoring=m path=/", false}, // they are on the admin port
		{"monitoring=m healthPath=/health path=/", true},
		{"monitoring=m healthPath=/health path=/metrics", true},
		{"monitoring=m healthPath=/health", false},
		{"monitoring=m healthPath=/health service=NodePort", true},
		{"monitoring=m healthPath=/health stripPrefix=true", true},
		{"monitoring=m stripPrefix=true", false},
		{`monitoring={"from":"m","path":"/hello/stats"} healthPath=/health`, true},
		{`monitoring={"from":"m","port":8080} path=/`, true},
		{`monitoring={"from":"m","port":9100} healthPath=/health path=/`, false},
		{`monitoring={"from":"m","path":"none"} healthPath=/health path=/`, false},
	} {
		got, err := config.Parse(source(strings.Fields(test.entries)...))
		if err != nil || got.MetricsArePublic() != test.want {
			t.Errorf("%s: its metrics are public: %v, error %v", test.entries, got.MetricsArePublic(), err)
		}
	}
}
