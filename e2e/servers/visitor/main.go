// Command visitor uses the server streams as its clients do, and fails if it gets a wrong answer or none:
//
//	visitor echo URL TIME   says something every 100 ms over a websocket, for so long
//	visitor grpc ADDRESS    asks for the health of the server, and watches it
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
)

func main() {
	log.SetFlags(0)
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	var err error
	switch os.Args[1] {
	case "echo":
		err = echo(ctx, os.Args[2], os.Args[3])
	case "grpc":
		err = health(ctx, os.Args[2])
	}
	if err != nil {
		log.Fatal(err)
	}
}

func echo(ctx context.Context, url, lasts string) error {
	limit, err := time.ParseDuration(lasts)
	if err != nil {
		return err
	}
	connection, _, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		return err
	}
	defer connection.CloseNow()
	begun := time.Now()
	for count := 0; time.Since(begun) < limit; count++ {
		want := fmt.Sprint("message ", count)
		err := connection.Write(ctx, websocket.MessageText, []byte(want))
		if err == nil {
			var got []byte
			if _, got, err = connection.Read(ctx); err == nil && string(got) != want {
				err = fmt.Errorf("the echo of %q is %q", want, got)
			}
		}
		if err != nil {
			return fmt.Errorf("after %.1f s: %w", time.Since(begun).Seconds(), err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil
}

func health(ctx context.Context, address string) error {
	connection, err := grpc.NewClient("passthrough:///"+address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	client := grpc_health_v1.NewHealthClient(connection)
	if _, err := client.Check(ctx, &grpc_health_v1.HealthCheckRequest{}); err != nil {
		return err
	}
	watch, err := client.Watch(ctx, &grpc_health_v1.HealthCheckRequest{})
	if err != nil {
		return err
	}
	got, err := watch.Recv()
	if err == nil && got.Status != grpc_health_v1.HealthCheckResponse_SERVING {
		err = fmt.Errorf("its health is %s", got.Status)
	}
	return err
}
