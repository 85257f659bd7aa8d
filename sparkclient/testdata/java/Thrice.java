package gospark.test;

import org.apache.spark.sql.api.java.UDF1;

/** A function for SQL: three times a number. */
public class Thrice implements UDF1<Long, Long> {
  @Override
  public Long call(Long x) {
    return x == null ? null : 3 * x;
  }
}
