// A real table; on a phone its rows become cards by style alone, each cell with its heading.
import type { ComponentChildren } from 'preact';

export interface Column<T> {
  head: string;
  /** Numbers stand to the right. */
  right?: boolean;
  cell: (row: T) => ComponentChildren;
  /** By this name the server sorts. */
  sort?: string;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string | number;
  empty: ComponentChildren;
  sorted?: string;
  onSort?: (by: string) => void;
}

export function Table<T>({ label, columns, rows, rowKey, empty, sorted, onSort }: Props<T>) {
  if (rows.length === 0) return <div class="empty">{empty}</div>;
  return (
    <table aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <Head column={column} sorted={sorted} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) => (
              <td class={column.right ? 'right' : undefined} data-head={column.head}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface HeadProps<T> {
  column: Column<T>;
  sorted: string | undefined;
  onSort: ((by: string) => void) | undefined;
}

function Head<T>({ column, sorted, onSort }: HeadProps<T>) {
  const { head, right, sort } = column;
  if (!sort || !onSort) {
    return (
      <th scope="col" class={right ? 'right' : undefined}>
        {head}
      </th>
    );
  }
  const active = sorted === sort;
  return (
    <th
      scope="col"
      class={right ? 'right' : undefined}
      aria-sort={active ? (right ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" class="sort" onClick={() => onSort(sort)}>
        {head}
        <span aria-hidden="true">{active ? (right ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}
