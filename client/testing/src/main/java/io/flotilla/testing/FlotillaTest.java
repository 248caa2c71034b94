package io.flotilla.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that talks to a cluster, which is started in this process, once for all classes that
 * ask for the same. What may be injected, {@link FlotillaExtension} says.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(FlotillaExtension.class)
public @interface FlotillaTest {

  /** How many nodes: 1, 3 or 5. */
  int nodes() default 1;

  /** Whether the class has a cluster of its own, started before and closed after it. */
  boolean fresh() default false;
}
