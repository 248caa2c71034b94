import { setQuery } from '../router';

const WAIT_MS = 200;
let timer = 0;

export function Search({ label, value }: { label: string; value: string }) {
  const change = (text: string) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => setQuery({ search: text, page: undefined }), WAIT_MS);
  };
  return (
    <input
      type="search"
      class="search"
      placeholder={label}
      aria-label={label}
      defaultValue={value}
      onInput={(event) => change(event.currentTarget.value.trim())}
    />
  );
}
