// What an action has made true; read out once, gone after a while.
import { signal } from '@preact/signals';

const SHOWN_MS = 6_000;
const text = signal('');
let timer = 0;

export function toast(message: string): void {
  text.value = message;
  clearTimeout(timer);
  timer = window.setTimeout(() => (text.value = ''), SHOWN_MS);
}

export function Toast() {
  return (
    <div class={text.value ? 'toast shown' : 'toast'} role="status">
      {text.value}
    </div>
  );
}
