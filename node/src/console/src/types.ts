// What the node's API answers; see io.flotilla.console.page and io.flotilla.console.events.

export interface Place {
  node: number;
  version: string;
  actions: boolean;
  others: Other[];
  more: number;
}

/** Another node, and where its console is, or why there is no way to it. */
export interface Other {
  node: number;
  at: string;
  why: string;
}

export interface Answer<T> {
  here: Place;
  page: T;
}

export interface Paging<T> {
  rows: T[];
  page: number;
  pages: number;
  total: number;
}

export interface NodeRow {
  id: number;
  address: string;
  up: boolean;
  leaders: number;
  replicas: number;
  disk: 'normal' | 'warn' | 'full' | 'unknown';
  diskFree: number;
  diskTotal: number;
  version: string;
  rack: string;
  metadataLeader: boolean;
}

export interface TopicRow {
  name: string;
  partitions: number;
  replicas: number;
  events: number;
  perSecond: number;
  leaderless: number;
  incomplete: number;
  cleanup: string;
  retentionMs: number;
}

export interface GroupRow {
  name: string;
  state: string;
  members: number;
  lagEvents: number | null;
  lagMs: number | null;
  consumed: number | null;
  fallingBehind: boolean | null;
  lookedMs: number | null;
}

export interface Point {
  atMs: number;
  published: number;
  consumed: number;
  lagMs: number;
  unwell: number;
}

export interface Happening {
  atMs: number;
  text: string;
  link: string;
}

export interface Health {
  level: 'OK' | 'WARN' | 'BAD';
  sentence: string;
  more: string[];
}

export interface DoctorRow {
  check: string;
  result: 'ok' | 'unknown' | 'warn' | 'fail';
  what: string[];
  remedy: string;
  /** Word by word. */
  command: string[];
  runbook: string;
}

export interface DoctorPage {
  result: 'ok' | 'warn' | 'fail';
  atMs: number;
  checks: DoctorRow[];
}

export interface OverviewPage {
  health: Health;
  doctor: { fail: number; warn: number };
  atMs: number;
  cluster: string;
  topics: number;
  partitions: number;
  groups: number;
  nodes: NodeRow[];
  busiest: TopicRow[];
  worst: GroupRow[];
  history: Point[];
  happenings: Happening[];
}

export interface TopicsPage {
  list: Paging<TopicRow>;
  all: number;
}

export interface ReplicaRow {
  node: number;
  role: string;
  term: number;
  end: number;
  lag: number;
  applied: number;
}

export interface PartitionRow {
  partition: number;
  leader: number;
  term: number;
  start: number;
  end: number;
  perSecond: number;
  replicas: ReplicaRow[];
}

export type Settings = Record<string, string | number>;

export interface TopicPage {
  topic: TopicRow;
  id: string;
  createdMs: number;
  partitions: Paging<PartitionRow>;
  settings: Settings;
  own: Settings;
}

export interface GroupsPage {
  list: Paging<GroupRow>;
  all: number;
}

export interface GroupPartitionRow {
  topic: string;
  partition: number;
  member: string;
  client: string;
  committed: number | null;
  end: number | null;
  lagEvents: number | null;
  lagMs: number | null;
  consumed: number | null;
  oldestMs: number | null;
  problem: string | null;
}

export interface MemberRow {
  id: string;
  client: string;
  host: string;
  node: number;
  joinedMs: number;
  partitions: number;
  revoking: number;
  lagEvents: number;
}

export interface GroupPage {
  name: string;
  state: string;
  generation: string;
  assignor: string;
  coordinator: number;
  atMs: number;
  lagEvents: number;
  lagMs: number;
  consumed: number;
  published: number;
  fallingBehind: boolean;
  catchUpMs: number;
  topics: string[];
  partitions: Paging<GroupPartitionRow>;
  members: MemberRow[];
  memberCount: number;
  changes: { generation: string; atMs: number; what: string }[];
}

export interface ReplicaSum {
  node: number;
  leads: number;
  follows: number;
  other: number;
  lagEvents: number;
  termMax: number;
  elections: number | null;
  leaderships: number | null;
}

export interface NodesPage {
  nodes: NodeRow[];
  metadataLeader: number;
  metadataTerm: number;
  revision: number;
  replicas: ReplicaSum[];
  happenings: Happening[];
}

/** An event in a list: partition, offset, timestamp, append time, key, headers, bytes, value. */
export interface EventRow {
  p: number;
  o: string;
  t: number;
  a: number;
  k: string | null;
  h: number;
  s: number;
  v: string | null;
}

export interface Progress {
  scanned: number;
  total: number;
  found: number;
  reachedMs: number;
  ended: '' | 'done' | 'limit' | 'time';
  resume: string;
}

export interface Flow {
  rows: EventRow[];
  seen: number;
  skipped: number;
}

/** An event with everything; bytes are base64. */
export interface EventDetail {
  topic: string;
  partition: number;
  offset: string;
  timestampMs: number;
  appendMs: number;
  key: string | null;
  value: string | null;
  headers: { key: string; value: string }[];
  producer: { id: string; epoch: number } | null;
}

export interface Moved {
  partition: number;
  from: number | null;
  to: number;
}
