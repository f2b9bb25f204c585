package images

import (
	"context"
	"fmt"
	"net/http"

	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"

	"example.com/hello-world/supplier/checksums"
)

// Published returns the digests of all images, those for tests included, as their registries have them now. It asks them by
// client, with what `docker login` has filed.
func (s Source) Published(ctx context.Context, client *http.Client) (checksums.List, error) {
	filed, err := credentials.NewStoreFromDocker(credentials.StoreOptions{})
	if err != nil {
		return nil, err
	}
	s.Checksums = nil // to ask by tag
	keys, err := s.keys()
	if err != nil {
		return nil, err
	}
	list := checksums.List{}
	for _, key := range keys {
		reference, _ := s.reference(image{name: key.Name + ":" + key.Version})
		repository, err := remote.NewRepository(reference)
		if err != nil {
			return nil, err
		}
		repository.Client = &auth.Client{Client: client, Credential: credentials.Credential(filed)}
		found, err := repository.Resolve(ctx, reference)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", reference, err)
		}
		list[key] = found.Digest.String()
	}
	return list, nil
}

// Names returns the names of all images, those for tests included.
func (s Source) Names() (names []string, err error) {
	keys, err := s.keys()
	for _, key := range keys {
		names = append(names, key.Name)
	}
	return names, err
}

// keys returns what all images are called among the checksums.
func (s Source) keys() (keys []checksums.Key, err error) {
	s.Database = false // it is among those for tests
	for _, describe := range append(s.all(), s.forTests()...) {
		i, err := describe()
		if err != nil {
			return nil, err
		}
		keys = append(keys, i.key())
	}
	return keys, nil
}
