// Times as people in China read them, whatever zone this computer is in.

import { t, tag } from "./words.js";

const ZONE = "Asia/Shanghai";
const DAY_S = 86_400;
const BEIJING_S = 8 * 3600;

const format = (options) => (at) => new Intl.DateTimeFormat(tag(), { timeZone: ZONE, ...options }).format(at * 1000);
const HOURS = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export const minute = format(HOURS);
export const second = format({ ...HOURS, second: "2-digit" });
export const day = format({ month: "short", day: "numeric", weekday: "short" });
const date = format({ month: "short", day: "numeric" });

const dayNumber = (at) => Math.floor((at + BEIJING_S) / DAY_S);

/** As WeChat writes it between bubbles: the time today, 昨天 10:30, 11月3日 10:30. */
export function separator(at, now) {
  const days = dayNumber(now) - dayNumber(at);
  if (days === 0) return minute(at);
  return `${days === 1 ? t("yesterday") : date(at)} ${minute(at)}`;
}

/** Seconds as 3:07 or 47:59:00. */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** What an `input type=datetime-local` shows and gives: Beijing time without a zone. */
export function local(at) {
  return new Date((at + BEIJING_S) * 1000).toISOString().slice(0, 16);
}
