package io.flotilla.node.grpc.admin;

import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.PageToken;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.flotilla.proto.v1.ListTopicsResponse;
import java.util.SortedMap;

/**
 * Topics in pages. A token holds the last name of its page, so topics made or deleted in between
 * neither repeat nor hide others. Pure.
 */
final class TopicPages {

  private TopicPages() {}

  static ListTopicsResponse page(
      MetadataImage image, ListTopicsRequest request, TopicSettings defaults) {
    int size = PageToken.size(request.getPageSize());
    String prefix = request.getPrefix();
    String after = PageToken.name(request.getPageToken());
    // The smallest name that sorts behind another is that name with a NUL behind it.
    String from = after.isEmpty() ? prefix : max(prefix, after + "\0");
    SortedMap<String, TopicInfo> rest = image.topics().tailMap(from);
    ListTopicsResponse.Builder page = ListTopicsResponse.newBuilder();
    for (TopicInfo topic : rest.values()) {
      if (!topic.name().startsWith(prefix)) {
        break;
      }
      if (page.getTopicsCount() == size) {
        page.setNextPageToken(PageToken.behind(page.getTopics(size - 1).getName()));
        break;
      }
      page.addTopics(Pictures.brief(topic, defaults));
    }
    return page.build();
  }

  private static String max(String one, String other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
