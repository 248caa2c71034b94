// Numbers of a page over the time that it has been open: a quarter of an hour at most.
import { useRef } from 'preact/hooks';

const POINTS_MAX = 450;

interface Kept {
  of: string;
  times: number[];
  values: Record<string, number[]>;
}

/** Adds the numbers of a moment, unless it was added before; answers all. */
export function useHistory(of: string, atMs: number, now: Record<string, number>): Kept {
  const kept = useRef<Kept>({ of, times: [], values: {} });
  const last = kept.current.times.at(-1) ?? 0;
  if (kept.current.of !== of) kept.current = { of, times: [], values: {} };
  if (atMs / 1_000 > last) {
    const { times, values } = kept.current;
    const more: Record<string, number[]> = {};
    for (const [name, value] of Object.entries(now)) {
      more[name] = [...(values[name] ?? []), value].slice(-POINTS_MAX);
    }
    // New arrays, so that a chart sees that they have changed.
    kept.current = { of, times: [...times, atMs / 1_000].slice(-POINTS_MAX), values: more };
  }
  return kept.current;
}
