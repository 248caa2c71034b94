// What is looked for in a topic; all of it stands in the address.
import { parseTime } from '../format';
import { query, type Values } from '../router';

export type From = 'newest' | 'earliest' | 'time' | 'offset';

export interface EventQuery {
  from: From;
  /** A time or an offset, as typed. */
  at: string;
  partition: string;
  key: string;
  where: string;
  limit: string;
}

const FROMS: From[] = ['newest', 'earliest', 'time', 'offset'];

export function fromAddress(): EventQuery {
  const text = (name: string) => query.value.get(name) ?? '';
  const from = text('from') as From;
  return {
    from: FROMS.includes(from) ? from : 'newest',
    at: text('at'),
    partition: text('partition'),
    key: text('key'),
    where: text('where'),
    limit: text('limit') || '100',
  };
}

export function toAddress(of: EventQuery): Values {
  return {
    from: of.from === 'newest' ? '' : of.from,
    at: of.from === 'time' || of.from === 'offset' ? of.at : '',
    partition: of.partition,
    key: of.key,
    where: of.where,
    limit: of.limit === '100' ? '' : of.limit,
  };
}

/** Why it cannot be asked; empty = it can. */
export function fault(of: EventQuery, partitions: number): string {
  if (of.from === 'time' && parseTime(of.at) === null) return 'Time: -15m, 10:00, 2026-11-20T10:00:00Z, or since 1970.';
  if (of.from === 'offset' && !/^\d+$/.test(of.at.trim())) return 'An offset is a number.';
  if (of.partition !== '' && !(/^\d+$/.test(of.partition) && Number(of.partition) < partitions)) {
    return `Partitions are 0 to ${partitions - 1}.`;
  }
  return '';
}

/** As the API takes it. */
export function toApi(topic: string, of: EventQuery, resume: string): Values {
  return {
    topic,
    from: of.from,
    at: of.from === 'time' ? (parseTime(of.at) ?? '') : of.from === 'offset' ? of.at.trim() : '',
    // Who publishes with a key leaves the partition to it, as a rule.
    partition: of.partition !== '' ? of.partition : of.key !== '' ? 'key' : '',
    key: of.key,
    where: of.where,
    limit: of.limit,
    resume,
  };
}
