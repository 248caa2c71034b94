// How far a search is and what it has not seen; how much of a live view was skipped.
import { number, plural, when } from '../format';
import type { Progress } from '../types';
import type { Scan } from './scan';

const ENDED: Record<Progress['ended'], string> = {
  '': '',
  done: 'all seen',
  limit: 'stopped at the limit',
  time: 'stopped after 20 s',
};

export function Telling({ scan, onContinue }: { scan: Scan; onContinue: () => void }) {
  return (
    <div class="telling" role="status">
      {scan.problem.value && <p class="fault">{scan.problem.value}</p>}
      {scan.mode.value === 'live' || scan.mode.value === 'paused' ? (
        <LiveLine scan={scan} />
      ) : (
        <SearchLine scan={scan} onContinue={onContinue} />
      )}
    </div>
  );
}

function LiveLine({ scan }: { scan: Scan }) {
  const skipped = scan.skipped.value > 0 ? `, ${number(scan.skipped.value)} skipped to keep up` : '';
  const paused = scan.mode.value === 'paused';
  return (
    <p>
      <span class={paused ? 'dot' : 'dot on'} aria-hidden="true" />
      {paused ? `Paused, ${plural(scan.waiting.value.length, 'new event')}` : 'Live'}: {number(scan.seen.value)} came{skipped}{' '}
      <button type="button" class="quiet" onClick={() => (paused ? scan.resume() : scan.pause())}>
        {paused ? 'Resume' : 'Pause'}
      </button>
      <small class="muted"> Space does it, too.</small>
    </p>
  );
}

function SearchLine({ scan, onContinue }: { scan: Scan; onContinue: () => void }) {
  const told = scan.progress.value;
  const busy = scan.mode.value === 'search';
  if (!told) return <p>{busy ? 'Looking…' : ''}</p>;
  const share = told.total === 0 ? 100 : Math.floor((told.scanned / told.total) * 100);
  const reached = told.reachedMs && told.ended !== 'done' ? `, reached ${when(told.reachedMs)}` : '';
  return (
    <>
      <p>
        Scanned {number(told.scanned)} of {number(told.total)} ({share} %), {number(scan.rows.value.length)} found{reached}
        {told.ended && `, ${ENDED[told.ended]}`}{' '}
        {busy && (
          <button type="button" class="quiet" onClick={() => scan.stop()}>
            Stop
          </button>
        )}
        {told.resume && !busy && (
          <button type="button" class="quiet" onClick={onContinue}>
            Continue
          </button>
        )}
      </p>
      {busy && <progress value={told.scanned} max={Math.max(1, told.total)} aria-label="Scanned" />}
    </>
  );
}
