package gospark.test;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.MutableAggregationBuffer;
import org.apache.spark.sql.expressions.UserDefinedAggregateFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** An aggregate for SQL: the product of whole numbers. */
public class Product extends UserDefinedAggregateFunction {
  private static final StructType ONE = new StructType().add("x", DataTypes.LongType);

  @Override
  public StructType inputSchema() {
    return ONE;
  }

  @Override
  public StructType bufferSchema() {
    return ONE;
  }

  @Override
  public DataType dataType() {
    return DataTypes.LongType;
  }

  @Override
  public boolean deterministic() {
    return true;
  }

  @Override
  public void initialize(MutableAggregationBuffer buffer) {
    buffer.update(0, 1L);
  }

  @Override
  public void update(MutableAggregationBuffer buffer, Row input) {
    buffer.update(0, buffer.getLong(0) * input.getLong(0));
  }

  @Override
  public void merge(MutableAggregationBuffer buffer, Row other) {
    buffer.update(0, buffer.getLong(0) * other.getLong(0));
  }

  @Override
  public Object evaluate(Row buffer) {
    return buffer.getLong(0);
  }
}
