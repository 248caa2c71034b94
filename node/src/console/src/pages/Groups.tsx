import { usePage } from '../api';
import { duration, number, rate, short } from '../format';
import { href, query, setQuery } from '../router';
import type { GroupRow, GroupsPage } from '../types';
import { Command } from '../ui/Dialog';
import { Pager } from '../ui/Pager';
import { Search } from '../ui/Search';
import { groupTone, Status } from '../ui/Status';
import { Table, type Column } from '../ui/Table';
import { Waiting } from '../ui/Waiting';

const COLUMNS: Column<GroupRow>[] = [
  { head: 'Group', sort: 'name', cell: (group) => <a href={href(['groups', group.name])}>{group.name}</a> },
  { head: 'State', cell: (group) => <Status tone={groupTone(group.state, group.fallingBehind)}>{group.state}</Status> },
  { head: 'Members', right: true, sort: 'members', cell: (group) => number(group.members) },
  { head: 'Behind', right: true, sort: 'lag', cell: (group) => (group.lagMs === null ? '…' : duration(group.lagMs)) },
  { head: 'Events behind', right: true, cell: (group) => (group.lagEvents === null ? '…' : short(group.lagEvents)) },
  { head: 'Processes', right: true, cell: (group) => (group.consumed === null ? '…' : rate(group.consumed)) },
];

function Empty({ all, search }: { all: number; search: string }) {
  if (all > 0) return <>{`None of ${number(all)} groups has "${search}" in its name.`}</>;
  return (
    <>
      <p>No consumer groups yet. A group is made by its first member:</p>
      <Command text="flotilla subscribe orders --group billing --from earliest" />
    </>
  );
}

export function Groups() {
  const values = query.value;
  const sort = values.get('sort') ?? 'lag';
  const search = values.get('search') ?? '';
  const state = usePage<GroupsPage>('groups', { sort, search, page: values.get('page') ?? '' });
  return (
    <>
      <div class="bar">
        <h1>Consumer groups</h1>
        <Search label="Search groups" value={search} />
      </div>
      <Waiting of={state.value}>
        {(page) => (
          <>
            <Table
              label="Consumer groups"
              columns={COLUMNS}
              rows={page.list.rows}
              rowKey={(group) => group.name}
              sorted={sort}
              onSort={(by) => setQuery({ sort: by, page: undefined })}
              empty={<Empty all={page.all} search={search} />}
            />
            <Pager of={page.list} noun="groups" />
          </>
        )}
      </Waiting>
    </>
  );
}
