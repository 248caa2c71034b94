import { useSignal } from '@preact/signals';
import { act } from '../api';
import { plural, shell } from '../format';
import type { GroupPage } from '../types';
import { Confirm, Dialog } from '../ui/Dialog';

interface Props {
  group: GroupPage;
  onClose: () => void;
  onDone: () => void;
}

export function DeleteGroup({ group, onClose, onDone }: Props) {
  const typed = useSignal('');
  const { name, memberCount } = group;
  const run = async () => {
    const { message } = await act<{ message: string }>('delete-group', { group: name, confirm: typed.value });
    onDone();
    return message;
  };
  return (
    <Dialog
      title={`Delete group ${name}`}
      verb="Delete for good"
      danger
      command={`flotilla group delete ${shell(name)} --yes`}
      ready={typed.value === name && memberCount === 0}
      run={run}
      onClose={onClose}
    >
      {memberCount > 0 ? (
        <p class="fault">It has {plural(memberCount, 'member')}: stop them first.</p>
      ) : (
        <p>What it has committed in {plural(group.partitions.total, 'partition')} will be gone: who joins again begins anew.</p>
      )}
      <Confirm name={name} typed={typed} />
    </Dialog>
  );
}
