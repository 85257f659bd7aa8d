import type { Kernel } from '@jupyterlab/services';
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Channel } from './channel';
import { type Feed, Link } from './link';

/** One follower's share in the link to a kernel; the link ends with the last of them. */
export interface ILine extends IDisposable {
  /** The open channel; null while the kernel cannot be reached. */
  readonly channel: Channel | null;
  readonly changed: ISignal<ILine, void>;
  /** Whether events are wanted that are sent only then. */
  want(feed: Feed, on: boolean): void;
}

/** The links of this page: one, and so one comm, for each kernel that is followed. */
export class Links {
  of(kernel: Kernel.IKernelConnection): ILine {
    let one = this._links.get(kernel);
    if (!one || one.isDisposed) {
      one = new Link(kernel);
      this._links.set(kernel, one);
    }
    return new Line(one);
  }

  private readonly _links = new WeakMap<Kernel.IKernelConnection, Link>();
}

/** By which the plugins share them. */
export const ILinks = new Token<Links>('gospark:ILinks', 'The comms to the kernels of gospark.');

class Line implements ILine {
  constructor(private readonly link: Link) {
    link.join(this);
    link.changed.connect(this.tell, this);
  }

  get channel(): Channel | null {
    return this._isDisposed ? null : this.link.channel;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  want(feed: Feed, on: boolean): void {
    if (!this._isDisposed) {
      this.link.want(feed, this, on);
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed || this.link.isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.link.leave(this);
      this._changed.emit(); // for those who wait for a channel
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private tell(): void {
    this._changed.emit();
  }

  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
