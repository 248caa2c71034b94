import { useSignal } from '@preact/signals';
import { act } from '../api';
import { number, plural, shell } from '../format';
import type { TopicRow } from '../types';
import { Confirm, Dialog } from '../ui/Dialog';

interface Props {
  topic: TopicRow;
  onClose: () => void;
  onDone: () => void;
}

export function DeleteTopic({ topic, onClose, onDone }: Props) {
  const typed = useSignal('');
  const { name } = topic;
  const run = async () => {
    const { message } = await act<{ message: string }>('delete-topic', { name, confirm: typed.value });
    onDone();
    return message;
  };
  return (
    <Dialog
      title={`Delete topic ${name}`}
      verb="Delete for good"
      danger
      command={`flotilla topic delete ${shell(name)} --yes`}
      ready={typed.value === name}
      run={run}
      onClose={onClose}
    >
      <p>
        {plural(topic.partitions, 'partition')} with {number(topic.events)} events will be gone on all nodes, for good. What
        groups have committed in it goes, too.
      </p>
      <Confirm name={name} typed={typed} />
    </Dialog>
  );
}
