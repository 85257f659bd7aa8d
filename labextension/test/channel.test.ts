import { describe, expect, it } from 'vitest';
import { Channel, Closed, Refused } from '../src/channel';
import { decodeNothing, decodeStopped } from '../src/protocol';
import { answer, fixture, Wire } from './fixtures';

describe('a channel', () => {
  it('asks as docs/comm.md says, and tells answers apart', async () => {
    const wire = new Wire();
    const channel = new Channel(wire);
    const first = channel.ask('cancel', { operation: 'OPERATION', session: 'SESSION' }, decodeStopped);
    expect({ ...wire.last, id: '7' }).toEqual(fixture('request_cancel'));
    const second = channel.ask('stop', { force: true }, decodeNothing);
    expect({ ...wire.last, id: '7' }).toEqual(fixture('request_stop'));
    wire.onMessage(answer('answer_error', wire.sent[1]?.id));
    wire.onMessage(answer('answer_cancel', wire.sent[0]?.id));
    expect(await first).toEqual(['OPERATION']);
    const why: unknown = await second.catch((e: unknown) => e);
    expect(why).toBeInstanceOf(Refused);
    expect((why as Refused).failure.inUse[0]?.name).toBe('b.ipynb');
  });

  it('passes events on', () => {
    const wire = new Wire();
    const channel = new Channel(wire);
    const states: string[] = [];
    channel.status.connect((_, status) => {
      states.push(status.state);
    });
    for (const name of [
      'status_detached',
      'status_connecting',
      'status_ready',
      'status_lost',
      'status_failed'
    ]) {
      wire.onMessage(fixture(name));
    }
    expect(states).toEqual(['detached', 'connecting', 'ready', 'lost', 'failed']);
  });

  it('leaves nobody waiting when it closes', async () => {
    const wire = new Wire();
    const channel = new Channel(wire);
    const waiting = channel.ask('status', {}, decodeNothing);
    wire.onClosed();
    await expect(waiting).rejects.toBeInstanceOf(Closed);
    await expect(channel.ask('status', {}, decodeNothing)).rejects.toBeInstanceOf(Closed);
    expect(channel.isDisposed && wire.isClosed).toBe(true);
  });
});
