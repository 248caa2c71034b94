// The node's API: snapshots, streams of changes, actions.
import { signal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { search, type Values } from './router';
import type { Answer, Place } from './types';

/** Who serves this console; null = not known yet. */
export const here = signal<Place | null>(null);

/** The node cannot be reached, or cannot tell; empty = all is well. */
export const offline = signal('');

export class Problem extends Error {
  constructor(
    message: string,
    readonly reason: string | null,
    readonly status: number,
  ) {
    super(message);
  }
}

async function read<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  const told = body as { message?: string; reason?: string | null } | null;
  throw new Problem(told?.message ?? `HTTP ${response.status}`, told?.reason ?? null, response.status);
}

export async function get<T>(what: string, values: Values = {}): Promise<T> {
  const text = search(values);
  return read<T>(await fetch(`api/${what}${text ? '?' + text : ''}`));
}

export async function act<T>(action: string, wish: unknown): Promise<T> {
  const response = await fetch(`api/actions/${action}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(wish),
  });
  return read<T>(response);
}

/** Listens to a stream of the API; answers how to end it. */
export function listen(
  what: string,
  values: Values,
  on: Record<string, (data: never) => void>,
  lost: (forGood: boolean) => void,
): () => void {
  const source = new EventSource(`api/${what}?${search(values)}`);
  for (const [name, handle] of Object.entries(on)) {
    source.addEventListener(name, (event) => handle(JSON.parse((event as MessageEvent<string>).data) as never));
  }
  // A connection that broke is made again by the browser; one that was refused is not.
  source.onerror = () => lost(source.readyState === EventSource.CLOSED);
  return () => source.close();
}

const SILENT = 'This node does not answer; trying again.';
const RETRY_MS = 3_000;

export interface Followed<T> {
  page: T | null;
  problem: Problem | null;
}

/** A page, kept as it is now while this tab is in sight. */
export function usePage<T>(name: string, values: Values = {}): ReadonlySignal<Followed<T>> {
  const state = useSignal<Followed<T>>({ page: null, problem: null });
  const key = name + '?' + search(values);
  useEffect(() => {
    let stop = () => {};
    let gone = false;
    let retry = 0;
    const take = (answer: Answer<T>) => {
      if (gone) return;
      here.value = answer.here;
      offline.value = '';
      state.value = { page: answer.page, problem: null };
    };
    const follow = () => {
      clearTimeout(retry);
      stop();
      stop = () => {};
      if (gone || document.hidden) return;
      stop = listen(
        'live/' + name,
        values,
        {
          page: take,
          problem: (told: { message: string }) => {
            offline.value = told.message;
          },
          gone: (told: { message: string }) => {
            state.value = { page: null, problem: new Problem(told.message, null, 404) };
          },
        },
        (forGood) => {
          offline.value = SILENT;
          if (forGood) retry = window.setTimeout(follow, RETRY_MS);
        },
      );
    };
    get<Answer<T>>('pages/' + name, values)
      .then(take)
      .catch((error: unknown) => {
        if (gone) return;
        const problem = error instanceof Problem ? error : null;
        if (problem && problem.status < 500) state.value = { page: null, problem };
        else offline.value = problem?.message ?? SILENT;
      })
      .finally(follow);
    document.addEventListener('visibilitychange', follow);
    return () => {
      gone = true;
      clearTimeout(retry);
      stop();
      document.removeEventListener('visibilitychange', follow);
    };
  }, [key]);
  return state;
}
