"""Plain e-mail over SMTP."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

from wxbot.errors import SpareWayFailed

TIMEOUT_S = 10.0


class SmtpMailer:
    """
    `Mailer`. One connection a message: there are few of them.

    url: `smtp[s]://user:password@host:port?from=address`; `smtp` goes on in TLS where the server offers it.
    """

    def __init__(self, url: str) -> None:
        self._url: SplitResult = urlsplit(url)
        self._sender = parse_qs(self._url.query)["from"][0]

    def send(self, to: str, subject: str, text: str, *, id: str) -> None:
        """Raises SpareWayFailed. to: one address, or several with commas between them."""
        server = self._connected()
        try:
            server.send_message(self._message(to, subject, text, id))
        except smtplib.SMTPServerDisconnected:
            raise SpareWayFailed("邮件服务器断开了连接", delivered="maybe") from None
        except smtplib.SMTPException as error:
            raise SpareWayFailed(f"邮件服务器不收这封邮件（{type(error).__name__}）") from None
        except OSError as error:
            raise SpareWayFailed(f"邮件发到一半断了（{type(error).__name__}）", delivered="maybe") from None
        finally:
            _leave(server)

    def log_in(self) -> None:
        """Once, and send nothing; raises SpareWayFailed."""
        _leave(self._connected())

    def _message(self, to: str, subject: str, text: str, id: str) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self._sender, to
        # A line break would begin another header.
        message["Subject"] = " ".join(subject.split())
        message["Date"] = formatdate()
        # The same for a second try, so that mail programs show the two as one.
        message["Message-ID"] = f"<{quote(id, safe='')}@{self._sender.rpartition('@')[2]}>"
        message.set_content(text)
        return message

    def _connected(self) -> smtplib.SMTP:
        try:
            return self._logged_in()
        except (OSError, smtplib.SMTPException) as error:
            raise SpareWayFailed(f"连不上邮件服务器，或登录不了（{type(error).__name__}）") from None

    def _logged_in(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "", self._url.port
        secure = ssl.create_default_context()
        server: smtplib.SMTP
        if self._url.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_S, context=secure)
        else:
            server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_S)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=secure)
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
        return server


def _leave(server: smtplib.SMTP) -> None:
    # The mail is out or is not; a farewell that goes wrong changes nothing about it.
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
