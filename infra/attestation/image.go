package attestation

import (
	v1 "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"

	"example.com/hello-world/infra/config"
)

// Image is an image in its registry.
type Image struct {
	Reference   string // by digest
	Credentials config.Credentials
}

// open returns the image's repository, and its digest.
func (i Image) open() (*remote.Repository, v1.Descriptor, error) {
	repository, err := repositoryOf(i.Reference, i.Credentials)
	if err != nil {
		return nil, v1.Descriptor{}, err
	}
	digest, err := repository.Reference.Digest()
	return repository, v1.Descriptor{Digest: digest}, err
}

// repositoryOf returns the repository of a reference. Without credentials, those of `docker login` count.
func repositoryOf(reference string, given config.Credentials) (*remote.Repository, error) {
	repository, err := remote.NewRepository(reference)
	if err != nil {
		return nil, err
	}
	host := repository.Reference.Host()
	client := &auth.Client{Cache: auth.NewCache()}
	if given.Username != "" {
		client.Credential = auth.StaticCredential(host, auth.Credential{Username: given.Username, Password: string(given.Password)})
	} else if store, err := credentials.NewStoreFromDocker(credentials.StoreOptions{}); err == nil {
		client.Credential = credentials.Credential(store)
	}
	repository.Client = client
	repository.PlainHTTP = config.OnThisMachine(host)
	repository.SkipReferrersGC = true // not every registry lets clients delete
	return repository, nil
}
