import type { Kernel } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';
import { Links } from '../src/links';
import { fixture } from './fixtures';

/** A kernel whose comms the test sees. */
class FakeKernel {
  readonly statusChanged = new Signal<this, string>(this);
  readonly connectionStatusChanged = new Signal<this, string>(this);
  readonly disposed = new Signal<this, void>(this);
  readonly info = Promise.resolve({});
  readonly comms: FakeComm[] = [];
  status = 'idle';
  connectionStatus = 'connected';
  isDisposed = false;

  createComm(): FakeComm {
    const comm = new FakeComm();
    this.comms.push(comm);
    return comm;
  }

  become(status: string): void {
    this.status = status;
    this.statusChanged.emit(status);
  }

  get connection(): Kernel.IKernelConnection {
    return this as unknown as Kernel.IKernelConnection;
  }
}

class FakeComm {
  readonly asked: string[] = [];
  isDisposed = false;
  onMsg: (message: object) => void = () => undefined;
  onClose: () => void = () => undefined;

  open(): void {
    this.asked.push('open');
  }

  send(data: JSONObject): void {
    this.asked.push(`${data.request as string} ${JSON.stringify(data.params)}`);
  }

  close(): void {
    this.isDisposed = true;
    this.asked.push('close');
  }
}

const settled = (): Promise<void> => Promise.resolve().then(() => Promise.resolve());

describe('the link to a kernel', () => {
  it('is one comm for all who follow, and ends with the last', async () => {
    const kernel = new FakeKernel();
    const links = new Links();
    const [panel, monitor] = [links.of(kernel.connection), links.of(kernel.connection)];
    panel.want('watch', true);
    await settled();
    expect(kernel.comms).toHaveLength(1);
    const [comm] = kernel.comms;
    expect(panel.channel).not.toBeNull();
    expect(monitor.channel).toBe(panel.channel);
    monitor.want('monitor', true);
    const other = links.of(kernel.connection); // comes late, and is told of what there is
    comm?.onMsg({ content: { data: fixture('status_ready') } });
    expect(other.channel?.told?.status.state).toBe('ready');
    other.want('monitor', true);
    other.dispose(); // the first still wants it
    panel.dispose();
    monitor.dispose();
    expect(comm?.asked).toEqual([
      'open',
      'watch {"on":true}',
      'monitor {"on":true}',
      'monitor {"on":true}',
      'watch {"on":false}',
      'monitor {"on":false}',
      'close'
    ]);
    expect(panel.channel).toBeNull();
    links.of(kernel.connection);
    await settled();
    expect(kernel.comms).toHaveLength(2);
  });

  it('is made anew when the kernel restarts, with all that is wanted', async () => {
    const kernel = new FakeKernel();
    const line = new Links().of(kernel.connection);
    let changes = 0;
    line.changed.connect(() => void changes++);
    line.want('monitor', true);
    await settled();
    kernel.become('restarting');
    expect(line.channel).toBeNull();
    kernel.become('idle');
    await settled();
    expect(line.channel).not.toBeNull();
    expect(changes).toBe(3);
    expect(kernel.comms.map(c => c.asked[1])).toEqual(['monitor {"on":true}', 'monitor {"on":true}']);
    kernel.disposed.emit();
    expect([line.channel, line.isDisposed, changes]).toEqual([null, true, 4]);
  });
});
