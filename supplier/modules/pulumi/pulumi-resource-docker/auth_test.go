package main

import (
	"path/filepath"
	"testing"

	"github.com/docker/cli/cli/config"
	sessionauth "github.com/moby/buildkit/session/auth"
)

func TestCredentials(t *testing.T) {
	settings := t.TempDir()
	config.SetDir(settings)
	writeFile(t, filepath.Join(settings, "config.json"), `{"auths": {
		"https://index.docker.io/v1/": {"auth": "aHVidXNlcjpodWJwYXNz"},
		"mirror.example":              {"auth": "bWlycm9ydXNlcjptaXJyb3JwYXNz"}
	}}`)
	given := newImage(object{
		"imageName": "localhost:5001/hello",
		"registry":  object{"username": "me", "password": "s3cret"},
	}.props())
	none := newImage(minimal.props())

	for _, test := range []struct {
		img        image
		host       string
		user, pass string
	}{
		{given, "localhost:5001", "me", "s3cret"},
		{given, "mirror.example", "mirroruser", "mirrorpass"},
		{none, "localhost:5001", "", ""},
		{none, "https://mirror.example/v2/", "mirroruser", "mirrorpass"},
		{none, "docker.io", "hubuser", "hubpass"},
		// The name by which BuildKit asks for Docker Hub.
		{none, "registry-1.docker.io", "hubuser", "hubpass"},
	} {
		server := &credentialsServer{img: test.img}
		got, err := server.Credentials(t.Context(), &sessionauth.CredentialsRequest{Host: test.host})
		if err != nil || got.Username != test.user || got.Secret != test.pass {
			t.Errorf("%s: got %v, %v; want %s, %s", test.host, got, err, test.user, test.pass)
		}
	}
}
