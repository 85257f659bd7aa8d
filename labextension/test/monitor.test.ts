import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import * as React from 'react';
import { describe, expect, it } from 'vitest';
import { Channel } from '../src/channel';
import type { Feed } from '../src/link';
import type { ILine } from '../src/links';
import { steps } from '../src/monitor/chart';
import { fraction, operationState, rowsOf, summary, taskWords, took } from '../src/monitor/facts';
import { decodeWork, type IWork } from '../src/monitor/messages';
import { MonitorModel, type Unfold } from '../src/monitor/model';
import { Run } from '../src/monitor/run';
import { decodeMessage } from '../src/protocol';
import { fixture, Wire } from './fixtures';

const trans = nullTranslator.load('gospark');

function work(): IWork {
  const message = decodeMessage(fixture('monitor_running'));
  if (message.kind !== 'work') {
    throw new Error('no work');
  }
  return message.work;
}

/** How many elements of the page something becomes; its components have no state. */
function elements(node: React.ReactNode): number {
  if (Array.isArray(node)) {
    return (node as React.ReactNode[]).map(elements).reduce((n, one) => n + one, 0);
  }
  if (!React.isValidElement<{ children?: React.ReactNode }>(node)) {
    return 0;
  }
  if (typeof node.type === 'function') {
    const draw = node.type as (props: unknown) => React.ReactNode;
    return elements(draw(node.props));
  }
  return 1 + elements(node.props.children);
}

/** A kernel whose other side is the test; open begins a new channel, as after a restart. */
class Line implements ILine {
  channel: Channel | null = null;
  isDisposed = false;
  readonly changed = new Signal<this, void>(this);
  readonly wanted = new Set<Feed>();
  wire = new Wire();

  want(feed: Feed, on: boolean): void {
    if (on) {
      this.wanted.add(feed);
    } else {
      this.wanted.delete(feed);
    }
  }

  open(): void {
    this.wire = new Wire();
    this.channel = new Channel(this.wire);
    this.changed.emit();
  }

  lose(): void {
    this.channel = null;
    this.changed.emit();
  }

  dispose(): void {
    this.isDisposed = true;
  }

  /** The kernel tells of a cell's work. */
  tell(more: object, name = 'monitor_running'): void {
    const message = fixture(name) as { monitor: object };
    this.wire.onMessage({ ...message, monitor: { ...message.monitor, ...more } });
  }
}

function open(unfold: Unfold = 'open'): { line: Line; model: MonitorModel } {
  const line = new Line();
  const model = new MonitorModel(line, unfold);
  line.open();
  return { line, model };
}

describe('the work of a cell', () => {
  it('is read as docs/comm.md has it', () => {
    const w = work();
    expect(w).toMatchObject({ cell: 'c1_2', cellId: 'CELL', number: 5, state: 'running', leftJobs: 33 });
    expect(w.totals).toMatchObject({ tasks: 10420, shuffleRead: 1048576, spilled: 524288000 });
    expect(w.load.at(-1)).toEqual({ seconds: 6.5, running: 4, cores: 4 });
    expect(w.stages.map(s => s.state)).toEqual(['done', 'running', 'waiting']);
    expect(decodeWork({ state: 'dancing', load: { seconds: [1] }, jobs: [7] })).toMatchObject({
      state: 'gone',
      load: [{ seconds: 1, running: 0, cores: 0 }],
      jobs: [{ id: 0, state: 'unknown' }]
    });
  });

  it('is said in one line', () => {
    expect(summary(work(), trans)).toBe(
      '35 jobs · 8\u202f210 of 10\u202f420 tasks · 1 failed · 4 running on 4 cores · 6.5 s'
    );
    expect(summary({ ...work(), state: 'done' }, trans)).toContain('1.2 GB read');
    expect(taskWords({ tasks: 1, done: 1, running: 0, failed: 0 }, trans)).toBe('1 task');
    expect(taskWords({ tasks: 10001, done: 10001, running: 0, failed: 0 }, trans)).toBe('10\u202f001 tasks');
    expect([0.44, 12.3, 185, 3725].map(took)).toEqual(['0.4 s', '12 s', '3 min 5 s', '1 h 2 min']);
    expect(fraction({ tasks: 0, done: 0 })).toBe(0);
  });

  it('has each stage once, below its job', () => {
    const w = work();
    expect(rowsOf(w).map(r => [r.job?.id, r.stages.map(s => s.id)])).toEqual([
      [7, [11]],
      [8, [12, 13]]
    ]);
    const [first] = w.jobs;
    const shared = { ...w, jobs: first ? [first, { ...first, id: 9 }] : [] };
    expect(rowsOf(shared).map(r => [r.job?.id, r.stages.map(s => s.id)])).toEqual([
      [undefined, [12, 13]],
      [7, [11]],
      [9, []]
    ]);
  });

  it('shows which operation failed', () => {
    const w = work();
    const [one] = w.operations;
    if (!one) {
      throw new Error('no operation');
    }
    const done = { ...one, id: 'first', running: false };
    const last = { ...one, id: 'last', running: false };
    const jobs = w.jobs.map(j => ({ ...j, operation: 'first', state: 'done' as const }));
    const states = (more: Partial<IWork>): string[] => {
      const all: IWork = { ...w, jobs, operations: [done, last], ...more };
      return all.operations.map(o => operationState(all, o));
    };
    expect(states({ state: 'done' })).toEqual(['done', 'done']);
    expect(states({ state: 'cancelled' })).toEqual(['done', 'failed']);
    expect(states({ jobs: jobs.map(j => ({ ...j, state: 'failed' as const })) })).toEqual(['failed', 'done']);
    expect(states({ operations: [done, { ...last, running: true }], state: 'running' })).toEqual([
      'done',
      'running'
    ]);
  });

  it('is a chart of steps', () => {
    const load = [
      { seconds: 1, running: 0, cores: 4 },
      { seconds: 2, running: 4, cores: 4 }
    ];
    expect(steps(load, 2, 4, p => p.running)).toBe('M0,100.0H500.0V0.0H1000.0');
  });

  it('is drawn with as few elements for a million tasks as for ten', () => {
    const draw = (w: IWork): number =>
      elements(
        Run({
          work: w,
          trans,
          isOpen: true,
          onToggle: () => undefined,
          onCancel: () => undefined,
          refusal: '',
          onCancelOperation: () => undefined,
          onCancelJob: () => undefined
        })
      );
    const few = work();
    const many = {
      ...few,
      totals: { ...few.totals, tasks: 1e6 },
      stages: few.stages.map(s => ({ ...s, tasks: 1e6 }))
    };
    expect(draw(few)).toBeGreaterThan(40);
    expect(draw(many)).toBe(draw(few));
  });
});

