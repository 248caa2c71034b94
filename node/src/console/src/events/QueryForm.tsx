import type { Signal } from '@preact/signals';
import type { EventQuery, From } from './query';
import { fault } from './query';
import type { Scan } from './scan';

interface Props {
  form: Signal<EventQuery>;
  partitions: number;
  scan: Scan;
  onSearch: () => void;
  onLive: () => void;
}

export function QueryForm({ form, partitions, scan, onSearch, onLive }: Props) {
  const of = form.value;
  const set = (change: Partial<EventQuery>) => (form.value = { ...form.value, ...change });
  const input = (name: keyof EventQuery) => (event: { currentTarget: HTMLInputElement }) =>
    set({ [name]: event.currentTarget.value });
  const live = scan.mode.value === 'live' || scan.mode.value === 'paused';
  const why = fault(of, partitions);
  return (
    <form
      class="query"
      aria-label="Search events"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch();
      }}
    >
      <label>
        <span>From</span>
        <select name="from" value={of.from} onChange={(event) => set({ from: event.currentTarget.value as From })}>
          <option value="newest">newest</option>
          <option value="earliest">earliest</option>
          <option value="time">time</option>
          <option value="offset">offset</option>
        </select>
      </label>
      {(of.from === 'time' || of.from === 'offset') && (
        <label>
          <span>{of.from === 'time' ? 'Time' : 'Offset'}</span>
          <input name="at" value={of.at} placeholder={of.from === 'time' ? '-15m' : '0'} onInput={input('at')} />
        </label>
      )}
      <label class="narrow">
        <span>Partition</span>
        <input name="partition" value={of.partition} placeholder={of.key ? 'the key’s' : 'all'} onInput={input('partition')} />
      </label>
      <label>
        <span>Key</span>
        <input name="key" value={of.key} placeholder="any" autocomplete="off" onInput={input('key')} />
      </label>
      <label>
        <span>Contains</span>
        <input name="where" value={of.where} placeholder="anything" autocomplete="off" onInput={input('where')} />
      </label>
      <label class="narrow">
        <span>Limit</span>
        <select name="limit" value={of.limit} onChange={(event) => set({ limit: event.currentTarget.value })}>
          {['20', '100', '500', '1000'].map((limit) => (
            <option>{limit}</option>
          ))}
        </select>
      </label>
      <div class="buttons">
        <button type="submit" class="primary" disabled={why !== ''}>
          Search
        </button>
        <button type="button" class={live ? 'on' : ''} aria-pressed={live} onClick={live ? () => scan.stop() : onLive}>
          {live ? 'Stop live' : 'Live'}
        </button>
      </div>
      {why && <p class="fault">{why}</p>}
    </form>
  );
}
