// What is around each page: where one can go, who serves, whether it still does.
import { useEffect } from 'preact/hooks';
import { here, offline } from './api';
import { Doctor } from './pages/Doctor';
import { Group } from './pages/Group';
import { Groups } from './pages/Groups';
import { Nodes } from './pages/Nodes';
import { Overview } from './pages/Overview';
import { Topic } from './pages/Topic';
import { Topics } from './pages/Topics';
import { hash, href, path } from './router';
import { nextTheme, theme } from './theme';
import { Jump } from './ui/Jump';
import { Toast } from './ui/Toast';

const PLACES = [
  ['', 'Overview'],
  ['topics', 'Topics'],
  ['groups', 'Groups'],
  ['nodes', 'Nodes'],
  ['doctor', 'Doctor'],
] as const;

function Page() {
  const [place = '', name] = path.value;
  switch (place) {
    case '':
      return <Overview />;
    case 'topics':
      return name ? <Topic key={name} name={name} /> : <Topics />;
    case 'groups':
      return name ? <Group key={name} name={name} /> : <Groups />;
    case 'nodes':
      return <Nodes />;
    case 'doctor':
      return <Doctor />;
    default:
      return <NoPage />;
  }
}

function Sail() {
  return (
    <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
      <path class="sail" d="M16 5v15H7zM18 9v11h7zM5 22h22l-3 5H8z" />
    </svg>
  );
}

function NoPage() {
  return (
    <section class="empty">
      <h1>There is no such page</h1>
      <a href={href([])}>Back to the overview</a>
    </section>
  );
}

function title(): string {
  const [place = '', name] = path.value;
  return [name, PLACES.find(([key]) => key === place)?.[1], 'Flotilla'].filter(Boolean).join(' · ');
}

export function Shell() {
  useEffect(() => {
    document.title = title();
  }, [path.value]);
  const place = path.value[0] ?? '';
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the page
      </a>
      <header>
        <a class="brand" href={href([])}>
          <Sail /> Flotilla
        </a>
        <nav aria-label="Pages">
          {PLACES.map(([key, label]) => (
            <a href={href(key ? [key] : [])} aria-current={key === place ? 'page' : undefined}>
              {label}
            </a>
          ))}
        </nav>
        <Jump />
        <button type="button" class="quiet theme" onClick={nextTheme} aria-label={`Colours: ${theme.value}`}>
          {theme.value === 'auto' ? '◐' : theme.value === 'light' ? '○' : '●'}
        </button>
      </header>
      <div class={offline.value ? 'offline shown' : 'offline'} role="status">
        {offline.value} <Others verb="Go on at" />
      </div>
      <main id="main" tabIndex={-1}>
        <Page />
      </main>
      <footer>
        {here.value ? `Served by node ${here.value.node}, version ${here.value.version}` : 'Asking the node…'}
        <Others verb=" · other consoles:" told />
        {here.value && !here.value.actions ? ' · shows only, changes nothing (http.console.actions)' : ''}
      </footer>
      <Toast />
    </>
  );
}

/** The other nodes' consoles, on the same page; those that cannot be reached only where that is told. */
function Others({ verb, told = false }: { verb: string; told?: boolean }) {
  const place = here.value;
  const others = place?.others.filter(({ at }) => at || told) ?? [];
  if (!place || others.length === 0) return null;
  return (
    <>
      {verb}
      {others.map(({ node, at, why }, index) => (
        <>
          {index > 0 ? ', ' : ' '}
          {at ? <a href={`http://${at}/${hash.value}`}>node {node}</a> : `node ${node} ${why}`}
        </>
      ))}
      {place.more > 0 && `, and ${place.more} more`}
    </>
  );
}

function skip(event: Event) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
