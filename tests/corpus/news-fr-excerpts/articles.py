"""Lays beside gold.jsonl the articles.jsonl that it labels: sentences of ../shared/treebanks/fr/fr_news-silver.conllu.gz.

The text belongs to its publishers and stays out of the repository. Run from the repository:
    python3 tests/corpus/news-fr-excerpts/articles.py ../shared/treebanks/fr/fr_news-silver.conllu.gz
"""

import gzip
import json
import pathlib
import sys

here = pathlib.Path(__file__).parent
sentences, words = [], []
for line in gzip.open(sys.argv[1], "rt", encoding="utf-8"):
    fields = line.rstrip("\n").split("\t")
    if fields == [""]:
        sentences.append("".join(words).strip())
        words = []
    elif not line.startswith("#"):
        words.append(fields[1] + ("" if "SpaceAfter=No" in fields[9] else " "))
with open(here / "articles.jsonl", "w", encoding="utf-8") as out:
    for label in map(json.loads, open(here / "gold.jsonl", encoding="utf-8")):
        text = " ".join(sentences[i] for i in label["sentences"])
        article = {"id": label["id"], "uri": label["id"], "language": "fr", "headline": "", "text": text}
        out.write(json.dumps(article, ensure_ascii=False) + "\n")
