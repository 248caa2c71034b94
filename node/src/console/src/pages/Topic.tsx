// A topic: a sentence about it, and three tabs.
import { useSignal } from '@preact/signals';
import { DeleteTopic } from '../actions/DeleteTopic';
import { Publish } from '../actions/Publish';
import { here, usePage } from '../api';
import { EventsTab } from '../events/EventsTab';
import { number, plural, rate } from '../format';
import { go, href, query } from '../router';
import type { TopicPage } from '../types';
import { Waiting } from '../ui/Waiting';
import { Partitions } from './Partitions';
import { TopicSettings } from './TopicSettings';
import { TopicState } from './Topics';

const TABS = [
  ['events', 'Events'],
  ['partitions', 'Partitions'],
  ['settings', 'Settings'],
] as const;

export function Topic({ name }: { name: string }) {
  const tab = query.value.get('tab') ?? 'events';
  const page = tab === 'partitions' ? (query.value.get('page') ?? '') : '';
  const state = usePage<TopicPage>('topic', { name, page });
  return (
    <>
      <p class="crumbs">
        <a href={href(['topics'])}>Topics</a> /
      </p>
      <Waiting of={state.value}>
        {(topic) => (
          <>
            <Head page={topic} />
            <nav class="tabs" aria-label="Parts of the topic">
              {TABS.map(([key, label]) => (
                <a
                  href={href(['topics', name], { tab: key === 'events' ? '' : key })}
                  aria-current={key === tab ? 'page' : undefined}
                >
                  {label}
                </a>
              ))}
            </nav>
            {tab === 'partitions' ? (
              <Partitions page={topic} />
            ) : tab === 'settings' ? (
              <TopicSettings page={topic} />
            ) : (
              <EventsTab topic={topic.topic} />
            )}
          </>
        )}
      </Waiting>
    </>
  );
}

function Head({ page }: { page: TopicPage }) {
  const open = useSignal<'' | 'publish' | 'delete'>('');
  const { topic } = page;
  return (
    <div class="bar">
      <div class="title">
        <h1>{topic.name}</h1>
        <p>
          <TopicState topic={topic} /> · {plural(topic.partitions, 'partition')}, {plural(topic.replicas, 'replica')} each ·{' '}
          {number(topic.events)} events · {rate(topic.perSecond)}
        </p>
      </div>
      {here.value?.actions && (
        <div class="buttons">
          <button type="button" onClick={() => (open.value = 'publish')}>
            Publish
          </button>
          <button type="button" class="danger quiet" onClick={() => (open.value = 'delete')}>
            Delete
          </button>
        </div>
      )}
      {open.value === 'publish' && <Publish topic={topic} onClose={() => (open.value = '')} />}
      {open.value === 'delete' && (
        <DeleteTopic topic={topic} onClose={() => (open.value = '')} onDone={() => go(href(['topics']))} />
      )}
    </div>
  );
}
