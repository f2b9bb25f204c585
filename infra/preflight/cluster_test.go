package preflight

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/declared"
)

func TestClusterOfAnotherStack(t *testing.T) {
	for _, test := range []struct {
		output, chosen string // of a context
		context        string
		refused        []string
	}{
		{output: "kubeconfig", context: "made"},
		{output: "kubeconfig", chosen: "second", context: "second"},
		{output: "object", context: "object"},
		{output: "none", refused: []string{"clusterStack", `"none"`, "no output"}},
		{output: "plain", refused: []string{"clusterStack", `"plain"`, "pulumi.ToSecret"}},
		{output: "kubeconfig", chosen: "third", refused: []string{"context", `"third"`, "made, second"}},
	} {
		cfg := config.Config{Context: test.chosen, ClusterStack: config.StackOutput{Stack: "organization/eks/prod", Name: test.output}}
		_, err := declared.By(func(ctx *pulumi.Context) (err error) {
			cfg, err = withKubeconfig(ctx, cfg, config.Source{})
			return err
		})
		for _, words := range test.refused {
			if err == nil || !strings.Contains(err.Error(), words) {
				t.Errorf("%+v: the error lacks %q: %v", test, words, err)
			}
		}
		if len(test.refused) == 0 && (err != nil || cfg.Context != test.context || !strings.Contains(string(cfg.Kubeconfig), test.context)) {
			t.Errorf("%+v: the context is %s, error %v", test, cfg.Context, err)
		}
	}
}
