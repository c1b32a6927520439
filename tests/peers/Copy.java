import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;

/**
 * Copies one topic to another with Kafka Streams, exactly once. Arguments: brokers, group, input, output, commit
 * interval in milliseconds, folder for its state.
 */
public class Copy {
    public static void main(String[] args) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", args[0]);
        settings.put("application.id", args[1]);
        settings.put("processing.guarantee", "exactly_once_v2");
        settings.put("commit.interval.ms", args[4]);
        settings.put("state.dir", args[5]);
        settings.put("num.stream.threads", "1");
        settings.put("replication.factor", "1");
        settings.put("consumer.auto.offset.reset", "earliest");
        // Near what librdkafka does by itself: the defaults of Streams are a third slower.
        settings.put("producer.linger.ms", "5");
        settings.put("producer.batch.size", "262144");
        settings.put("producer.compression.type", "zstd");
        settings.put("consumer.max.poll.records", "2000");
        settings.put("default.key.serde", Serdes.ByteArraySerde.class);
        settings.put("default.value.serde", Serdes.ByteArraySerde.class);
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(args[2]).to(args[3]);
        KafkaStreams streams = new KafkaStreams(builder.build(), settings);
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.start();
    }
}
