package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.junit.jupiter.api.Test;

class RatisMetricsTest {

  private final MetricRegistries registries = MetricRegistries.global();
  private final List<RatisMetrics.Metric> told = new ArrayList<>();

  private RatisMetricRegistry registry(String group) {
    return registries.create(new MetricRegistryInfo(group, "ratis", "test_worker", "of a test"));
  }

  private RatisMetrics.Metric told(String name) {
    return told.stream().filter(metric -> metric.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void ratisUsesTheseAndNoOthers() {
    assertThat(registries).isInstanceOf(RatisMetrics.class);
  }

  @Test
  void allGroupsAndPeersAddToOneSeriesWhichOutlivesThem() {
    Consumer<RatisMetrics.Metric> listener = told::add;
    RatisMetrics.listen(listener);
    try {
      RatisMetricRegistry one = registry("1.aaaaaaaa@group-0000000003E8");
      RatisMetricRegistry other = registry("1.aaaaaaaa@group-0000000003E9");
      one.counter("numAppends_2.bbbbbbbb").inc();
      other.counter("numAppends_3.cccccccc").inc(2);
      registries.remove(one.getMetricRegistryInfo());
      registry("1.aaaaaaaa@group-0000000003E8").counter("numAppends_2.bbbbbbbb").inc();

      assertThat(told("test_worker.num_appends").count().sum()).isEqualTo(4);
      assertThat(told("test_worker.num_appends").timed()).isFalse();
      assertThat(told).doesNotHaveDuplicates();
    } finally {
      RatisMetrics.forget(listener);
    }
  }

  @Test
  void whatIsTimedIsCountedAndItsTimeAddedUp() {
    Consumer<RatisMetrics.Metric> listener = told::add;
    RatisMetrics.listen(listener);
    try {
      RatisMetrics.Metric metric = (RatisMetrics.Metric) registry("g").timer("flushTime");
      long before = metric.nanos().sum();

      long first = metric.time().stop();
      long second = metric.time().stop();

      assertThat(metric.name()).isEqualTo("test_worker.flush_time");
      assertThat(metric.nanos().sum() - before).isEqualTo(first + second);
      assertThat(told("test_worker.flush_time").count().sum()).isGreaterThanOrEqualTo(2);
    } finally {
      RatisMetrics.forget(listener);
    }
  }
}
