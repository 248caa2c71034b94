import { useSignal } from '@preact/signals';
import { act } from '../api';
import { shell } from '../format';
import type { Draft } from '../events/next';
import type { TopicRow } from '../types';
import { Dialog, Field } from '../ui/Dialog';

interface Props {
  topic: TopicRow;
  /** What the form begins with. */
  first?: Draft;
  onClose: () => void;
}

interface Line {
  key: string;
  value: string;
}

/** Lines of "name: value". */
function headers(text: string): Line[] | null {
  const lines = text.split('\n').filter((line) => line.trim());
  const parsed = lines.map((line) => /^([^:]+):\s?(.*)$/.exec(line));
  if (parsed.some((one) => !one)) return null;
  return parsed.map((one) => ({ key: (one?.[1] ?? '').trim(), value: one?.[2] ?? '' }));
}

export function Publish({ topic, first, onClose }: Props) {
  const key = useSignal(first?.key ?? '');
  const value = useSignal(first?.value ?? '');
  const lines = useSignal(first?.headers ?? '');
  const partition = useSignal(first?.partition ?? '');
  const told = headers(lines.value);
  const number = partition.value === '' ? -1 : Number(partition.value);
  const ready = told !== null && Number.isInteger(number) && number < topic.partitions;
  const command = [
    `flotilla publish ${shell(topic.name)}`,
    key.value && `--key ${shell(key.value)}`,
    `--value ${shell(value.value.length > 200 ? value.value.slice(0, 200) + '…' : value.value || "''")}`,
    ...(told ?? []).map((one) => `-H ${shell(`${one.key}:${one.value}`)}`),
    number >= 0 && `--partition ${number}`,
  ];
  const run = async () => {
    const wish = {
      topic: topic.name,
      key: key.value === '' ? null : key.value,
      value: value.value,
      headers: told,
      partition: number,
    };
    return (await act<{ message: string }>('publish', wish)).message;
  };
  return (
    <Dialog
      title={`Publish to ${topic.name}`}
      verb="Publish"
      command={command.filter(Boolean).join(' ')}
      ready={ready}
      run={run}
      onClose={onClose}
    >
      <div class="pair">
        <Field label="Key" hint="Decides the partition. Empty: none.">
          <input name="key" value={key.value} onInput={(event) => (key.value = event.currentTarget.value)} />
        </Field>
        <Field label="Partition" hint="Empty: as the key decides.">
          <input
            type="number"
            min="0"
            max={topic.partitions - 1}
            value={partition.value}
            onInput={(event) => (partition.value = event.currentTarget.value)}
          />
        </Field>
      </div>
      <Field label="Value">
        <textarea name="value" rows={5} value={value.value} onInput={(event) => (value.value = event.currentTarget.value)} />
      </Field>
      <Field label="Headers" hint="A line each: name: value">
        <textarea
          name="headers"
          rows={2}
          value={lines.value}
          aria-invalid={told === null}
          onInput={(event) => (lines.value = event.currentTarget.value)}
        />
      </Field>
    </Dialog>
  );
}
