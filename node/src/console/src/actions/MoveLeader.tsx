import { useSignal } from '@preact/signals';
import { act } from '../api';
import { shell } from '../format';
import type { PartitionRow } from '../types';
import { Dialog, Field } from '../ui/Dialog';

interface Props {
  topic: string;
  row: PartitionRow;
  onClose: () => void;
}

export function MoveLeader({ topic, row, onClose }: Props) {
  const others = row.replicas.map(({ node }) => node).filter((node) => node !== row.leader);
  const to = useSignal(others[0] ?? 0);
  const { partition } = row;
  const run = async () =>
    (await act<{ message: string }>('move-leader', { topic, partition, node: to.value })).message;
  return (
    <Dialog
      title={`Move the leader of ${topic}/${partition}`}
      verb="Move"
      command={`flotilla topic move-leader ${shell(topic)} --partition ${partition} --to ${to.value}`}
      ready={to.value > 0}
      run={run}
      onClose={onClose}
    >
      <p>
        Now {row.leader ? <b>node {row.leader}</b> : <b>nobody</b>} leads. Clients follow by themselves; partitions that share a
        Raft group with this one move along.
      </p>
      <Field label="New leader" hint="A node with a replica of it. It stays the preferred one.">
        <select value={to.value} onChange={(event) => (to.value = Number(event.currentTarget.value))}>
          {others.map((node) => (
            <option key={node} value={node}>
              node {node}
            </option>
          ))}
        </select>
      </Field>
    </Dialog>
  );
}
