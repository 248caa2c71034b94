import { bytes } from '../format';
import type { NodeRow } from '../types';
import { Status, type Tone } from './Status';

const TONES: Record<NodeRow['disk'], Tone> = { normal: 'ok', warn: 'warn', full: 'bad', unknown: 'calm' };
const WORDS: Record<NodeRow['disk'], string> = { normal: '', warn: 'little ', full: 'FULL, ', unknown: '' };

export function Disk({ node }: { node: NodeRow }) {
  if (node.disk === 'unknown') return <span class="muted">not known</span>;
  const free = `${WORDS[node.disk]}${bytes(node.diskFree)} free`;
  return node.disk === 'normal' ? <span>{free}</span> : <Status tone={TONES[node.disk]}>{free}</Status>;
}
