// publish SERVER TOPIC KEY VALUE...   publishes each value under the key.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	pb "flotilla/v1"
	_ "google.golang.org/genproto/googleapis/rpc/errdetails" // to tell the reason of a refusal
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
)

func main() {
	server, topic, key := os.Args[1], os.Args[2], []byte(os.Args[3])
	connection, err := grpc.Dial(server, grpc.WithInsecure())
	if err != nil {
		log.Fatal(err)
	}
	request := &pb.PublishRequest{Topic: topic}
	for _, value := range os.Args[4:] {
		request.Events = append(request.Events, &pb.Event{Key: key, Value: []byte(value)})
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	// Answers when the events are on the disks of a majority: their positions, in their order.
	answer, err := pb.NewProducerServiceClient(connection).Publish(ctx, request)
	if err != nil {
		log.Fatal(err, status.Convert(err).Details())
	}
	for _, position := range answer.Positions {
		fmt.Printf("%s-%d @ %d\n", topic, position.Partition, position.Offset)
	}
}
