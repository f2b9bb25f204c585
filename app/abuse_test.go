package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// abused starts a server in a process of its own, with further variables, and returns its addresses.
func abused(t *testing.T, environment ...string) (address, admin string) {
	port, adminPort := freePort(t), freePort(t)
	command, log := command(t, append(environment, fmt.Sprintf("PORT=%d", port), fmt.Sprintf("ADMIN_PORT=%d", adminPort))...)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
		if t.Failed() {
			t.Logf("the server's log:\n%s", log)
		}
	})
	waitFor(t, fmt.Sprintf("http://127.0.0.1:%d/readyz", adminPort), http.StatusOK)
	return fmt.Sprintf("127.0.0.1:%d", port), fmt.Sprintf("127.0.0.1:%d", adminPort)
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	return connection
}

// The server drops a client that never finishes its request, and serves others meanwhile.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	address, _ := abused(t)
	slow := []string{
		"",
		"GET /hello HTTP/1.1\r\nHost: a\r\nX-Slow: ",
		"GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx",
	}
	var connections []net.Conn
	for range 100 {
		for _, start := range slow {
			connection := dial(t, address)
			io.WriteString(connection, start)
			connections = append(connections, connection)
		}
	}
	if _, body := get(t, "http://"+address+"/hello"); !strings.Contains(body, "Hello world") {
		t.Errorf("beside slow clients, another client gets %q", body)
	}
	for i, connection := range connections {
		connection.SetReadDeadline(time.Now().Add(3 * readTimeout))
		if _, err := io.Copy(io.Discard, connection); err != nil {
			t.Fatalf("the server still waits for the rest of %q: %v", slow[i%len(slow)], err)
		}
	}
}

func TestHostileRequests(t *testing.T) {
	t.Parallel()
	address, _ := abused(t)
	for _, test := range []struct {
		name, request string
		status        int
	}{
		{"headers beyond the limit", "GET /hello HTTP/1.1\r\nHost: a\r\nX-Big: " + strings.Repeat("a", headerLimit+8<<10) + "\r\n\r\n", 431},
		{"an endless URL", "GET /hello/" + strings.Repeat("a", headerLimit+8<<10) + " HTTP/1.1\r\nHost: a\r\n\r\n", 431},
		{"no Host", "GET /hello HTTP/1.1\r\n\r\n", 400},
		{"two Hosts", "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
		{"no HTTP", "hello\r\n\r\n", 400},
		{"HTTP of tomorrow", "GET /hello HTTP/9.9\r\nHost: a\r\n\r\n", 505},
		{"a method with a space", "GE T /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		{"a smuggled length", "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400},
		{"a body of unknown coding", "GET /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
		{"a header with a line feed", "GET /hello HTTP/1.1\r\nHost: a\r\nX: a\n b: c\x00\r\n\r\n", 400},
		{"CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n", 404},
		{"TRACE", "TRACE /hello HTTP/1.1\r\nHost: a\r\n\r\n", 405},
		{"another server's URL", "GET http://example.com/hello HTTP/1.1\r\nHost: a\r\n\r\n", 200}, // a proxy's form of /hello
	} {
		connection := dial(t, address)
		connection.SetDeadline(time.Now().Add(3 * readTimeout))
		go io.WriteString(connection, test.request)
		answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		} else if answer.StatusCode != test.status {
			t.Errorf("%s: status %d, want %d", test.name, answer.StatusCode, test.status)
		}
	}
	if _, body := get(t, "http://"+address+"/hello"); !strings.Contains(body, "Hello world") {
		t.Errorf("after all that, the server answers %q", body)
	}
}

// Ten thousand clients ask once and keep their connections. The server stays within the memory of a Pod of 128Mi, and closes
// no connection that is in use.
func TestTenThousandKeptConnections(t *testing.T) {
	t.Parallel()
	address, admin := abused(t, "GOMEMLIMIT=109226KiB") // as infra/webservice sets it
	asks := func(connection net.Conn) {
		t.Helper()
		io.WriteString(connection, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
		answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, answer.Body)
	}
	first, busy := dial(t, address), dial(t, address)
	asks(first)
	for i := range 10_000 {
		asks(dial(t, address))
		if i%1000 == 0 {
			asks(busy)
		}
	}
	if _, body := get(t, "http://"+address+"/hello"); !strings.Contains(body, "Hello world") {
		t.Errorf("beside idle connections, a client gets %q", body)
	}
	first.SetDeadline(time.Now().Add(readTimeout))
	if _, err := first.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the connection that was silent for longest is still open: %v", err)
	}
	const peak = "\nprocess_resident_memory_peak_bytes "
	_, metrics := get(t, "http://"+admin+"/metrics")
	_, text, found := strings.Cut(metrics, peak)
	if !found {
		t.Skip("this system does not say how much memory the server took")
	}
	text, _, _ = strings.Cut(text, "\n")
	took, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("it took %.0f MiB", took/(1<<20))
	if took > 109226<<10 {
		t.Errorf("it took %.0f MiB, more than GOMEMLIMIT", took/(1<<20))
	}
}
