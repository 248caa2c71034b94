// Bytes as text, as JSON, in hex.

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** As UTF-8; null = it is none. */
export function asText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Indented, with every number and string as it was written; null = it is no JSON. */
export function asJson(text: string | null): string | null {
  if (text === null || !/^\s*[[{]/.test(text)) return null;
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  return indent(text);
}

/** Strings, signs, and whatever else is between blanks. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g;

function indent(json: string): string {
  const out: string[] = [];
  let depth = 0;
  let before = '';
  const line = () => out.push('\n', '  '.repeat(depth));
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '}' || token === ']') {
      depth--;
      if (before !== '{' && before !== '[') line();
    } else if (before === '{' || before === '[' || before === ',') {
      line();
    }
    out.push(token === ':' ? ': ' : token);
    if (token === '{' || token === '[') depth++;
    before = token;
  }
  return out.join('');
}

const A_LINE = 16;

/** Offset, sixteen bytes, and what of them can be read. */
export function asHex(bytes: Uint8Array, max: number): string {
  const lines: string[] = [];
  const end = Math.min(bytes.length, max);
  for (let at = 0; at < end; at += A_LINE) {
    const line = bytes.subarray(at, Math.min(at + A_LINE, end));
    const hex = Array.from(line, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const chars = Array.from(line, (byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(A_LINE * 3)} ${chars}`);
  }
  return lines.join('\n');
}
