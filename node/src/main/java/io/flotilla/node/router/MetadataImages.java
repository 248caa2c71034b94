package io.flotilla.node.router;

import io.flotilla.node.core.metadata.MetadataImage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The metadata as this node has applied it, and who wants to hear of changes. Safe. Published by
 * the thread that applies; listeners must only hand off.
 */
public final class MetadataImages implements Consumer<MetadataImage> {

  private volatile MetadataImage image = MetadataImage.EMPTY;
  private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

  @Override
  public void accept(MetadataImage next) {
    synchronized (this) { // guards the order: never an older one after a newer one
      if (next.revision() < image.revision()) {
        return;
      }
      image = next;
    }
    listeners.forEach(Runnable::run);
  }

  public MetadataImage get() {
    return image;
  }

  /** Calls the listener after each new image; the returned Runnable ends that. */
  public Runnable listen(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
