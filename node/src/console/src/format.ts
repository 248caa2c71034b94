// Numbers, sizes and times as people read them.

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const day = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: '2-digit' });

export const number = (value: number) => whole.format(value);
export const short = (value: number) => (Math.abs(value) < 10_000 ? whole.format(value) : compact.format(value));

export function rate(perSecond: number): string {
  if (perSecond > 0 && perSecond < 10) return perSecond.toFixed(1) + '/s';
  return short(perSecond) + '/s';
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytes(value: number): string {
  let unit = 0;
  let amount = value;
  while (amount >= 1024 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${amount < 10 && unit > 0 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[unit]}`;
}

/** 850 ms, 42 s, 3 min 5 s, 2 h 10 min, 7 d. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.round(hours / 24)} d`;
}

export const time = (ms: number) => clock.format(ms);

/** The time, with the day unless it is today. */
export function when(ms: number): string {
  const then = new Date(ms);
  return then.toDateString() === new Date().toDateString() ? time(ms) : `${day.format(then)} ${time(ms)}`;
}

export function ago(ms: number): string {
  const past = Date.now() - ms;
  return past < 1_000 ? 'now' : `${duration(past)} ago`;
}

export const plural = (count: number, noun: string) => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

export const exact = (ms: number) => new Date(ms).toISOString();

/** ISO, 10:00, today 10:00, -15m, seconds to nanoseconds since 1970; null = not understood. */
export function parseTime(text: string): number | null {
  const trimmed = text.trim();
  const past = /^-(\d+)\s*(ms|s|m|h|d)$/.exec(trimmed);
  if (past) {
    const factor = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 }[past[2] as 'ms'];
    return Date.now() - Number(past[1]) * factor;
  }
  if (/^\d{9,19}$/.test(trimmed)) {
    const value = Number(trimmed);
    if (value < 1e11) return value * 1e3;
    if (value < 1e14) return value;
    return Math.floor(value < 1e17 ? value / 1e3 : value / 1e6);
  }
  const today = /^(?:today\s+)?(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(trimmed);
  if (today) {
    const date = new Date();
    date.setHours(Number(today[1]), Number(today[2]), Number(today[3] ?? 0), 0);
    return date.getTime();
  }
  const parsed = /^\d{4}-\d\d-\d\d/.test(trimmed) ? Date.parse(trimmed.replace(' ', 'T')) : NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

/** A word as the shell takes it. */
export const shell = (word: string) => (/^[\w.:@%+=,/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
