import { useSignal } from '@preact/signals';
import { here, usePage } from '../api';
import { CreateTopic } from '../actions/CreateTopic';
import { duration, number, rate, short } from '../format';
import { href, query, setQuery } from '../router';
import type { TopicRow, TopicsPage } from '../types';
import { Pager } from '../ui/Pager';
import { Search } from '../ui/Search';
import { Status } from '../ui/Status';
import { Table, type Column } from '../ui/Table';
import { Waiting } from '../ui/Waiting';

const COLUMNS: Column<TopicRow>[] = [
  { head: 'Topic', sort: 'name', cell: (topic) => <a href={href(['topics', topic.name])}>{topic.name}</a> },
  { head: 'State', cell: (topic) => <TopicState topic={topic} /> },
  { head: 'Partitions', right: true, sort: 'partitions', cell: (topic) => number(topic.partitions) },
  { head: 'Replicas', right: true, cell: (topic) => topic.replicas },
  { head: 'Published', right: true, sort: 'rate', cell: (topic) => rate(topic.perSecond) },
  { head: 'Events', right: true, sort: 'events', cell: (topic) => short(topic.events) },
  { head: 'Kept', cell: (topic) => kept(topic) },
];

function kept({ cleanup, retentionMs }: TopicRow): string {
  const time = retentionMs < 0 ? 'for ever' : duration(retentionMs);
  if (cleanup === 'compact') return 'last of each key';
  return cleanup === 'both' ? `last of each key, ${time}` : time;
}

export function TopicState({ topic }: { topic: TopicRow }) {
  if (topic.leaderless > 0) return <Status tone="bad">{number(topic.leaderless)} without leader</Status>;
  if (topic.incomplete > 0) return <Status tone="warn">{number(topic.incomplete)} lack replicas</Status>;
  return <Status tone="ok">well</Status>;
}

export function Topics() {
  const values = query.value;
  const sort = values.get('sort') ?? 'name';
  const search = values.get('search') ?? '';
  const state = usePage<TopicsPage>('topics', { sort, search, page: values.get('page') ?? '' });
  const creating = useSignal(values.get('do') === 'create');
  return (
    <>
      <div class="bar">
        <h1>Topics</h1>
        <Search label="Search topics" value={search} />
        {here.value?.actions && (
          <button type="button" class="primary" onClick={() => (creating.value = true)}>
            Create topic
          </button>
        )}
      </div>
      <Waiting of={state.value}>
        {(page) => (
          <>
            <Table
              label="Topics"
              columns={COLUMNS}
              rows={page.list.rows}
              rowKey={(topic) => topic.name}
              sorted={sort}
              onSort={(by) => setQuery({ sort: by, page: undefined })}
              empty={page.all === 0 ? 'No topics yet.' : `None of ${number(page.all)} topics has "${search}" in its name.`}
            />
            <Pager of={page.list} noun="topics" />
          </>
        )}
      </Waiting>
      {creating.value && <CreateTopic onClose={() => (creating.value = false)} />}
    </>
  );
}
