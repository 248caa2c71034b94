// A state in colour, symbol and word: never in colour alone.
import type { ComponentChildren } from 'preact';

export type Tone = 'ok' | 'warn' | 'bad' | 'calm';

const SYMBOLS: Record<Tone, string> = { ok: '✓', warn: '!', bad: '✗', calm: '·' };

export function Status({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`status ${tone}`}>
      <span class="symbol" aria-hidden="true">
        {SYMBOLS[tone]}
      </span>
      {children}
    </span>
  );
}

export function groupTone(state: string, fallingBehind: boolean | null): Tone {
  if (state === 'rebalancing') return 'warn';
  if (state === 'empty') return 'calm';
  return fallingBehind ? 'warn' : 'ok';
}
