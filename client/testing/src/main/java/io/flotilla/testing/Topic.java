package io.flotilla.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A topic of this test's own: on a {@link TopicHandle}, or on a {@link
 * io.flotilla.client.Subscriber}, which then reads it from its beginning. Within a test the same
 * name is the same topic.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Topic {

  /** Its name without the test's prefix; empty: the parameter's name. */
  String value() default "";

  /** How many partitions, 1 to 5,000. */
  int partitions() default 1;

  /** How many replicas, 1 to the number of nodes; 0: the smaller of 3 and the nodes. */
  int replicas() default 0;
}
