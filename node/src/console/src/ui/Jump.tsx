// The box that goes to any topic or group: "/" from anywhere.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { get } from '../api';
import { go, href } from '../router';
import type { Answer, GroupsPage, TopicsPage } from '../types';

const WAIT_MS = 150;
const SHOWN_MAX = 6;

interface Hit {
  kind: string;
  name: string;
  to: string;
}

async function find(text: string): Promise<Hit[]> {
  const [topics, groups] = await Promise.all([
    get<Answer<TopicsPage>>('pages/topics', { search: text }),
    get<Answer<GroupsPage>>('pages/groups', { search: text }),
  ]);
  const hits = [
    ...topics.page.list.rows.map(({ name }) => ({ kind: 'topic', name, to: href(['topics', name]) })),
    ...groups.page.list.rows.map(({ name }) => ({ kind: 'group', name, to: href(['groups', name]) })),
  ];
  // What begins with the word before what only has it somewhere.
  return hits.sort((a, b) => Number(b.name.startsWith(text)) - Number(a.name.startsWith(text))).slice(0, SHOWN_MAX);
}

export function Jump() {
  const text = useSignal('');
  const hits = useSignal<Hit[]>([]);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || /INPUT|TEXTAREA|SELECT/.test(target.tagName)) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);
  useEffect(() => {
    const wanted = text.value.trim();
    if (!wanted) {
      hits.value = [];
      return;
    }
    const timer = setTimeout(() => {
      find(wanted).then(
        (found) => text.value.trim() === wanted && (hits.value = found),
        () => (hits.value = []),
      );
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [text.value]);
  const open = (to: string) => {
    text.value = '';
    box.current?.blur();
    go(to);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const first = hits.value[0];
    open(first ? first.to : href(['topics'], { search: text.value.trim() }));
  };
  return (
    <form class="jump" role="search" onSubmit={submit}>
      <input
        ref={box}
        type="search"
        placeholder="Jump to…  /"
        aria-label="Jump to a topic or group"
        value={text.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && (text.value = '')}
      />
      {hits.value.length > 0 && (
        <ul>
          {hits.value.map((hit) => (
            <li key={hit.to}>
              <a href={hit.to} onClick={() => open(hit.to)}>
                <small>{hit.kind}</small> {hit.name}
              </a>
            </li>
          ))}
        </ul>
      )}
    </form>
  );
}
