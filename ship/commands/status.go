package commands

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"example.com/hello-world/ship/service"
)

func status() *cobra.Command {
	return command("status", "Show what runs, where, and whether it is healthy",
		`The service is healthy if all Pods are ready and of the last version, and the URL answers. If it is not, this fails, and says what is wrong and what happened last. It changes nothing.`,
		func(cmd *cobra.Command, s session) error { return s.status(cmd.Context()) })
}

func (s session) status(ctx context.Context) error {
	runs, err := s.service(ctx)
	if err != nil {
		return err
	}
	registry, err := service.Credentials(ctx, s.Checkout, s.pulumi)
	if err == nil {
		err = service.Status(ctx, runs, registry, s.Printer)
	}
	if errors.Is(err, service.ErrNotHealthy) {
		return Said{err}
	}
	return err
}
