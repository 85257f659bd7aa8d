import type { TranslationBundle } from '@jupyterlab/translation';
import { bytes } from '../format';
import type { ITasks, IVolume, IWork, IWorkJob, IWorkStage, PartState } from './messages';

/** A number of tasks for people. */
export function count(n: number): string {
  return n.toLocaleString('en').replace(/,/g, '\u202f');
}

/** A time of work: 0.4 s, 12 s, 3 min 5 s. */
export function took(seconds: number): string {
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  const s = Math.round(seconds);
  if (s < 60) {
    return `${s} s`;
  }
  return s < 3600
    ? `${Math.floor(s / 60)} min ${s % 60} s`
    : `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** How much of something is done, 0 to 1. */
export function fraction(t: { tasks: number; done: number }): number {
  return t.tasks > 0 ? Math.min(1, t.done / t.tasks) : 0;
}

/** 12 of 200 tasks, and what else there is to say of them; in _n, %1 is the bare number. */
export function taskWords(t: ITasks, trans: TranslationBundle): string {
  const all =
    t.done === t.tasks
      ? trans._n('%2 task', '%2 tasks', t.tasks, count(t.tasks))
      : trans.__('%1 of %2 tasks', count(t.done), count(t.tasks));
  return t.failed ? `${all} · ${trans.__('%1 failed', count(t.failed))}` : all;
}

/** What was read, shuffled, written and spilled. */
export function volumeWords(v: IVolume, trans: TranslationBundle): string[] {
  const words: string[] = [];
  const add = (n: number, word: (size: string) => string): void => {
    if (n > 0) {
      words.push(word(bytes(n)));
    }
  };
  add(v.input, n => trans.__('%1 read', n));
  add(v.shuffleRead, n => trans.__('%1 shuffled in', n));
  add(v.shuffleWrite, n => trans.__('%1 shuffled out', n));
  add(v.output, n => trans.__('%1 written', n));
  add(v.spilled, n => trans.__('%1 spilled', n));
  return words;
}

/** The work in one line. */
export function summary(work: IWork, trans: TranslationBundle): string {
  const t = work.totals;
  const words: string[] = [];
  if (t.jobs > 0) {
    words.push(trans._n('%2 job', '%2 jobs', t.jobs, count(t.jobs)));
  } else if (work.operations.length > 0) {
    words.push(trans._n('%1 operation', '%1 operations', work.operations.length));
  }
  if (t.tasks > 0) {
    words.push(taskWords(t, trans));
  }
  if (work.state === 'running' && t.running > 0) {
    const cores = work.load.at(-1)?.cores ?? 0;
    words.push(
      cores > 0
        ? trans.__('%1 running on %2 cores', count(t.running), count(cores))
        : trans.__('%1 running', count(t.running))
    );
  }
  words.push(took(work.seconds));
  if (work.state !== 'running') {
    words.push(...volumeWords({ ...t, shuffleWrite: 0 }, trans));
  }
  return words.join(' · ');
}

/** A job and its stages, in the order in which they began. */
export interface IJobRows {
  job: IWorkJob | null;
  stages: IWorkStage[];
}

/** Stages stand below their job, and below the first that names them. */
export function rowsOf(work: IWork): IJobRows[] {
  const left = new Map(work.stages.map(s => [s.id, s]));
  const rows: IJobRows[] = work.jobs.map(job => {
    const stages = job.stages.flatMap(id => left.get(id) ?? []);
    job.stages.forEach(id => left.delete(id));
    return { job, stages };
  });
  if (left.size > 0) {
    rows.unshift({ job: null, stages: [...left.values()] });
  }
  return rows;
}

/** How an operation ended, or that it runs: it fails with a job of its own, and the last one with its cell. */
export function operationState(work: IWork, operation: IWork['operations'][number]): PartState {
  const failed = work.jobs.some(j => j.operation === operation.id && j.state === 'failed');
  const ended = work.state === 'failed' || work.state === 'cancelled';
  if (operation.running) {
    return 'running';
  }
  return failed || (ended && operation === work.operations.at(-1)) ? 'failed' : 'done';
}
