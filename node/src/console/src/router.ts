// The page stands behind the hash, so that the console works below any path: #/topics/orders?tab=settings
import { computed, signal } from '@preact/signals';

export const hash = signal(location.hash);
addEventListener('hashchange', () => {
  hash.value = location.hash;
  scrollTo(0, 0);
});

const split = computed(() => {
  const text = hash.value.replace(/^#\/?/, '');
  const mark = text.indexOf('?');
  return mark < 0 ? ([text, ''] as const) : ([text.slice(0, mark), text.slice(mark + 1)] as const);
});

/** The parts of the path, decoded: ['topics', 'orders']. */
export const path = computed(() => split.value[0].split('/').filter(Boolean).map(decodeURIComponent));

/** What stands behind the question mark. */
export const query = computed(() => new URLSearchParams(split.value[1]));

export type Values = Record<string, string | number | undefined>;

/** The address of a page; values that are empty are left out. */
export function href(parts: string[], values: Values = {}): string {
  const text = search(values);
  return '#/' + parts.map(encodeURIComponent).join('/') + (text ? '?' + text : '');
}

export function search(values: Values): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') params.set(name, String(value));
  }
  return params.toString();
}

/** Changes values of the address without a step in the history. */
export function setQuery(values: Values): void {
  const all: Values = Object.fromEntries(query.value.entries());
  history.replaceState(null, '', href(path.value, { ...all, ...values }));
  hash.value = location.hash;
}

export function go(to: string): void {
  location.hash = to;
}
