//! A broker inside of the process: librdkafka's mock cluster. It accepts transactions without
//! their meaning, so it serves the demo (`at_least_once`) and tests of failures, and proves
//! nothing about exactly-once.

use rdkafka::{error::KafkaResult, mocking::MockCluster, producer::DefaultProducerContext};

/// Lives until dropped, with all that was written to it.
pub struct Broker {
    cluster: MockCluster<'static, DefaultProducerContext>,
}

impl Broker {
    /// Starts it with these topics, each of that many partitions.
    pub fn start(topics: &[(&str, i32)]) -> KafkaResult<Self> {
        let cluster = MockCluster::new(1)?;
        for (topic, partitions) in topics {
            cluster.create_topic(topic, *partitions, 1)?;
        }
        Ok(Self { cluster })
    }

    /// Its address for clients.
    pub fn brokers(&self) -> String {
        self.cluster.bootstrap_servers()
    }

    /// For tests: errors and outages on request.
    pub fn cluster(&self) -> &MockCluster<'static, DefaultProducerContext> {
        &self.cluster
    }
}
