import { useSignal } from '@preact/signals';
import { AlterTopic } from '../actions/AlterTopic';
import { here } from '../api';
import { when } from '../format';
import { SETTINGS, shown, type Setting } from '../settings';
import type { TopicPage } from '../types';
import { Table, type Column } from '../ui/Table';

export function TopicSettings({ page }: { page: TopicPage }) {
  const altering = useSignal<Setting | null>(null);
  const columns: Column<Setting>[] = [
    { head: 'Setting', cell: (setting) => <code>{setting.name}</code> },
    { head: 'Value', cell: (setting) => <b>{shown(setting, page.settings[setting.name])}</b> },
    { head: 'From', cell: (setting) => (setting.name in page.own ? 'this topic' : 'the cluster’s default') },
    { head: 'Meaning', cell: (setting) => <span class="muted">{setting.text}</span> },
  ];
  if (here.value?.actions) {
    columns.push({
      head: 'Change',
      cell: (setting) => (
        <button type="button" class="quiet" onClick={() => (altering.value = setting)} aria-label={`Change ${setting.name}`}>
          Change
        </button>
      ),
    });
  }
  return (
    <>
      <Table label="Settings" columns={columns} rows={SETTINGS} rowKey={(setting) => setting.name} empty="" />
      <p class="muted">
        Created {when(page.createdMs)}, id {page.id}.
      </p>
      {altering.value && <AlterTopic page={page} setting={altering.value} onClose={() => (altering.value = null)} />}
    </>
  );
}
