package main

import (
	"fmt"

	pulumi "github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

// hold writes a version into the stack's file, for the program to deploy it instead of what else is there.
func hold(of update, file string) error {
	project, err := workspace.LoadProject("Pulumi.yaml")
	if err != nil {
		return err
	}
	stack, err := workspace.LoadProjectStack(nil, project, file)
	if err != nil {
		return err
	}
	now := encryption{stack.EncryptionSalt, stack.EncryptedKey}
	if of.hasSecrets() && of.Encryption != now {
		return fmt.Errorf("the secrets of %s are encrypted with another passphrase or key than the stack's are now: "+
			"`pulumi config set hold %s` holds its image alone", of, of.Image)
	}
	held, err := of.held()
	if err != nil {
		return err
	}
	stack.Config[pulumi.MustMakeKey(project.Name.String(), "hold")] = held
	return stack.Save(file)
}
