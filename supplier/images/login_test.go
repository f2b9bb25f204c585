//go:build e2e

package images

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/docker/cli/cli/config"

	"example.com/hello-world/supplier/docker"
	"example.com/hello-world/supplier/download"
)

// A registry that asks for a password is pulled from with what `docker login` has filed, in a file or with a helper.
func TestPullWithDockerLogin(t *testing.T) {
	before := download.Default
	download.Default = download.Downloader{Pause: time.Millisecond, Stall: 2 * time.Second}
	t.Cleanup(func() { download.Default = before })
	const user, password = "ann", "secret"
	open := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: publish(t)})
	closed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if u, p, _ := r.BasicAuth(); u != user || p != password {
			w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		open.ServeHTTP(w, r)
	}))
	defer closed.Close()
	server := strings.TrimPrefix(closed.URL, "http://")

	bin := t.TempDir()
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	for helper, does := range map[string]string{
		"answers": fmt.Sprintf(`echo '{"Username":%q,"Secret":%q}'`, user, password),
		"fails":   "echo it is locked; exit 1",
		"hangs":   "exec sleep 10",
	} {
		if err := os.WriteFile(filepath.Join(bin, "docker-credential-"+helper), []byte("#!/bin/sh\n"+does+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	helper := func(name string) string { return fmt.Sprintf(`{"credHelpers":{%q:%q}}`, server, name) }
	auth := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	for _, test := range []struct{ name, config, fails string }{
		{"LoggedIn", fmt.Sprintf(`{"auths":{%q:{"auth":%q}}}`, server, auth), ""},
		{"HelperAnswers", helper("answers"), ""},
		{"HelperFails", helper("fails"), "log in with docker login"},
		{"HelperHangs", helper("hangs"), "it has sent nothing for 2s"},
		{"NotLoggedIn", `{}`, "log in with docker login"},
		{"OfAnotherRegistry", fmt.Sprintf(`{"auths":{"registry.example":{"auth":%q}}}`, auth), "log in with docker login"},
	} {
		t.Run(test.name, func(t *testing.T) {
			useDockerConfig(t, test.config)
			published := server + "/library/" + name
			err := Source{}.pull(t.Context(), t.Output(), image{name: published}, silent)
			if test.fails == "" && err != nil || test.fails != "" && (err == nil || !strings.Contains(err.Error(), test.fails)) {
				t.Errorf("the error is %v, want %q", err, test.fails)
			}
			if there := present(t.Context(), published, ""); there != (test.fails == "") {
				t.Errorf("the image is there: %v", there)
			}
			docker.Run(t.Context(), t.Output(), nil, "rmi", "--force", published)
		})
	}
}

// useDockerConfig makes text the configuration of the docker command, and of its library here, until the test ends.
func useDockerConfig(t *testing.T, text string) {
	t.Helper()
	before, dir := config.Dir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, config.ConfigFileName), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(config.EnvOverrideConfigDir, dir)
	config.SetDir(dir)
	t.Cleanup(func() { config.SetDir(before) })
}
