package versions

import (
	"fmt"

	"example.com/hello-world/ship/checkout"
)

// hold writes a version into the stack's file.
func hold(c checkout.Checkout, of update, stack string) error {
	file, err := c.ReadStack(stack)
	if err != nil {
		return err
	}
	now := encryption{file.EncryptionSalt, file.EncryptedKey}
	if of.hasSecrets() && of.Encryption != now {
		return fmt.Errorf("the secrets of %s are encrypted with another passphrase or key than the stack's are now: "+
			"`pulumi config set hold %s` holds its image alone", of, of.Image)
	}
	held, err := of.held()
	if err != nil {
		return err
	}
	return file.Change("hold", &held)
}
