//go:build e2e

package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/load"
)

// adoption is a project of somebody's own, made of this one as docs/adopt.md says.
var adoption = drive.Suite{Name: "Adoption", Scenarios: []drive.Scenario{
	{Name: "BesideTheOriginal", Run: testBesideTheOriginal, Soak: true},
}}

// testBesideTheOriginal adopts a clone and puts another server in, which asks a database. It runs on the original's machine,
// and whichever of the two goes, the other one stays.
func testBesideTheOriginal(t *testing.T) {
	// make adopt renames the program's module, but not the supplier's.
	here := site.Uninhabited(t)
	program, _, _ := strings.Cut(string(here.Read(t, "go.mod")), "\n")
	if !strings.Contains(string(here.Read(t, "supplier/modules/kind/go.mod")), program+"/") {
		t.Skip("this checkout is adopted, and an adopted one is not adopted again")
	}
	original := hello.Running(t, "replicas=3")

	const name = "our-shop"
	mine := clone(t)
	t.Cleanup(func() { remove(t, mine) })
	said := run(t, mine, "bash", "-euc", script(t, mine, name))
	for _, words := range []string{" visits\n", "deployment  " + name + "-mails: 1/1 ready", "cron job    " + name + "-nightly: 0 3 * * *", "migrated in "} {
		if !strings.Contains(said, words) {
			t.Errorf("it does not say %q: %s", words, said)
		}
	}
	for _, plain := range []string{mine.Pulumi(t, "stack", "export"), string(mine.Read(t, "Pulumi."+hello.Name+".yaml"))} {
		if strings.Contains(plain, "postgres://") {
			t.Error("the database's password is in the state or in the file, plain")
		}
	}
	outputs := mine.Outputs(t)
	if !strings.Contains(said, "the service runs: "+outputs.URL+"\n") {
		t.Errorf("it does not end with the URL: %s", said)
	}
	drive.Eventually(t, outputs.URL, visited)
	if outputs.Namespace != name || !strings.Contains(outputs.Image, "/"+name+"@") {
		t.Errorf("the outputs are %+v, want a namespace and an image called %s", outputs, name)
	}

	// The original goes.
	requests := load.Start(outputs.URL, "shop: visit ", 50)
	defer requests.Stop() // should the test end early
	if said, err := hello.Output("make", "down", "STACK="+hello.Name); err != nil {
		t.Fatal(said, err)
	}
	site.Made(false)
	if report := requests.Stop(); report.Bad > 0 {
		t.Errorf("when the original went: %s", report)
	}
	if said := run(t, mine, "make", "status"); !strings.Contains(said, "healthy: 1 of 1 Pods are ready") {
		t.Error(said)
	}

	// It comes back, and the adopted one goes.
	original = hello.Running(t, "replicas=3")
	drive.Eventually(t, outputs.URL, visited)
	drive.Settle()
	requests = load.Start(original.URL, "<h1>Hello world</h1>", 50)
	defer requests.Stop()
	run(t, mine, "kubectl", "create", "namespace", "theirs")
	run(t, mine, "kubectl", "annotate", "namespace", "theirs", "hello-world/stack=organization/theirs/"+hello.Name)
	if said := run(t, mine, "make", "down"); !drive.HasLine(said, "stays, because other stacks run there: theirs/"+hello.Name) {
		t.Errorf("make down does not leave the cluster to another project: %s", said)
	}
	run(t, mine, "kubectl", "delete", "namespace", "theirs")
	run(t, mine, "make", "down")
	if report := requests.Stop(); report.Bad > 0 {
		t.Errorf("when the adopted one went: %s", report)
	}
	if left := drive.Docker(t, "ps", "--all", "--filter", "name=^"+name, "--format", "{{.Names}}"); left != "" {
		t.Errorf("make down left %s", left)
	}

	run(t, mine, "bash", "-euc", strings.ReplaceAll(furnish, "example.com/shop/", "example.com/"+name+"/"))
	if err := mine.Show("make", "check"); err != nil {
		t.Error(err)
	}
}

// furnish makes the project more its own: a dependency that the supplier has in another version, an object beside the
// service's, a README, and no pages that nobody there can read.
const furnish = `
printf 'package main\n\nimport _ "github.com/prometheus/client_golang/prometheus"\n' >app/metrics.go
go get github.com/prometheus/client_golang@v1.19.1
go mod tidy
cat >infra/nightly.go <<'GO'
package main

import (
	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"

	"example.com/shop/infra/webservice"
)

func (s *stack) nightly(beside *webservice.WebService) error {
	_, err := batchv1.NewCronJob(s.ctx, "nightly", &batchv1.CronJobArgs{Metadata: beside.Metadata("nightly")}, beside.Options()...)
	return err
}
GO
perl -pi -e 's/^\tctx\.Export\("url"/\tif err := s.nightly(hello); err != nil {\n\t\treturn err\n\t}\n$&/' infra/deploy.go
grep -q nightly infra/deploy.go
echo '# Our shop' >README.md
rm README.zh-CN.md docs/*.zh-CN.md`

// visited accepts an answer of the server that asks the database.
func visited(_ int, body string) bool { return strings.HasPrefix(body, "shop: visit ") }

// clone is a checkout of the project, with the tools but without a state.
func clone(t *testing.T) *drive.Project {
	t.Helper()
	root, err := filepath.Abs(site.Root)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := drive.NewProject(root, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	run(t, mine, "bash", "-euc", `git init --quiet && git config user.name me && git config user.email me@example.com
		git add . && git commit --quiet --message cloned`)
	return mine
}

// script is the page's commands as they are written, but for the name, up to those that take a new version, and without the one
// that checks the clone, which comes later. Between them, the server is put in.
func script(t *testing.T, mine *drive.Project, name string) string {
	t.Helper()
	var all strings.Builder
	for _, commands := range block.FindAllStringSubmatch(string(mine.Read(t, "docs/adopt.md")), -1) {
		all.WriteString(commands[1])
	}
	page, _, _ := strings.Cut(all.String(), "git remote add")
	page = strings.Replace(page, "make check\n", "", 1)
	const tidy = "go mod tidy"
	if !strings.Contains(page, tidy) {
		t.Fatalf("docs/adopt.md has no command %q", tidy)
	}
	page = strings.Replace(page, tidy, "rm -r app && mkdir app && cp e2e/servers/shop/main.go app\n"+tidy, 1)
	return strings.NewReplacer("NAME=shop", "NAME="+name, "kind-shop-cluster", "kind-"+name+"-cluster", "shop-registry", name+"-registry").Replace(page)
}

// run is a command that must succeed, and what it says.
func run(t *testing.T, p *drive.Project, name string, args ...string) string {
	t.Helper()
	said, err := p.Output(name, args...)
	if err != nil {
		t.Fatal(said, err)
	}
	return said
}

// remove takes away what is left of an adopted project.
func remove(t *testing.T, mine *drive.Project) {
	t.Helper()
	// No command removes the images that the registry was filled from.
	run(t, mine, "bash", "-euc", `at=localhost:$(docker port "$(sed -n 's/^name: //p' Pulumi.yaml)-registry" 5000 | cut -d : -f 2)
		bin/ship cluster down # whatever its state says
		docker images --filter "reference=$at/*" --filter "reference=$at/*/*" --format '{{.Repository}}:{{.Tag}}' |
			while read -r image; do [[ $image == *'<none>' ]] || docker rmi "$image"; done`)
}
