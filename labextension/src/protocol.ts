/**
 * The messages of the comm `gospark`, as docs/comm.md describes them. What
 * comes from the kernel is `unknown` until a decoder here has looked at it.
 */

import { amount, fields, list, text } from './decode';
import { decodeWork, type IWork } from './monitor/messages';

export const TARGET = 'gospark';
export const VERSION = 1;

export type State = 'detached' | 'connecting' | 'ready' | 'failed' | 'lost';

export interface IClient {
  name: string;
  pid: number;
  session: string;
  mine: boolean;
}

export interface IFailure {
  name: string;
  message: string;
  advice: string[];
  details: string;
  inUse: IClient[];
}

export interface IPhase {
  text: string;
  seconds: number;
}

export interface IServer {
  address: string;
  remote: boolean;
  master: string;
  profile: string;
  version: string;
  ui: string;
  differs: string[];
}

export interface IStatus {
  state: State;
  running: number;
  /** How many cells have ended since the kernel began. */
  ended: number;
  profile: string;
  custom: boolean;
  /** The address of the server elsewhere that is wanted; empty for one of this machine. */
  remote: string;
  phases: IPhase[];
  seconds: number;
  session: string;
  failure: IFailure | null;
  server: IServer | null;
}

export type ServerState = 'stopped' | 'starting' | 'ready' | 'failed' | 'elsewhere';

/** The server of a profile, whether it runs or not. */
export interface IProfileServer {
  profile: string;
  state: ServerState;
  /** Why it failed. */
  why: string;
  /** When it failed. */
  ended: string;
  mine: boolean;
  address: string;
  master: string;
  spark: string;
  java: string;
  started: string;
  memory: number;
  idle: number;
  clients: IClient[];
}

export interface IOperation {
  id: string;
  session: string;
  notebook: string;
  mine: boolean;
  cell: string;
  about: string;
  started: string;
  tasks: number;
  done: number;
}

export interface IReport {
  servers: IProfileServer[];
  operations: IOperation[];
  problem: string;
}

export interface IProfileEntry {
  name: string;
  title: string;
  about: string;
  engine: string;
  master: string;
  broken: string;
}

export interface IProfiles {
  default: string;
  locked: string;
  profiles: IProfileEntry[];
  problems: string[];
}

export interface ISetting {
  name: string;
  value: string;
  origin: string;
  layer: string;
  bundle: string;
  locked: boolean;
  hidden: boolean;
  over: string[];
}

/** Settings under one name that may be switched on in a profile. */
export interface IBundle {
  name: string;
  title: string;
  about: string;
  /** The profile's files switch it on. */
  on: boolean;
  broken: string;
  settings: ISetting[];
}

export interface IProfile {
  name: string;
  settings: ISetting[];
  bundles: IBundle[];
  /** The file that keeps the bundles as they are. */
  bundlesLocked: string;
}

export interface IOption {
  key: string;
  category: string;
  default: string;
  about: string;
}

export interface ILogPlace {
  file: string;
  offset: number;
}

export interface ILogPart {
  text: string;
  next: ILogPlace;
  gap: boolean;
  left: number;
}

/** A setting of the running session. */
export interface ISessionSetting {
  key: string;
  value: string;
  /** Only a start of the server changes it. */
  fixed: boolean;
  hidden: boolean;
}

export interface ISessionConf {
  settings: ISessionSetting[];
  /** Documented keys that have their default and can be set. */
  unset: string[];
}

export interface IKeyValue {
  key: string;
  value: string;
}

/** What the kernel says; `none` is a message that this version does not know. */
export type Message =
  | { kind: 'result'; id: string; result: unknown }
  | { kind: 'error'; id: string; error: IFailure }
  | { kind: 'status'; status: IStatus }
  | { kind: 'report'; report: IReport }
  | { kind: 'catalog' }
  | { kind: 'work'; work: IWork }
  | { kind: 'none' };

const states: readonly State[] = ['detached', 'connecting', 'ready', 'failed', 'lost'];
const serverStates: readonly ServerState[] = ['stopped', 'starting', 'ready', 'failed', 'elsewhere'];

function client(value: unknown): IClient {
  const f = fields(value);
  return {
    name: text(f.name),
    pid: amount(f.pid),
    session: text(f.session),
    mine: f.mine === true
  };
}

export function decodeFailure(value: unknown): IFailure {
  const f = fields(value);
  return {
    name: text(f.name),
    message: text(f.message),
    advice: list(f.advice, text),
    details: text(f.details),
    inUse: list(f.in_use, client)
  };
}

function server(value: unknown): IServer {
  const f = fields(value);
  return {
    address: text(f.address),
    remote: f.remote === true,
    master: text(f.master),
    profile: text(f.profile),
    version: text(f.version),
    ui: text(f.ui),
    differs: list(f.differs, text)
  };
}

