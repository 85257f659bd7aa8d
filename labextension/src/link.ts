import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import { Channel, type IWire } from './channel';
import { decodeNothing, TARGET } from './protocol';

/** How the kernelspec of gospark is called. */
export const KERNEL = 'gospark';

export function isGospark(kernel: Kernel.IKernelConnection | null): boolean {
  return kernel !== null && kernel.name.startsWith(KERNEL);
}

function wireOf(comm: Kernel.IComm): IWire {
  const wire: IWire = {
    send: data => void comm.send(data),
    close: () => {
      if (!comm.isDisposed) {
        comm.close();
      }
    },
    onMessage: () => undefined,
    onClosed: () => undefined
  };
  comm.onMsg = (message: KernelMessage.ICommMsgMsg) => wire.onMessage(message.content.data);
  comm.onClose = () => wire.onClosed();
  return wire;
}

/** Events that are sent only while somebody wants them: the requests that begin and end them. */
export type Feed = 'watch' | 'monitor';

/**
 * The channel to one kernel, for all who follow it. A kernel that restarts, or that
 * was away, gets a new one. It ends when the last follower has left.
 */
export class Link implements IDisposable {
  constructor(readonly kernel: Kernel.IKernelConnection) {
    kernel.statusChanged.connect(this.look, this);
    kernel.connectionStatusChanged.connect(this.look, this);
    kernel.disposed.connect(this.dispose, this);
    this.look();
  }

  /** The open channel; null while the kernel cannot be reached. */
  get channel(): Channel | null {
    return this._channel;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  join(follower: object): void {
    this._wanted.set(follower, new Set());
  }

  leave(follower: object): void {
    for (const feed of this._wanted.get(follower) ?? []) {
      this.want(feed, follower, false);
    }
    this._wanted.delete(follower);
    if (this._wanted.size === 0) {
      this.dispose();
    }
  }

  /** A follower wants events, or no more; one that comes later has all told again. */
  want(feed: Feed, follower: object, on: boolean): void {
    const of = this._wanted.get(follower);
    if (of && of.has(feed) !== on) {
      if (on) {
        of.add(feed);
      } else {
        of.delete(feed);
      }
      if (on || !this.isWanted(feed)) {
        this.ask(feed, on);
      }
    }
  }

  private isWanted(feed: Feed): boolean {
    return [...this._wanted.values()].some(feeds => feeds.has(feed));
  }

  private ask(feed: Feed, on: boolean): void {
    this._channel?.ask(feed, { on }, decodeNothing).catch(() => undefined);
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    Signal.disconnectReceiver(this);
    this._channel?.dispose();
    this._channel = null;
    this._changed.emit();
    Signal.clearData(this);
  }

  private look(): void {
    const { status, connectionStatus } = this.kernel;
    if (status === 'restarting' || status === 'autorestarting' || status === 'dead') {
      this.drop();
    } else if (connectionStatus === 'connected' && !this._channel && !this._opening) {
      void this.open();
    }
  }

  private async open(): Promise<void> {
    this._opening = true;
    try {
      await this.kernel.info;
    } finally {
      this._opening = false;
    }
    if (this._isDisposed || this.kernel.isDisposed || this._channel) {
      return;
    }
    const comm = this.kernel.createComm(TARGET);
    const channel = new Channel(wireOf(comm));
    channel.closed.connect(this.lost, this);
    this._channel = channel;
    comm.open({});
    for (const feed of ['watch', 'monitor'] as const) {
      if (this.isWanted(feed)) {
        this.ask(feed, true);
      }
    }
    this._changed.emit();
  }

  private lost(): void {
    this._channel = null;
    this._changed.emit();
  }

  private drop(): void {
    this._channel?.dispose();
  }

  private _channel: Channel | null = null;
  private readonly _wanted = new Map<object, Set<Feed>>();
  private _opening = false;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
