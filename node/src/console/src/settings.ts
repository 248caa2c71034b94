// Settings of a topic: what they mean, and how they are read and written; -1 = unlimited.
import { bytes, duration } from './format';

export interface Setting {
  name: string;
  kind: 'time' | 'bytes' | 'percent' | 'cleanup';
  text: string;
}

export const SETTINGS: Setting[] = [
  { name: 'retention.time', kind: 'time', text: 'Events are kept at least so long: 7d, unlimited' },
  { name: 'retention.bytes', kind: 'bytes', text: 'At least so much of each partition is kept: 10GiB, unlimited' },
  { name: 'cleanup', kind: 'cleanup', text: 'By age and size (delete), the last of each key (compact), or both' },
  { name: 'compaction.lag.min', kind: 'time', text: 'Compaction leaves an event alone for so long' },
  { name: 'compaction.lag.max', kind: 'time', text: 'No event waits longer for compaction' },
  { name: 'compaction.dirty.percent', kind: 'percent', text: 'Compact when so much of a partition is new' },
  { name: 'tombstone.retention', kind: 'time', text: 'A tombstone stays for so long' },
];

const TIMES: Record<string, number> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };
const SIZES: Record<string, number> = { '': 1, B: 1, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30, TIB: 2 ** 40 };

/** In words. */
export function shown(setting: Setting, value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (value < 0) return 'unlimited';
  switch (setting.kind) {
    case 'time':
      return duration(value);
    case 'bytes':
      return bytes(value);
    default:
      return setting.kind === 'percent' ? `${value} %` : String(value);
  }
}

/** As the API takes it; null = not understood. */
export function parsed(setting: Setting, text: string): string | number | null {
  const word = text.trim();
  if (setting.kind === 'cleanup') return /^(delete|compact|both)$/.test(word) ? word : null;
  if (word === 'unlimited') return setting.kind === 'percent' ? null : -1;
  if (setting.kind === 'percent') return /^\d{1,3}\s*%?$/.test(word) ? parseInt(word, 10) : null;
  const parts = /^(\d+)\s*([A-Za-z]*)$/.exec(word);
  if (!parts) return null;
  const unit = parts[2] ?? '';
  const factor = setting.kind === 'time' ? TIMES[unit] : SIZES[unit.toUpperCase()];
  return factor === undefined ? null : Number(parts[1]) * factor;
}