export function decodeStatus(value: unknown): IStatus {
  const f = fields(value);
  return {
    state: states.find(s => s === f.state) ?? 'detached',
    running: amount(f.running),
    ended: amount(f.ended),
    profile: text(f.profile),
    custom: f.custom === true,
    remote: text(f.remote),
    phases: list(f.phases, one => {
      const p = fields(one);
      return { text: text(p.text), seconds: amount(p.seconds) };
    }),
    seconds: amount(f.seconds),
    session: text(f.session),
    failure: f.failure ? decodeFailure(f.failure) : null,
    server: f.server ? server(f.server) : null
  };
}

function profileServer(value: unknown): IProfileServer {
  const f = fields(value);
  return {
    profile: text(f.profile),
    state: serverStates.find(s => s === f.state) ?? 'stopped',
    why: text(f.why),
    ended: text(f.ended),
    mine: f.mine === true,
    address: text(f.address),
    master: text(f.master),
    spark: text(f.spark),
    java: text(f.java),
    started: text(f.started),
    memory: amount(f.memory),
    idle: amount(f.idle),
    clients: list(f.clients, client)
  };
}

function operation(value: unknown): IOperation {
  const f = fields(value);
  return {
    id: text(f.id),
    session: text(f.session),
    notebook: text(f.notebook),
    mine: f.mine === true,
    cell: text(f.cell),
    about: text(f.about),
    started: text(f.started),
    tasks: amount(f.tasks),
    done: amount(f.done)
  };
}

export function decodeReport(value: unknown): IReport {
  const f = fields(value);
  return {
    servers: list(f.servers, profileServer),
    operations: list(f.operations, operation),
    problem: text(f.problem)
  };
}

export function decodeProfiles(value: unknown): IProfiles {
  const f = fields(value);
  return {
    default: text(f.default),
    locked: text(f.locked),
    profiles: list(f.profiles, one => {
      const p = fields(one);
      return {
        name: text(p.name),
        title: text(p.title),
        about: text(p.about),
        engine: text(p.engine),
        master: text(p.master),
        broken: text(p.broken)
      };
    }),
    problems: list(f.problems, text)
  };
}

function setting(value: unknown): ISetting {
  const s = fields(value);
  return {
    name: text(s.name),
    value: text(s.value),
    origin: text(s.origin),
    layer: text(s.layer),
    bundle: text(s.bundle),
    locked: s.locked === true,
    hidden: s.hidden === true,
    over: list(s.over, text)
  };
}

export function decodeProfile(value: unknown): IProfile {
  const f = fields(value);
  return {
    name: text(f.name),
    settings: list(f.settings, setting),
    bundles: list(f.bundles, one => {
      const b = fields(one);
      return {
        name: text(b.name),
        title: text(b.title),
        about: text(b.about),
        on: b.on === true,
        broken: text(b.broken),
        settings: list(b.settings, setting)
      };
    }),
    bundlesLocked: text(f.bundles_locked)
  };
}

export function decodeOptions(value: unknown): IOption[] {
  return list(fields(value).options, one => {
    const o = fields(one);
    return {
      key: text(o.key),
      category: text(o.category),
      default: text(o.default),
      about: text(o.about)
    };
  });
}

export function decodeLogPart(value: unknown): ILogPart {
  const f = fields(value);
  const next = fields(f.next);
  return {
    text: text(f.text),
    next: { file: text(next.file), offset: amount(next.offset) },
    gap: f.gap === true,
    left: amount(f.left)
  };
}

export function decodeStopped(value: unknown): string[] {
  return list(fields(value).stopped, text);
}

export function decodeConf(value: unknown): ISessionConf {
  const f = fields(value);
  return {
    settings: list(f.settings, one => {
      const s = fields(one);
      return {
        key: text(s.key),
        value: text(s.value),
        fixed: s.fixed === true,
        hidden: s.hidden === true
      };
    }),
    unset: list(f.unset, text)
  };
}

export function decodeUnknown(value: unknown): string[] {
  return list(fields(value).unknown, text);
}

export function decodeNothing(): void {
  return undefined;
}

export function decodeMessage(value: unknown): Message {
  const f = fields(value);
  if (f.version !== VERSION) {
    return { kind: 'none' };
  }
  if (f.event === 'status') {
    return { kind: 'status', status: decodeStatus(f.status) };
  }
  if (f.event === 'report') {
    return { kind: 'report', report: decodeReport(f.report) };
  }
  if (f.event === 'catalog') {
    return { kind: 'catalog' };
  }
  if (f.event === 'monitor') {
    return { kind: 'work', work: decodeWork(f.monitor) };
  }
  if (typeof f.id !== 'string') {
    return { kind: 'none' };
  }
  if (f.error !== undefined) {
    return { kind: 'error', id: f.id, error: decodeFailure(f.error) };
  }
  return { kind: 'result', id: f.id, result: f.result };
}
