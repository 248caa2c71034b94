import { when } from '../format';
import type { Happening } from '../types';

export function Happenings({ list }: { list: Happening[] }) {
  if (list.length === 0) return <p class="muted">Nothing yet, since somebody began to look.</p>;
  return (
    <ol class="happenings">
      {list.map(({ atMs, text, link }) => (
        <li key={atMs + text}>
          <time dateTime={new Date(atMs).toISOString()}>{when(atMs)}</time>
          {link ? <a href={'#/' + link}>{text}</a> : text}
        </li>
      ))}
    </ol>
  );
}
