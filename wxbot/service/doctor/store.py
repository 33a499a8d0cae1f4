"""Redis, which is our database, and the work that waits in it."""

from collections.abc import Iterator, Sequence

from wxbot.service.doctor.cures import cure_in
from wxbot.service.doctor.finding import Finding, doubt, fault, fine
from wxbot.service.doctor.ports import StoreProbe, StoreState
from wxbot.service.outbox import troubles
from wxbot.service.ports import Clock, Desk, Roster

OLDEST_VERSION = (7, 0)
FULL_DOUBT, FULL_FAULT = 0.8, 0.95
"""Parts of the memory limit; at the limit Redis refuses every write."""
SLOW_S = 0.02
"""Each message waits for Redis twice."""
SKEW_S = 5.0
JOBS_DOUBT, WAIT_DOUBT_S, WAIT_FAULT_S = 100, 60.0, 600.0
RECENT_S = 7 * 86400


def look_at_redis(probe: StoreProbe, clock: Clock) -> Iterator[Finding]:
    state = probe.state()
    findings = [*_kind(state), *_persistence(state), *_memory(state), *_pace(state, clock())]
    if not findings:
        yield fine(f"{state.product}，数据会落盘，内存 {state.used / 2**20:.0f} MB")
    yield from findings


def _kind(state: StoreState) -> Iterator[Finding]:
    if state.version < OLDEST_VERSION:
        yield fault(f"{state.product} 太旧", "升级到 Redis 或 Valkey 7 以上")
    if state.is_replica:
        yield fault("REDIS_URL 指向的是只读的从库", "把 REDIS_URL 改成主库的地址")


def _persistence(state: StoreState) -> Iterator[Finding]:
    if state.append_only is None:
        yield doubt("Redis 没有说明会不会落盘", "在云厂商的控制台确认 AOF 持久化已经打开")
    elif not state.append_only:
        yield fault(
            "Redis 没有打开 AOF，重启会丢工单和会话", "在 redis.conf 里写 appendonly yes，或 CONFIG SET appendonly yes"
        )
    elif not state.writes:
        yield fault("Redis 写不进 AOF 文件", "检查 Redis 的磁盘满没满、目录的权限")


def _memory(state: StoreState) -> Iterator[Finding]:
    if state.policy not in (None, "noeviction"):
        cure = "在 redis.conf 里写 maxmemory-policy noeviction"
        yield fault(f"内存满时 Redis 会自己删数据（{state.policy}）", cure)
    if state.limit and state.used > state.limit * FULL_DOUBT:
        text = f"Redis 的内存用了 {state.used / state.limit:.0%}"
        cure = "调大 maxmemory 或换更大的机器；满了以后机器人记不住任何东西"
        yield fault(text, cure) if state.used > state.limit * FULL_FAULT else doubt(text, cure)


def _pace(state: StoreState, now: float) -> Iterator[Finding]:
    if state.answer_s > SLOW_S:
        text = f"Redis 回答一次要 {state.answer_s * 1000:.0f} 毫秒"
        yield doubt(text, "把 Redis 放在同一台机器或同一个机房，检查它的负载")
    if abs(state.now - now) > SKEW_S:
        text = f"Redis 所在机器的时间和这里差 {abs(state.now - now):.0f} 秒"
        yield doubt(text, "在那台机器上打开时间同步")


def look_at_work(probe: StoreProbe, roster: Roster, clock: Clock) -> Iterator[Finding]:
    now = clock()
    workers, backlog = roster.workers(), probe.backlog(now)
    if not workers:
        yield fault("没有正在运行的 worker，客服消息和提醒都发不出去", "启动 wxbot worker，并让它随系统启动")
    if backlog.oldest_s > WAIT_DOUBT_S or backlog.jobs > JOBS_DOUBT or backlog.late:
        waits = f"{backlog.jobs} 个任务在排队，最早的等了 {backlog.oldest_s:.0f} 秒，{backlog.late} 个定时任务过了时间"
        cure = "多开几个 wxbot worker，看它的日志里有没有反复出错"
        yield fault(waits, cure) if backlog.oldest_s > WAIT_FAULT_S else doubt(waits, cure)
    elif workers:
        yield fine(f"{len(workers)} 个 worker 在运行，{backlog.jobs} 个任务在处理")


def look_at_failures(probe: StoreProbe, desk: Desk, clock: Clock) -> Iterator[Finding]:
    """Jobs that were given up, and messages that wait for their follower."""
    now = clock()
    held = [delivery for delivery in troubles(desk.deliveries(now - RECENT_S)) if delivery.result == "held"]
    waiting = f"，{len(held)} 条消息在等用户来" if held else ""
    if not (dead := probe.backlog(now).dead):
        yield fine(f"没有失败的任务{waiting}")
        return
    yield _dead(dead, [letter.why for letter in desk.dead_jobs(limit=20)], waiting)


def _dead(number: int, reasons: Sequence[str], waiting: str) -> Finding:
    """reasons: of the latest, newest first."""
    reason = reasons[0] if reasons else ""
    cure = next(filter(None, map(cure_in, reasons)), None)
    mend = "用 wxbot outbound 看原因，解决以后用 wxbot outbound --requeue ID 重发"
    text = f"{number} 个任务失败了{waiting}，最近一个：{reason}"
    return doubt(text, f"{cure.text}；{mend}" if cure else mend, cure.page if cure else "")
