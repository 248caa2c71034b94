// Rows of a fixed height, of which only those in sight are in the page.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { bytes, exact, number, when } from '../format';
import { setQuery } from '../router';
import type { EventRow, TopicRow } from '../types';
import { Command } from '../ui/Dialog';
import type { Scan } from './scan';

const ROW_PX = 34;
const AROUND = 8;
const AT_ONCE = 80;

export function EventList({ scan, topic }: { scan: Scan; topic: TopicRow }) {
  const box = useRef<HTMLDivElement>(null);
  const first = useSignal(0);
  const rows = scan.rows.value;
  useEffect(() => {
    // Who scrolls down to read does not want what he reads to be pushed away.
    if (first.value > AROUND && scan.mode.value === 'live') scan.pause();
  }, [first.value]);
  if (rows.length === 0) return <Nothing scan={scan} topic={topic} />;
  const from = Math.max(0, first.value - AROUND);
  const shown = rows.slice(from, from + AT_ONCE);
  return (
    <div
      class="events"
      ref={box}
      tabIndex={0}
      role="region"
      aria-label="Events"
      onScroll={() => (first.value = Math.floor((box.current?.scrollTop ?? 0) / ROW_PX))}
    >
      <table aria-label="Events" aria-rowcount={rows.length}>
        <thead>
          <tr>
            <th scope="col" class="time">Time</th>
            <th scope="col" class="place">Place</th>
            <th scope="col" class="key">Key</th>
            <th scope="col">Value</th>
            <th scope="col" class="right size">Size</th>
          </tr>
        </thead>
        <tbody>
          {from > 0 && <Gap rows={from} />}
          {shown.map((row) => (
            <Row key={`${row.p}@${row.o}`} row={row} />
          ))}
          {from + AT_ONCE < rows.length && <Gap rows={rows.length - from - AT_ONCE} />}
        </tbody>
      </table>
    </div>
  );
}

function Gap({ rows }: { rows: number }) {
  return (
    <tr aria-hidden="true">
      <td colSpan={5} style={{ height: `${rows * ROW_PX}px`, padding: 0 }} />
    </tr>
  );
}

function Row({ row }: { row: EventRow }) {
  const place = `${row.p}@${row.o}`;
  const headers = row.h > 0 ? ` +${row.h} headers` : '';
  return (
    <tr>
      <td class="time" title={exact(row.t)}>
        {when(row.t)}
      </td>
      <td class="place">
        <button type="button" class="link" onClick={() => setQuery({ event: place })} aria-label={`Open event ${place}`}>
          {place}
        </button>
      </td>
      <td class="key">{row.k ?? <span class="muted">-</span>}</td>
      <td class="value">{row.v ?? <span class="tag">tombstone</span>}</td>
      <td class="right size" title={headers}>
        {row.s < 0 ? '-' : bytes(row.s)}
      </td>
    </tr>
  );
}

function Nothing({ scan, topic }: { scan: Scan; topic: TopicRow }) {
  if (scan.mode.value === 'live' || scan.mode.value === 'paused') {
    if (!scan.follows.value) return <div class="empty">Looking for the end of the topic…</div>;
    return (
      <div class="empty">
        <p>Waiting for events. From a terminal:</p>
        <Command text={`flotilla publish ${topic.name} --key 1 --value hello`} />
      </div>
    );
  }
  if (scan.mode.value === 'search') return <div class="empty">Looking…</div>;
  const seen = scan.progress.value?.ended === 'done';
  return <div class="empty">{seen && topic.events === 0 ? 'The topic is empty.' : `Nothing found${seen ? ` in ${number(scan.progress.value?.total ?? 0)} events` : ''}.`}</div>;
}
