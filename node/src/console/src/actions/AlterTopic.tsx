import { useSignal } from '@preact/signals';
import { act } from '../api';
import { shell } from '../format';
import { parsed, shown, type Setting } from '../settings';
import type { TopicPage } from '../types';
import { Dialog, Field } from '../ui/Dialog';

interface Props {
  page: TopicPage;
  setting: Setting;
  onClose: () => void;
}

export function AlterTopic({ page, setting, onClose }: Props) {
  const text = useSignal('');
  const { name } = page.topic;
  const reset = text.value.trim() === '';
  const value = reset ? undefined : parsed(setting, text.value);
  const change = reset ? `--reset ${setting.name}` : `--set ${setting.name}=${text.value.replaceAll(' ', '')}`;
  const run = async () => {
    const wish = reset ? { name, reset: [setting.name] } : { name, settings: { [setting.name]: value } };
    return (await act<{ message: string }>('alter-topic', wish)).message;
  };
  return (
    <Dialog
      title={`Change ${setting.name} of ${name}`}
      verb={reset ? 'Back to the default' : 'Change'}
      command={`flotilla topic alter ${shell(name)} ${change}`}
      ready={value !== null}
      run={run}
      onClose={onClose}
    >
      <p>
        Now <b>{shown(setting, page.settings[setting.name])}</b>. {setting.text}.
      </p>
      <Field label="New value" hint="Empty: as the cluster’s default has it. It holds from the next check of each leader on.">
        <input
          value={text.value}
          aria-invalid={value === null}
          placeholder={shown(setting, page.settings[setting.name])}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
      </Field>
    </Dialog>
  );
}
