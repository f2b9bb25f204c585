//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"runtime"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/pairs"
	"example.com/hello-world/infra/traefik"
)

// testPairs previews configurations in which every two settings meet, with a stack that is up. The cluster is asked whether it
// would take all that an update would create, the Job of verify included.
func testPairs(t *testing.T) {
	image := hello.Running(t).Image
	file := fileOf(t)
	for i, settings := range pairs.Configurations(pairs.Table) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			file.write(t, "")
			set(t, settings, image)
			if _, err := hello.Output("pulumi", "--non-interactive", "preview"); err != nil {
				t.Errorf("%v: %v", settings, err)
			}
		})
	}
}

// set configures the stack. Where settings have an image, it is the one that the registry has.
func set(t *testing.T, settings pairs.Setting, image string) {
	t.Helper()
	if settings["image"] != "" {
		hello.Pulumi(t, "config", "rm", "registry") // they exclude each other
	}
	var plain, secret []string
	for key, value := range settings {
		switch {
		case pairs.Secret(key):
			secret = append(secret, "--secret", key+"="+value)
		case strings.HasSuffix(value, pairs.Digest):
			plain = append(plain, key+"="+image)
		default:
			plain = append(plain, key+"="+value)
		}
	}
	hello.Pulumi(t, append(drive.ConfigSet(plain...), secret...)...)
}

// testPairsUp brings each of these configurations up on its own, rolls it out once and destroys it, with a server that prints
// what arrives.
func testPairsUp(t *testing.T) {
	hello.Ready(t)
	hello.Forget()
	supplyDashboard(t)
	buildServer(t, "prints")
	hello.AfterInterruption(t, "pulumi", "--non-interactive", "up") // a failed scenario may have left a lock
	image := hello.Outputs(t).Image
	node := hello.Kubectl(t, "get", "nodes", "-l", "ingress-ready=true", "-o", `jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}`)[0]
	hello.Pulumi(t, "destroy")
	const host = "hello.example.com"
	certificate, key := drive.SelfSigned(t, host)

	file := fileOf(t)
	for i, settings := range pairs.Configurations(pairs.OnKind()) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Log(settings)
			settings = onKind(settings, node)
			file.write(t, "")
			defer func() {
				// What it destroys is known.
				if out, err := hello.Output("pulumi", "--non-interactive", "destroy", "--skip-preview"); err != nil {
					t.Error(out, err)
				}
			}()
			set(t, settings, image)
			hello.Pulumi(t, "up", "--skip-preview") // testPairs has previewed it
			outputs := hello.Outputs(t)
			client := drive.At("127.0.0.1:" + clusterSettings["HTTP_PORT"])
			if secret, is := strings.CutPrefix(settings["tls"], "secret/"); is {
				hello.CreateTLSSecret(t, outputs.Namespace, secret, certificate, key)
				client = drive.Trusting(t, certificate, settings["ingressAddress"])
			}
			runs := func() {
				t.Helper()
				if settings["replicas"] == "0" {
					hello.AwaitReplicas(t, outputs.Namespace, 0)
					return
				}
				env := mapOf(t, settings["env"])
				maps.Copy(env, mapOf(t, settings["secretEnv"]))
				args := []string{}
				if settings["args"] != "" {
					decode(t, settings["args"], &args)
				}
				printed(t, client, outputs.URL, env, args)
			}
			runs()

			env := mapOf(t, settings["env"])
			env["ROLLED_OUT"] = "once"
			settings["env"] = asJSON(env)
			set(t, pairs.Setting{"env": settings["env"]}, image)
			hello.Pulumi(t, "up", "--skip-preview") // nothing but a variable is new
			runs()
		})
	}
}

// onKind returns settings with what depends on the cluster and the machine.
func onKind(settings pairs.Setting, node string) pairs.Setting {
	settings = maps.Clone(settings)
	if settings["tls"] != "" {
		settings["ingressAddress"] = net.JoinHostPort(node, fmt.Sprint(traefik.WebsecureNodePort))
	}
	if settings["platform"] != "" {
		settings["platform"] = "linux/" + runtime.GOARCH
	}
	return settings
}

func mapOf(t *testing.T, object string) map[string]string {
	t.Helper()
	entries := map[string]string{}
	if object != "" {
		decode(t, object, &entries)
	}
	return entries
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}
