// Events of a topic: a query, what came of it, and one of them with everything.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { query, setQuery } from '../router';
import type { TopicRow } from '../types';
import { Drawer } from './Drawer';
import { EventList } from './EventList';
import { QueryForm } from './QueryForm';
import { Telling } from './Telling';
import { fault, fromAddress, toAddress, type EventQuery } from './query';
import { Scan } from './scan';

/** The event that is shown, as the address has it: partition@offset. */
function shownEvent(): { partition: number; offset: string } | null {
  const parts = /^(\d+)@(\d+)$/.exec(query.value.get('event') ?? '');
  return parts ? { partition: Number(parts[1]), offset: parts[2] ?? '0' } : null;
}

export function EventsTab({ topic }: { topic: TopicRow }) {
  const scan = useMemo(() => new Scan(topic.name), [topic.name]);
  const form = useSignal<EventQuery>(fromAddress());
  const begin = (live: boolean) => {
    if (fault(form.value, topic.partitions)) return;
    setQuery({ ...toAddress(form.value), live: live ? 'true' : '' });
    if (live) scan.live(form.value);
    else scan.search(form.value);
  };
  useEffect(() => {
    begin(query.value.get('live') === 'true');
    return () => scan.stop();
  }, [scan]);
  useEffect(() => {
    const pause = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== ' ' || /INPUT|TEXTAREA|SELECT|BUTTON|A/.test(target.tagName)) return;
      if (scan.mode.value === 'live') scan.pause();
      else if (scan.mode.value === 'paused') scan.resume();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', pause);
    return () => removeEventListener('keydown', pause);
  }, [scan]);
  const shown = shownEvent();
  return (
    <>
      <QueryForm form={form} partitions={topic.partitions} scan={scan} onSearch={() => begin(false)} onLive={() => begin(true)} />
      <Telling scan={scan} onContinue={() => scan.search(form.value, scan.progress.value?.resume)} />
      <EventList scan={scan} topic={topic} />
      {shown && (
        <Drawer
          key={`${shown.partition}@${shown.offset}`}
          topic={topic}
          partition={shown.partition}
          offset={shown.offset}
          onClose={() => setQuery({ event: undefined })}
        />
      )}
    </>
  );
}
