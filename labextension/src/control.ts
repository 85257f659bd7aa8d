import type { Kernel, Session } from '@jupyterlab/services';
import { KERNEL } from './link';
import type { IControl } from './model';

/** The session's path, by which the kernel knows what it is for. */
const PATH = 'gospark-control';

/**
 * A hidden kernel for the time in which no notebook is open. It is started when
 * somebody asks something, found again when the page was loaded anew, and shut
 * down when it is of no more use.
 */
export class ControlKernel implements IControl {
  constructor(private readonly sessions: Session.IManager) {}

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  async resume(): Promise<Kernel.IKernelConnection | null> {
    await this.sessions.ready;
    const old = await this.sessions.findByPath(PATH);
    return old ? this.start() : null;
  }

  async start(): Promise<Kernel.IKernelConnection> {
    this._session ??= this.open();
    try {
      const { kernel } = await this._session;
      if (!kernel) {
        throw new Error('the kernel of the Spark panel has ended');
      }
      return kernel;
    } catch (why) {
      this._session = null;
      throw why;
    }
  }

  async stop(): Promise<void> {
    const session = this._session;
    this._session = null;
    if (session) {
      await (await session).shutdown().catch(() => undefined);
    }
  }

  dispose(): void {
    this._isDisposed = true;
    void this.stop();
  }

  private async open(): Promise<Session.ISessionConnection> {
    await this.sessions.ready;
    const old = await this.sessions.findByPath(PATH);
    if (old) {
      return this.sessions.connectTo({ model: old });
    }
    return this.sessions.startNew({
      path: PATH,
      name: PATH,
      type: PATH,
      kernel: { name: KERNEL }
    });
  }

  private _session: Promise<Session.ISessionConnection> | null = null;
  private _isDisposed = false;
}
