import { amount, type Fields, fields, list, text } from '../decode';

/** How a cell's work stands; `gone`: the cell has begun anew. */
export type WorkState = 'running' | 'done' | 'failed' | 'cancelled' | 'gone';

/** How a job or a stage stands. */
export type PartState = 'waiting' | 'running' | 'done' | 'failed' | 'unknown';

export interface ITasks {
  tasks: number;
  done: number;
  running: number;
  failed: number;
}

/** Bytes by where they went. */
export interface IVolume {
  input: number;
  output: number;
  shuffleRead: number;
  shuffleWrite: number;
  spilled: number;
}

/** When something ran, in seconds; `began` is after the cell's start. */
export interface ISpan {
  began: number;
  seconds: number;
}

export interface IWorkOperation extends ISpan {
  id: string;
  running: boolean;
  tasks: number;
  done: number;
}

export interface IWorkJob extends ISpan, ITasks {
  id: number;
  operation: string;
  about: string;
  state: PartState;
  stages: number[];
}

export interface IWorkStage extends ISpan, ITasks, IVolume {
  id: number;
  state: PartState;
}

export interface ITotals extends ITasks, IVolume {
  jobs: number;
  stages: number;
}

/** How many tasks ran on how many cores at a moment. */
export interface IPoint {
  seconds: number;
  running: number;
  cores: number;
}

/** What Spark does, or did, for one cell. */
export interface IWork {
  /** The `msg_id` of the cell's execute request. */
  cell: string;
  /** The id of the notebook cell; empty where the front end that ran it sent none. */
  cellId: string;
  number: number;
  about: string;
  state: WorkState;
  began: string;
  seconds: number;
  totals: ITotals;
  operations: IWorkOperation[];
  jobs: IWorkJob[];
  stages: IWorkStage[];
  leftJobs: number;
  leftStages: number;
  load: IPoint[];
  notes: string[];
}

const workStates: readonly WorkState[] = ['running', 'done', 'failed', 'cancelled', 'gone'];
const partStates: readonly PartState[] = ['waiting', 'running', 'done', 'failed'];

const span = (f: Fields): ISpan => ({ began: amount(f.began), seconds: amount(f.seconds) });

const tasks = (f: Fields): ITasks => ({
  tasks: amount(f.tasks),
  done: amount(f.done),
  running: amount(f.running),
  failed: amount(f.failed)
});

const volume = (f: Fields): IVolume => ({
  input: amount(f.input),
  output: amount(f.output),
  shuffleRead: amount(f.shuffle_read),
  shuffleWrite: amount(f.shuffle_write),
  spilled: amount(f.spilled)
});

const part = (f: Fields): PartState => partStates.find(s => s === f.state) ?? 'unknown';

function operation(value: unknown): IWorkOperation {
  const f = fields(value);
  return {
    ...span(f),
    id: text(f.id),
    running: f.running === true,
    tasks: amount(f.tasks),
    done: amount(f.done)
  };
}

function job(value: unknown): IWorkJob {
  const f = fields(value);
  return {
    ...span(f),
    ...tasks(f),
    id: amount(f.id),
    operation: text(f.operation),
    about: text(f.about),
    state: part(f),
    stages: list(f.stages, amount)
  };
}

function stage(value: unknown): IWorkStage {
  const f = fields(value);
  return { ...span(f), ...tasks(f), ...volume(f), id: amount(f.id), state: part(f) };
}

function load(value: unknown): IPoint[] {
  const f = fields(value);
  const running = list(f.running, amount);
  const cores = list(f.cores, amount);
  return list(f.seconds, amount).map((seconds, at) => ({
    seconds,
    running: running[at] ?? 0,
    cores: cores[at] ?? 0
  }));
}

export function decodeWork(value: unknown): IWork {
  const f = fields(value);
  const totals = fields(f.totals);
  return {
    cell: text(f.cell),
    cellId: text(f.cell_id),
    number: amount(f.number),
    about: text(f.about),
    state: workStates.find(s => s === f.state) ?? 'gone',
    began: text(f.began),
    seconds: amount(f.seconds),
    totals: { ...tasks(totals), ...volume(totals), jobs: amount(totals.jobs), stages: amount(totals.stages) },
    operations: list(f.operations, operation),
    jobs: list(f.jobs, job),
    stages: list(f.stages, stage),
    leftJobs: amount(f.left_jobs),
    leftStages: amount(f.left_stages),
    load: load(f.load),
    notes: list(f.notes, text)
  };
}
