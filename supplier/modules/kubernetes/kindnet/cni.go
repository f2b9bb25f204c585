package main

import (
	"bytes"
	"fmt"
	"os"
)

const cniConfigFile = "/etc/cni/net.d/10-kindnet.conflist"

// writeCNIConfig tells the container runtime to give Pods of this node addresses in subnet.
func writeCNIConfig(subnet string) error {
	config := fmt.Appendf(nil, `{
  "cniVersion": "1.0.0",
  "name": "kindnet",
  "plugins": [
    {
      "type": "ptp",
      "ipMasq": false,
      "ipam": {
        "type": "host-local",
        "dataDir": "/run/cni-ipam-state",
        "routes": [{"dst": "0.0.0.0/0"}],
        "ranges": [[{"subnet": %q}]]
      }
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
`, subnet)
	if written, err := os.ReadFile(cniConfigFile); err == nil && bytes.Equal(written, config) {
		return nil
	}
	// The runtime watches the folder, so the file must appear whole.
	temporary := cniConfigFile + ".partial"
	if err := os.WriteFile(temporary, config, 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, cniConfigFile)
}
