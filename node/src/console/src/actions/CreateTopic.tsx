import { useSignal } from '@preact/signals';
import { act } from '../api';
import { shell } from '../format';
import { go, href } from '../router';
import { parsed, SETTINGS } from '../settings';
import { Dialog, Field } from '../ui/Dialog';

const RETENTION = SETTINGS[0]!;

export function CreateTopic({ onClose }: { onClose: () => void }) {
  const name = useSignal('');
  const partitions = useSignal('3');
  const replicas = useSignal('');
  const retention = useSignal('');
  const cleanup = useSignal('');
  const kept = retention.value ? parsed(RETENTION, retention.value) : undefined;
  const count = Number(partitions.value);
  const ready = name.value !== '' && Number.isInteger(count) && count >= 1 && count <= 5_000 && kept !== null;
  const command = [
    `flotilla topic create ${shell(name.value || 'NAME')} --partitions ${count || 'N'}`,
    replicas.value && `--replicas ${replicas.value}`,
    retention.value && `--set retention.time=${retention.value.replace(' ', '')}`,
    cleanup.value && `--set cleanup=${cleanup.value}`,
  ];
  const run = async () => {
    const settings: Record<string, string | number> = {};
    if (kept !== undefined && kept !== null) settings['retention.time'] = kept;
    if (cleanup.value) settings['cleanup'] = cleanup.value;
    const wish = { name: name.value, partitions: count, replicas: Number(replicas.value || 0), settings };
    const { message } = await act<{ message: string }>('create-topic', wish);
    go(href(['topics', name.value]));
    return message;
  };
  return (
    <Dialog
      title="Create a topic"
      verb="Create topic"
      command={command.filter(Boolean).join(' ')}
      ready={ready}
      run={run}
      onClose={onClose}
    >
      <Field label="Name" hint="Letters, digits, . _ - and at most 200 of them.">
        <input
          name="name"
          required
          autocomplete="off"
          spellcheck={false}
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value.trim())}
        />
      </Field>
      <div class="pair">
        <Field label="Partitions" hint="1 to 5,000; cannot be changed later.">
          <input
            name="partitions"
            type="number"
            min="1"
            max="5000"
            value={partitions.value}
            onInput={(event) => (partitions.value = event.currentTarget.value)}
          />
        </Field>
        <Field label="Replicas" hint="Empty: 3, or as many as there are nodes.">
          <input
            name="replicas"
            type="number"
            min="1"
            max="7"
            value={replicas.value}
            onInput={(event) => (replicas.value = event.currentTarget.value)}
          />
        </Field>
      </div>
      <div class="pair">
        <Field label="Keep events for" hint="7d, 12h, unlimited. Empty: the cluster’s default.">
          <input
            value={retention.value}
            aria-invalid={kept === null}
            onInput={(event) => (retention.value = event.currentTarget.value)}
          />
        </Field>
        <Field label="What goes">
          <select value={cleanup.value} onChange={(event) => (cleanup.value = event.currentTarget.value)}>
            <option value="">The cluster’s default</option>
            <option value="delete">Old events</option>
            <option value="compact">All but the last of each key</option>
            <option value="both">Both</option>
          </select>
        </Field>
      </div>
    </Dialog>
  );
}
