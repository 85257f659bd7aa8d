import type { Kernel } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';
import { Channel } from '../src/channel';
import { clock } from '../src/format';
import type { ILine, Links } from '../src/links';
import { type IControl, SparkModel } from '../src/model';
import { decodeReport } from '../src/protocol';
import { serverFacts, serverWord } from '../src/servers';
import { answer, fixture, Wire } from './fixtures';

const trans = nullTranslator.load('');
const now = Date.parse('2026-11-26T07:30:00Z');
const { servers } = decodeReport((fixture('answer_report') as { result: unknown }).result);

describe('a server of a profile', () => {
  it('tells its state and what is known of it', () => {
    const since = (text: string): string => `since ${clock(Date.parse(text), now)}`;
    expect(servers.map(s => [serverWord(s.state, trans), ...serverFacts(s, now, trans)])).toEqual([
      ['starting', 'yarn', since('2026-11-26T07:10:00Z')],
      [
        'running',
        'local[*]',
        'Spark 4.3.0',
        'port 40123',
        '2 sessions',
        '1.0 GB',
        since('2026-11-26T07:00:00Z')
      ],
      ['elsewhere', 'sc://far:15002'],
      ['failed', since('2026-11-26T07:11:00Z')],
      ['stopped', 'local[1]']
    ]);
  });

  it('tells the day where it is not today', () => {
    expect(clock(now - 86_400_000, now)).not.toBe(clock(now, now));
  });
});

/** A line to a kernel whose other side is the test. */
class FakeLine implements ILine {
  readonly wire = new Wire();
  readonly channel = new Channel(this.wire);
  readonly changed = new Signal<this, void>(this);
  isDisposed = false;
  watched = false;

  want(_: 'watch' | 'monitor', on: boolean): void {
    this.watched = on;
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

class FakeControl implements IControl {
  readonly isDisposed = false;
  running = false;

  resume(): Promise<Kernel.IKernelConnection | null> {
    return Promise.resolve(null);
  }

  start(): Promise<Kernel.IKernelConnection> {
    this.running = true;
    return Promise.resolve({} as Kernel.IKernelConnection);
  }

  stop(): Promise<void> {
    this.running = false;
    return Promise.resolve();
  }

  dispose(): void {
    this.running = false;
  }
}

describe('the servers of all profiles', () => {
  const lines: FakeLine[] = [];
  const links = { of: () => lines[lines.push(new FakeLine()) - 1] } as unknown as Links;
  const control = new FakeControl();
  const model = new SparkModel(control, links);
  const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

  it('are told by a kernel that is there as long as somebody looks', async () => {
    model.watch(true);
    expect(control.running).toBe(false);
    model.keep(true);
    await settled();
    expect([control.running, lines.length, lines[0]?.watched]).toEqual([true, 1, true]);
    model.watch(false);
    expect([control.running, lines[0]?.watched]).toEqual([true, false]);
    model.watch(true);
  });

  it('are started and stopped while other things go on', async () => {
    const wire = lines[0]?.wire ?? new Wire();
    const started = model.startServer('small');
    await settled();
    expect({ ...wire.last, id: '7' }).toEqual(fixture('request_start_server'));
    expect(model.busy).toBe(false);
    const stopped = model.stop(true, 'small');
    await settled();
    expect({ ...wire.last, id: '7' }).toEqual(fixture('request_stop_server'));
    for (const { id } of wire.sent) {
      wire.onMessage(answer('answer_none', id));
    }
    expect([await started, await stopped, control.running]).toEqual([true, true, true]);
  });

  it('are told by the kernel of a notebook where there is one', async () => {
    model.follow({} as Kernel.IKernelConnection, 'a.ipynb');
    await settled();
    expect([control.running, lines.length, lines[1]?.watched]).toEqual([false, 2, true]);
    model.follow(null, ''); // it was closed
    await settled();
    expect([control.running, lines.length]).toEqual([true, 3]);
    model.keep(false);
    await settled();
    expect(control.running).toBe(false);
  });
});
