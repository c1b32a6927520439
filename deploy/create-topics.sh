#!/usr/bin/env bash
# Creates the topics of demarche: create-topics.sh BROKERS [PARTITIONS] [REPLICATION]
# Needs kafka-topics.sh of an Apache Kafka distribution on the PATH, or its place in KAFKA_TOPICS.
# KAFKA_OPTIONS is passed on (for example "--command-config admin.properties").
set -euo pipefail

brokers=${1:?usage: create-topics.sh BROKERS [PARTITIONS] [REPLICATION]}
partitions=${2:-6}
replication=${3:-3}
min_isr=$((replication > 1 ? replication - 1 : 1))

create() {
  local topic=$1
  shift
  local configs=()
  for config in "min.insync.replicas=$min_isr" "$@"; do configs+=(--config "$config"); done
  # shellcheck disable=SC2086 # options are words
  "${KAFKA_TOPICS:-kafka-topics.sh}" --bootstrap-server "$brokers" ${KAFKA_OPTIONS:-} --create --if-not-exists \
    --topic "$topic" --partitions "$partitions" --replication-factor "$replication" "${configs[@]}"
}

week=604800000
create wire.articles retention.ms=$week
create diplomacy.stances.v1 retention.ms=$((4 * week))
create diplomacy.council-actions.v1 retention.ms=$((4 * week))
# The current result of every article, for ever; a null (demarche erase) takes one out.
create diplomacy.articles.v1 cleanup.policy=compact max.compaction.lag.ms=86400000
create diplomacy.dead-letters.v1 retention.ms=$((4 * week))
