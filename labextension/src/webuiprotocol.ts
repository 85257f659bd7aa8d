/** The comm's messages about Spark's work, as docs/comm.md describes them. */

import { amount, fields, list, moment, text } from './decode';

export interface IJob {
  id: number;
  about: string;
  status: string;
  mine: boolean;
  submitted: number;
  completed: number;
  stages: number[];
  tasks: number;
  done: number;
  failed: number;
}

export interface IStage {
  id: number;
  attempt: number;
  about: string;
  status: string;
  submitted: number;
  completed: number;
  tasks: number;
  done: number;
  failed: number;
  runTime: number;
  input: number;
  output: number;
  shuffleRead: number;
  shuffleWrite: number;
  spilled: number;
}

export interface IExecutor {
  id: string;
  host: string;
  active: boolean;
  cores: number;
  running: number;
  done: number;
  failed: number;
  runTime: number;
  gcTime: number;
  memoryUsed: number;
  memory: number;
  input: number;
  shuffleRead: number;
  shuffleWrite: number;
}

export interface IQuery {
  id: number;
  about: string;
  status: string;
  submitted: number;
  took: number;
  jobs: number[];
  plan: string;
}

/** The newest of something; `left` older ones are not told. */
export interface INewest<T> {
  all: T[];
  left: number;
}

export function decodeAddress(value: unknown): string {
  return text(fields(value).address);
}

function newest<T>(value: unknown, name: string, decode: (one: unknown) => T): INewest<T> {
  const f = fields(value);
  return { all: list(f[name], decode), left: amount(f.left) };
}

export function decodeJobs(value: unknown): INewest<IJob> {
  return newest(value, 'jobs', one => {
    const j = fields(one);
    return {
      id: amount(j.id),
      about: text(j.about),
      status: text(j.status),
      mine: j.mine === true,
      submitted: moment(j.submitted),
      completed: moment(j.completed),
      stages: list(j.stages, amount),
      tasks: amount(j.tasks),
      done: amount(j.done),
      failed: amount(j.failed)
    };
  });
}

export function decodeStages(value: unknown): INewest<IStage> {
  return newest(value, 'stages', one => {
    const s = fields(one);
    return {
      id: amount(s.id),
      attempt: amount(s.attempt),
      about: text(s.about),
      status: text(s.status),
      submitted: moment(s.submitted),
      completed: moment(s.completed),
      tasks: amount(s.tasks),
      done: amount(s.done),
      failed: amount(s.failed),
      runTime: amount(s.run_time),
      input: amount(s.input),
      output: amount(s.output),
      shuffleRead: amount(s.shuffle_read),
      shuffleWrite: amount(s.shuffle_write),
      spilled: amount(s.spilled)
    };
  });
}

export function decodeExecutors(value: unknown): INewest<IExecutor> {
  return newest(value, 'executors', one => {
    const e = fields(one);
    return {
      id: text(e.id),
      host: text(e.host),
      active: e.active === true,
      cores: amount(e.cores),
      running: amount(e.running),
      done: amount(e.done),
      failed: amount(e.failed),
      runTime: amount(e.run_time),
      gcTime: amount(e.gc_time),
      memoryUsed: amount(e.memory_used),
      memory: amount(e.memory),
      input: amount(e.input),
      shuffleRead: amount(e.shuffle_read),
      shuffleWrite: amount(e.shuffle_write)
    };
  });
}

export function decodeQuery(value: unknown): IQuery {
  const q = fields(value);
  return {
    id: amount(q.id),
    about: text(q.about),
    status: text(q.status),
    submitted: moment(q.submitted),
    took: amount(q.took),
    jobs: list(q.jobs, amount),
    plan: text(q.plan)
  };
}

export function decodeQueries(value: unknown): INewest<IQuery> {
  return newest(value, 'queries', decodeQuery);
}
