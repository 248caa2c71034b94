package io.flotilla.node.coordinator;

import io.flotilla.node.core.group.GroupImage;
import io.flotilla.proto.internal.v1.GroupPicture;
import io.flotilla.proto.internal.v1.ReadGroupsRequest;
import io.flotilla.proto.state.v1.MemberState;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Consumer groups as they are told. Stateless; runs on flotilla-coordinator. */
final class GroupPictures {

  private GroupPictures() {}

  static List<GroupPicture> of(Coordinator coordinator, ReadGroupsRequest request) {
    Stream<String> wanted =
        request.getNamesCount() > 0
            ? request.getNamesList().stream().distinct()
            : coordinator.groups().keySet().stream()
                .filter(name -> name.startsWith(request.getPrefix()))
                .filter(name -> name.compareTo(request.getAfter()) > 0);
    Stream<String> sorted = wanted.sorted();
    return (request.getNamesCount() > 0 ? sorted : sorted.limit(request.getLimit()))
        .map(coordinator.groups()::get)
        .filter(Objects::nonNull)
        .map(image -> picture(coordinator, image, request.getMembers()))
        .toList();
  }

  private static GroupPicture picture(Coordinator coordinator, GroupImage image, boolean members) {
    GroupPicture.Builder picture =
        GroupPicture.newBuilder()
            .setState(image.state().toByteString())
            .setMemberCount(image.members().size())
            .setRebalancing(image.isRebalancing());
    if (members) {
      for (MemberState member : image.members().values()) {
        picture.addMembers(member.toByteString());
        picture.addNodes(coordinator.nodeOf(member.getMemberId()));
      }
    }
    return picture.build();
  }
}
