// What is wrong and what to do: the checks of "flotilla doctor", of what was seen last.
import { usePage } from '../api';
import { shell, time } from '../format';
import type { DoctorPage, DoctorRow } from '../types';
import { Command } from '../ui/Dialog';
import { Status, type Tone } from '../ui/Status';
import { Table, type Column } from '../ui/Table';
import { Waiting } from '../ui/Waiting';

export function Doctor() {
  const state = usePage<DoctorPage>('doctor');
  return <Waiting of={state.value}>{(page) => <Whole page={page} />}</Waiting>;
}

const TONES: Record<DoctorRow['result'], Tone> = { ok: 'ok', unknown: 'calm', warn: 'warn', fail: 'bad' };
const WORDS: Record<DoctorRow['result'], string> = {
  ok: 'well',
  unknown: 'not known',
  warn: 'warning',
  fail: 'failed',
};
const HEADLINES = {
  ok: ['ok', '✓', 'Nothing is wrong'],
  warn: ['warn', '!', 'It works, but something wants to be done'],
  fail: ['bad', '✗', 'Something does not work'],
} as const;

function Result({ row }: { row: DoctorRow }) {
  return <Status tone={TONES[row.result]}>{WORDS[row.result]}</Status>;
}

const WELL: Column<DoctorRow>[] = [
  { head: 'Check', cell: ({ check }) => check },
  { head: 'Result', cell: (row) => <Result row={row} /> },
  { head: 'Seen', cell: ({ what }) => what[0] },
];

function Whole({ page }: { page: DoctorPage }) {
  const wrong = page.checks.filter(({ remedy }) => remedy);
  const well = page.checks.filter(({ remedy }) => !remedy);
  const [tone, symbol, sentence] = HEADLINES[page.result];
  return (
    <>
      <section class={`headline ${tone}`} aria-live="polite">
        <h1>
          <span class="symbol" aria-hidden="true">
            {symbol}
          </span>
          {sentence}
        </h1>
        <p>
          {page.checks.length} checks, {wrong.length === 0 ? 'all without a finding' : `${wrong.length} with findings`}
        </p>
      </section>
      {wrong.map((row) => (
        <Wrong key={row.check} row={row} />
      ))}
      {wrong.length > 0 && <h2>Without a finding</h2>}
      <div class="below">
        <section>
          <Table label="Checks without a finding" columns={WELL} rows={well} rowKey={({ check }) => check} empty="None." />
        </section>
      </div>
      <p class="muted">
        Seen at {time(page.atMs)} by the node that serves this page. Whether your machines reach every node, and whether their clocks
        agree with it, only they can tell: run the same checks there.
      </p>
      <Command text="flotilla doctor" />
      <p class="muted">
        Not asked, since it takes numbers over time: PublishFailing, PublishSlow, LeadershipFlapping, StoreStalled. Those are alerts
        (docker/monitoring).
      </p>
    </>
  );
}

function Wrong({ row }: { row: DoctorRow }) {
  return (
    <section class="finding" aria-label={row.check}>
      <h2>
        <Result row={row} /> {row.check}
      </h2>
      <ul>
        {row.what.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>
        <b>Do:</b> {row.remedy}
      </p>
      {row.runbook && <p class="muted">More: {row.runbook}</p>}
      <Command text={row.command.map(shell).join(' ')} />
    </section>
  );
}
