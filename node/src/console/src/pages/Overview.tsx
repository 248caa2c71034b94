// How is it, what is it doing, where does it hurt: all on one page.
import { usePage } from '../api';
import { duration, number, plural, rate, short } from '../format';
import { href } from '../router';
import type { GroupRow, Health, NodeRow, OverviewPage, Point, TopicRow } from '../types';
import { Command } from '../ui/Dialog';
import { Disk } from '../ui/Disk';
import { Happenings } from '../ui/Happenings';
import { Spark } from '../ui/Spark';
import { groupTone, Status } from '../ui/Status';
import { Table, type Column } from '../ui/Table';
import { Waiting } from '../ui/Waiting';

export function Overview() {
  const state = usePage<OverviewPage>('overview');
  return <Waiting of={state.value}>{(page) => <Whole page={page} />}</Waiting>;
}

const SYMBOL = { OK: '✓', WARN: '!', BAD: '✗' };

function checks({ fail, warn }: OverviewPage['doctor']): string {
  if (fail + warn === 0) return 'All checks are well';
  return [fail > 0 && `${plural(fail, 'check')} failed`, warn > 0 && plural(warn, 'warning')].filter(Boolean).join(', ') + ': what to do';
}

function Headline({ health, doctor }: { health: Health; doctor: OverviewPage['doctor'] }) {
  return (
    <section class={`headline ${health.level.toLowerCase()}`} aria-live="polite">
      <h1>
        <span class="symbol" aria-hidden="true">
          {SYMBOL[health.level]}
        </span>
        {health.sentence}
      </h1>
      {health.more.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <p>
        <a href={href(['doctor'])}>{checks(doctor)}</a>
      </p>
    </section>
  );
}

function Whole({ page }: { page: OverviewPage }) {
  return (
    <>
      <Headline health={page.health} doctor={page.doctor} />
      {page.topics === 0 ? <FirstSteps /> : <Numbers page={page} />}
      <div class="columns">
        <section>
          <h2>
            <a href={href(['nodes'])}>Nodes</a>
          </h2>
          <Table label="Nodes" columns={NODES} rows={page.nodes} rowKey={(node) => node.id} empty="None." />
        </section>
        <section>
          <h2>
            <a href={href(['topics'], { sort: 'rate' })}>Busiest topics</a>
          </h2>
          <Table
            label="Busiest topics"
            columns={TOPICS}
            rows={page.busiest}
            rowKey={(topic) => topic.name}
            empty="No topics yet."
          />
        </section>
        <section>
          <h2>
            <a href={href(['groups'])}>Groups furthest behind</a>
          </h2>
          <Table
            label="Groups furthest behind"
            columns={GROUPS}
            rows={page.worst}
            rowKey={(group) => group.name}
            empty="No consumer groups yet."
          />
        </section>
        <section>
          <h2>What happened</h2>
          <Happenings list={page.happenings} />
        </section>
      </div>
    </>
  );
}

function FirstSteps() {
  return (
    <section class="steps">
      <h2>Begin with three commands</h2>
      <Command text="flotilla topic create orders --partitions 3" />
      <Command text="flotilla publish orders --key 1 --value 'first order'" />
      <Command text="flotilla subscribe orders --from earliest" />
      <p>
        Or create a topic <a href={href(['topics'], { do: 'create' })}>here</a>.
      </p>
    </section>
  );
}

function Numbers({ page }: { page: OverviewPage }) {
  const now = page.history.at(-1);
  const line = (of: (point: Point) => number) => page.history.map(of);
  return (
    <section class="numbers" aria-label="The last quarter of an hour">
      <Figure name="Published" value={rate(now?.published ?? 0)} values={line((point) => point.published)} />
      <Figure name="Processed by groups" value={rate(now?.consumed ?? 0)} values={line((point) => point.consumed)} />
      <Figure name="Worst group's lag" value={duration(now?.lagMs ?? 0)} values={line((point) => point.lagMs)} />
      <Figure name="Partitions unwell" value={number(now?.unwell ?? 0)} values={line((point) => point.unwell)} />
    </section>
  );
}

function Figure({ name, value, values }: { name: string; value: string; values: number[] }) {
  return (
    <div class="figure">
      <span class="name">{name}</span>
      <span class="value">{value}</span>
      <Spark values={values} label={`${name} over the last quarter of an hour, now ${value}`} />
    </div>
  );
}

const NODES: Column<NodeRow>[] = [
  { head: 'Node', cell: (node) => node.id },
  { head: 'State', cell: (node) => <Status tone={node.up ? 'ok' : 'bad'}>{node.up ? 'up' : 'no answer'}</Status> },
  { head: 'Leads', right: true, cell: (node) => number(node.leaders) },
  { head: 'Disk', right: true, cell: (node) => <Disk node={node} /> },
];

const TOPICS: Column<TopicRow>[] = [
  { head: 'Topic', cell: (topic) => <a href={href(['topics', topic.name])}>{topic.name}</a> },
  { head: 'Published', right: true, cell: (topic) => rate(topic.perSecond) },
  { head: 'Events', right: true, cell: (topic) => short(topic.events) },
];

const GROUPS: Column<GroupRow>[] = [
  { head: 'Group', cell: (group) => <a href={href(['groups', group.name])}>{group.name}</a> },
  { head: 'State', cell: (group) => <Status tone={groupTone(group.state, group.fallingBehind)}>{group.state}</Status> },
  { head: 'Behind', right: true, cell: (group) => (group.lagMs === null ? '…' : duration(group.lagMs)) },
  { head: 'Events', right: true, cell: (group) => (group.lagEvents === null ? '…' : short(group.lagEvents)) },
];
