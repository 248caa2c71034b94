// consume SERVER TOPIC GROUP [COUNT]   prints events as a member of a group, and acknowledges them.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	pb "flotilla/v1"
	"google.golang.org/grpc"
)

func main() {
	topic, group, left := os.Args[2], os.Args[3], -1 // for ever,
	fmt.Sscan(append(os.Args, "-1")[4], &left)       // or COUNT
	client := pb.NewGroupConsumerServiceClient(must(grpc.Dial(os.Args[1], grpc.WithInsecure())))
	session := must(client.Consume(context.Background()))
	join := &pb.JoinGroup{Group: group, Topics: []string{topic}, From: &pb.Position{From: pb.StartFrom_START_FROM_EARLIEST}}
	session.Send(&pb.ConsumeRequest{Request: &pb.ConsumeRequest_Join{Join: join}})
	for left != 0 {
		events := must(session.Recv()).GetDelivery().GetEvents() // of other answers: none
		for i := 0; i < len(events) && left != 0; i, left = i+1, left-1 {
			e := events[i]
			fmt.Printf("%s-%d @ %d: %s %s\n", topic, e.Partition, e.Offset, e.Event.Key, e.Event.Value)
			done := []*pb.EventPosition{{Topic: topic, Partition: e.Partition, Offset: e.Offset}}
			session.Send(&pb.ConsumeRequest{Request: &pb.ConsumeRequest_Ack{Ack: &pb.Acknowledge{Processed: done}}})
		}
	}
	for err := session.CloseSend(); err == nil; _, err = session.Recv() { // commits, then leaves the group
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
