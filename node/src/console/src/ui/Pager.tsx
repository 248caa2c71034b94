import { number } from '../format';
import { setQuery } from '../router';
import type { Paging } from '../types';

export function Pager({ of, noun }: { of: Paging<unknown>; noun: string }) {
  if (of.pages < 2) return null;
  return (
    <nav class="pager" aria-label={`Pages of ${noun}`}>
      <button type="button" disabled={of.page === 0} onClick={() => setQuery({ page: of.page - 1 || undefined })}>
        ← Previous
      </button>
      <span>
        Page {number(of.page + 1)} of {number(of.pages)}, {number(of.total)} {noun}
      </span>
      <button type="button" disabled={of.page + 1 >= of.pages} onClick={() => setQuery({ page: of.page + 1 })}>
        Next →
      </button>
    </nav>
  );
}
