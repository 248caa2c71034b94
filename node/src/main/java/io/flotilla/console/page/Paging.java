package io.flotilla.console.page;

import io.flotilla.console.web.Params;
import java.util.List;

/**
 * A page of a longer list, cut on this side.
 *
 * @param rows those of the page
 * @param page its number, from 0
 * @param pages how many there are, at least 1
 * @param total how many rows there are on all
 */
public record Paging<T>(List<T> rows, int page, int pages, int total) {

  private static final int SIZE = 50;
  private static final int PAGE_MAX = 1_000_000;

  /** The page that is asked for, or the last one if there are fewer. */
  static <T> Paging<T> of(List<T> all, Params params) {
    int pages = Math.max(1, (all.size() + SIZE - 1) / SIZE);
    int page = Math.min(params.integer("page", 0, 0, PAGE_MAX), pages - 1);
    int from = page * SIZE;
    return new Paging<>(
        List.copyOf(all.subList(from, Math.min(all.size(), from + SIZE))), page, pages, all.size());
  }
}
