"""Every key there is, what it holds, and whether it may expire (how soon: `wxbot.service.retention`)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keys:
    """
    Keys of one account.

    The account is the hash tag: one commit writes the session, the outbox and lists across users in one step, so on
    Redis Cluster they must share a slot; what is spread over the nodes is accounts.
    """

    appid: str

    def session(self, user: str) -> str:
        """Version, a space, JSON. SESSION_S after the last commit; ERASED_S, without JSON, after one that erased it."""
        return f"wxbot:{{{self.appid}}}:session:{user}"

    def reply(self, user: str, message_id: str) -> str:
        """JSON of the stored reply. REPLY_S."""
        return f"wxbot:{{{self.appid}}}:reply:{user}:{message_id}"

    def handoff(self, id: str) -> str:
        """JSON. No TTL while it is open, then CLOSED_HANDOFF_S; the daily tidying is earlier, where operators wish."""
        return f"wxbot:{{{self.appid}}}:handoff:{id}"

    def ticket(self, number: str) -> str:
        """JSON of the head. No TTL."""
        return f"wxbot:{{{self.appid}}}:ticket:{number}"

    def ticket_entries(self, number: str) -> str:
        """List of JSON, oldest first: the history of a ticket. No TTL."""
        return f"wxbot:{{{self.appid}}}:ticket-entries:{number}"

    def tickets(self, name: str) -> str:
        """Sorted set of ticket numbers by unix seconds, see `service.ticket_lists`; can be rebuilt. No TTL."""
        return f"wxbot:{{{self.appid}}}:tickets:{name}"

    def stats(self, day: str) -> str:
        """Hash of counts by what turns alike are counted as, see `service.records.tally`. STATS_S."""
        return f"wxbot:{{{self.appid}}}:stats:{day}"

    def window(self, user: str, trigger: str) -> str:
        """`at sent`: when the user did that last, and what was sent on account of it. As long as WeChat lets it be."""
        return f"wxbot:{{{self.appid}}}:window:{user}:{trigger}"

    def lane(self, user: str) -> str:
        """List of the jobs that are to write to this user. No TTL; they leave when they are done."""
        return f"wxbot:{{{self.appid}}}:lane:{user}"

    def driver(self, user: str) -> str:
        """Entry of the queue on whose account the lane is being worked on. DRIVER_S."""
        return f"wxbot:{{{self.appid}}}:driver:{user}"

    def progress(self, job_id: str) -> str:
        """Hash: how far a message has come. PROGRESS_S."""
        return f"wxbot:{{{self.appid}}}:progress:{job_id}"

    def template(self, message_id: str) -> str:
        """JSON of the job whose template message WeChat has not reported on yet. TEMPLATE_S."""
        return f"wxbot:{{{self.appid}}}:template:{message_id}"

    def content_archive(self, digest: str) -> str:
        """Zip of a published version's files. No TTL; ANNOUNCED_ARCHIVE_S until it was live for the first time."""
        return f"wxbot:{{{self.appid}}}:content-archive:{digest}"

    @property
    def content_versions(self) -> str:
        """Hash: number → JSON of a version that was live and can be so again. No TTL."""
        return f"wxbot:{{{self.appid}}}:content-versions"

    @property
    def content_live(self) -> str:
        """JSON of the version that is live, and since when. No TTL."""
        return f"wxbot:{{{self.appid}}}:content-live"

    @property
    def content_upcoming(self) -> str:
        """JSON of the version that all processes make ready; also keeps two from publishing at once. ANNOUNCED_S."""
        return f"wxbot:{{{self.appid}}}:content-upcoming"

    @property
    def content_runners(self) -> str:
        """Hash: process → JSON of what it runs. RUNNERS_S after the last report."""
        return f"wxbot:{{{self.appid}}}:content-runners"

    @property
    def content_events(self) -> str:
        """List of JSON, newest first: who switched what. No TTL; the last thousand."""
        return f"wxbot:{{{self.appid}}}:content-events"

    @property
    def media(self) -> str:
        """Hash: media id → JSON of what became of it. No TTL; goes with what it belongs to, by the daily tidying."""
        return f"wxbot:{{{self.appid}}}:media"

    @property
    def tidying(self) -> str:
        """Id of the job that tidies now. TIDYING_S."""
        return f"wxbot:{{{self.appid}}}:tidying"

    @property
    def handoffs(self) -> str:
        """Sorted set of handoff ids by the time of opening. No TTL."""
        return f"wxbot:{{{self.appid}}}:handoffs"

    @property
    def questions(self) -> str:
        """Stream, trimmed to QUESTIONS_S, and daily to what operators wish."""
        return f"wxbot:{{{self.appid}}}:questions"

    @property
    def deliveries(self) -> str:
        """Stream of what became of messages that did not simply arrive, trimmed to DELIVERIES_S."""
        return f"wxbot:{{{self.appid}}}:deliveries"

    @property
    def delivered(self) -> str:
        """Hash of counts by `way:result`, since the beginning. No TTL."""
        return f"wxbot:{{{self.appid}}}:delivered"

    @property
    def ratings(self) -> str:
        """Stream of ratings, trimmed as the questions are."""
        return f"wxbot:{{{self.appid}}}:ratings"

    @property
    def jobs(self) -> str:
        """Stream: the outbox. No TTL; entries leave when they are done."""
        return f"wxbot:{{{self.appid}}}:jobs"

    @property
    def timers(self) -> str:
        """Sorted set of timer names by due time. No TTL."""
        return f"wxbot:{{{self.appid}}}:timers"

    @property
    def timer_jobs(self) -> str:
        """Hash: timer name → queued job. No TTL."""
        return f"wxbot:{{{self.appid}}}:timer-jobs"

    @property
    def dead(self) -> str:
        """Stream: the dead letters. No TTL; an engineer empties it."""
        return f"wxbot:{{{self.appid}}}:dead"

    @property
    def workers(self) -> str:
        """Sorted set of worker names by their last beat. Gone WORKER_S after the last one."""
        return f"wxbot:{{{self.appid}}}:workers"

    def limit(self, what: str) -> str:
        """How often something happened. As long as that is counted, from the first time on."""
        return f"wxbot:{{{self.appid}}}:limit:{what}"

    @property
    def presence(self) -> str:
        """JSON of who is at the agents' desk. For as long as it may be believed."""
        return f"wxbot:{{{self.appid}}}:presence"

    @property
    def presence_look(self) -> str:
        """Held by who has just looked at the desk, until the next look is due."""
        return f"wxbot:{{{self.appid}}}:presence-look"

    @property
    def token(self) -> str:
        """WeChat's access token, for as long as WeChat says."""
        return f"wxbot:{{{self.appid}}}:token"

    @property
    def token_lock(self) -> str:
        """Held while a token is fetched; 15 s at most."""
        return f"wxbot:{{{self.appid}}}:token-lock"
