// A dialog of an action: what will happen, the same as a command, and what came of it.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Problem } from '../api';
import { toast } from './Toast';

interface Props {
  title: string;
  /** What it is called on the command line. */
  command: string;
  verb: string;
  danger?: boolean;
  ready?: boolean;
  children: ComponentChildren;
  /** Does it, and says what is true then. */
  run: () => Promise<string>;
  onClose: () => void;
}

export function Dialog({ title, command, verb, danger, ready = true, children, run, onClose }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const busy = useSignal(false);
  const fault = useSignal('');
  useEffect(() => element.current?.showModal(), []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy.value || !ready) return;
    busy.value = true;
    fault.value = '';
    try {
      toast(await run());
      onClose();
    } catch (error) {
      fault.value = sentence(error);
      busy.value = false;
    }
  };
  return (
    <dialog ref={element} aria-labelledby="dialog-title" onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id="dialog-title">{title}</h2>
        {children}
        <Command text={command} />
        <p class="fault" role="alert">
          {fault.value}
        </p>
        <div class="buttons">
          <button type="button" onClick={() => element.current?.close()}>
            Cancel
          </button>
          <button type="submit" class={danger ? 'danger' : 'primary'} disabled={!ready || busy.value}>
            {busy.value ? 'Working…' : verb}
          </button>
        </div>
      </form>
    </dialog>
  );
}

export function sentence(error: unknown): string {
  if (!(error instanceof Problem)) return 'This node does not answer; it may or may not have happened.';
  return error.reason ? `${error.message} (flotilla explain ${error.reason})` : error.message;
}

/** The same on the command line, to be copied. */
export function Command({ text }: { text: string }) {
  const copied = useSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    copied.value = true;
  };
  return (
    <div class="command">
      <code>{text}</code>
      {/* Browsers let pages copy only from this machine or by TLS. */}
      {navigator.clipboard && (
        <button type="button" class="quiet" onClick={copy} aria-label="Copy the command">
          {copied.value ? 'Copied' : 'Copy'}
        </button>
      )}
    </div>
  );
}

interface FieldProps {
  label: string;
  hint?: string;
  children: ComponentChildren;
}

export function Field({ label, hint, children }: FieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      {children}
      {hint ? <small>{hint}</small> : null}
    </label>
  );
}

/** What cannot be undone wants its name typed. */
export function Confirm({ name, typed }: { name: string; typed: { value: string } }) {
  return (
    <Field label={`Type ${name} to confirm`}>
      <input
        value={typed.value}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => (typed.value = event.currentTarget.value)}
      />
    </Field>
  );
}
