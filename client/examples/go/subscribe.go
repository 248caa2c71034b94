// subscribe SERVER TOPIC [COUNT]   prints events from the beginning, then live; stops after COUNT.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"

	pb "flotilla/v1"
	"google.golang.org/grpc"
)

func main() {
	connection, err := grpc.Dial(os.Args[1], grpc.WithInsecure())
	if err != nil {
		log.Fatal(err)
	}
	request := &pb.SubscribeRequest{Topic: os.Args[2], From: &pb.Position{From: pb.StartFrom_START_FROM_EARLIEST}}
	if len(os.Args) > 3 {
		request.MaxEvents, _ = strconv.ParseInt(os.Args[3], 10, 64)
	}
	stream, err := pb.NewConsumerServiceClient(connection).Subscribe(context.Background(), request)
	for err == nil {
		var answer *pb.SubscribeResponse
		answer, err = stream.Recv()
		for _, received := range answer.GetEvents() {
			key, value := received.Event.Key, received.Event.Value
			fmt.Printf("%s-%d @ %d: %s %s\n", request.Topic, received.Partition, received.Offset, key, value)
		}
	}
	if err != io.EOF {
		log.Fatal(err)
	}
}
