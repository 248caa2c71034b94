import { usePage } from '../api';
import { bytes, number, plural, short } from '../format';
import type { NodeRow, NodesPage, ReplicaSum } from '../types';
import { Disk } from '../ui/Disk';
import { Happenings } from '../ui/Happenings';
import { Status } from '../ui/Status';
import { Table, type Column } from '../ui/Table';
import { Waiting } from '../ui/Waiting';

export function Nodes() {
  const state = usePage<NodesPage>('nodes');
  return <Waiting of={state.value}>{(page) => <Whole page={page} />}</Waiting>;
}

const NODES: Column<NodeRow>[] = [
  {
    head: 'Node',
    cell: (node) => (
      <span>
        <b>{node.id}</b> {node.metadataLeader && <span class="tag">leads the metadata</span>}
      </span>
    ),
  },
  { head: 'State', cell: (node) => <Status tone={node.up ? 'ok' : 'bad'}>{node.up ? 'up' : 'no answer'}</Status> },
  { head: 'Address', cell: (node) => <code>{node.address}</code> },
  { head: 'Rack', cell: (node) => node.rack || '-' },
  { head: 'Version', cell: (node) => node.version },
  { head: 'Disk', right: true, cell: (node) => <Disk node={node} /> },
  { head: 'Of', right: true, cell: (node) => (node.diskTotal ? bytes(node.diskTotal) : '-') },
];

const RAFT: Column<ReplicaSum>[] = [
  { head: 'Node', cell: ({ node }) => node },
  { head: 'Leads', right: true, cell: ({ leads }) => number(leads) },
  { head: 'Follows', right: true, cell: ({ follows }) => number(follows) },
  {
    head: 'Neither',
    right: true,
    cell: ({ other }) => (other ? <Status tone="warn">{number(other)}</Status> : '0'),
  },
  { head: 'Events behind leaders', right: true, cell: ({ lagEvents }) => short(lagEvents) },
  { head: 'Highest term', right: true, cell: ({ termMax }) => number(termMax) },
  { head: 'Elections', right: true, cell: ({ elections }) => (elections === null ? '-' : number(elections)) },
  { head: 'Became leader', right: true, cell: ({ leaderships }) => (leaderships === null ? '-' : number(leaderships)) },
];

function Whole({ page }: { page: NodesPage }) {
  const up = page.nodes.filter((node) => node.up).length;
  return (
    <>
      <div class="bar">
        <div class="title">
          <h1>Nodes</h1>
          <p>
            {number(up)} of {plural(page.nodes.length, 'node')} answer ·{' '}
            {page.metadataLeader ? `node ${page.metadataLeader} leads the metadata` : 'nobody leads the metadata'}, term{' '}
            {number(page.metadataTerm)}, revision {number(page.revision)}
          </p>
        </div>
      </div>
      <Table label="Nodes" columns={NODES} rows={page.nodes} rowKey={(node) => node.id} empty="None." />
      <h2>Raft: replicas of partitions</h2>
      <Table label="Raft replicas by node" columns={RAFT} rows={page.replicas} rowKey={({ node }) => node} empty="None." />
      <p class="muted">
        Elections that replicas stood in, and how often one became leader, since the node started: numbers that keep growing while
        no node comes or goes mean a node that is too slow, or a network that loses. Leaders come home by themselves, some seconds after their node is back (raft.balance-hold). The term of each partition is
        with its topic.
      </p>
      <h2>Elections and other changes</h2>
      <Happenings list={page.happenings} />
    </>
  );
}
