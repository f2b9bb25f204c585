package images

import (
	"example.com/hello-world/supplier/pins"
	"example.com/hello-world/supplier/supply"
)

// Postgres is the image of the database to develop against (infra/postgres).
const Postgres = "postgres:17.6"

// All returns the images in the order in which they are needed.
func (s Source) All() ([]supply.Artefact, error) { return s.artefacts(s.all()) }

func (s Source) all() []describe {
	needed := []describe{
		s.golang,
		func() (image, error) { return image{name: "registry:3"}, nil },
		s.pinned("kindest/node", "kubernetes", "k8s.io/kubernetes"),
		s.pinned("traefik", "traefik", "github.com/traefik/traefik/v3"),
	}
	if s.Database {
		needed = append(needed, postgres)
	}
	return needed
}

func postgres() (image, error) { return image{name: Postgres}, nil }

// ForTests returns the images that only tests need: the database, and what a kind cluster lacks to stand in for a cloud's, which
// are load balancers and metrics of Pods. kwok simulates nodes there.
func (s Source) ForTests() ([]supply.Artefact, error) { return s.artefacts(s.forTests()) }

func (s Source) forTests() []describe {
	return []describe{
		postgres,
		s.pinned("quay.io/metallb/controller", "cloud", "go.universe.tf/metallb"),
		s.pinned("quay.io/metallb/speaker", "cloud", "go.universe.tf/metallb"),
		s.pinned("registry.k8s.io/metrics-server/metrics-server", "cloud", "sigs.k8s.io/metrics-server"),
		s.pinned("registry.k8s.io/kwok/kwok", "cloud", "sigs.k8s.io/kwok"),
	}
}

// describe returns an image, with its version.
type describe func() (image, error)

func (s Source) artefacts(needed []describe) ([]supply.Artefact, error) {
	var artefacts []supply.Artefact
	for _, describe := range needed {
		i, err := describe()
		if err != nil {
			return nil, err
		}
		artefact, err := s.artefact(i)
		if err != nil {
			return nil, err
		}
		artefacts = append(artefacts, artefact)
	}
	return artefacts, nil
}

// pinned describes the image that module, at the version that supplier/modules/in pins, publishes as repository.
func (s Source) pinned(repository, in, module string) describe {
	return func() (image, error) {
		version, err := pins.In(s.Root, in).Version(module)
		return image{name: repository + ":" + version}, err
	}
}
