package io.flotilla.node.grpc.admin;

import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.flotilla.proto.v1.ListTopicsResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SortedMap;

/**
 * Topics in pages. A token holds the last name of its page, so topics made or deleted in between
 * neither repeat nor hide others. Pure.
 */
final class TopicPages {

  private static final int SIZE_MAX = 1_000;
  private static final int SIZE_DEFAULT = 100;
  private static final String TOKEN_FORM = "1:";

  private TopicPages() {}

  static ListTopicsResponse page(
      MetadataImage image, ListTopicsRequest request, TopicSettings defaults) {
    int size = request.getPageSize() == 0 ? SIZE_DEFAULT : request.getPageSize();
    if (size < 1 || size > SIZE_MAX) {
      throw FlotillaException.invalid(
          "page_size must be 0 to " + SIZE_MAX + ", was " + request.getPageSize());
    }
    String prefix = request.getPrefix();
    String after = request.getPageToken().isEmpty() ? "" : last(request.getPageToken());
    // The smallest name that sorts behind another is that name with a NUL behind it.
    String from = after.isEmpty() ? prefix : max(prefix, after + "\0");
    SortedMap<String, TopicInfo> rest = image.topics().tailMap(from);
    ListTopicsResponse.Builder page = ListTopicsResponse.newBuilder();
    for (TopicInfo topic : rest.values()) {
      if (!topic.name().startsWith(prefix)) {
        break;
      }
      if (page.getTopicsCount() == size) {
        page.setNextPageToken(token(page.getTopics(size - 1).getName()));
        break;
      }
      page.addTopics(Pictures.brief(topic, defaults));
    }
    return page.build();
  }

  private static String max(String one, String other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static String token(String name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((TOKEN_FORM + name).getBytes(StandardCharsets.UTF_8));
  }

  private static String last(String token) {
    String content;
    try {
      content = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw foreign();
    }
    if (!content.startsWith(TOKEN_FORM)) {
      throw foreign();
    }
    return content.substring(TOKEN_FORM.length());
  }

  private static FlotillaException foreign() {
    return FlotillaException.invalid("page_token is not one that ListTopics gave out");
  }
}
