// Moves what a group has committed: first it is shown from where to where, and what that means.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { act } from '../api';
import { exact, number, parseTime, plural, shell } from '../format';
import type { GroupPage, Moved } from '../types';
import { Dialog, Field, sentence } from '../ui/Dialog';
import { Table, type Column } from '../ui/Table';

interface Props {
  group: GroupPage;
  onClose: () => void;
}

interface Wish {
  from: 'earliest' | 'latest' | 'time' | 'offset';
  timeMs?: number;
  offset?: number;
}

const WAIT_MS = 250;

function wish(from: string, at: string): Wish | null {
  if (from === 'earliest' || from === 'latest') return { from };
  if (from === 'offset') return /^\d+$/.test(at.trim()) ? { from, offset: Number(at) } : null;
  const timeMs = parseTime(at);
  return timeMs === null ? null : { from: 'time', timeMs };
}

function word(to: Wish | null): string {
  if (!to) return 'WHERE';
  if (to.from === 'offset') return String(to.offset);
  return to.from === 'time' ? exact(to.timeMs ?? 0) : to.from;
}

const COLUMNS: Column<Moved>[] = [
  { head: 'Partition', cell: ({ partition }) => partition },
  { head: 'From', right: true, cell: ({ from }) => (from === null ? 'nothing' : number(from)) },
  { head: 'To', right: true, cell: ({ to }) => number(to) },
  {
    head: 'Means',
    cell: ({ from, to }) => {
      if (from === null || from === to) return from === null ? 'begins there' : 'stays';
      return to < from ? `repeats ${number(from - to)}` : `skips ${number(to - from)}`;
    },
  },
];

function summary(moved: Moved[]): string {
  let repeats = 0;
  let skips = 0;
  for (const { from, to } of moved) {
    if (from === null) continue;
    repeats += Math.max(0, from - to);
    skips += Math.max(0, to - from);
  }
  if (!repeats && !skips) return 'Nothing would be repeated or skipped.';
  const parts = [repeats && `${plural(repeats, 'event')} will be processed again`, skips && `${plural(skips, 'event')} will be skipped`];
  return parts.filter(Boolean).join(', ') + '.';
}

export function ResetGroup({ group, onClose }: Props) {
  const topic = useSignal(group.topics[0] ?? '');
  const from = useSignal('earliest');
  const at = useSignal('');
  const preview = useSignal<Moved[] | null>(null);
  const refused = useSignal('');
  const to = wish(from.value, at.value);
  const body = { group: group.name, topic: topic.value, to };
  const asked = JSON.stringify(body);
  useEffect(() => {
    preview.value = null;
    refused.value = '';
    if (!to || !topic.value) return;
    let gone = false;
    const timer = setTimeout(() => {
      act<{ partitions: Moved[] }>('reset-group', { ...body, preview: true }).then(
        ({ partitions }) => !gone && (preview.value = partitions),
        (error: unknown) => !gone && (refused.value = sentence(error)),
      );
    }, WAIT_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [asked]);
  const run = async () => {
    const { message } = await act<{ message: string }>('reset-group', { ...body, preview: false });
    return message;
  };
  return (
    <Dialog
      title={`Reset ${group.name}`}
      verb="Reset"
      danger
      command={`flotilla group reset ${shell(group.name)} --topic ${shell(topic.value)} --to ${word(to)} --yes`}
      ready={preview.value !== null}
      run={run}
      onClose={onClose}
    >
      <div class="pair">
        <Field label="Topic">
          <select value={topic.value} onChange={(event) => (topic.value = event.currentTarget.value)}>
            {group.topics.map((name) => (
              <option>{name}</option>
            ))}
          </select>
        </Field>
        <Field label="To">
          <select name="to" value={from.value} onChange={(event) => (from.value = event.currentTarget.value)}>
            <option value="earliest">the earliest event kept</option>
            <option value="latest">the end</option>
            <option value="time">a time</option>
            <option value="offset">an offset</option>
          </select>
        </Field>
      </div>
      {(from.value === 'time' || from.value === 'offset') && (
        <Field label={from.value === 'time' ? 'Time' : 'Offset'} hint={from.value === 'time' ? '-15m, 10:00, 2026-11-20T10:00:00Z' : ''}>
          <input value={at.value} aria-invalid={at.value !== '' && !to} onInput={(event) => (at.value = event.currentTarget.value)} />
        </Field>
      )}
      {refused.value && <p class="fault" role="alert">{refused.value}</p>}
      {preview.value && (
        <>
          <p>
            <b>{summary(preview.value)}</b>
          </p>
          <div class="scroll" tabIndex={0} role="region" aria-label="Preview">
            <Table label="Preview" columns={COLUMNS} rows={preview.value} rowKey={({ partition }) => partition} empty="No partitions." />
          </div>
        </>
      )}
    </Dialog>
  );
}
