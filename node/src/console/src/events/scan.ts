// A search or a live view: what came of it so far. One at a time.
import { batch, signal } from '@preact/signals';
import { listen } from '../api';
import type { EventRow, Flow, Progress } from '../types';
import { toApi, type EventQuery } from './query';

const ROWS_MAX = 1_000;

export type Mode = 'idle' | 'search' | 'live' | 'paused';

export class Scan {
  readonly mode = signal<Mode>('idle');
  /** Newest first. */
  readonly rows = signal<EventRow[]>([]);
  readonly progress = signal<Progress | null>(null);
  /** From now on every event that is published is seen. */
  readonly follows = signal(false);
  readonly seen = signal(0);
  readonly skipped = signal(0);
  /** Came while it was paused. */
  readonly waiting = signal<EventRow[]>([]);
  readonly problem = signal('');
  private end = () => {};

  constructor(private readonly topic: string) {}

  search(of: EventQuery, resume = ''): void {
    this.stop();
    batch(() => {
      this.mode.value = 'search';
      this.problem.value = '';
      this.progress.value = null;
      if (!resume) this.rows.value = [];
    });
    this.end = listen(
      'events',
      toApi(this.topic, of, resume),
      {
        rows: (rows: EventRow[]) => this.add(rows),
        progress: (told: Progress) => {
          this.progress.value = told;
          if (told.ended) this.stop();
        },
        problem: (told: { message: string }) => this.fail(told.message),
      },
      () => this.fail('This node does not answer, or follows too many already; what was found stays.'),
    );
  }

  live(of: EventQuery): void {
    this.stop();
    batch(() => {
      this.mode.value = 'live';
      this.problem.value = '';
      this.progress.value = null;
      this.rows.value = [];
      this.waiting.value = [];
      this.follows.value = false;
      this.seen.value = 0;
      this.skipped.value = 0;
    });
    this.end = listen(
      'events',
      { ...toApi(this.topic, of, ''), from: 'newest', at: '', live: 'true' },
      {
        flow: (flow: Flow) => this.flow(flow),
        problem: (told: { message: string }) => this.fail(told.message),
      },
      () => this.fail('This node does not answer, or follows too many already; what was seen stays.'),
    );
  }

  private flow({ rows, seen, skipped }: Flow): void {
    batch(() => {
      this.follows.value = true;
      this.seen.value = seen;
      this.skipped.value = skipped;
      const target = this.mode.value === 'paused' ? this.waiting : this.rows;
      if (rows.length > 0) target.value = [...rows.reverse(), ...target.value].slice(0, ROWS_MAX);
    });
  }

  pause(): void {
    if (this.mode.value === 'live') this.mode.value = 'paused';
  }

  resume(): void {
    batch(() => {
      this.rows.value = [...this.waiting.value, ...this.rows.value].slice(0, ROWS_MAX);
      this.waiting.value = [];
      this.mode.value = 'live';
    });
  }

  private add(rows: EventRow[]): void {
    const known = new Set(this.rows.value.map((row) => `${row.p}@${row.o}`));
    const fresh = rows.filter((row) => !known.has(`${row.p}@${row.o}`));
    this.rows.value = [...this.rows.value, ...fresh].sort((a, b) => b.a - a.a || b.p - a.p || Number(b.o) - Number(a.o));
  }

  private fail(message: string): void {
    this.stop();
    this.problem.value = message;
  }

  stop(): void {
    this.end();
    this.end = () => {};
    this.mode.value = 'idle';
  }
}
