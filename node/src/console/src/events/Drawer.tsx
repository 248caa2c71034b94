// One event with everything. Values are shown as text and nothing else, the beginning of long ones first.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Publish } from '../actions/Publish';
import { get, here } from '../api';
import { ago, bytes, exact } from '../format';
import { setQuery } from '../router';
import type { EventDetail, TopicRow } from '../types';
import { sentence } from '../ui/Dialog';
import { asHex, asJson, asText, fromBase64 } from './bytes';
import { nextOfKey, repeated, unrepeatable } from './next';

interface Props {
  topic: TopicRow;
  partition: number;
  offset: string;
  onClose: () => void;
}

export function Drawer({ topic: row, partition, offset, onClose }: Props) {
  const topic = row.name;
  const dialog = useRef<HTMLDialogElement>(null);
  const event = useSignal<EventDetail | null>(null);
  const fault = useSignal('');
  useEffect(() => {
    dialog.current?.showModal();
    get<EventDetail>('event', { topic, partition, offset }).then(
      (found) => (event.value = found),
      (error: unknown) => (fault.value = sentence(error)),
    );
  }, []);
  const repeating = useSignal(false);
  const step = (by: number) => setQuery({ event: `${partition}@${BigInt(offset) + BigInt(by)}` });
  return (
    <dialog ref={dialog} class="drawer" aria-labelledby="drawer-title" onClose={onClose}>
      <div class="bar">
        <h2 id="drawer-title">
          {topic}/{partition} @ {offset}
        </h2>
        <div class="buttons">
          <button type="button" disabled={offset === '0'} onClick={() => step(-1)} aria-label="Event before">
            ←
          </button>
          <button type="button" onClick={() => step(1)} aria-label="Event behind">
            →
          </button>
          <button type="button" onClick={() => dialog.current?.close()} autofocus>
            Close
          </button>
        </div>
      </div>
      {fault.value && <p class="fault">{fault.value}</p>}
      {event.value && (
        <>
          <Detail event={event.value} asked={offset} />
          <After event={event.value} onRepeat={() => (repeating.value = true)} />
        </>
      )}
      {repeating.value && event.value && (
        <Publish topic={row} first={repeated(event.value)} onClose={() => (repeating.value = false)} />
      )}
    </dialog>
  );
}

/** What one does next with an event: see its key's next one, publish it once more. */
function After({ event, onRepeat }: { event: EventDetail; onRepeat: () => void }) {
  const told = useSignal('');
  const key = event.key === null ? null : asText(fromBase64(event.key));
  const next = async () => {
    told.value = 'Looking…';
    const found = await nextOfKey(event.topic, event.partition, event.offset, key ?? '');
    if (found.place) setQuery({ event: found.place });
    else told.value = found.told;
  };
  const problem = unrepeatable(event);
  return (
    <div class="bar after">
      <div class="buttons">
        <button type="button" disabled={!key} onClick={next}>
          Next of this key
        </button>
        {here.value?.actions && (
          <button type="button" disabled={problem !== ''} onClick={onRepeat}>
            Repeat this event…
          </button>
        )}
      </div>
      <span class="muted" role="status">
        {told.value || (here.value?.actions ? problem : '')}
      </span>
    </div>
  );
}

function Detail({ event, asked }: { event: EventDetail; asked: string }) {
  const key = event.key === null ? null : fromBase64(event.key);
  return (
    <>
      {event.offset !== asked && (
        <p class="fault">
          There is no event at {asked}: retention or compaction took it. This is the next one, at {event.offset}.
        </p>
      )}
      <dl>
        <dt>Time</dt>
        <dd>
          {exact(event.timestampMs)} <span class="muted">{ago(event.timestampMs)}</span>
        </dd>
        <dt>Appended</dt>
        <dd>{exact(event.appendMs)}</dd>
        <dt>Producer</dt>
        <dd>
          {event.producer ? `${event.producer.id}, epoch ${event.producer.epoch}` : <span class="muted">without identity</span>}
        </dd>
        <dt>Key</dt>
        <dd class="mono">{key === null ? <span class="muted">none</span> : (asText(key) ?? asHex(key, 256))}</dd>
        {event.headers.map((header) => (
          <>
            <dt>
              {header.key} <small>header</small>
            </dt>
            <dd class="mono">{asText(fromBase64(header.value)) ?? asHex(fromBase64(header.value), 256)}</dd>
          </>
        ))}
      </dl>
      {event.value === null ? (
        <p>
          <span class="tag">tombstone</span> It has no value: on a compacted topic it removes its key.
        </p>
      ) : (
        <Value bytes={fromBase64(event.value)} name={`${event.topic}-${event.partition}-${event.offset}`} />
      )}
    </>
  );
}

const CHARS_FIRST = 64 * 1024;
const HEX_FIRST = 16 * 1024;

function Value({ bytes: value, name }: { bytes: Uint8Array<ArrayBuffer>; name: string }) {
  const text = asText(value);
  const json = asJson(text);
  const shape = useSignal<'json' | 'text' | 'hex'>(json !== null ? 'json' : text !== null ? 'text' : 'hex');
  const all = useSignal(false);
  const whole = shape.value === 'hex' ? asHex(value, all.value ? value.length : HEX_FIRST) : shape.value === 'json' ? (json ?? '') : (text ?? '');
  const shown = all.value ? whole : whole.slice(0, CHARS_FIRST);
  const cut = shape.value === 'hex' ? !all.value && value.length > HEX_FIRST : shown.length < whole.length;
  const shapes = [json !== null && 'json', text !== null && 'text', 'hex'].filter(Boolean) as ('json' | 'text' | 'hex')[];
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([value]));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <section aria-label="Value">
      <div class="bar">
        <div class="tabs" role="group" aria-label="Shown as">
          {shapes.map((one) => (
            <button type="button" aria-pressed={one === shape.value} onClick={() => (shape.value = one)}>
              {one === 'json' ? 'JSON' : one}
            </button>
          ))}
        </div>
        <span class="muted">{bytes(value.length)}</span>
        <div class="buttons">
          {navigator.clipboard && (
            <button type="button" class="quiet" onClick={() => navigator.clipboard.writeText(text ?? asHex(value, value.length))}>
              Copy
            </button>
          )}
          <button type="button" class="quiet" onClick={save}>
            Save
          </button>
        </div>
      </div>
      <pre class="scroll" tabIndex={0} role="region" aria-label="Value">
        {shown}
      </pre>
      {cut && (
        <p>
          The beginning only.{' '}
          <button type="button" class="quiet" onClick={() => (all.value = true)}>
            Show all
          </button>
        </p>
      )}
    </section>
  );
}
