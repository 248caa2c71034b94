// A group: how far behind in one sentence, then by partition, by member, and what happened to it.
import { useSignal } from '@preact/signals';
import { DeleteGroup } from '../actions/DeleteGroup';
import { ResetGroup } from '../actions/ResetGroup';
import { here, usePage } from '../api';
import { useHistory } from '../history';
import { ago, duration, number, plural, rate, short, when } from '../format';
import { go, href, query } from '../router';
import type { GroupPage, GroupPartitionRow, MemberRow } from '../types';
import { Chart } from '../ui/Chart';
import { Pager } from '../ui/Pager';
import { groupTone, Status } from '../ui/Status';
import { Table, type Column } from '../ui/Table';
import { Waiting } from '../ui/Waiting';

export function Group({ name }: { name: string }) {
  const state = usePage<GroupPage>('group', { name, page: query.value.get('page') ?? '' });
  return (
    <>
      <p class="crumbs">
        <a href={href(['groups'])}>Consumer groups</a> /
      </p>
      <Waiting of={state.value}>{(page) => <Whole page={page} />}</Waiting>
    </>
  );
}

/** A chart of fewer shows nothing but its own scale. */
const POINTS_MIN = 4;

/** The state of things in a sentence. */
export function sentence(group: GroupPage): string {
  const { name, lagEvents, lagMs, catchUpMs, fallingBehind, members } = group;
  if (group.partitions.total === 0) return `${name} has committed nothing yet`;
  if (lagEvents === 0) return `${name} is up to date`;
  const behind = `${name} is ${duration(lagMs)} behind (${plural(lagEvents, 'event')})`;
  if (members.length === 0) return `${behind}, and has no members`;
  if (catchUpMs >= 0 && !fallingBehind) return `${behind}, catching up, clear in about ${duration(catchUpMs)}`;
  if (!fallingBehind) return behind;
  const more = group.published - group.consumed;
  return more > 0 ? `${behind}, falling behind by ${rate(more)}` : `${behind}, not catching up`;
}

function Whole({ page }: { page: GroupPage }) {
  const open = useSignal<'' | 'reset' | 'delete'>('');
  const history = useHistory(page.name, page.atMs, { lag: page.lagMs / 1_000 });
  const tone = page.lagEvents === 0 ? 'ok' : groupTone(page.state, page.fallingBehind);
  return (
    <>
      <div class="bar">
        <div class="title">
          <h1>
            <Status tone={tone}>{sentence(page)}</Status>
          </h1>
          <p>
            {page.state}, {plural(page.memberCount, 'member')}, generation {page.generation}, shared out {page.assignor}
            {page.coordinator ? `, coordinated by node ${page.coordinator}` : ', no coordinator'} · processes{' '}
            {rate(page.consumed)} of {rate(page.published)} published
          </p>
        </div>
        {here.value?.actions && (
          <div class="buttons">
            <button type="button" onClick={() => (open.value = 'reset')}>
              Reset…
            </button>
            <button type="button" class="danger quiet" onClick={() => (open.value = 'delete')}>
              Delete
            </button>
          </div>
        )}
      </div>
      {history.times.length > POINTS_MIN && (
        <Chart
          title="Behind"
          times={history.times}
          series={[{ name: 'oldest waiting event', values: history.values['lag'] ?? [], color: '--accent' }]}
          show={(value) => duration(value * 1_000)}
        />
      )}
      <h2>Partitions</h2>
      <Table
        label="Partitions of the group"
        columns={PARTITIONS}
        rows={page.partitions.rows}
        rowKey={(row) => `${row.topic}/${row.partition}`}
        empty="It has no partitions and has committed nothing."
      />
      <Pager of={page.partitions} noun="partitions" />
      <h2>Members</h2>
      <Table
        label="Members"
        columns={MEMBERS}
        rows={page.members}
        rowKey={(member) => member.id}
        empty="Nobody: its offsets can be reset now."
      />
      <h2>What happened to it</h2>
      {page.changes.length === 0 && <p class="muted">Nothing that is remembered.</p>}
      <ol class="happenings">
        {page.changes.map((change) => (
          <li key={change.generation + change.what}>
            <time dateTime={new Date(change.atMs).toISOString()}>{when(change.atMs)}</time>
            {change.what} <span class="muted">generation {change.generation}</span>
          </li>
        ))}
      </ol>
      {open.value === 'reset' && <ResetGroup group={page} onClose={() => (open.value = '')} />}
      {open.value === 'delete' && (
        <DeleteGroup group={page} onClose={() => (open.value = '')} onDone={() => go(href(['groups']))} />
      )}
    </>
  );
}

function oldest({ topic, partition, committed, oldestMs }: GroupPartitionRow) {
  if (!oldestMs || committed === null) return <span class="muted">-</span>;
  const link = href(['topics', topic], { partition, from: 'offset', at: committed });
  return <a href={link}>{ago(oldestMs)}</a>;
}

const PARTITIONS: Column<GroupPartitionRow>[] = [
  {
    head: 'Partition',
    cell: ({ topic, partition }) => (
      <a href={href(['topics', topic], { partition })}>
        {topic}/{partition}
      </a>
    ),
  },
  { head: 'Owner', cell: ({ client, member }) => client || member || <span class="muted">nobody</span> },
  { head: 'Committed', right: true, cell: ({ committed }) => (committed === null ? '-' : number(committed)) },
  { head: 'End', right: true, cell: ({ end }) => (end === null ? '-' : number(end)) },
  { head: 'Events behind', right: true, cell: ({ lagEvents }) => (lagEvents === null ? '-' : short(lagEvents)) },
  {
    head: 'Behind',
    right: true,
    cell: ({ lagMs, problem }) => (lagMs === null ? <Status tone="warn">{problem ?? 'not known'}</Status> : duration(lagMs)),
  },
  { head: 'Processes', right: true, cell: ({ consumed }) => (consumed === null ? '-' : rate(consumed)) },
  { head: 'Oldest waiting', right: true, cell: oldest },
];

const MEMBERS: Column<MemberRow>[] = [
  { head: 'Member', cell: ({ client, id }) => <span title={id}>{client || id}</span> },
  { head: 'Host', cell: ({ host }) => host },
  { head: 'Node', cell: ({ node }) => (node ? `node ${node}` : <Status tone="warn">connection lost</Status>) },
  {
    head: 'Partitions',
    right: true,
    cell: ({ partitions, revoking }) => number(partitions) + (revoking ? `, ${number(revoking)} to let go` : ''),
  },
  { head: 'Events behind', right: true, cell: ({ lagEvents }) => short(lagEvents) },
  { head: 'Since', cell: ({ joinedMs }) => when(joinedMs) },
];
