import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';
import { Channel } from '../src/channel';
import { Level, levelOf, LogModel } from '../src/logmodel';
import { answer, Wire } from './fixtures';

class Source {
  readonly changed = new Signal<this, void>(this);
  wire = new Wire();
  current: Channel | null = new Channel(this.wire);
}

function part(
  text: string,
  left = 0
): { text: string; next: { file: string; offset: number }; gap: boolean; left: number } {
  return { text, next: { file: 'f', offset: text.length }, gap: false, left };
}

const log = `26/11/26 07:12:00 INFO A: begins
26/11/26 07:12:01 ERROR B: fails
java.lang.RuntimeException: why
\tat x.y(Z.java)
26/11/26 07:12:02 WARN C: slow
26/11/26 07:12:03 ERROR D: fails, too
`;

describe('the log', () => {
  it('knows how grave lines are, those of a trace, too', () => {
    const model = new LogModel(new Source());
    model.add(part(log));
    const levels = Array.from({ length: model.length }, (_, at) => model.level(at));
    expect(levels).toEqual([Level.Info, Level.Error, Level.Error, Level.Error, Level.Warn, Level.Error]);
    expect(levelOf('Caused by: x')).toBe(Level.Error);
    expect(levelOf('nothing')).toBe(Level.None);
  });

  it('filters, also what comes later', () => {
    const model = new LogModel(new Source());
    model.add(part(log));
    model.filter('FAILS', Level.Warn);
    expect([model.line(0), model.line(1)].map(l => l.slice(-4))).toEqual(['ails', ' too']);
    model.add(part('26/11/26 INFO fails\n26/11/26 ERROR it fails again\n'));
    expect([model.length, model.total]).toEqual([3, 8]);
    model.filter('', Level.None);
    expect(model.length).toBe(8);
  });

  it('jumps from error to error, and round about', () => {
    const model = new LogModel(new Source());
    model.add(part(log));
    expect([model.nextError(0), model.nextError(2), model.nextError(6)]).toEqual([1, 2, 1]);
    expect([model.search('FAILS', 2, 1), model.search('fails', 0, -1), model.search('none', 0, 1)]).toEqual([
      5, 5, -1
    ]);
  });

  it('reads on from where it was, in order', async () => {
    const source = new Source();
    const model = new LogModel(source);
    expect(source.wire.last).toMatchObject({ request: 'log', params: { after: { file: '', offset: 0 } } });
    const before = source.wire.sent.length;
    source.wire.onMessage(answer('answer_log', source.wire.last.id));
    await expect.poll(() => source.wire.sent.length).toBe(before + 1);
    expect(source.wire.last).toMatchObject({ params: { after: { file: 'f1-aa', offset: 176 } } });
    expect(model.line(0)).toContain('Exception in task');
    source.current = null; // the kernel restarts
    source.changed.emit();
    expect(model.connected).toBe(false);
    source.wire = new Wire();
    source.current = new Channel(source.wire);
    source.changed.emit();
    expect(source.wire.last).toMatchObject({ params: { after: { file: 'f1-aa', offset: 176 } } });
    model.dispose();
  });

  it('goes on with another profile, and takes nothing more of the one before', async () => {
    const source = new Source();
    const model = new LogModel(source, 'default');
    const before = source.wire.last.id;
    expect(source.wire.last).toMatchObject({ params: { profile: 'default' } });
    model.add(part('old\n'));
    model.show('small');
    expect(source.wire.last).toMatchObject({
      request: 'log',
      params: { profile: 'small', after: { file: '', offset: 0 } }
    });
    source.wire.onMessage(answer('answer_log', before));
    await Promise.resolve().then(() => Promise.resolve());
    expect([model.total, model.dropped]).toEqual([0, 0]);
    source.wire.onMessage(answer('answer_log', source.wire.last.id));
    await expect.poll(() => model.total).toBeGreaterThan(0);
    model.dispose();
  });

  it('says where something is missing', () => {
    const model = new LogModel(new Source());
    model.add({ ...part('a\n'), gap: true });
    expect([model.total, model.line(1)]).toEqual([2, 'a']);
  });

  it('keeps 100 MB and drops the oldest lines after that', () => {
    const model = new LogModel(new Source());
    const line = 'x'.repeat(99) + '\n';
    const block = part(line.repeat(100_000));
    for (let i = 0; i < 10; i++) {
      model.add(block);
    }
    expect([model.total, model.dropped]).toEqual([1_000_000, 0]);
    model.add(part('the last\n'));
    expect(model.total + model.dropped).toBe(1_000_001);
    expect(model.line(model.length - 1)).toBe('the last');
  });
});