describe('the monitor of a kernel', () => {
  it('asks to be told, and ties work to notebook cells', () => {
    const { line, model } = open();
    expect([...line.wanted]).toEqual(['monitor']);
    const changed: string[] = [];
    model.changed.connect((_, cell) => void changed.push(cell));
    line.tell({ cell: 'a', cell_id: 'A' });
    line.tell({ cell: 'b', cell_id: 'B', began: '2026-11-26T07:13:00Z' });
    line.tell({ cell: 'c', cell_id: 'C', began: '2026-11-26T07:14:00Z', state: 'done' });
    expect(changed).toEqual(['A', 'B', 'C']);
    expect(['A', 'B', 'C', 'D'].map(id => model.ofCell(id)?.cell)).toEqual(['a', 'b', 'c', undefined]);
    expect(model.works.map(w => w.cell)).toEqual(['c', 'b', 'a']);
    expect(model.running.map(w => w.cell)).toEqual(['b', 'a']);
  });

  it('forgets what a cell did before', () => {
    const { line, model } = open();
    line.tell({ cell: 'c1_1', state: 'done' });
    expect(model.ofCell('CELL')?.cell).toBe('c1_1');
    line.tell({}, 'monitor_gone');
    expect(model.ofCell('CELL')).toBeNull();
    line.tell({ cell: 'c1_2', began: '2026-11-26T07:15:00Z' });
    expect(model.ofCell('CELL')?.cell).toBe('c1_2');
  });

  it('folds when the cell ends, unless a person chose', () => {
    const { line, model } = open();
    const isOpen = (): boolean => model.isOpen(model.works[0] ?? work());
    line.tell({ seconds: 1 });
    expect(isOpen()).toBe(false);
    line.tell({ seconds: 3 });
    expect(isOpen()).toBe(true);
    line.tell({ seconds: 4, state: 'done' });
    expect(isOpen()).toBe(false);
    model.toggle(model.works[0] ?? work());
    line.tell({ seconds: 4, state: 'done' });
    expect(isOpen()).toBe(true);
    const quiet = open('line');
    quiet.line.tell({ seconds: 60 });
    expect(quiet.model.isOpen(work())).toBe(false);
  });

  it('is told all again after a reload, and knows nothing of a kernel before', () => {
    const { line, model } = open();
    line.tell({ cell: 'a', cell_id: 'A' });
    line.lose();
    expect(model.works).toEqual([]);
    line.open();
    line.tell({ cell: 'b', cell_id: 'A', state: 'done' });
    expect(model.works.map(w => w.cell)).toEqual(['b']);
  });

  it('lets cleared outputs take what has ended with them', () => {
    const { line, model } = open();
    line.tell({});
    model.clear('CELL');
    expect(model.ofCell('CELL')).not.toBeNull();
    line.tell({ state: 'failed' });
    model.clear('CELL');
    expect(model.ofCell('CELL')).toBeNull();
    expect(model.works).toHaveLength(1);
  });

  it('stays small in a notebook of many cells', () => {
    const { line, model } = open();
    for (let i = 0; i < 200; i++) {
      line.tell({ cell: `c${i}`, cell_id: `C${i}`, state: 'done', began: new Date(i * 1000).toISOString() });
    }
    expect(model.works).toHaveLength(60);
    expect(model.ofCell('C199')).not.toBeNull();
    expect(model.ofCell('C0')).toBeNull();
  });

  it('cancels a cell, an operation or a job, and says what was refused', async () => {
    const { line, model } = open();
    line.tell({});
    const done = model.cancel(work());
    expect({ ...line.wire.last, id: '7' }).toEqual(fixture('request_cancel_cell'));
    line.wire.onMessage({ ...(fixture('answer_cancel') as object), id: line.wire.last.id });
    await done;
    expect(model.refusal(work())).toBe('');
    void model.cancelJob(work(), 12);
    expect({ ...line.wire.last, id: '7' }).toEqual(fixture('request_cancel_job'));
    const refused = model.cancelOperation(work(), 'OPERATION');
    expect(line.wire.last).toMatchObject({ request: 'cancel', params: { operation: 'OPERATION' } });
    line.wire.onMessage({ ...(fixture('answer_error') as object), id: line.wire.last.id });
    await refused;
    expect(model.refusal(work())).not.toBe('');
    expect(model.refusal({ ...work(), cell: 'another' })).toBe('');
    line.lose();
    await model.cancel(work());
    expect(model.refusal(work())).toContain('closed');
    model.dispose();
    expect(line.isDisposed).toBe(true);
  });
});
