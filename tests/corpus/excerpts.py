"""Lays beside a gold.jsonl the articles.jsonl that it labels: sentences of the silver trees of ../shared.

The text belongs to its publishers and stays out of the repository. Run from the repository, with `en` or `fr`:
    python3 tests/corpus/excerpts.py fr
"""

import gzip
import json
import pathlib
import sys

language = sys.argv[1]
corpus = pathlib.Path(__file__).parent
folder = corpus / f"news-{language}-excerpts"
trees = corpus.parents[2] / f"shared/treebanks/{language}/{language}_news-silver.conllu.gz"
sentences, words = [], []
for line in gzip.open(trees, "rt", encoding="utf-8"):
    fields = line.rstrip("\n").split("\t")
    if fields == [""]:
        sentences.append("".join(words).strip())
        words = []
    elif not line.startswith("#"):
        words.append(fields[1] + ("" if "SpaceAfter=No" in fields[9] else " "))
with open(folder / "articles.jsonl", "w", encoding="utf-8") as out:
    for label in map(json.loads, open(folder / "gold.jsonl", encoding="utf-8")):
        text = " ".join(sentences[i] for i in label["sentences"])
        article = {"id": label["id"], "uri": label["id"], "language": language, "headline": "", "text": text}
        out.write(json.dumps(article, ensure_ascii=False) + "\n")
