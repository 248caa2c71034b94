import { useSignal } from '@preact/signals';
import { MoveLeader } from '../actions/MoveLeader';
import { here } from '../api';
import { number, rate } from '../format';
import { href } from '../router';
import type { PartitionRow, ReplicaRow, TopicPage } from '../types';
import { Pager } from '../ui/Pager';
import { Status } from '../ui/Status';
import { Table, type Column } from '../ui/Table';

function Replica({ replica }: { replica: ReplicaRow }) {
  const { node, role, lag } = replica;
  if (role === 'leader') return <b>{node} leads</b>;
  if (role === 'follower') return <span>{lag > 0 ? `${node}, ${number(lag)} behind` : `${node} follows`}</span>;
  return <Status tone="warn">{role === 'unknown' ? `${node} no answer` : `${node} ${role}`}</Status>;
}

function columns(topic: string): Column<PartitionRow>[] {
  return [
    {
      head: 'Partition',
      cell: ({ partition }) => <a href={href(['topics', topic], { partition })}>{partition}</a>,
    },
    {
      head: 'Leader',
      cell: ({ leader }) => (leader ? `node ${leader}` : <Status tone="bad">none</Status>),
    },
    { head: 'Term', right: true, cell: ({ term }) => number(term) },
    {
      head: 'Replicas',
      cell: ({ replicas }) => (
        <span class="replicas">
          {replicas.map((replica) => (
            <Replica key={replica.node} replica={replica} />
          ))}
        </span>
      ),
    },
    { head: 'First offset', right: true, cell: ({ start }) => number(start) },
    { head: 'Next offset', right: true, cell: ({ end }) => number(end) },
    { head: 'Published', right: true, cell: ({ perSecond }) => rate(perSecond) },
  ];
}

export function Partitions({ page }: { page: TopicPage }) {
  const moving = useSignal<PartitionRow | null>(null);
  const shown = columns(page.topic.name);
  if (here.value?.actions && page.topic.replicas > 1) {
    shown.push({
      head: 'Change',
      cell: (row) => (
        <button
          type="button"
          class="quiet"
          onClick={() => (moving.value = row)}
          aria-label={`Move leader of partition ${row.partition}`}
        >
          Move leader
        </button>
      ),
    });
  }
  return (
    <>
      <Table
        label="Partitions"
        columns={shown}
        rows={page.partitions.rows}
        rowKey={({ partition }) => partition}
        empty="The cluster has more replicas than are told at once; see flotilla topic describe."
      />
      <Pager of={page.partitions} noun="partitions" />
      {moving.value && <MoveLeader topic={page.topic.name} row={moving.value} onClose={() => (moving.value = null)} />}
    </>
  );
}
