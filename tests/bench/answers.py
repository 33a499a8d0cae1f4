"""
How long an answer takes, and loading, against bm25s and tantivy over the same tokens in the same run.

    pip install -e .[bench]
    python tests/bench/answers.py [1000 10000 100000]

The peers only rank tokens that are handed to them; our time is that of a whole `find`: normalising, cutting, ranking,
confidence and verdict. `ours` and its ratios are searches: the engine itself remembers no question. `again` is what it
costs to be asked what was asked before, which the content in force remembers; the peers are not asked that.
Exits 1 when a limit at the foot of the table is missed.
"""

import contextlib
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path

import bm25s
import numpy as np
import tantivy

from wxbot.answering.entry import Entry
from wxbot.answering.normalise import normalise
from wxbot.answering.search import Engine, build
from wxbot.answering.segment import CACHE
from wxbot.answering.tokens import Reader, reader
from wxbot.domain.script import Script
from wxbot.service.content import Live

SIZES = (1_000, 10_000, 100_000)
ASKED = 300
SHOWN = 10

WHO = "我 我们公司 学生 老人 新用户 会员 商家 管理员 海外用户 家里人"
WHAT = """
门禁卡 电子发票 会议室 打印机 考勤机 加班餐 班车 体检券 停车位 工资条 社保卡 公积金 年假 调休 出差补贴 报销单 合同
印章 邮箱 云盘 投影仪 键盘 显示器 工牌 快递柜 健身房 图书角 饮水机 空调 网线 路由器 客户资料 订单 库存 样品 价目表
优惠券 积分 礼品卡 会员卡 充值卡 运费险 保修卡 说明书 配件 电池 充电器 耳机 屏幕 外壳
"""
WHERE = "在手机上 在电脑上 在小程序里 下班以后 周末 第一次 换了手机以后"
DOES = """
怎么申请 怎么取消 怎么修改 怎么查询 怎么续期 怎么转让 怎么导出 怎么共享 怎么补办 怎么激活 丢了怎么办 坏了找谁
过期了还能用吗 多久能到 要多少钱 可以退吗 为什么打不开 为什么不显示 一直在审核 提示没有权限 能不能提前 能不能代办
有没有上限 需要什么材料 什么时候生效
"""


def questions(count: int) -> list[str]:
    """Different questions that people might ask, in an order of chance."""
    every = ["".join(parts) for parts in product(["", *WHERE.split()], WHO.split(), WHAT.split(), DOES.split())]
    return random.Random(7).sample(every, count)


def asked(known: Sequence[str]) -> list[str]:
    """Some of them as somebody else would type them: a character lost, another order, a polite word."""
    chance = random.Random(8)
    texts = chance.choices(known, k=ASKED)
    places = [chance.randrange(len(text)) for text in texts]
    return [
        chance.choice(("", "请问", "你好，")) + text[:at] + text[at + 1 :]
        for text, at in zip(texts, places, strict=True)
    ]


def microseconds(search: Callable[[str], object], texts: Sequence[str]) -> tuple[float, float]:
    """The median and the 95th of a hundred, of the processor, since what else the machine does is not of interest."""
    for text in texts[:20]:
        search(text)
    spent = []
    for text in texts:
        started = time.process_time_ns()
        search(text)
        spent.append((time.process_time_ns() - started) / 1e3)
    return float(np.median(spent)), float(np.quantile(spent, 0.95))


def ours(known: Sequence[str]) -> tuple[Engine, float]:
    entries = [Entry(str(number), text) for number, text in enumerate(known)]
    started = time.perf_counter()
    engine = build(entries)
    return engine, time.perf_counter() - started


def again(engine: Engine, texts: Sequence[str]) -> float:
    """The median of questions that were all asked before."""
    live = Live(Script(), engine)
    for text in texts:
        live.find(text)
    return microseconds(live.find, texts)[0]


def with_tantivy(tokens: dict[str, list[str]], known: Sequence[str]) -> Callable[[str], object]:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=100_000_000, num_threads=1)
    for text in known:
        writer.add_document(tantivy.Document(text=" ".join(tokens[text])))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(text: str) -> object:
        terms = [tantivy.Query.term_query(schema, "text", token, "freq") for token in tokens[text]]
        return searcher.search(tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms]), SHOWN)

    return search


def with_bm25s(tokens: dict[str, list[str]], known: Sequence[str]) -> Callable[[str], object]:
    index = bm25s.BM25()
    index.index([tokens[text] for text in known], show_progress=False)
    return lambda text: index.retrieve([tokens[text]], k=SHOWN, show_progress=False)


def read_all(reads: Reader, texts: Sequence[str]) -> dict[str, list[str]]:
    return {text: list(reads.read(normalise(text)).tokens) for text in texts}


def resident_mb() -> float:
    with contextlib.suppress(OSError), Path("/proc/self/status").open(encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))
    return float("nan")


def measured(reads: Reader, size: int) -> Iterator[tuple[str, float]]:
    known = questions(size)
    texts = asked(known)
    before = resident_mb()
    engine, loaded = ours(known)
    yield "load", loaded
    yield "memory", resident_mb() - before
    yield from zip(("ours", "ours 95th"), microseconds(engine.find, texts), strict=True)
    yield "again", again(engine, texts)
    tokens = read_all(reads, [*known, *texts])
    yield from zip(("tantivy", "tantivy 95th"), microseconds(with_tantivy(tokens, known), texts), strict=True)
    yield from zip(("bm25s", "bm25s 95th"), microseconds(with_bm25s(tokens, known), texts), strict=True)


def main(sizes: Sequence[int]) -> int:
    reads = reader((), (), cache=CACHE)  # the segmenter is warm from here on
    found = {size: dict(measured(reads, size)) for size in sizes}
    columns = ("load", "memory", "ours", "ours 95th", "again", "tantivy", "tantivy 95th", "bm25s", "bm25s 95th")
    print("load in s, memory in MB, a query in microseconds of CPU")
    print(f"{'entries':>9}" + "".join(f"{name:>14}" for name in columns) + f"{'ours/tantivy':>14}{'ours/bm25s':>12}")
    for size, row in found.items():
        cells = "".join(f"{row[name]:14.{2 if name in ('load', 'again') else 0}f}" for name in columns)
        print(f"{size:9}{cells}{row['ours'] / row['tantivy']:14.2f}{row['ours'] / row['bm25s']:12.2f}")
    limits = dict(_limits(found))
    for name, kept in limits.items():
        print(f"{'kept  ' if kept else 'MISSED'} {name}")
    print(f"resident memory of the whole run: {resident_mb():.0f} MB")
    return 0 if all(limits.values()) else 1


def _limits(found: dict[int, dict[str, float]]) -> Iterator[tuple[str, bool]]:
    small, large = found[min(found)], found[max(found)]
    growth = large["ours"] / small["ours"]
    yield f"growth from {min(found)} to {max(found)} entries {growth:.1f} times, under 12", growth < 12
    yield f"no slower than tantivy at {max(found)} entries", large["ours"] <= large["tantivy"]
    if 10_000 in found:
        yield "10000 entries loaded in under 2 s", found[10_000]["load"] < 2


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or SIZES))
