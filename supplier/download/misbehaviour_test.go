package download

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"example.com/hello-world/supplier/supply"
)

// If a publisher, or something on the way to it, misbehaves, the download ends with the cause and what to do. It does not
// lead to a build of a quarter of an hour.
func TestMisbehaviour(t *testing.T) {
	answer := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	for _, test := range []struct {
		name  string
		by    Downloader
		serve http.HandlerFunc
		says  string
		asked int32
	}{
		{"Unauthorized", eager, answer(401), "401 Unauthorized: the publisher, or a proxy on the way there, refuses access", 1},
		{"Forbidden", eager, answer(403), "403 Forbidden: the publisher, or a proxy on the way there, refuses access", 1},
		{"TooManyRequests", eager, answer(429), "429 Too Many Requests, in the last of 3 tries: try again later", 3},
		{"Overloaded", eager, answer(503), "503 Service Unavailable, in the last of 3 tries", 3},
		{"SaysNothing", impatient, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "it has sent nothing for 200ms", 3},
		{"Stalls", impatient, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.Write([]byte("the beginning"))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "it has sent nothing for 200ms", 3},
		{"Truncates", eager, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.Write([]byte("the beginning"))
		}, "it ended early: unexpected EOF, in the last of 3 tries", 3},
		{"HangsUp", eager, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF, in the last of 3 tries", 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			var asked atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				test.serve(w, r)
			}))
			defer server.Close()
			refused(t, test.by, server.URL, test.says)
			if got := asked.Load(); got != test.asked {
				t.Errorf("it was asked %d times, want %d", got, test.asked)
			}
		})
	}
}

// refused fails the test unless the download from a publisher ends with words, and without leading on to a build.
func refused(t *testing.T, by Downloader, publisher, says string) {
	t.Helper()
	to := filepath.Join(t.TempDir(), "file")
	err := by.File(t.Context(), publisher+"/tool", publisher+"/sums", to, silent)
	if err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("the error is %v, want one that says %q", err, says)
	}
	if supply.LeadsOn(err) {
		t.Errorf("%v leads on to building", err)
	}
	if _, err := os.Stat(to); err == nil {
		t.Error("there is a file")
	}
}

func TestCertificateThatIsNotTrusted(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	server.Config.ErrorLog = nil
	defer server.Close()
	refused(t, eager, server.URL, "its certificate is not trusted")
}

func TestMirrorWithoutTLS(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	refused(t, eager, strings.Replace(server.URL, "http:", "https:", 1), "answers, but not over HTTPS")
}

func TestAddressThatIsNone(t *testing.T) {
	for _, address := range []string{"mirror.example.com", "ftp://mirror.example.com", "https://", "mirror:8080"} {
		refused(t, eager, address, "it must begin with https://")
	}
}

func TestProxy(t *testing.T) {
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(407) }))
	defer refusing.Close()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	for proxy, says := range map[string]string{
		refusing.URL:                     "answers 407 Proxy Authentication Required. HTTPS_PROXY",
		"http://" + gone.Addr().String(): "connection refused. HTTPS_PROXY",
	} {
		through(t, proxy)
		refused(t, eager, "https://publisher.example.com", says)
	}
}

// through sends requests through a proxy until the test ends: net/http reads the environment only once.
func through(t *testing.T, proxy string) {
	address, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	transport := client.Transport.(*http.Transport)
	before := transport.Proxy
	transport.Proxy = http.ProxyURL(address)
	t.Cleanup(func() { transport.Proxy = before })
}

// An error that passes by itself does not reach the user.
func TestSecondTry(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case asked.Add(1)%2 == 1:
			w.WriteHeader(503)
		case r.URL.Path == "/sums":
			fmt.Fprintln(w, sum256(content))
		default:
			fmt.Fprint(w, content)
		}
	}))
	defer server.Close()
	to := filepath.Join(t.TempDir(), "file")
	var told []string
	err := eager.File(t.Context(), server.URL+"/tool", server.URL+"/sums", to, func(text string) { told = append(told, text) })
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(to); err != nil || string(got) != content {
		t.Errorf("the file holds %q, error %v", got, err)
	}
	if len(told) == 0 || told[len(told)-1] != "0 of 1 MB" {
		t.Errorf("it was %q far", told)
	}
}

// A write to /dev/full fails as to a full disk.
func TestDiskIsFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("NOT TESTED: THIS SYSTEM HAS NO /dev/full")
	}
	err := save("/dev/full", strings.NewReader(content), "", Checksum{Sum: sum256(content)})
	if err == nil || !strings.Contains(err.Error(), syscall.ENOSPC.Error()+": free some space, or set HELLO_WORLD_CACHE") {
		t.Errorf("the error is %v", err)
	}
}
