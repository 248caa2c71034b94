// What comes behind an event: the next one of its key, itself once more.
import { listen } from '../api';
import type { EventDetail, EventRow, Progress } from '../types';
import { asText, fromBase64 } from './bytes';

export interface Next {
  /** partition@offset; empty: none was found, and why. */
  place: string;
  told: string;
}

/** The next event of the key in the partition behind the offset. */
export function nextOfKey(topic: string, partition: number, offset: string, key: string): Promise<Next> {
  const from = { from: 'offset', at: String(BigInt(offset) + 1n) };
  return new Promise((resolve) => {
    const end = (next: Next) => {
      stop();
      resolve(next);
    };
    const stop = listen(
      'events',
      { topic, partition, key, limit: 1, ...from },
      {
        rows: (rows: EventRow[]) => rows[0] && end({ place: `${rows[0].p}@${rows[0].o}`, told: '' }),
        progress: ({ ended, resume }: Progress) => {
          if (!ended) return;
          end({ place: '', told: resume ? 'None within 20 s: search by the key to go on.' : 'This is the last of its key here.' });
        },
        problem: ({ message }: { message: string }) => end({ place: '', told: message }),
      },
      () => end({ place: '', told: 'This node does not answer.' }),
    );
  });
}

export interface Draft {
  key: string;
  value: string;
  headers: string;
  partition: string;
}

/** Why the form cannot hold the event as it is; empty: it can. */
export function unrepeatable(event: EventDetail): string {
  if (event.value === null) return 'A tombstone cannot be repeated here.';
  const parts = [event.key ?? '', event.value, ...event.headers.map(({ value }) => value)];
  if (parts.some((part) => asText(fromBase64(part)) === null)) return 'What is not text cannot be repeated here.';
  const lines = event.headers.some(({ key, value }) => /[:\n]/.test(key) || /[\r\n]/.test(asText(fromBase64(value)) ?? ''));
  return lines ? 'Headers of several lines cannot be repeated here.' : '';
}

/** The event as the form has it; where its key belongs, for that is decided anew. */
export function repeated(event: EventDetail): Draft {
  const text = (part: string | null) => (part === null ? '' : (asText(fromBase64(part)) ?? ''));
  return {
    key: text(event.key),
    value: text(event.value),
    headers: event.headers.map(({ key, value }) => `${key}: ${text(value)}`).join('\n'),
    partition: event.key === null ? String(event.partition) : '',
  };
}
