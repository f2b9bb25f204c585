// Command standin replaces Headlamp if its image cannot be pulled. It takes the flags that infra/headlamp gives, and does what
// Headlamp does as far as the cluster can tell: it writes a copy of its page, and passes requests below /clusters/main to the
// cluster's API, with the credentials of the request.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
)

// account is where a Pod finds what it needs to reach the cluster.
const account = "/var/run/secrets/kubernetes.io/serviceaccount/"

func main() {
	base := flag.String("base-url", "", "the path prefix of everything")
	inCluster := flag.Bool("in-cluster", false, "use the cluster that this runs in")
	name := flag.String("in-cluster-context-name", "", "the name of the cluster")
	flag.Parse()
	if !*inCluster || *name != "main" || flag.NArg() > 0 {
		log.Fatalf("unexpected flags: %q", os.Args[1:])
	}
	page := filepath.Join(os.TempDir(), "index.html")
	if err := os.WriteFile(page, []byte("<script>headlampBaseUrl = '"+*base+"'</script>\n"), 0o600); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("/written", nil, 0o600); err == nil {
		log.Fatal("the root file system is not read-only")
	}
	api, err := api()
	if err != nil {
		log.Fatal(err)
	}
	http.Handle(*base+"/clusters/main/", http.StripPrefix(*base+"/clusters/main", api))
	http.HandleFunc(*base+"/", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, page) })
	log.Fatal(http.ListenAndServe(":4466", nil))
}

// api passes requests to the cluster's API, and adds nothing to them.
func api() (http.Handler, error) {
	if _, err := os.Stat(account + "token"); err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(account + "ca.crt")
	if err != nil {
		return nil, err
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(authority) {
		return nil, errors.New("ca.crt holds no certificate")
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{
		Scheme: "https", Host: net.JoinHostPort(os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT")),
	})
	proxy.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authorities}}
	return proxy, nil
}
