package io.flotilla.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a {@link GroupHandle}: a consumer group of this test's own. It is there once a consumer has
 * joined it by {@link GroupHandle#name}. Within a test the same name is the same group.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Group {

  /** Its name without the test's prefix; empty: the parameter's name. */
  String value() default "";
}
