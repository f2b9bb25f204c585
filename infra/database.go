package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/postgres"
	"example.com/hello-world/infra/webservice"
)

// runDatabase runs the database to develop against, if the configuration asks for one, and tells the service where it is.
func (s *stack) runDatabase(args *webservice.Args) error {
	if s.Config.Database == "" {
		return nil
	}
	database, err := postgres.New(s.ctx, &postgres.Args{Image: s.Images.Pinned(postgres.Image), State: s.State, For: s.Config.Namespace}, s.provider)
	if err != nil {
		return err
	}
	where := postgres.Namespace(s.Config.Namespace)
	s.namespaces[where] = database.NamespaceUID
	args.SecretEnv[config.DatabaseURL] = database.URL
	if args.Egress != nil {
		args.Egress = append(args.Egress, webservice.Destination{Namespace: where, Port: postgres.Port})
	}
	s.ctx.Export("database", pulumi.String(where))
	return nil
}
