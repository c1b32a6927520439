#!/usr/bin/env python3
"""Who supports whom, by how many articles: a subscriber of the compacted articles topic.

    pip install -r requirements.txt
    python positions.py localhost:9092                 # follows, prints the table whenever it changes
    python positions.py localhost:9092 --until-end     # prints the table as it stands, and ends

Each record is the whole current result of one article, so the latest one replaces what stood there before: a
correction, a withdrawal (no events) and an erasure (null) need no code of their own.
"""

import argparse
import json
from collections import Counter

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("brokers")
    parser.add_argument("--topic", default="diplomacy.articles.v1")
    parser.add_argument("--class", dest="wanted", default="support", help="support, condemn, accuse ...")
    parser.add_argument("--confidence", type=float, default=0.0, help="the least that counts")
    parser.add_argument("--until-end", action="store_true")
    arguments = parser.parse_args()

    articles = {}  # article.id -> {(holder, target)}
    for key, value in records(arguments.brokers, arguments.topic, arguments.until_end):
        before = articles.get(key)
        pairs = positions(value, arguments.wanted, arguments.confidence)
        if pairs:
            articles[key] = pairs
        else:
            articles.pop(key, None)
        if not arguments.until_end and articles.get(key) != before:
            show(articles)
    show(articles)


def records(brokers, topic, until_end):
    """Key and value of every record from the beginning on, partition by partition in order."""
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            # No offsets are kept: the table is built anew at each start.
            "group.id": "positions",
            "enable.auto.commit": False,
            # Without this line aborted results would be counted too.
            "isolation.level": "read_committed",
            "enable.partition.eof": until_end,
        }
    )
    partitions = consumer.list_topics(topic, timeout=30).topics[topic].partitions
    open_partitions = set(partitions)
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
    while open_partitions:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error():
            if message.error().code() != KafkaError._PARTITION_EOF:
                raise KafkaException(message.error())
            open_partitions.discard(message.partition())
            continue
        yield message.key().decode(), message.value()
    consumer.close()


def positions(value, wanted, confidence):
    """(holder, target) of the article's events; none of one that is withdrawn or erased."""
    if value is None:
        return set()
    return {
        (event["holder"]["code"], event["target"]["code"])
        for event in json.loads(value)["events"]
        if event["kind"] == "stance"
        and event["class"] == wanted
        and event["confidence"] >= confidence
        # What was the case before (`past`) or would be (`conditional`) is no position of today.
        and event["status"] == "stated"
    }


def show(articles):
    counts = Counter(pair for pairs in articles.values() for pair in pairs)
    print("holder\ttarget\tarticles")
    for (holder, target), count in sorted(counts.items()):
        print(f"{holder}\t{target}\t{count}")
    print(flush=True)


if __name__ == "__main__":
    main()
