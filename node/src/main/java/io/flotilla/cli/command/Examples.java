package io.flotilla.cli.command;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Two or three command lines that work as they stand; the first thing that help shows. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Examples {
  String[] value();

  /** Commands that a reader of this help may look for. */
  String[] seeAlso() default {};
}
