// What stands where a page is not there yet, or cannot be.
import type { ComponentChildren } from 'preact';
import type { Followed } from '../api';

interface Props<T> {
  of: Followed<T>;
  children: (page: T) => ComponentChildren;
}

export function Waiting<T>({ of, children }: Props<T>) {
  if (of.page) return <>{children(of.page)}</>;
  if (of.problem) {
    return (
      <div class="empty" role="alert">
        <h2>{of.problem.message}</h2>
      </div>
    );
  }
  return <div class="loading" aria-busy="true" />;
}
