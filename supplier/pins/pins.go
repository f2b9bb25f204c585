// Package pins reads which versions the go.mod files of supplier/modules pin: those of what is downloaded as well.
package pins

import (
	"fmt"
	"go/version"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// Module is a folder with a go.mod of its own, which pins versions and checksums.
type Module struct {
	// Dir is the module's folder.
	Dir string
}

// In returns the module called name in supplier/modules of the project in root.
func In(root, name string) Module {
	return Module{Dir: filepath.Join(root, "supplier", "modules", name)}
}

// Version returns the version at which m requires module.
func (m Module) Version(module string) (string, error) {
	parsed, err := m.Parse()
	if err != nil {
		return "", err
	}
	for _, require := range parsed.Require {
		if require.Mod.Path == module {
			return require.Mod.Version, nil
		}
	}
	return "", fmt.Errorf("%s does not require %s", parsed.Syntax.Name, module)
}

// GoVersion returns m's version of Go, without the patch release ("1.26").
func (m Module) GoVersion() (string, error) {
	release, err := m.GoRelease()
	return strings.TrimPrefix(version.Lang("go"+release), "go"), err
}

// GoRelease returns the oldest release of Go that compiles m ("1.26.6").
func (m Module) GoRelease() (string, error) {
	parsed, err := m.Parse()
	if err != nil {
		return "", err
	}
	return parsed.Go.Version, nil
}

// Parse reads m's go.mod.
func (m Module) Parse() (*modfile.File, error) {
	file := filepath.Join(m.Dir, "go.mod")
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return modfile.Parse(file, text, nil)
}
