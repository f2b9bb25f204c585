// Package capabilities says which of Linux's capabilities this machine lacks, as some virtual machines and containers do.
package capabilities

import (
	"strings"

	"github.com/moby/sys/capability"
)

// Missing returns the names, such as CAP_SYS_RESOURCE, of the capabilities that the kernel
// knows and that no process started by this one can have.
func Missing() (names []string, err error) {
	known, err := capability.ListSupported()
	if err != nil {
		return nil, err
	}
	for _, one := range known {
		has, err := capability.GetBound(one)
		if err != nil {
			return nil, err
		}
		if !has {
			names = append(names, "CAP_"+strings.ToUpper(one.String()))
		}
	}
	return names, nil
}
