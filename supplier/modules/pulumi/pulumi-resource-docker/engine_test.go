package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker/cli/cli/config"
	control "github.com/moby/buildkit/api/services/control"
	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// startEngine makes DOCKER_HOST a stand-in for a Docker Engine that answers a build and a push as given.
func startEngine(t *testing.T, build, push http.HandlerFunc) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/_ping", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Api-Version", "1.41")
	})
	mux.HandleFunc("POST /v1.41/build", build)
	mux.HandleFunc("POST /v1.41/images/localhost:5001/hello/push", push)
	engine := httptest.NewServer(mux)
	t.Cleanup(engine.Close)
	t.Setenv("DOCKER_HOST", "tcp://"+engine.Listener.Addr().String())
	config.SetDir(t.TempDir())
}

const (
	imageID    = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
	pushedHash = "sha256:2222222222222222222222222222222222222222222222222222222222222222"
)

func buildSucceeds(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	fmt.Fprintf(w, `{"id":"moby.image.id","aux":{"ID":%q}}`, imageID)
}

func pushSucceeds(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintf(w, `{"status":"Pushed","id":"abc"}{"aux":{"Tag":"latest","Digest":%q,"Size":5}}`, pushedHash)
}

func create(t *testing.T, in object) (property.Map, error) {
	t.Helper()
	server := startPlugin(t)
	response, err := server.Create(p.CreateRequest{Urn: urn, Properties: checked(t, server, in)})
	return response.Properties, err
}

func TestCreate(t *testing.T) {
	var query, auth string
	startEngine(t,
		func(w http.ResponseWriter, r *http.Request) {
			query = r.URL.Query().Encode()
			buildSucceeds(w, r)
		},
		func(w http.ResponseWriter, r *http.Request) {
			auth = r.Header.Get("X-Registry-Auth")
			pushSucceeds(w, r)
		})
	state, err := create(t, object{
		"imageName": "localhost:5001/hello",
		"build":     object{"context": "app", "platform": "linux/arm64", "args": object{"A": "b"}},
		"registry":  object{"server": "http://localhost:5001", "username": "me", "password": "s3cret"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"version=2", "remote=client-session", "t=localhost%3A5001%2Fhello", "dockerfile=Dockerfile",
		"platform=linux%2Farm64", "buildargs=%7B%22A%22%3A%22b%22%7D"} {
		if !strings.Contains(query, want) {
			t.Errorf("%s is not in the build's query: %s", want, query)
		}
	}
	if strings.Contains(query, "pull") {
		t.Errorf("the build pulls its base image: %s", query)
	}
	decoded, _ := base64.URLEncoding.DecodeString(auth)
	if want := `{"username":"me","password":"s3cret","serveraddress":"localhost:5001"}`; string(decoded) != want {
		t.Errorf("credentials %s, want %s", decoded, want)
	}
	for name, want := range map[string]string{
		"imageName":      "localhost:5001/hello",
		"baseImageName":  "localhost:5001/hello",
		"repoDigest":     "localhost:5001/hello@" + pushedHash,
		"registryServer": "http://localhost:5001",
		"context":        "app",
		"dockerfile":     "Dockerfile",
		"platform":       "linux/arm64",
	} {
		if got := asText(state.Get(name)); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !state.Get("__inputs").Secret() {
		t.Error("the recorded inputs, with the password, are not secret")
	}
}

func TestFailedBuildShowsTheCompilersWords(t *testing.T) {
	step, started := "sha256:5e90", timestamppb.Now()
	traces := []*control.StatusResponse{
		{Vertexes: []*control.Vertex{{Digest: step, Name: "RUN go build", Started: started}}},
		{Logs: []*control.VertexLog{{Vertex: step, Msg: []byte("./main.go:3:1: undefined: geheim\n")}}},
		{Vertexes: []*control.Vertex{{Digest: step, Name: "RUN go build", Started: started, Error: "exit code: 1"}}},
	}
	startEngine(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		for _, trace := range traces {
			encoded, _ := proto.Marshal(trace)
			json.NewEncoder(w).Encode(map[string]any{"id": "moby.buildkit.trace", "aux": encoded})
		}
		fmt.Fprint(w, `{"errorDetail":{"message":"go build geheim: exit code: 1"},"error":"go build: exit code: 1"}`)
	}, pushSucceeds)
	// A secret argument is not among them.
	arguments := property.New(object{"TOKEN": "geheim", "EMPTY": ""}.props()).WithSecret(true)
	_, err := create(t, object{"imageName": "localhost:5001/hello", "build": object{"context": "app", "args": arguments}})
	want := "building localhost:5001/hello: RUN go build\n./main.go:3:1: undefined: [secret]\ngo build [secret]: exit code: 1"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestFailedPush(t *testing.T) {
	startEngine(t, buildSucceeds, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"errorDetail":{"message":"unauthorized: authentication required"}}`)
	})
	_, err := create(t, minimal)
	want := "pushing localhost:5001/hello: unauthorized: authentication required (tried without credentials)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A local registry needs no credentials, so it does not matter why there are none.
func TestPushWithABrokenCredentialHelper(t *testing.T) {
	startEngine(t, buildSucceeds, pushSucceeds)
	writeFile(t, filepath.Join(config.Dir(), "config.json"), `{"credsStore": "no-such-helper"}`)
	state, err := create(t, minimal)
	if got := asText(state.Get("repoDigest")); err != nil || got != "localhost:5001/hello@"+pushedHash {
		t.Errorf("repoDigest is %q, error %v", got, err)
	}
}

func TestNoEngine(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///nowhere")
	_, err := create(t, minimal)
	if err == nil || !strings.Contains(err.Error(), "failed to connect to the docker API at unix:///nowhere") {
		t.Errorf("got %v", err)
	}
}

func TestCancelStopsTheBuild(t *testing.T) {
	building, stopped := make(chan struct{}), make(chan struct{})
	startEngine(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		close(building)
		<-r.Context().Done()
		close(stopped)
	}, pushSucceeds)
	server := startPlugin(t)
	in := checked(t, server, minimal)
	result := make(chan error)
	go func() {
		_, err := server.Create(p.CreateRequest{Urn: urn, Properties: in})
		result <- err
	}()
	<-building
	if err := server.Cancel(); err != nil {
		t.Fatal(err)
	}
	if err := <-result; err == nil || !strings.Contains(err.Error(), "context canceled") {
		t.Errorf("got %v", err)
	}
	<-stopped
}
